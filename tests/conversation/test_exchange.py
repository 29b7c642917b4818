"""The exchange: every message once, whoever asks how often, and whatever the database does."""

from __future__ import annotations

import asyncio
import logging
import math
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.answering import sentences
from bot.answering.message import Message
from bot.answering.reply import Reply
from bot.conversation.admission import admit
from bot.conversation.exchange import (
    Budget,
    Exchange,
    Note,
    OtherTextError,
    UnknownMessageError,
    UnknownSessionError,
    sender_of,
)
from bot.conversation.ledger_thread import LedgerError
from bot.keeping.web_sessions import Ledger, Turn

# Long enough that a busy machine takes nobody for dead who answers, and no database for ill that is only slow.
PATIENT = Budget(reply=60.0, victim=60.0, ledger=60.0, look=0.02, grace=60.0)
# What never comes, and how long a test waits to see that it was not waited for.
NEVER, BOUND = 3600.0, 120.0


class Assistant:
    """Says back what it was asked, after a pause in hundredths of a second that the text may name, or never (永远)."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, message: Message, _sender: str) -> Reply | None:
        text = message.masked
        self.asked.append(text)
        pause = text.rpartition(" ")[2]
        await asyncio.sleep(NEVER if pause == "永远" else int(pause) / 100 if pause.isdecimal() else 0)
        return Reply(f"回复{len(self.asked)}：{text}", {"kind": "chat"})


class BrokenLedger(Ledger):
    """Fails in every call."""

    def _begin(self) -> Any:
        raise OperationalError("insert 秘密", {}, Exception("秘密"))


class StuckLedger(Ledger):
    """Answers so many more calls, then hangs until it is let go."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.calls = math.inf
        self.let_go = threading.Event()

    def _begin(self) -> Any:
        self.calls -= 1
        if self.calls < 0:
            self.let_go.wait()
        return super()._begin()


Scene = Callable[[Exchange, Assistant], Awaitable[None]]


def play(scene: Scene, ledger: Ledger, note: Note | None = None, budget: Budget = PATIENT) -> None:
    """Run a scene with a new exchange, and close it."""

    async def run() -> None:
        assistant = Assistant()
        exchange = Exchange(ledger, assistant, budget, note)
        try:
            await asyncio.wait_for(scene(exchange, assistant), BOUND)
        finally:
            if isinstance(ledger, StuckLedger):
                ledger.let_go.set()
            exchange.close()

    asyncio.run(run())


async def answered(exchange: Exchange, token: str) -> tuple[Turn, ...]:
    """The history once the database tells it and every turn in it has its reply."""
    while True:
        with suppress(LedgerError):
            turns = await exchange.history(token)
            if turns and all(turn.reply for turn in turns):
                return turns
        await asyncio.sleep(0.02)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database of the test's own."""
    return f"sqlite:///{tmp_path}/web.db"


def test_tokens_are_not_to_be_guessed(url: str) -> None:
    """Each session has another token of 256 bits; the database knows only a hash of it."""

    async def scene(exchange: Exchange, _: Assistant) -> None:
        tokens = {await exchange.open() for _ in range(20)}
        assert len(tokens) == 20
        assert {len(token) for token in tokens} == {43}
        kept = b"".join(path.read_bytes() for path in Path(url.removeprefix("sqlite:///")).parent.glob("web.db*"))
        for token in tokens:
            assert token.encode() not in kept
            assert sender_of(token).encode() in kept
            assert len(sender_of(token)) == len("web-") + 40

    play(scene, Ledger(url))


@pytest.mark.parametrize("token", ["", "x", "x" * 42, "x" * 44, "人" * 43, "x" * 42 + "\n", "web-" + "a" * 40])
def test_no_token_no_session(url: str, token: str) -> None:
    """What is no token opens nothing, and neither does one nobody was given."""

    async def scene(exchange: Exchange, assistant: Assistant) -> None:
        for wrong in (token, "A" * 43):
            with pytest.raises(UnknownSessionError):
                await exchange.message(wrong, "m-000001", admit("你好"))
            with pytest.raises(UnknownSessionError):
                await exchange.history(wrong)
            with pytest.raises(UnknownSessionError):
                await exchange.judge(wrong, "m-000001", True, "")
        assert assistant.asked == []

    play(scene, Ledger(url))


def test_order_when_the_database_is_late(url: str) -> None:
    """Some claimed in time, others not: nobody overtakes the message before theirs."""

    async def scene(exchange: Exchange, assistant: Assistant) -> None:
        token = await exchange.open()
        texts = [f"第{number}句" for number in range(4)]
        ledger.calls = 2
        await asyncio.gather(*(exchange.message(token, f"m-{number:06}", admit(texts[number])) for number in range(4)))
        assert assistant.asked == texts
        ledger.let_go.set()
        assert [turn.text for turn in await answered(exchange, token)] == texts

    ledger = StuckLedger(url)
    play(scene, ledger, budget=replace(PATIENT, ledger=0.2))


def test_sent_again(url: str) -> None:
    """Ten times the same id, at once and later, is one turn and one reply; another text under it is refused."""

    async def scene(exchange: Exchange, assistant: Assistant) -> None:
        token = await exchange.open()
        turns = await asyncio.gather(*(exchange.message(token, "m-000001", admit("你好 5")) for _ in range(10)))
        turns.append(await exchange.message(token, "m-000001", admit(" 你好 5\u200b")))
        assert {turn.reply.text for turn in turns if turn.reply} == {"回复1：你好 5"}
        assert assistant.asked == ["你好 5"]
        with pytest.raises(OtherTextError):
            await exchange.message(token, "m-000001", admit("再见"))

    play(scene, Ledger(url))


def test_another_text_while_the_first_is_asked(url: str) -> None:
    """An id is taken from the moment its message comes in."""

    async def scene(exchange: Exchange, _: Assistant) -> None:
        token = await exchange.open()
        first = asyncio.create_task(exchange.message(token, "m-000001", admit("你好 10")))
        await asyncio.sleep(0.05)
        with pytest.raises(OtherTextError):
            await exchange.message(token, "m-000001", admit("再见"))
        assert (await first).text == "你好 10"

    play(scene, Ledger(url))


def test_order(url: str) -> None:
    """Thirty messages of a person at once are asked as they came."""

    async def scene(exchange: Exchange, assistant: Assistant) -> None:
        token = await exchange.open()
        texts = [f"第{number}句" for number in range(30)]
        await asyncio.gather(*(exchange.message(token, f"m-{number:06}", admit(texts[number])) for number in range(30)))
        assert assistant.asked == texts
        assert [turn.text for turn in await exchange.history(token)] == texts

    play(scene, Ledger(url))


def test_who_asked_may_leave(url: str) -> None:
    """The turn is made and kept all the same: whoever comes back finds it."""

    async def scene(exchange: Exchange, assistant: Assistant) -> None:
        token = await exchange.open()
        asking = asyncio.create_task(exchange.message(token, "m-000001", admit("你好 10")))
        while not assistant.asked:
            await asyncio.sleep(0.01)
        asking.cancel()
        assert [turn.reply for turn in await answered(exchange, token)] == [Reply("回复1：你好 10", {"kind": "chat"})]
        assert assistant.asked == ["你好 10"]

    play(scene, Ledger(url))


@pytest.mark.parametrize(
    ("text", "kind", "budget"),
    [
        ("慢 永远", "abstain", replace(PATIENT, reply=0.3, victim=NEVER, grace=0.1)),
        ("我被骗了五万块钱 永远", "emergency", replace(PATIENT, reply=NEVER, victim=0.3, grace=0.1)),
    ],
)
def test_out_of_time(url: str, text: str, kind: str, budget: Budget) -> None:
    """After its budget, a victim's own, the person reads the apology; it is the reply that stays."""

    async def scene(exchange: Exchange, _: Assistant) -> None:
        token = await exchange.open()
        begun = time.monotonic()
        turn = await exchange.message(token, "m-000001", admit(text))
        assert time.monotonic() - begun > 0.25
        assert turn.reply is not None
        assert turn.reply.custom["kind"] == kind
        assert (await exchange.message(token, "m-000001", admit(text))).reply == turn.reply

    play(scene, Ledger(url), budget=budget)


def test_what_the_guard_answers_makes_no_turn(url: str) -> None:
    """Too long or empty is answered and kept, and the assistant never hears of it; a command arrives as text."""

    async def scene(exchange: Exchange, assistant: Assistant) -> None:
        token = await exchange.open()
        long = await exchange.message(token, "m-000001", admit("卡" * 301))
        nothing = await exchange.message(token, "m-000002", admit(" \u200b"))
        await exchange.message(token, "m-000003", admit("/restart"))
        assert [turn.reply.text for turn in (long, nothing) if turn.reply] == [
            sentences.TOO_LONG,
            sentences.NOTHING_SAID,
        ]
        assert assistant.asked == ["restart"]
        assert len(await exchange.history(token)) == 3

    play(scene, Ledger(url))


def test_feedback(url: str) -> None:
    """It stands in the history; without its message it is refused."""

    async def scene(exchange: Exchange, _: Assistant) -> None:
        token = await exchange.open()
        await exchange.message(token, "m-000001", admit("你好"))
        await exchange.judge(token, "m-000001", False, "没有说到点子上")
        assert [turn.helpful for turn in await exchange.history(token)] == [False]
        with pytest.raises(UnknownMessageError):
            await exchange.judge(token, "m-000002", True, "")

    play(scene, Ledger(url))


def test_the_staff_hear_of_feedback(url: str) -> None:
    """With the question and the sender, masked; of a message that is not there they hear nothing."""
    heard: list[tuple[str, str, bool, str]] = []

    async def scene(exchange: Exchange, _: Assistant) -> None:
        token = await exchange.open()
        await exchange.message(token, "m-000001", admit("你好"))
        await exchange.judge(token, "m-000001", False, "我的手机号是13812345678")
        with pytest.raises(UnknownMessageError):
            await exchange.judge(token, "m-000002", True, "")
        ((sender, question, helpful, comment),) = heard
        assert (sender, question, helpful) == (sender_of(token), "你好", False)
        assert "13812345678" not in comment

    play(scene, Ledger(url), lambda *judgement: heard.append(judgement))


def test_staff_who_cannot_hear(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """The person's feedback is kept all the same; the log has the kind of the error, not the words."""

    def note(*_: object) -> None:
        raise OperationalError("update 秘密", {}, Exception("秘密"))

    async def scene(exchange: Exchange, _: Assistant) -> None:
        token = await exchange.open()
        await exchange.message(token, "m-000001", admit("你好"))
        await exchange.judge(token, "m-000001", True, "")
        assert [turn.helpful for turn in await exchange.history(token)] == [True]

    play(scene, Ledger(url), note)
    assert "OperationalError" in caplog.text
    assert "秘密" not in caplog.text


def test_another_process_answers(url: str) -> None:
    """A message that another process has claimed is waited for, not asked again."""
    other = Ledger(url)

    async def scene(exchange: Exchange, assistant: Assistant) -> None:
        token = await exchange.open()
        other.claim(sender_of(token), "m-000001", "你好")
        threading.Timer(0.2, other.finish, (sender_of(token), "m-000001", Reply("那边的", {}))).start()
        turn = await exchange.message(token, "m-000001", admit("你好"))
        assert turn.reply == Reply("那边的", {})
        assert assistant.asked == []

    play(scene, Ledger(url))
    other.close()


def test_another_process_was_killed(url: str) -> None:
    """A claim older than its budget is taken over, by one of those who ask, and answered once."""
    other = Ledger(url, lambda: time.time() - 2 * PATIENT.reply - PATIENT.grace)

    async def scene(exchange: Exchange, assistant: Assistant) -> None:
        token = await exchange.open()
        other.claim(sender_of(token), "m-000001", "你好")
        second = Exchange(Ledger(url), assistant, PATIENT)
        turns = await asyncio.gather(*(each.message(token, "m-000001", admit("你好")) for each in (exchange, second)))
        second.close()
        assert [turn.reply.text for turn in turns if turn.reply] == ["回复1：你好"] * 2
        assert assistant.asked == ["你好"]

    play(scene, Ledger(url))
    other.close()


def test_a_broken_database_silences_nobody(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """People get sessions and answers; what needs the record is refused; the log has no words of theirs."""
    caplog.set_level(logging.DEBUG)

    async def scene(exchange: Exchange, _: Assistant) -> None:
        await exchange.prepare()
        token = await exchange.open()
        turn = await exchange.message(token, "m-000001", admit("我的秘密"))
        assert turn.reply == Reply("回复1：我的秘密", {"kind": "chat"})
        for call in (exchange.history(token), exchange.judge(token, "m-000001", True, "")):
            with pytest.raises(LedgerError):
                await call

    play(scene, BrokenLedger(url))
    assert "the ledger failed: OperationalError in claim" in caplog.text
    assert "秘密" not in caplog.text


def test_a_database_that_vanishes(url: str) -> None:
    """Its file is deleted in service: the next person is answered, and what comes after is kept again."""

    async def scene(exchange: Exchange, _: Assistant) -> None:
        await exchange.open()
        for path in Path(url.removeprefix("sqlite:///")).parent.glob("web.db*"):
            path.unlink()
        assert len(await exchange.open()) == 43
        token = await exchange.open()
        await exchange.message(token, "m-000001", admit("你好"))
        assert [turn.text for turn in await exchange.history(token)] == ["你好"]
        another = Ledger(url)
        assert len(another.history(sender_of(token)) or ()) == 1
        another.close()

    play(scene, Ledger(url))


def test_a_slow_database_holds_nobody_up(url: str) -> None:
    """Who asks while the database hangs is answered without it; what comes late is still kept."""
    ledger = StuckLedger(url)

    async def scene(exchange: Exchange, assistant: Assistant) -> None:
        token = await exchange.open()
        ledger.calls = 0
        turn = await exchange.message(token, "m-000001", admit("你好"))
        ledger.let_go.set()
        assert [each.reply for each in await answered(exchange, token)] == [turn.reply]
        assert assistant.asked == ["你好"]

    play(scene, ledger, budget=replace(PATIENT, ledger=0.2))
