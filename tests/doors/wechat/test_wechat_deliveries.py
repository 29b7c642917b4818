"""Five seconds, three attempts: which text answers which. WeChat is simulated here as it behaves, in virtual time."""

from __future__ import annotations

import asyncio
import logging
import random
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from virtual_time import play

from bot.answering import sentences as answers
from bot.answering.message import Message as Said
from bot.answering.reply import Reply
from bot.conversation.turns import Turns
from bot.doors.wechat import notices
from bot.doors.wechat.api import ApiError
from bot.doors.wechat.deliveries import Deliveries, Message
from bot.doors.wechat.incoming import Incoming, Kind
from bot.doors.wechat.late import LateAnswers
from bot.doors.wechat.menu import EMERGENCY
from bot.doors.wechat.noted import KEEP
from bot.doors.wechat.pagination import Style
from bot.doors.wechat.replying import Replying
from bot.doors.wechat.ttl_store import MemoryNotes
from bot.keeping.retention import NotForgottenError
from bot.keeping.tallies import Way

CUT, ATTEMPTS, IN_TIME = 5.0, 3, 4.51
ASKS = {"topic:report": "去哪里举报？"}


@dataclass
class Assistant:
    """Answers a message after as many seconds as it names; a long answer to 长, suggestions with 荐."""

    asked: list[str] = field(default_factory=list)

    async def __call__(self, message: Said, _sender: str) -> Reply | None:
        text = message.masked
        self.asked.append(text)
        seconds = re.search(r"(\d+)秒", text)
        await asyncio.sleep(int(seconds[1]) if seconds else 0)
        custom: dict[str, Any] = {"kind": "chat", "lead": f"答：{text}"}
        if "长" in text:
            said = "".join(f"第{number}条，" + "卡" * 300 + "。" for number in range(5))
            custom |= {"kind": "answer", "quotes": [{"text": said, "citation": 1}], "citations": [CITATION]}
        if "另" in text:
            custom["further"] = "另有南宁的通报，回复“更多”。"
        if "荐" in text:
            custom["suggestions"] = ["甲怎么办？", "乙怎么办？"]
        return Reply(custom["lead"], custom)


CITATION = {
    "number": 1,
    "bulletin": "x",
    "title": "通报",
    "publisher": "平安",
    "place": "南宁",
    "published": "2020-11-23",
    "url": None,
    "reader": "bulletins/x#p01",
}


@dataclass(frozen=True)
class Got:
    """What a follower read: the text (None: WeChat's fault notice), by which attempt, how long after it began."""

    text: str | None
    attempt: int
    seconds: float


class Held(MemoryNotes):
    """Notes one can look into."""

    def held(self) -> list[str]:
        """Return all that is noted, with its names."""
        return [f"{name} {text}" for name, (_, texts) in self._notes.items() for text in texts]


class Distant:
    """Notes that take a moment to reach, as Redis does, now a shorter, now a longer one."""

    def __init__(self, notes: MemoryNotes, chance: random.Random) -> None:
        self._notes = notes
        self._chance = chance

    def __getattr__(self, name: str) -> Any:
        async def call(*arguments: Any) -> Any:
            await asyncio.sleep(self._chance.uniform(0.0005, 0.03))
            return await getattr(self._notes, name)(*arguments)

        return call


class Deaf(Held):
    """Notes that lose a cancellation, as asyncio.wait_for does and with it Redis' client."""

    async def put(self, name: str, text: str, seconds: int) -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(0.4 if name.startswith("working:") else 0)
        await super().put(name, text, seconds)


class Scene:
    """One process of the door (or several that share the notes), and WeChat before it."""

    def __init__(self, processes: int = 1, chance: random.Random | None = None) -> None:
        clock = asyncio.get_running_loop().time
        self.assistant = Assistant()
        self.notes = Held(clock)
        notes: Any = Distant(self.notes, chance) if chance else self.notes
        self.forgotten: list[str] = []
        self.counted: list[tuple[Way, str]] = []
        self.ill = False
        self.doors = [self._door(notes) for _ in range(processes)]
        self.clock = clock
        self.sent = 0

    def _door(self, notes: Any) -> Replying:
        deliveries = Deliveries(notes, Style(), asyncio.get_running_loop().time)
        return Replying(Turns(self.assistant), deliveries, Style(), ASKS, ("甲怎么办？",), self.forget, self.count)

    def count(self, way: Way, key: str) -> None:
        """Where the counts would be."""
        self.counted.append((way, key))

    async def forget(self, sender: str) -> None:
        """Where the database would be."""
        if self.ill:
            raise NotForgottenError
        self.forgotten.append(sender)

    def kill(self, process: int) -> None:
        """End what a process is at, as kill -9 would."""
        for task in vars(self.doors[process].deliveries)["_writing"].values():
            task.cancel()

    async def say(
        self, text: str, sender: str = "me", kind: Kind = "said", attempts: int = ATTEMPTS, created: int = 0
    ) -> Got:
        """Send as WeChat does: up to three attempts, each cut after 5 s."""
        self.sent += 1
        message = Message(f"{sender}-{self.sent}", sender, created)
        incoming = Incoming(sender, "gh", message.key, kind, text)
        return await self.push(incoming, message, attempts)

    async def push(self, incoming: Incoming, message: Message, attempts: int = ATTEMPTS) -> Got:
        """Send one message that is there."""
        for attempt in range(1, attempts + 1):
            begun = self.clock()
            door = self.doors[attempt % len(self.doors)]
            try:
                text = await asyncio.wait_for(self._receive(door, incoming, message), CUT)
            except asyncio.TimeoutError:
                continue
            return Got(text, attempt, self.clock() - begun)
        return Got(None, attempts, CUT)

    async def _receive(self, door: Replying, incoming: Incoming, message: Message) -> str:
        arrival = self.clock()
        text = await door.deliveries.deliver(message, lambda: door.write(incoming, message), arrival)
        if text is None:
            await asyncio.sleep(60)
            raise AssertionError("WeChat did not cut")
        return text


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize(("seconds", "attempt", "after"), [(0, 1, 0), (3, 1, 3), (6, 2, 1), (9, 2, 4), (11, 3, 1)])
def test_the_answer_comes_with_the_attempt_that_can_have_it(
    processes: int, seconds: int, attempt: int, after: int
) -> None:
    """Within 4.5 s of that attempt's arrival; asked once, whoever is asked again."""

    async def scene() -> None:
        stage = Scene(processes)
        got = await stage.say(f"等{seconds}秒")
        assert (got.text, got.attempt) == (f"答：等{seconds}秒", attempt)
        assert got.seconds == pytest.approx(after, abs=0.2)
        assert stage.assistant.asked == [f"等{seconds}秒"]

    play(scene())


@pytest.mark.parametrize("processes", [1, 2])
def test_what_is_not_ready_at_the_end(processes: int) -> None:
    """The last attempt says to reply 继续 in time; 继续 brings the answer, once, and a re-sent 继续 brings the same."""

    async def scene() -> None:
        stage = Scene(processes)
        got = await stage.say("等20秒")
        assert (got.text, got.attempt) == (notices.WAIT, 3)
        assert 4.3 < got.seconds < IN_TIME
        first = await stage.say("继续")
        assert first.text == f"{notices.FOUND}\n答：等20秒"
        assert first.attempt == 2
        assert stage.assistant.asked == ["等20秒"]
        again = await stage.say("继续")
        assert again.text == "答：继续"

    play(scene())


def test_the_last_attempt_a_moment_too_early() -> None:
    """An answer ready between 4.5 s and the cut waits for the next attempt; after the last it is owed."""

    async def scene() -> None:
        for seconds, attempt in ((4.7, 2), (9.7, 3), (14.7, 3)):
            stage = Scene()
            got = await _slow(stage, seconds)
            assert got.attempt == attempt
            assert got.seconds < IN_TIME
            assert got.text == (notices.WAIT if seconds > 14 else "答：慢")

    play(scene())


async def _slow(stage: Scene, seconds: float) -> Got:
    async def ask(_message: Said, _sender: str) -> Reply:
        await asyncio.sleep(seconds)
        return Reply("答：慢", {"kind": "chat", "lead": "答：慢"})

    stage.doors[0] = Replying(Turns(ask), stage.doors[0].deliveries, Style(), {}, (), stage.forget, stage.count)
    return await stage.say("慢")


def test_continue_too_early_says_to_wait_again() -> None:
    """As often as it takes, and each time within the time of an attempt."""

    async def scene() -> None:
        stage = Scene()
        assert (await stage.say("等40秒")).text == notices.WAIT
        got = await stage.say("继续")
        assert (got.text, got.attempt) == (notices.WAIT, 3)
        assert got.seconds < IN_TIME
        assert (await stage.say("“繼續”。")).text == f"{notices.FOUND}\n答：等40秒"

    play(scene())


def test_continue_when_nothing_is_owed() -> None:
    """It is a message like any other."""

    async def scene() -> None:
        stage = Scene()
        await stage.say("等0秒")
        assert (await stage.say("继续")).text == "答：继续"

    play(scene())


def test_two_that_ask_to_continue_at_once() -> None:
    """One gets the answer, the other is told that it was sent: never the same answer twice."""

    async def scene() -> None:
        stage = Scene()
        await stage.say("等20秒")
        got = await asyncio.gather(stage.say("继续"), stage.say("继续"))
        assert sorted(str(one.text) for one in got) == sorted([f"{notices.FOUND}\n答：等20秒", notices.ALREADY_SENT])

    play(scene())


@pytest.mark.parametrize("seed", range(30))
def test_the_same_at_two_processes_at_once(seed: int) -> None:
    """One turn, one text; and 继续 brings the answer, never the word that it was sent."""

    async def scene() -> None:
        stage = Scene(2, random.Random(seed))
        assert await at_both(stage, "等0秒") == ["答：等0秒"] * 2
        assert stage.assistant.asked == ["等0秒"]
        for wait in (0, 10):  # the answer comes while both wait for it; it is there
            await stage.say("等16秒")
            await asyncio.sleep(wait)
            assert await at_both(stage, "继续") == [f"{notices.FOUND}\n答：等16秒"] * 2

    play(scene())


@pytest.mark.parametrize("cut", [number / 50 for number in range(1, 16)])
def test_wechat_cuts_while_a_text_is_settled(cut: float) -> None:
    """Whenever that is, the next attempt gives the text, and 更多 the rest of it."""

    async def scene() -> None:
        stage = Scene(1, random.Random(1))
        message = Message("k", "me")
        incoming = Incoming("me", "gh", "k", "said", "长")
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stage.push(incoming, message, attempts=1), cut)
        assert str((await stage.push(incoming, message)).text).endswith(notices.MORE)
        assert (await stage.say("更多")).text != "答：更多"
        assert stage.assistant.asked == ["长"]

    play(scene())


async def at_both(stage: Scene, text: str) -> list[str | None]:
    """Send one message to two processes in the same moment; return what each says."""
    stage.sent += 1
    message = Message(f"me-{stage.sent}", "me")
    incoming = Incoming("me", "gh", message.key, "said", text)

    async def receive(door: Replying) -> str | None:
        return await door.deliveries.deliver(message, lambda: door.write(incoming, message), stage.clock())

    return await asyncio.gather(*(receive(door) for door in stage.doors))


def test_another_question_while_one_is_owed() -> None:
    """It gets its own answer; the owed one stays to be had, and several are handed out oldest first."""

    async def scene() -> None:
        stage = Scene()
        slow = await asyncio.gather(stage.say("甲等20秒"), stage.say("乙等3秒"))
        assert [got.text for got in slow] == [notices.WAIT, notices.WAIT]
        await asyncio.sleep(30)
        assert (await stage.say("丙")).text == "答：丙"
        assert (await stage.say("继续")).text == f"{notices.FOUND}\n答：甲等20秒\n{notices.ALSO_OWED}"
        assert (await stage.say("继续")).text == f"{notices.FOUND}\n答：乙等3秒"
        assert stage.assistant.asked == ["甲等20秒", "乙等3秒", "丙"]

    play(scene())


def test_quick_messages_of_one_person() -> None:
    """Each gets its own answer, in order, none is lost, none twice."""

    async def scene() -> None:
        stage = Scene()
        got = await asyncio.gather(*(stage.say(f"第{number}问，等1秒") for number in range(10)))
        assert [one.text for one in got] == [f"答：第{number}问，等1秒" for number in range(10)]
        assert [one.attempt for one in got] == [1] * 4 + [2] * 5 + [3]
        assert len(stage.assistant.asked) == 10

    play(scene())


def test_attempts_that_got_lost_on_the_way() -> None:
    """The attempt that comes so late that it is the last says to wait, though only two reached us."""

    async def scene() -> None:
        stage = Scene()
        message = Message("k", "me")
        incoming = Incoming("me", "gh", "k", "said", "等30秒")
        assert (await stage.push(incoming, message, attempts=1)).text is None
        await asyncio.sleep(CUT)
        got = await stage.push(incoming, message, attempts=1)
        assert got.text == notices.WAIT
        assert got.seconds < IN_TIME

    play(scene())


def test_no_attempt_came_after_the_first() -> None:
    """What was found meanwhile is owed, and a late attempt afterwards does not deliver it a second time."""

    async def scene() -> None:
        stage = Scene()
        message = Message("k", "me")
        incoming = Incoming("me", "gh", "k", "said", "等6秒")
        await stage.push(incoming, message, attempts=1)
        await asyncio.sleep(15)
        assert (await stage.say("继续")).text == f"{notices.FOUND}\n答：等6秒"
        assert (await stage.push(incoming, message)).text == notices.WAIT

    play(scene())


@pytest.mark.parametrize("seconds", [0, 20])
def test_the_same_message_again_is_the_same_reply(seconds: int) -> None:
    """Whenever it is sent again, also when the answer was not ready then and is now."""

    async def scene() -> None:
        stage = Scene(2)
        message = Message("k", "me")
        incoming = Incoming("me", "gh", "k", "said", f"等{seconds}秒")
        first = await stage.push(incoming, message)
        await asyncio.sleep(60)
        for _ in range(5):
            assert (await stage.push(incoming, message)).text == first.text
        assert len(stage.assistant.asked) == 1

    play(scene())


def test_a_worker_that_died() -> None:
    """Its process was killed: the next attempt, at another process, has the question asked again and the answer."""

    async def scene() -> None:
        stage = Scene(2)
        asking = asyncio.ensure_future(stage.say("等3秒"))
        await asyncio.sleep(1)
        stage.kill(1)
        got = await asking
        assert (got.text, got.attempt) == ("答：等3秒", 2)
        assert stage.assistant.asked == ["等3秒"] * 2

    play(scene())


def test_a_worker_that_is_slow_is_left_to_it() -> None:
    """Nobody takes over what somebody works on, however often it is sent again, also at another process."""

    async def scene() -> None:
        stage = Scene(2)
        assert (await stage.say("等13秒")).text == "答：等13秒"
        assert stage.assistant.asked == ["等13秒"]

    play(scene())


def test_nobody_goes_on_saying_that_they_work() -> None:
    """Once a message is answered nothing of it runs any more, whatever became of its cancellation."""

    async def scene() -> None:
        stage = Scene()
        stage.doors = [stage._door(Deaf(stage.clock))]
        assert (await stage.say("等0秒")).text == "答：等0秒"
        await asyncio.sleep(10)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    play(scene())


def test_every_worker_died() -> None:
    """Nobody waits for ever: 继续 brings an apology once nobody can be working on it any more."""

    async def scene() -> None:
        stage = Scene(2)
        asking = asyncio.ensure_future(stage.say("等50秒"))
        await asyncio.sleep(1)
        stage.kill(1)
        assert (await asking).text == notices.WAIT
        stage.kill(0)
        await asyncio.sleep(70)
        got = await stage.say("继续")
        assert got.text is not None
        assert answers.UNAVAILABLE in got.text

    play(scene())


@pytest.mark.parametrize("text", ["我被骗了五万块钱，等20秒", "骗子正在让我转账，等2秒"])
def test_a_victim_does_not_wait(text: str) -> None:
    """110 comes with the first attempt, whatever the assistant does."""

    async def scene() -> None:
        got = await Scene().say(text)
        assert got.attempt == 1
        assert got.seconds <= 3.1
        assert got.text
        assert text in got.text or got.text.startswith(answers.EMERGENCY)

    play(scene())


def test_the_rest_of_a_long_reply() -> None:
    """更多 brings page after page, none twice; after the last it is a message like any other."""

    async def scene() -> None:
        stage = Scene()
        pages = [(await stage.say("长")).text or ""]
        while pages[-1].endswith(notices.MORE):
            pages.append((await stage.say("更多")).text or "")
        assert len(pages) > 1
        everything = "\n".join(pages)
        assert [everything.count(f"第{number}条，") for number in range(5)] == [1] * 5
        assert all("【来源】《通报》" in page and len(page.encode()) <= 2000 for page in pages[:-1])
        assert stage.assistant.asked == ["长"]
        assert (await stage.say("更多")).text == "答：更多"

    play(scene())


@pytest.mark.parametrize(
    "word",
    [
        "继续",
        "请继续说",
        "下一页",
        "下一条呢？",
        "还有呢",
        "看更多内容",
        "好的",
        "好",
        "嗯。",
        "OK",
        "要",
        "👍",
        "[微笑]",
        "/::)",
        "1",
        "①",
    ],
)
def test_every_word_that_goes_on_leads_on(word: str) -> None:
    """Whatever people send to hear more brings the next page, or the answer that is owed."""

    async def scene() -> None:
        stage = Scene()
        first = (await stage.say("长")).text or ""
        assert first.endswith(notices.MORE)
        second = (await stage.say(word)).text or ""
        assert "第" in second
        assert second != first
        stage = Scene()
        assert (await stage.say("等20秒")).text == notices.WAIT
        assert (await stage.say(word)).text == f"{notices.FOUND}\n答：等20秒"

    play(scene())


@pytest.mark.parametrize("word", ["继续", "下一页", "好的", "👍", "1", "更多"])
def test_what_the_assistant_has_more_of(word: str) -> None:
    """Where it offered to tell more, each of these words is the one it understands; once another reply came, none."""

    async def scene() -> None:
        stage = Scene()
        await stage.say("另")
        await stage.say("", kind="unreadable")
        assert (await stage.say(word)).text == "答：更多"
        assert stage.assistant.asked == ["另", "更多"]

    play(scene())


@pytest.mark.parametrize("word", ["继续", "好的", "OK", "下一页"])
def test_a_word_that_goes_on_when_there_is_nothing(word: str) -> None:
    """Is a message like any other."""

    async def scene() -> None:
        stage = Scene()
        await stage.say("短")
        assert (await stage.say(word)).text == f"答：{word}"

    play(scene())


@pytest.mark.parametrize("text", ["😀", "👨‍👩‍👧❤️", "🇨🇳", "[捂脸][捂脸]", "/::~", " 👌🏽 "])
def test_pictures_of_the_keyboard(text: str) -> None:
    """Are no question: they read how to ask, and where to call."""

    async def scene() -> None:
        stage = Scene()
        assert (await stage.say(text)).text == notices.UNREADABLE
        assert stage.assistant.asked == []

    play(scene())


@pytest.mark.parametrize(
    "text", ["我被骗了😭", "[微笑]卖卡犯法吗", "1张卡也算吗", "二手卡能买吗", "好的，那怎么报警", "继续转账会怎样"]
)
def test_a_question_with_such_words_in_it(text: str) -> None:
    """Is asked as it is."""

    async def scene() -> None:
        stage = Scene()
        await stage.say("长")
        await stage.say(text)
        assert stage.assistant.asked[-1] == text

    play(scene())


@pytest.mark.parametrize("spoken", ["二。", "第二个", "第2条", "选二", "2️⃣", "两", "我想问第二个问题", "②", "2号"])
def test_a_spoken_number_is_a_choice(spoken: str) -> None:
    """However it is said or typed."""

    async def scene() -> None:
        stage = Scene()
        await stage.say("荐")
        await stage.say(spoken)
        assert stage.assistant.asked[-1] == "乙怎么办？"

    play(scene())


def test_which_question_it_answers() -> None:
    """What comes late, and what goes on, says when it was asked, as the follower's own chat shows it."""

    async def scene() -> None:
        stage = Scene()
        nine = 1_767_488_400  # 2026-01-04 09:00 in China
        assert (await stage.say("等20秒", created=nine)).text == notices.WAIT
        owed = (await stage.say("继续", created=nine + 600)).text or ""
        assert owed.splitlines()[0] == "您09:00问的，查到了："
        await stage.say("长", created=nine + 1200)
        await stage.say("", kind="unreadable")
        rest = (await stage.say("更多", created=nine + 1800)).text or ""
        assert rest.startswith("（接着说您09:20问的）")

    play(scene())


def test_without_links_the_words_are_said() -> None:
    """Where the account shows none, the follower reads which word to send."""

    async def scene() -> None:
        stage = Scene()
        plain = Style(links=False)
        stage.doors[0] = replace(stage.doors[0], deliveries=Deliveries(stage.notes, plain, stage.clock), style=plain)
        long, wait = await stage.say("长"), await stage.say("等20秒")
        assert str(long.text).endswith("（还没说完，回复“更多”看后面的内容）")
        assert str(wait.text).startswith("正在查找，请回复“继续”。")

    play(scene())


def test_the_rest_is_that_of_the_last_reply() -> None:
    """A new question puts it away; a picture does not."""

    async def scene() -> None:
        stage = Scene()
        await stage.say("长")
        assert (await stage.say("", kind="unreadable")).text == notices.UNREADABLE
        assert "第" in str((await stage.say("更多")).text)
        await stage.say("长")
        await stage.say("短")
        assert (await stage.say("更多")).text == "答：更多"

    play(scene())


def test_a_long_reply_that_was_owed() -> None:
    """Its first page comes with 继续, the rest with 更多; all stay within 2,000 bytes."""

    async def scene() -> None:
        stage = Scene()
        await stage.say("长，等20秒")
        first = (await stage.say("继续")).text or ""
        assert first.startswith(notices.FOUND)
        assert first.endswith(notices.MORE)
        assert len(first.encode()) <= 2000
        assert "第" in str((await stage.say("更多")).text)

    play(scene())


def test_numbers_choose_suggestions() -> None:
    """Those shown last, for an hour; a number that stands for none is told so, and chooses from what is then shown."""

    async def scene() -> None:
        stage = Scene()
        shown = (await stage.say("荐")).text or ""
        assert "2 " in shown
        await stage.say("２。")
        assert stage.assistant.asked[-1] == "乙怎么办？"
        for number in ("1", "9"):
            told = str((await stage.say(number)).text)
            assert told.startswith(notices.NO_NUMBER)
            assert "1 <a" in told
        await stage.say("1")
        assert stage.assistant.asked == ["荐", "乙怎么办？", "甲怎么办？"]
        await stage.say("荐")
        await asyncio.sleep(KEEP + 1)
        assert str((await stage.say("2")).text).startswith(notices.NO_NUMBER)

    play(scene())


OWN: Mapping[Kind, str] = {
    "came": notices.WELCOME,
    "unheard": notices.UNHEARD,
    "unreadable": notices.UNREADABLE,
}


@pytest.mark.parametrize("kind", OWN)
def test_what_asks_nobody(kind: Kind) -> None:
    """Who subscribes, or sends what cannot be read, gets a friendly line and no turn is made."""

    async def scene() -> None:
        stage = Scene()
        got = (await stage.say("", kind=kind)).text or ""
        assert got.startswith(OWN[kind])
        assert ("甲怎么办？" in got) == (kind == "came")
        assert stage.assistant.asked == []

    play(scene())


def test_the_menu() -> None:
    """A key stands for its topic's question, the emergency key for help at once, an old key for a friendly line."""

    async def scene() -> None:
        stage = Scene()
        await stage.say("topic:report", kind="chosen")
        assert stage.assistant.asked == ["去哪里举报？"]
        assert str((await stage.say(EMERGENCY, kind="chosen")).text).startswith(answers.EMERGENCY)
        assert (await stage.say("topic:gone", kind="chosen")).text == notices.OLD_MENU
        assert len(stage.assistant.asked) == 1

    play(scene())


@pytest.mark.parametrize(("raw", "lead"), [("", answers.NOTHING_SAID), ("卖" * 301, answers.TOO_LONG)])
def test_the_guard_stands_before(raw: str, lead: str) -> None:
    """What does not pass is answered by the guard's sentence."""

    async def scene() -> None:
        stage = Scene()
        assert str((await stage.say(raw)).text).startswith(lead)
        assert stage.assistant.asked == []

    play(scene())


def test_a_command_of_rasa() -> None:
    """None reaches it."""

    async def scene() -> None:
        stage = Scene()
        await stage.say("／restart")
        assert stage.assistant.asked == ["restart"]

    play(scene())


def test_whatever_breaks_the_log_holds_no_words(caplog: pytest.LogCaptureFixture) -> None:
    """The person reads an apology; the log has neither the message nor who sent it."""

    async def scene() -> None:
        stage = Scene()

        async def broken() -> Any:
            raise RuntimeError("我的密码是123")

        text = await stage.doors[0].deliveries.deliver(Message("k", "me"), broken, stage.clock())
        assert answers.UNAVAILABLE in str(text)

    caplog.set_level(logging.DEBUG, "bot")
    play(scene())
    assert "RuntimeError" in caplog.text
    assert "密码" not in caplog.text


def test_two_hundred_followers() -> None:
    """Each gets the answer to their own question, once."""

    async def scene() -> None:
        stage = Scene(2)
        chosen = (0, 2, 3, 6, 11)
        got = await asyncio.gather(
            *(stage.say(f"{number}号，等{chosen[number % 5]}秒", f"f{number}") for number in range(200))
        )
        assert [one.text for one in got] == [f"答：{number}号，等{chosen[number % 5]}秒" for number in range(200)]
        assert len(stage.assistant.asked) == 200

    play(scene())


def test_a_follower_is_forgotten() -> None:
    """「删除我的记录」: what was asked before has its reply first; then nothing is owed, shown or offered any more."""

    async def scene() -> None:
        stage = Scene()
        slow = asyncio.create_task(stage.say("20秒的事"))
        await asyncio.sleep(0.5)
        asked = await asyncio.gather(slow, stage.say(" 删除我的记录。"))
        assert (await stage.say("长荐")).text
        assert (await stage.say("删除我的记录")).text == notices.ERASED
        assert stage.forgotten == ["me", "me"]
        assert stage.assistant.asked == ["20秒的事", "长荐"]
        assert all(each.text == notices.WAIT for each in asked)
        assert not [note for note in stage.notes.held() if "事" in note or "荐" in note]
        assert str((await stage.say("2")).text).startswith(notices.NO_NUMBER)
        for word in ("更多", "继续"):
            await stage.say(word)
        assert stage.assistant.asked[2:] == ["更多", "继续"], "nothing was left that these could mean"

    play(scene())


def test_a_slow_deletion_is_told_when_asked_for() -> None:
    """It waits for the reply to what came before, also in another process; 继续 then says that it is done."""

    async def scene() -> None:
        stage = Scene(2)
        slow = asyncio.create_task(stage.say("20秒的事"))
        await asyncio.sleep(0.5)
        assert (await stage.say("删除我的记录")).text == notices.WAIT
        assert stage.forgotten == []
        await slow
        # Meant the answer that was asked for first: it comes in the very moment of the deletion, before it or after.
        before = f"{notices.FOUND}\n答：20秒的事\n{notices.ALSO_OWED}"
        assert (await stage.say("继续")).text in (notices.ERASED, before)
        assert (await stage.say("继续")).text == f"{notices.FOUND}\n{notices.ERASED}"
        assert (stage.assistant.asked, stage.forgotten) == (["20秒的事"], ["me"])

    play(scene())


def test_what_wechat_sends_again_after_a_deletion_tells_nothing() -> None:
    """A message that was answered before is not answered anew, and its answer is gone."""

    async def scene() -> None:
        stage = Scene()
        message = Message("me-0", "me")
        incoming = Incoming("me", "gh", message.key, "said", "长荐")
        assert "第0条" in str((await stage.push(incoming, message)).text)
        await stage.say("删除我的记录")
        assert (await stage.push(incoming, message)).text == notices.ERASED
        assert stage.assistant.asked == ["长荐"]

    play(scene())


def test_a_follower_who_could_not_be_forgotten_is_told() -> None:
    """And may try again."""

    async def scene() -> None:
        stage = Scene()
        stage.ill = True
        assert (await stage.say("删除我的记录")).text == notices.NOT_ERASED
        stage.ill = False
        assert (await stage.say("删除我的记录")).text == notices.ERASED

    play(scene())


@pytest.mark.parametrize("before", ["20秒的事", "长荐"])
def test_who_unsubscribes_is_forgotten(before: str) -> None:
    """Once what they asked before is done; nothing is told, owed, shown or offered to who comes back."""

    async def scene() -> None:
        stage = Scene()
        asked = asyncio.create_task(stage.say(before))
        await asyncio.sleep(0.5)
        assert (await stage.say("", kind="left")).text in ("", notices.WAIT)
        await asked
        await asyncio.sleep(30)
        assert stage.forgotten == ["me"]
        assert not [note for note in stage.notes.held() if before in note or "乙怎么办" in note]
        assert not [note for note in stage.notes.held() if ":me " in note]
        assert str((await stage.say("", kind="came")).text).startswith(notices.WELCOME)
        await stage.say("继续")
        assert stage.assistant.asked == [before, "继续"]

    play(scene())


def test_who_unsubscribes_while_the_database_is_ill() -> None:
    """Is forgotten when it is well again, without asking: they cannot."""

    async def scene() -> None:
        stage = Scene()
        stage.ill = True
        await stage.say("短")
        assert (await stage.say("", kind="left")).text == ""
        await asyncio.sleep(60)
        assert stage.forgotten == []
        stage.ill = False
        await asyncio.sleep(700)
        assert stage.forgotten == ["me"]
        await asyncio.sleep(3000)
        assert stage.forgotten == ["me"]

    play(scene())


class Sent(LateAnswers):
    """Late answers that go nowhere, or are refused."""

    refused = False

    def __init__(self, deliveries: Deliveries) -> None:
        super().__init__(deliveries, "wx", "secret")
        self.sent: list[tuple[str, str]] = []

    def _post(self, follower: str, text: str) -> None:
        if self.refused:
            raise ApiError("微信拒绝了（errcode 48001）")
        self.sent.append((follower, text))


async def asked_late(stage: Scene, late: Sent, text: str) -> Got:
    """Ask what takes long, and have the answer sent when it is there."""
    got = await stage.say(text)
    assert got.text == late.deliveries.wait
    late.follow("oFollower", Message(f"me-{stage.sent}", "me"))
    return got


def test_a_late_answer_is_sent_by_itself() -> None:
    """Once; 继续 is then a word like any other, and 更多 brings the rest of it."""

    async def scene() -> None:
        stage = Scene()
        late = Sent(stage.doors[0].deliveries)
        await asked_late(stage, late, "长，等20秒")
        late.follow("oFollower", Message(f"me-{stage.sent}", "me"))  # WeChat sent it once more
        await asyncio.sleep(10)
        ((follower, text),) = late.sent
        assert follower == "oFollower"
        assert text.startswith(notices.FOUND)
        assert "第0条" in text
        assert "第" in str((await stage.say("更多")).text)
        assert (await stage.say("短")).text == "答：短"
        assert (await stage.say("继续")).text == "答：继续"
        assert len(late.sent) == 1

    play(scene())


def test_who_asks_for_it_first_has_it_once() -> None:
    """继续 brings it, and nothing is sent."""

    async def scene() -> None:
        stage = Scene()
        late = Sent(stage.doors[0].deliveries)
        await asked_late(stage, late, "等40秒")
        waiting = await stage.say("继续")
        assert waiting.text == notices.WAIT
        late.follow("oFollower", Message(f"me-{stage.sent}", "me"))
        await asyncio.sleep(60)
        assert [text for _, text in late.sent] == [f"{notices.FOUND}\n答：等40秒"]
        assert (await stage.say("继续")).text != f"{notices.FOUND}\n答：等40秒"

    play(scene())


def test_a_late_answer_that_wechat_refuses_is_owed() -> None:
    """As for every other account."""

    async def scene() -> None:
        stage = Scene()
        late = Sent(stage.doors[0].deliveries)
        late.refused = True
        await asked_late(stage, late, "等20秒")
        await asyncio.sleep(30)
        assert (await stage.say("继续")).text == f"{notices.FOUND}\n答：等20秒"

    play(scene())


@pytest.mark.parametrize("transfer", [True, False])
def test_who_asks_for_a_person(transfer: bool) -> None:
    """Is passed to the account's staff where that is switched on; else it is a message like any other."""

    async def scene() -> None:
        stage = Scene()
        stage.doors[0] = replace(stage.doors[0], transfer=transfer)
        assert (await stage.say("转人工")).text == (notices.TRANSFER if transfer else "答：转人工")
        assert (await stage.say("客服让我转账是真的吗")).text == "答：客服让我转账是真的吗"

    play(scene())
