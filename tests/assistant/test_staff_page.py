"""What the staff see of the running assistant: a row for each turn, feedback, the gaps, and the doors' switches."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from service import PASSWORD, ROOT, Kept

from bot.answering import sentences
from bot.evaluation.judging import FIRST_WORDS
from bot.keeping.events import EventStore, TurnEvent

SOON = 60.0
UNHEARD_OF = "鹦鹉登记要带哪些材料"


class Elsewhere(HTTPAdapter):
    """Connects from another address of the loopback than everybody else."""

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """Bind each connection to it."""
        super().init_poolmanager(*arguments, source_address=("127.0.0.2", 0), **named)


@pytest.fixture
def rows(kept: Kept) -> Iterator[Callable[[str], list[TurnEvent]]]:
    """The rows whose question has these words in it; waits for the first for a moment."""
    store = EventStore(kept.database)

    def find(words: str) -> list[TurnEvent]:
        deadline = time.monotonic() + SOON
        while True:
            found = [turn for turn in store.since(0.0) if words in (turn.question or "")]
            if found or time.monotonic() > deadline:
                return found
            time.sleep(0.05)

    yield find
    store.close()


@pytest.fixture
def staff(kept: Kept) -> requests.Session:
    """A browser that someone logged in with, at an address of their own: others may have been locked out of theirs."""
    browser = requests.Session()
    browser.mount("http://", Elsewhere())
    assert "<h1>登录</h1>" not in browser.post(kept.staff + "login", {"password": PASSWORD}, timeout=60).text
    return browser


def soon(holds: Callable[[], bool]) -> bool:
    """Whether it comes to hold."""
    deadline = time.monotonic() + SOON
    while not (held := holds()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return held


def session(kept: Kept) -> str:
    return str(requests.post(kept.web + "session", json={}, timeout=60).json()["session"])


def say(kept: Kept, token: str, text: str) -> tuple[str, dict[str, Any]]:
    """Send a message over the web; return its id and the reply."""
    id = uuid.uuid4().hex
    body = {"session": token, "id": id, "text": text}
    turn = requests.post(kept.web + "message", json=body, timeout=60).json()
    return id, turn["reply"]


def duanka(kept: Kept, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command as the operator would, with the settings of the service."""
    environment = {**os.environ, "DUANKA_KNOWLEDGE": str(kept.knowledge), "DUANKA_DATABASE": kept.database}
    command = (sys.executable, "-m", "bot", *words)
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)


def test_each_turn_leaves_a_row(kept: Kept, rows: Callable[[str], list[TurnEvent]]) -> None:
    """Whatever the door: what was asked, how it was taken, what was quoted, and what lost and why."""
    token = session(kept)
    _, reply = say(kept, token, "银行卡借给朋友小吴用违法吗？")
    kept.client.say("电话卡借给朋友小吴用违法吗？")
    web, rest = rows("银行卡借给朋友小吴")[0], rows("电话卡借给朋友小吴")[0]
    assert (web.channel, rest.channel) == ("web", "rest")
    for row in (web, rest):
        assert row.outcome in ("answer", "near")
        assert row.intent
        assert 0 < row.confidence <= 1
        assert 0 < row.seconds < SOON
        assert set(row.quoted) <= {each.passage for each in row.considered}
    assert list(web.quoted) == [quote["passage"] for quote in reply["custom"]["quotes"]]
    assert token not in web.sender
    say(kept, token, "小秦的鹦鹉几岁能说话")
    (unanswered,) = rows("小秦的鹦鹉")
    assert (unanswered.outcome, unanswered.quoted) == ("abstain", ())
    assert all(each.rejected for each in unanswered.considered)


def test_nothing_personal_stands_in_a_row(kept: Kept, rows: Callable[[str], list[TurnEvent]]) -> None:
    """Neither over the web nor over REST."""
    say(kept, session(kept), "我的卡号6222021234567890128被小郑冻结了")
    kept.client.say("我的电话13812345678被小冯停机了")
    for row in (*rows("小郑冻结"), *rows("小冯停机")):
        assert not re.search(r"\d{6}", row.question or "")
    assert len(rows("小郑冻结")) == len(rows("小冯停机")) == 1


def test_a_follow_up_and_a_victim(kept: Kept, rows: Callable[[str], list[TurnEvent]]) -> None:
    """Each message of a conversation is a turn of its own."""
    token = session(kept)
    for text in ("身份证丢了小褚该怎么办", "还有吗，小卫", "小蒋刚刚被骗了五万块钱"):
        say(kept, token, text)
    found = [rows(name)[0] for name in ("小褚", "小卫", "小蒋")]
    assert len({row.sender for row in found}) == 1
    assert found[2].outcome == "emergency"


def test_feedback_reaches_the_row(kept: Kept, rows: Callable[[str], list[TurnEvent]]) -> None:
    """With the comment, masked; thought better of, the last counts."""
    token, question = session(kept), "出租银行卡的小沈会怎样"
    id, _ = say(kept, token, question)
    assert rows(question)
    for helpful, comment in ((True, ""), (False, "打13812345678问过，没说清")):
        body = {"session": token, "message": id, "helpful": helpful, "comment": comment}
        assert requests.post(kept.web + "feedback", json=body, timeout=60).status_code == 204
    assert soon(lambda: rows(question)[0].helpful is False)
    (row,) = rows(question)
    assert "没说清" in (row.comment or "")
    assert "13812345678" not in (row.comment or "")


def test_the_gaps_list_it(kept: Kept, staff: requests.Session, rows: Callable[[str], list[TurnEvent]]) -> None:
    """On the page and in `duanka gaps`; settled there, it is gone here; asked again, it is back."""
    for _ in range(3):
        say(kept, session(kept), UNHEARD_OF)
    assert soon(lambda: len(rows(UNHEARD_OF)) == 3)
    assert UNHEARD_OF in staff.get(kept.staff + "gaps", timeout=60).text
    listed = duanka(kept, "gaps").stdout
    assert UNHEARD_OF in listed
    number = re.findall(r"^(\d+)\. \d+ 次", listed.partition(UNHEARD_OF)[0], re.M)[
        -1
    ]  # other tests ask about parrots too
    assert UNHEARD_OF in duanka(kept, "gaps", "--done", number).stdout
    # What was dealt with stands in a list of its own, from where it can be brought back.
    assert UNHEARD_OF not in staff.get(kept.staff + "gaps", timeout=60).text.partition("最近标为已处理的")[0]
    say(kept, session(kept), UNHEARD_OF)
    assert soon(lambda: "处理过，又有人问" in staff.get(kept.staff + "gaps", timeout=60).text)


def test_a_question_tried_is_no_turn(kept: Kept, staff: requests.Session) -> None:
    """The staff see what residents would read, with the live classifier's intent; no row is left."""
    csrf = re.search(r'name="csrf" value="([^"]+)"', staff.get(kept.staff + "try", timeout=60).text)
    assert csrf
    question = "出售银行卡有什么后果？"
    page = staff.post(kept.staff + "try", {"csrf": csrf[1], "q": question + "小韩"}, timeout=60).text
    reply = kept.client.say(question).text.splitlines()
    assert "意图：卖卡、借卡的后果" in page
    assert reply[0] in page
    store = EventStore(kept.database)
    assert not any("小韩" in (turn.question or "") for turn in store.since(0.0))
    store.close()


def test_a_door_is_switched_off_and_on(kept: Kept, staff: requests.Session) -> None:
    """Off: a notice with 96110 and 110, and a victim still reads 110 first; on: answers. REST is not the web's door."""

    def switch(to: str) -> None:
        csrf = re.search(r'name="csrf" value="([^"]+)"', staff.get(kept.staff + "doors", timeout=60).text)
        assert csrf
        staff.post(kept.staff + "doors", {"csrf": csrf[1], "channel": "web", "to": to}, timeout=60)

    token = session(kept)
    switch("off")
    try:
        assert soon(lambda: say(kept, token, "卖电话卡会有什么后果")[1]["text"] == sentences.CLOSED)
        victim = say(kept, token, "骗子正在让我转账，说我涉嫌洗钱")[1]
        assert victim["custom"]["kind"] == "emergency"
        assert "110" in victim["text"][:FIRST_WORDS]
        assert kept.client.say("卖电话卡会有什么后果").kind == "answer"
        assert "网页已关闭（" in duanka(kept, "status").stdout
    finally:
        switch("on")
    assert soon(lambda: say(kept, token, "卖电话卡会有什么后果")[1]["custom"]["kind"] == "answer")


def test_status(kept: Kept) -> None:
    """With the ports of the running service all is well; with others it is not, and the exit code says so."""
    port = re.search(r":(\d+)/", kept.client.url)
    assert port
    wrong = duanka(kept, "status", "--port", port[1], "--action-port", "1")
    assert (wrong.returncode, "✗ 动作服务（端口 1）：没有答复" in wrong.stdout) == (1, True)
    assert f"✓ 对话服务（端口 {port[1]}）：在" in wrong.stdout
    assert "✓ 知识：" in wrong.stdout
    assert re.search(r"✓ 今天：提问 \d+（", wrong.stdout)
