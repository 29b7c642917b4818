"""The web channel of the running assistant: the answers of REST, many people at once, and programs that die."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import requests
from programs import Assistant, kill
from service import Client

from bot.answering import sentences
from bot.doors.web.schema import validator
from bot.evaluation.judging import FIRST_WORDS, Question

PEOPLE, MESSAGES = 50, 20
# A reply has ten seconds; people send no more at once than this machine answers in so many.
WAIT_SECONDS = 3.0
SCRIPT = [
    "银行卡借给朋友用违法吗？",
    "那电话卡呢",
    "还有吗",
    "身份证丢了怎么办",
    "为什么",
    "你好",
    "去哪里举报卖卡的",
    "今天吃什么好",
    "卖电话卡会有什么后果",
    "在南宁呢",
    "谢谢",
    "断卡行动打击哪些人",
    "有什么案例",
    "怎么保管银行卡",
    "你是谁",
    "出处是哪里",
    "我想卖两张银行卡，一张多少钱",
    "帮助",
    "身份证借给别人办卡可以吗",
    "再见",
]


@dataclass(frozen=True)
class Web:
    """The way of a page to the channel."""

    url: str

    def session(self) -> str:
        """Begin a session."""
        response = requests.post(self.url + "session", json={}, timeout=60)
        assert response.status_code == 201
        return str(response.json()["session"])

    def say(self, token: str, text: str, id: str | None = None) -> dict[str, Any]:
        """Send a message and return its turn, which has the form that is promised."""
        body = {"session": token, "id": id or uuid.uuid4().hex, "text": text}
        response = requests.post(self.url + "message", json=body, timeout=60)
        assert response.status_code == 200, response.text
        turn: dict[str, Any] = response.json()
        validator("Turn").validate(turn)
        return turn

    def history(self, token: str) -> list[dict[str, Any]]:
        """Return what was said."""
        response = requests.get(self.url + "history", headers={"Authorization": f"Bearer {token}"}, timeout=60)
        assert response.status_code == 200
        turns: list[dict[str, Any]] = response.json()["turns"]
        return turns


@pytest.fixture(scope="module")
def web(client: Client) -> Web:
    """The web channel of the assistant that all tests share."""
    return Web(client.url.replace("/rest/webhook", "/web/"))


def test_the_golden_questions(client: Client, web: Web, questions: tuple[Question, ...]) -> None:
    """Each gets the very reply that it gets over REST, quotes and all."""
    different = []
    for question in questions:
        over_rest = next((each["custom"] for each in client.bubbles(question.text) if each.get("custom")), None)
        over_web = web.say(web.session(), question.text)["reply"]["custom"]
        if over_web != over_rest:
            different.append(question.id)
    assert different == []


def test_many_people_at_once(client: Client, web: Web) -> None:
    """Fifty sessions of twenty messages, some sent twice: each message one reply, in order, from its own conversation.

    Everyone begins the same round of questions at another place; what each must read is what one person who asks the
    same alone reads over REST.
    """
    rounds = [SCRIPT[start:] + SCRIPT[:start] for start in range(0, MESSAGES, 2)]
    begun = time.monotonic()
    alone = [_alone(client, texts) for texts in rounds]
    each = (time.monotonic() - begun) / (len(rounds) * MESSAGES)
    plans = [(rounds[person % len(rounds)], alone[person % len(rounds)]) for person in range(PEOPLE)]
    begun = time.monotonic()
    read = asyncio.run(_everyone(web, [texts for texts, _ in plans], max(int(WAIT_SECONDS / each), 4)))
    print(f"{PEOPLE} × {MESSAGES} messages in {time.monotonic() - begun:.0f} s, {each:.3f} s each when alone")
    for (texts, expected), (token, replies) in zip(plans, read, strict=True):
        assert [reply[0] for reply in replies] == expected
        assert all(len(set(reply)) == 1 for reply in replies)
        turns = web.history(token)
        assert [(turn["text"], turn["reply"]["text"]) for turn in turns] == list(zip(texts, expected, strict=True))


def _alone(client: Client, texts: list[str]) -> list[str]:
    talk = client.conversation()
    return [talk.say(text).text for text in texts]


async def _everyone(web: Web, plans: list[list[str]], at_once: int) -> list[tuple[str, list[list[str]]]]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=at_once)) as http:
        return await asyncio.gather(*(_person(http, web.url, texts) for texts in plans))


async def _person(http: aiohttp.ClientSession, url: str, texts: list[str]) -> tuple[str, list[list[str]]]:
    """Send one message after the other, every third twice at once, every fifth again after its reply."""
    token = (await _post(http, url + "session", {}))["session"]
    replies = []
    for number, text in enumerate(texts):
        body = {"session": token, "id": f"message-{number:03}", "text": text}
        copies = 2 if number % 3 == 0 else 1
        turns = await asyncio.gather(*(_post(http, url + "message", body) for _ in range(copies)))
        turns += [await _post(http, url + "message", body)] if number % 5 == 0 else []
        replies.append([turn["reply"]["text"] for turn in turns])
    return token, replies


async def _post(http: aiohttp.ClientSession, url: str, body: dict[str, str]) -> dict[str, Any]:
    async with http.post(url, json=body) as response:
        assert response.status in (200, 201), await response.text()
        found: dict[str, Any] = await response.json()
        return found


@dataclass(frozen=True)
class Mortal:
    """An assistant whose programs can be killed, and the way to it."""

    programs: Assistant
    web: Web


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortal]:
    """An assistant of this module's own, with a database of its own."""
    with ExitStack() as stack:
        programs = Assistant(tmp_path_factory.mktemp("mortal"), stack)
        yield Mortal(programs, Web(programs.url))


def test_the_action_server_dies(mortal: Mortal) -> None:
    """Everyone reads that it cannot be looked up, a victim 110 first; once it is back, so are the answers."""
    token = mortal.web.session()
    before = mortal.web.say(token, SCRIPT[0])
    assert before["reply"]["custom"]["kind"] == "answer"
    kill(mortal.programs.actions)
    apology = mortal.web.say(token, SCRIPT[3])["reply"]
    assert (apology["custom"]["kind"], apology["text"]) == ("abstain", sentences.UNAVAILABLE)
    emergency = mortal.web.say(mortal.web.session(), "骗子正在让我转账，说我涉嫌洗钱")["reply"]
    assert emergency["custom"]["kind"] == "emergency"
    assert "110" in emergency["text"][:FIRST_WORDS]
    mortal.programs.start_actions()
    assert mortal.web.say(token, SCRIPT[3])["reply"]["custom"]["kind"] == "answer"


def test_rasa_is_killed(mortal: Mortal) -> None:
    """Started again on its port and database: the history is there, an id keeps its reply, and a follow-up is right."""
    undisturbed, token = mortal.web.session(), mortal.web.session()
    expected = [mortal.web.say(undisturbed, text)["reply"] for text in SCRIPT[:3]]
    said = [mortal.web.say(token, SCRIPT[0], "message-001"), mortal.web.say(token, SCRIPT[1], "message-002")]
    kill(mortal.programs.rasa)
    mortal.programs.start_rasa()
    assert mortal.web.history(token) == said
    assert mortal.web.say(token, SCRIPT[0], "message-001") == said[0]
    assert mortal.web.say(token, SCRIPT[2], "message-003")["reply"] == expected[2]
    assert [turn["text"] for turn in mortal.web.history(token)] == SCRIPT[:3]
