"""Turns are begun a few at a time; a slow one holds up nobody for longer than a moment."""

from __future__ import annotations

import asyncio

import pytest
from virtual_time import play

from bot.answering.message import Message
from bot.answering.reply import Reply
from bot.conversation.concurrency import paced
from bot.knowledge.messages import read_message


class Assistant:
    """Takes as many seconds as the text says; counts who is in the first moment of their turn."""

    def __init__(self, moment: float) -> None:
        self.moment = moment
        self.begun: list[float] = []
        self.most = 0

    async def __call__(self, message: Message, _sender: str) -> Reply | None:
        text = message.masked
        now = asyncio.get_running_loop().time()
        self.begun.append(now)
        self.most = max(self.most, sum(now - begun < self.moment for begun in self.begun[-20:]))
        await asyncio.sleep(float(text))
        return Reply(text, {})


def test_a_few_at_a_time() -> None:
    """Twenty slow turns: five begin each second; all are answered."""

    async def scene() -> None:
        assistant = Assistant(1.0)
        ask = paced(assistant, 5, 1.0)
        start = asyncio.get_running_loop().time()
        replies = await asyncio.gather(*(ask(read_message("30"), str(number)) for number in range(20)))
        assert [reply.text for reply in replies if reply] == ["30"] * 20
        assert [round(begun - start) for begun in assistant.begun] == [0] * 5 + [1] * 5 + [2] * 5 + [3] * 5

    play(scene())


def test_quick_turns_make_room_at_once() -> None:
    """A hundred of a tenth of a second, five at a time, take two seconds."""

    async def scene() -> None:
        ask = paced(Assistant(1.0), 5, 1.0)
        start = asyncio.get_running_loop().time()
        await asyncio.gather(*(ask(read_message("0.1"), str(number)) for number in range(100)))
        assert asyncio.get_running_loop().time() - start == pytest.approx(2.0, abs=0.1)

    play(scene())


def test_who_breaks_or_gives_up_makes_room_too() -> None:
    """Errors, and turns that are cancelled while they wait or while they run."""

    async def broken(_message: Message, _sender: str) -> Reply | None:
        raise RuntimeError

    async def scene() -> None:
        ask = paced(broken, 2, 1.0)
        for _ in range(5):
            with pytest.raises(RuntimeError):
                await ask(read_message(""), "")
        slow = paced(Assistant(1.0), 1, 1.0)
        for _ in range(3):
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(slow(read_message("30"), ""), 0.5)
        start = asyncio.get_running_loop().time()
        await slow(read_message("0"), "")
        assert asyncio.get_running_loop().time() - start < 0.1

    play(scene())


def test_a_victim_waits_for_nobody() -> None:
    """However many are before them."""

    async def slow(message: Message, _sender: str) -> Reply | None:
        text = message.masked
        await asyncio.sleep(0 if "骗子" in text else 30)
        return Reply(text, {})

    async def scene() -> None:
        ask = paced(slow, 1, 1.0)
        others = [asyncio.create_task(ask(read_message("卖卡违法吗"), str(number))) for number in range(100)]
        await asyncio.sleep(0.5)
        start = asyncio.get_running_loop().time()
        assert await ask(read_message("骗子正在让我转账"), "victim")
        assert asyncio.get_running_loop().time() == start
        await asyncio.gather(*others)

    play(scene())
