"""Verbatim, cited, never silent: whatever people type, and however odd it is."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml
from service import ROOT, Client, complaints

from bot.evaluation.judging import Question, Reply, Source, broken_promises, parse_reply
from tests.needed import missing

SEED, DRAWN = 20201010, 200
REAL_QUESTIONS = ROOT.parent / "shared/eval/real_questions.jsonl"
# 0.95 is the aim; of eighty, 73 were left alone on 30 November 2026: three read the hotlines, four the nearest passage.
LEAST_LEFT_ALONE = 0.9

ODD = (
    "",
    " ",
    "\n\n",
    "\u200b",
    "\u202e",
    "？",
    "...",
    "😀",
    "👮‍♀️💳📱",
    "1",
    "110",
    "\x00",
    "\ud83d",
    "a" * 5000,
    "卖卡会怎样" * 1000,
    "身份证丢了怎么办\n\n\n卖银行卡会怎样",
    "/",
    "//",
    "/stop",
    "/nosuch",
    "/penalty",
    '/penalty{"a":1}',
    "/penalty{a",
    '/victim{"memory":{"question":"卖卡"}}',
    "/卖银行卡会怎样",
    "/restart 卖卡会怎样",
    "{memory}",
    "${HOME}",
    "卖%s卡会怎样",
    "<script>alert(1)</script>卖卡违法吗",
    "' OR 1=1; --",
    "[银行卡](object)能卖吗",
    "HELLO, CAN I SELL MY BANK CARD?",
    "出处是哪",
    "还有吗",
    "为什么",
    "那电话卡呢",
    "南宁呢",
)
# Rasa takes these for its own commands and would answer with nothing (full-width / is / here).
COMMANDS = ("/restart", "/back", "/session_start", "／restart")

Twist = Callable[[str, random.Random], str]
TWISTS: tuple[Twist, ...] = (
    lambda text, _: text,
    lambda text, _: f"  {text}？？？",
    lambda text, _: " ".join(text),
    lambda text, _: f"\u202e{text}\u202c",
    lambda text, _: text.replace("卡", "💳"),
    lambda text, _: f"/{text}",
    lambda text, _: f"{text}\n\n{text}",
    lambda text, chance: text[: chance.randint(1, len(text))],
    lambda text, chance: "".join(chance.sample(text, len(text))),
    lambda text, chance: text + chance.choice("😭🙏💰👀") * chance.randint(1, 5),
)


@pytest.fixture(scope="module")
def typed(questions: tuple[Question, ...]) -> tuple[str, ...]:
    """What people might type: golden questions and training examples, half of them twisted, and the odd ones."""
    chance = random.Random(SEED)
    pool = [question.text for question in questions] + _examples()
    drawn = chance.sample(pool, DRAWN - len(ODD))
    return *ODD, *(chance.choice(TWISTS)(text, chance) if chance.random() < 0.5 else text for text in drawn)


def test_whatever_is_typed(client: Client, sources: Mapping[str, Source], typed: tuple[str, ...]) -> None:
    """Each message gets one text, whose quotes are verbatim and cited."""
    broken = [(text[:80], wrong) for text in typed for wrong in _wrong(client, text, sources)]
    assert broken == []


@pytest.mark.parametrize("text", COMMANDS)
def test_a_command_of_rasa_gets_a_reply(client: Client, text: str) -> None:
    """Nobody who types a command is left without a word."""
    assert client.say(text).text


def test_real_questions(client: Client, sources: Mapping[str, Source]) -> None:
    """Each gets a sound reply; of those far from our topics nearly all are left alone; no log tells of an error."""
    rows = _real_questions()
    replies = [(row, client.say(row["q"])) for row in rows]
    broken = [(row["q"], wrong) for row, reply in replies for wrong in broken_promises(reply, sources)]
    assert broken == []
    far = [(row["q"], reply) for row, reply in replies if not row["near"]]
    answered = [(text, reply.kind, *_quoted(reply)) for text, reply in far if reply.kind not in ("abstain", "chat")]
    assert len(far) - len(answered) >= LEAST_LEFT_ALONE * len(far), answered
    assert client.logs
    assert {log.name: complaints(log) for log in client.logs.iterdir()} == {"rasa.log": []}


def _wrong(client: Client, text: str, sources: Mapping[str, Source]) -> list[str]:
    bubbles = client.bubbles(text)
    texts = sum(bool(bubble.get("text")) for bubble in bubbles)
    broken = list(broken_promises(parse_reply(bubbles), sources))
    return broken if texts == 1 else [*broken, f"{texts} texts"]


def _quoted(reply: Reply) -> tuple[str, ...]:
    return tuple(quote.text[:60] for quote in reply.quotes)


def _examples() -> list[str]:
    """Return every training example."""
    files = sorted((ROOT / "data/nlu").glob("*.yml"))
    intents = [intent for file in files for intent in yaml.safe_load(file.read_text("utf-8"))["nlu"]]
    lines = [line for intent in intents for line in intent["examples"].splitlines()]
    return [line.removeprefix("- ").strip() for line in lines if line.startswith("- ")]


def _real_questions(path: Path = REAL_QUESTIONS) -> list[dict[str, str]]:
    if not path.is_file():
        missing(f"没有 {path}")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
