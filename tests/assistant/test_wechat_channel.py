"""The WeChat channel of the real assistant: the answers of REST, slow ones in real seconds, two workers with Redis."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from redis_program import RedisProgram, redis_program
from rich.console import Console
from service import READY_SECONDS, ROOT, Client
from simulated_wechat import CREDENTIALS, Got, WeChat, in_real_seconds

from bot.answering import sentences as answers
from bot.commands.run import action_server, rasa_server
from bot.doors.wechat import menu, notices
from bot.doors.wechat.credentials import VARIABLES
from bot.evaluation.judging import FIRST_WORDS, Question
from bot.processes.loopback import HOST, free_port, replies
from bot.processes.loopback import answers as answers_at
from bot.processes.programs import running, wait_until
from bot.rasa.model import ready_model
from bot.reading.topics import read_topics
from bot.text.squeezing import squeeze

pytestmark = pytest.mark.alone
PUBLIC = "https://a.example.cn/webhooks/web"
FOLLOWERS = 200
# What is asked, and how long the action then takes.
SLOW = {"身份证丢了怎么办": 3, "卖银行卡会怎样": 6, "去哪里举报卖卡的": 11, "断卡行动打击哪些人": 20}
_QUOTE = re.compile(r"^「(.*?)」(?:（通报[^（）]*）)?$", re.M | re.S)
_LINK = re.compile(r'<a href="([^"]*)">[^<]+</a>')


@dataclass(frozen=True)
class Account:
    """The assistant with an account: its door for WeChat, and REST beside it."""

    wechat: WeChat
    client: Client
    actions: SlowActions
    log: Path


class SlowActions(ThreadingHTTPServer):
    """Stands before the action server and, when told to, waits before it passes on the questions of SLOW."""

    daemon_threads = True

    def __init__(self, behind: int) -> None:
        super().__init__((HOST, 0), _PassOn)
        self.behind = f"http://{HOST}:{behind}"
        self.slow = False
        self.passed: list[str] = []


class _PassOn(BaseHTTPRequestHandler):
    server: SlowActions

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        text = json.loads(body)["tracker"]["latest_message"]["text"] or ""
        self.server.passed.append(text)
        if self.server.slow:
            time.sleep(SLOW.get(text, 0))
        request = urllib.request.Request(self.server.behind + self.path, body, {"Content-Type": "application/json"})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as response:
            answer = response.read()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_arguments: Any) -> None:
        pass


@contextmanager
def account(folder: Path, redis: RedisProgram | None = None) -> Iterator[Account]:
    """Start the assistant with an account; with a Redis it has two workers, which share it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**CREDENTIALS, "public_url": PUBLIC, "redis_url": redis.url if redis else ""}.items():
            patch.setenv(VARIABLES[name], value)
        patch.setenv("DUANKA_DATABASE", f"sqlite:///{folder}/duanka.db")
        patch.setenv("SANIC_WORKERS", "2" if redis else "1")
        behind, port = free_port(), free_port()
        actions = SlowActions(behind)
        thread = threading.Thread(target=actions.serve_forever, kwargs={"poll_interval": 0.1})
        thread.start()
        rasa = rasa_server(port, actions.server_port, ready_model(ROOT, Console(quiet=True)))
        rasa = replace(rasa, log=folder / "rasa.log", command=_sharing(rasa.command, folder, redis))
        try:
            with running(replace(action_server(behind), log=folder / "actions.log"), rasa) as children:
                rest = f"http://{HOST}:{port}/webhooks/rest/webhook"
                health = f"http://{HOST}:{behind}/health"
                wait_until(lambda: answers_at(health), READY_SECONDS, children, children[0], "没有启动完")
                wait_until(lambda: replies(rest), READY_SECONDS, children, children[1], "没有答复")
                door = f"http://{HOST}:{port}/webhooks/wechat/webhook"
                yield Account(WeChat([door]), Client(rest), actions, rasa.log)
        finally:
            actions.shutdown()
            thread.join()
            actions.server_close()


def _sharing(command: tuple[str, ...], folder: Path, redis: RedisProgram | None) -> tuple[str, ...]:
    """Return the command with endpoints whose locks are in Redis: what several workers need."""
    if redis is None:
        return command
    given = Path(command[command.index("--endpoints") + 1])
    endpoints = yaml.safe_load((ROOT / given).read_text("utf-8"))
    endpoints["lock_store"] = {"type": "redis", "url": HOST, "port": redis.port, "db": 1}
    shared = folder / "endpoints.yml"
    shared.write_text(yaml.safe_dump(endpoints), "utf-8")
    return tuple(str(shared) if word == str(given) else word for word in command)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """One process."""
    with account(tmp_path_factory.mktemp("wechat")) as started:
        yield started


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """Two workers and a Redis."""
    with redis_program() as redis, account(tmp_path_factory.mktemp("shared"), redis) as started:
        yield started


def quotes_of(text: str) -> str:
    """Return everything that stands between quotation marks of our own, without white space."""
    return squeeze("".join(_QUOTE.findall(text)))


async def whole(wechat: WeChat, follower: str, text: str) -> str:
    """Return the reply with all its pages."""
    pages = [str((await wechat.say(follower, text)).text)]
    while pages[-1].endswith(notices.MORE):
        pages.append(str((await wechat.say(follower, "更多")).text))
    return "\n".join(pages)


def test_the_golden_questions(alone: Account, questions: tuple[Question, ...]) -> None:
    """Each tells the same point as over REST, with its title; every page fits, and every address in it is whole."""

    async def scene() -> list[tuple[str, str]]:
        return [(one.text, await whole(alone.wechat, f"oGold{at}", one.text)) for at, one in enumerate(questions)]

    different = []
    said = asyncio.run(scene())
    print(f"{sum(notices.MORE in text for _, text in said)} of {len(said)} replies have more than one page")
    for question, text in said:
        custom = next(bubble["custom"] for bubble in alone.client.bubbles(question) if bubble.get("custom"))
        same = quotes_of(text) == squeeze("".join(quote["point"] for quote in custom["quotes"][:1]))
        cited = all(f"《{citation['title']}》" in text for citation in custom["citations"][:1])
        linked = sum(link.startswith(f"{PUBLIC}/bulletins/") for link in _LINK.findall(text))
        whole_links = text.count("<a ") == len(_LINK.findall(text)) == text.count("</a>")
        if not (same and cited and whole_links and linked >= len(custom["citations"][:1])):
            different.append((question, text))
        if custom["kind"] == "emergency":
            assert "110" in text[:FIRST_WORDS]
    assert different == []


def test_a_conversation(alone: Account) -> None:
    """Follow-ups are understood, numbers choose, the menu asks, a command is text, a victim comes first."""

    async def scene() -> dict[str, str]:
        said = ("卖银行卡会怎样", "那电话卡呢", "你好", "1", "/restart", "我刚刚被骗了五万块钱")
        got = {text: str((await alone.wechat.say("oTalk", text)).text) for text in said}
        click = await alone.wechat.event("oTalk", Event="CLICK", EventKey="topic:report")
        return {**got, "click": str(click.text)}

    got = asyncio.run(scene())
    for text in ("卖银行卡会怎样", "那电话卡呢", "1", "click"):
        assert re.search("「.*」.*【来源", got[text], re.S), (text, got)
    assert got["/restart"]
    assert got["我刚刚被骗了五万块钱"].startswith(answers.EMERGENCY)


def test_the_menu_is_answered_whole(alone: Account) -> None:
    """Each entry quotes and cites; of what it counts (第一类, 第三类) nothing between is left out, and what is cut says
    how to have the rest, which then comes.
    """
    asks = menu.asks_of(read_topics(ROOT / "knowledge/topics.yml"))

    async def scene() -> dict[str, tuple[str, str]]:
        return {key: await _entry(alone.wechat, key) for key in asks}

    wrong = []
    for key, (text, rest) in asyncio.run(scene()).items():
        quoted = quotes_of(text)
        counted = [at for at, number in enumerate("一二三四五六七八", 1) if f"第{number}类" in quoted]
        gap = counted and counted != list(range(counted[0], counted[-1] + 1))
        cut = "…" in quoted or gap
        more = re.search("(?:更多|全文|继续)</a>", text)
        if "【来源】" not in text or not quoted or (cut and not more) or (more and not rest):
            wrong.append((key, text, rest))
    assert wrong == []


async def _entry(wechat: WeChat, key: str) -> tuple[str, str]:
    """What an entry of the menu is answered with, and what 全文 and 更多 then bring."""
    follower = f"oMenu{key.replace(':', '-')}"
    text = str((await wechat.event(follower, Event="CLICK", EventKey=key)).text)
    words = [word for word in ("全文", "更多") if word in text]
    return text, "".join([str((await wechat.say(follower, word)).text) for word in words])


@pytest.mark.parametrize("thing", ["短信", "链接", "电话", "二维码", "网站", "视频", "微信好友"])
def test_who_asks_whether_it_is_a_fraud(alone: Account, thing: str) -> None:
    """Reads 96110 first, whatever the thing; never the bare abstention, and never figures of others' cases."""
    text = str(asyncio.run(alone.wechat.say(f"oThing{thing!r}".encode().hex()[:40], f"这个{thing}是不是诈骗")).text)
    assert "96110" in text[:40], text
    assert answers.ABSTAIN not in text
    assert "276558" not in text


def test_who_unsubscribes_leaves_no_byte(alone: Account) -> None:
    """Of what was asked, answered slowly, chosen and pressed there is no word and no name of theirs in any file."""
    folder, follower = alone.log.parent, "oWhoGoesAway"
    words = ("紫色水獭银行卡借给朋友违法吗", "紫色水獭卖卡会怎样", "紫色水獭被骗了七万三千块")

    async def scene() -> Got:
        for word in words:
            await alone.wechat.ask(follower, word)
        for word in ("1", "更多", "继续", "全文"):
            await alone.wechat.say(follower, word)
        await alone.wechat.event(follower, Event="CLICK", EventKey="topic:report")
        await alone.wechat.ask("oWhoStays", "绿色水獭卖卡会怎样")
        assert _found(folder, name)
        assert _found(folder, "紫色水獭")
        return await alone.wechat.event(follower, Event="unsubscribe", EventKey="")

    name = hmac.new(CREDENTIALS["sender_secret"].encode(), follower.encode(), hashlib.sha256).hexdigest()
    assert asyncio.run(scene()).text == ""
    for trace in (name, follower, "紫色水獭", "七万三千块"):
        assert _found(folder, trace) == [], trace
    assert _found(folder, "绿色水獭")


def _found(folder: Path, trace: str) -> list[str]:
    """The files that hold it, as it is or as JSON writes it."""
    forms = (trace.encode(), json.dumps(trace)[1:-1].encode(), trace.encode("utf-16-le"))
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file.name for file in files if any(form in file.read_bytes() for form in forms)]


@pytest.mark.parametrize("which", ["alone", "shared"])
def test_slow_answers(which: str, request: pytest.FixtureRequest) -> None:
    """After 3, 6, 11 and 20 s: by the first, second and third attempt, and by 继续; in time, and asked once."""
    it: Account = request.getfixturevalue(which)
    expected = {text: quotes_of(it.client.say(text).text) for text in SLOW}
    in_real_seconds(lambda attempt: _expect_slow(it, expected, f"{which}{attempt}"))


def _expect_slow(it: Account, expected: Mapping[str, str], name: str) -> None:
    it.actions.passed.clear()
    it.actions.slow = True
    try:
        got = asyncio.run(_slowly(it.wechat, name))
    finally:
        it.actions.slow = False
    assert [got[text][0].attempts for text in SLOW] == [1, 2, 3, 3]
    *quick, slowest = SLOW
    assert {text: quotes_of(str(got[text][0].text)) for text in quick} == {text: expected[text] for text in quick}
    assert got[slowest][0].text == notices.WAIT
    assert re.match(r"您\d\d:\d\d问的，查到了：\n", str(got[slowest][-1].text))
    assert quotes_of(str(got[slowest][-1].text)) == expected[slowest]
    assert sorted(it.actions.passed) == sorted(SLOW)


async def _slowly(wechat: WeChat, name: str) -> Mapping[str, list[Got]]:
    everyone = await asyncio.gather(*(wechat.ask(f"oSlow{name}{at}", text) for at, text in enumerate(SLOW)))
    return dict(zip(SLOW, everyone, strict=True))


def test_two_hundred_followers(shared: Account) -> None:
    """Each reads what REST says to their own question, events come twice; nobody reads nothing, nobody twice."""
    texts = ["身份证丢了怎么办", "卖银行卡会怎样", "去哪里举报卖卡的", "你好", "今天天气怎么样"]
    expected = {text: quotes_of(shared.client.say(text).text) for text in texts}
    shared.actions.passed.clear()

    async def follower(number: int) -> tuple[str, Got, Got, Got]:
        wechat, name, text = shared.wechat, f"oF{number}", texts[number % len(texts)]
        event = wechat.message(name, MsgType="event", Event="subscribe", EventKey="")
        came, again = await wechat.push(event), await wechat.push(event)
        return text, came, again, (await wechat.ask(name, text))[-1]

    async def scene() -> list[tuple[str, Got, Got, Got]]:
        return await asyncio.gather(*(follower(number) for number in range(FOLLOWERS)))

    begun = time.monotonic()
    everyone = asyncio.run(scene())
    print(f"{FOLLOWERS} followers in {time.monotonic() - begun:.0f} s")
    for text, came, again, got in everyone:
        assert came.text == again.text
        assert str(came.text).startswith(notices.WELCOME)
        assert got.text
        assert quotes_of(got.text) == expected[text]
    assert len(shared.actions.passed) == FOLLOWERS


# What Python imports first, in the action's process only: one question takes 20 s there.
SLOWED = """
import sys
if "bot.rasa.action_process" in sys.orig_argv:
    sys.path.insert(0, {root!r})
    import time
    from actions.answer import ActionAnswer
    run = ActionAnswer.run
    def slowly(self, dispatcher, tracker, domain):
        if "挂失" in (tracker.latest_message["text"] or ""):
            time.sleep(20)
        return run(self, dispatcher, tracker, domain)
    ActionAnswer.run = slowly
"""


@pytest.fixture
def slowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[WeChat, Path]]:
    """The assistant as it is served by default, the action beside it, which is slow with one question."""
    (tmp_path / "sitecustomize.py").write_text(SLOWED.format(root=str(ROOT)), "utf-8")
    port = free_port()
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(VARIABLES[name], value)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("DUANKA_DATABASE", f"sqlite:///{tmp_path}/duanka.db")
    monkeypatch.delenv("SANIC_WORKERS", raising=False)  # another test of this file serves with several
    rasa = replace(rasa_server(port, None, ready_model(ROOT, Console(quiet=True))), log=tmp_path / "rasa.log")
    rest = f"http://{HOST}:{port}/webhooks/rest/webhook"
    with running(rasa) as children:
        wait_until(lambda: replies(rest), READY_SECONDS, children, children[0], "没有答复")
        yield WeChat([f"http://{HOST}:{port}/webhooks/wechat/webhook"]), rasa.log


def test_nobody_waits_for_another_persons_slow_answer(slowed: tuple[WeChat, Path]) -> None:
    """While one answer takes 20 s, of 20 other followers 19 are answered within a second, and all at once."""
    wechat, log = slowed

    async def scene(attempt: int) -> tuple[list[Got], list[Got]]:
        slow = asyncio.create_task(wechat.ask(f"oSlow{attempt}", "银行卡挂失要多久"))
        await asyncio.sleep(1)
        others = await asyncio.gather(*(_later(wechat, f"o{attempt}-{number}", number / 4) for number in range(20)))
        return await slow, others

    def check(attempt: int) -> None:
        slow, others = asyncio.run(scene(attempt))
        assert slow[0].text == notices.WAIT
        assert len(slow) > 1
        assert slow[-1].text
        assert all(got.text and got.attempts == 1 for got in others)
        seconds = sorted(got.seconds for got in others)
        print(f"20 others: median {seconds[10]:.2f} s, p95 {seconds[18]:.2f} s, most {seconds[-1]:.2f} s")
        assert seconds[18] <= 1.0

    in_real_seconds(check)
    assert "oSlow" not in log.read_text("utf-8", errors="replace")


async def _later(wechat: WeChat, follower: str, seconds: float) -> Got:
    await asyncio.sleep(seconds)
    return await wechat.say(follower, "你好" if seconds % 1 else "银行卡借给朋友用违法吗")


def test_nothing_of_a_person_is_logged(alone: Account, shared: Account) -> None:
    """No openid and no words in what Rasa wrote."""
    for it in (alone, shared):
        log = it.log.read_text("utf-8", errors="replace")
        assert not [word for word in ("oTalk", "oSlow", "oGold", "oF1", "五万块钱", *SLOW) if word in log]
