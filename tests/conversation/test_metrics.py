"""Figures: every message is counted once, under what came of it."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from pathlib import Path

import pytest

from bot.answering import sentences
from bot.answering.apology import apology
from bot.answering.message import Message
from bot.answering.reply import Reply
from bot.conversation.assistant import Ask
from bot.conversation.metrics import Figures
from bot.knowledge.messages import read_message

ANSWER = Reply("通报说……", {"kind": "answer"})


def sample(figures: Figures, name: str, **labels: str) -> float | None:
    """Return one figure."""
    value: float | None = figures.registry.get_sample_value(name, labels)
    return value


def says(reply: Reply | None) -> Ask:
    """An assistant that always says the same."""

    async def ask(_message: Message, _sender: str) -> Reply | None:
        return reply

    return ask


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [(ANSWER, "answer"), (Reply.of(apology()), "unavailable"), (None, "silent")],
)
def test_what_came_of_it(reply: Reply | None, outcome: str) -> None:
    """The kind of the reply; an apology and silence are told apart from an honest abstention."""
    figures = Figures()
    assert asyncio.run(figures.counted(says(reply), "web")(read_message("问"), "someone")) == reply
    assert sample(figures, "duanka_messages_total", door="web", outcome=outcome) == 1
    assert sample(figures, "duanka_reply_seconds_count", door="web") == 1
    assert sample(figures, "duanka_waiting", door="web") == 0


def test_a_message_that_fails_or_is_late() -> None:
    """An error and a turn that was cancelled are counted, and passed on."""

    async def fail(_message: Message, _sender: str) -> Reply | None:
        raise ConnectionError

    async def hang(_message: Message, _sender: str) -> Reply | None:
        await asyncio.Event().wait()
        return None

    figures = Figures()
    with pytest.raises(ConnectionError):
        asyncio.run(figures.counted(fail, "wechat")(read_message("问"), "someone"))

    async def give_up() -> None:
        task = asyncio.ensure_future(figures.counted(hang, "wechat")(read_message("问"), "someone"))
        await asyncio.sleep(0)
        assert sample(figures, "duanka_waiting", door="wechat") == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(give_up())
    assert sample(figures, "duanka_messages_total", door="wechat", outcome="failed") == 1
    assert sample(figures, "duanka_messages_total", door="wechat", outcome="late") == 1
    assert sample(figures, "duanka_waiting", door="wechat") == 0


def test_the_knowledge(tmp_path: Path) -> None:
    """Its age and size stand among the figures once it was read; before that they do not, and nothing fails."""
    file = tmp_path / "knowledge.json"
    figures = Figures()
    assert b"duanka_knowledge" not in figures.text(file)
    told = {
        "read_at": "2026-11-24T08:00:00+08:00",
        "failed": "x",
        "bulletins": 5,
        "in_force": 4,
        "passages": 99,
        "postings": 4321,
    }
    file.write_text(json.dumps(told), "utf-8")
    lines = figures.text(file).decode().splitlines()
    assert "duanka_knowledge_passages 99.0" in lines
    assert "duanka_knowledge_postings 4321.0" in lines
    assert "duanka_knowledge_failed 1.0" in lines
    (read_at,) = (line for line in lines if line.startswith("duanka_knowledge_read_timestamp_seconds "))
    assert float(read_at.split()[1]) == datetime.fromisoformat(str(told["read_at"])).timestamp()


def test_no_words_and_no_names() -> None:
    """Neither what somebody says nor who they are stands among the figures."""
    figures = Figures()
    asyncio.run(figures.counted(says(ANSWER), "web")("我叫王小明", "web-0123456789abcdef"))
    told = figures.text(Path("nowhere")).decode()
    assert "王小明" not in told
    assert "0123456789abcdef" not in told
    assert sentences.UNAVAILABLE not in told
