"""Turns: in order, within a time budget, never silent. The assistant is a plain function here."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.answering import sentences
from bot.answering.message import Message
from bot.answering.reply import Reply
from bot.conversation.turns import Turns
from bot.knowledge.messages import read_message

LONG = 60.0


class Assistant:
    """Says back what it was asked, after the pause that the text names in hundredths of a second."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.at_once = 0
        self.most_at_once = 0

    async def __call__(self, message: Message, sender: str) -> Reply | None:
        text = message.masked
        self.asked.append((sender, text))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(int(text.rpartition(" ")[2]) / 100)
        finally:
            self.at_once -= 1
        return Reply(f"{sender}: {text}", {})


def test_one_sender_in_order() -> None:
    """Ten messages at once of one person are answered one at a time, as they came, each with its own reply."""

    async def scene() -> None:
        assistant = Assistant()
        turns = Turns(assistant)
        texts = [f"第{number} {10 - number}" for number in range(10)]
        replies = await asyncio.gather(*(turns.take("me", read_message(text), LONG) for text in texts))
        assert [reply.text for reply in replies] == [f"me: {text}" for text in texts]
        assert assistant.asked == [("me", text) for text in texts]
        assert assistant.most_at_once == 1

    asyncio.run(scene())


def test_senders_do_not_wait_for_each_other() -> None:
    """Twenty people are answered at the same time."""

    async def scene() -> None:
        assistant = Assistant()
        turns = Turns(assistant)
        await asyncio.gather(*(turns.take(f"person{number}", read_message("问 5"), LONG) for number in range(20)))
        assert assistant.most_at_once == 20

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("text", "outcome", "lead"),
    [("卖卡会怎样 100", "abstain", sentences.UNAVAILABLE), ("我被骗了五万块钱 100", "emergency", sentences.EMERGENCY)],
)
def test_out_of_time(text: str, outcome: str, lead: str) -> None:
    """Who waits too long reads an apology, a victim the emergency reply; the turn is over and holds up no other."""

    async def scene() -> None:
        assistant = Assistant()
        turns = Turns(assistant)
        reply = await turns.take("me", read_message(text), 0.05)
        assert (reply.custom["kind"], reply.custom["lead"]) == (outcome, lead)
        assert assistant.at_once == 0
        assert (await turns.take("me", read_message("下一句 0"), LONG)).text == "me: 下一句 0"

    asyncio.run(scene())


def test_waiting_in_line_counts() -> None:
    """The budget runs from the call: who stands behind a slow turn is told in time, and never asked late."""

    async def scene() -> None:
        assistant = Assistant()
        turns = Turns(assistant)
        slow = asyncio.create_task(turns.take("me", read_message("慢 30"), LONG))
        await asyncio.sleep(0)
        assert (await turns.take("me", read_message("快 0"), 0.05)).custom["kind"] == "abstain"
        assert (await slow).text == "me: 慢 30"
        assert assistant.asked == [("me", "慢 30")]

    asyncio.run(scene())


async def _breaks(_message: Message, _sender: str) -> Reply | None:
    raise RuntimeError("密码是123")


async def _says_nothing(_message: Message, _sender: str) -> Reply | None:
    return None


@pytest.mark.parametrize("ask", [_breaks, _says_nothing])
def test_whatever_breaks(ask: object, caplog: pytest.LogCaptureFixture) -> None:
    """An error or a silence becomes the apology; the log has neither the message nor the error's text."""
    caplog.set_level(logging.DEBUG)
    reply = asyncio.run(Turns(ask).take("me", read_message("卖卡会怎样"), LONG))  # type: ignore[arg-type]
    assert reply.custom["kind"] == "abstain"
    assert "96110" in reply.text
    assert "密码" not in caplog.text
    assert "卖卡" not in caplog.text


def test_nothing_is_kept_of_who_left() -> None:
    """No queue outlives its last message."""

    async def scene() -> None:
        turns = Turns(Assistant())
        await asyncio.gather(*(turns.take(f"{number % 3}", read_message("问 1"), LONG) for number in range(9)))
        assert vars(turns)["_queues"] == {}
        assert not vars(turns)["_waiting"]

    asyncio.run(scene())
