"""A message's time in line: one wait, however many lines it stands in."""

from __future__ import annotations

import asyncio

import pytest
from virtual_time import play

from bot.answering.message import Message
from bot.answering.reply import Reply
from bot.conversation import queueing
from bot.conversation.concurrency import paced
from bot.conversation.metrics import Figures
from bot.conversation.queueing import LINE, begun, in_line
from bot.conversation.turns import Turns
from bot.knowledge.messages import read_message


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> Figures:
    """Figures of the test's own."""
    own = Figures()
    monkeypatch.setattr(queueing, "figures", lambda: own)
    return own


def waited(figures: Figures) -> float | None:
    """How many waits were counted."""
    count: float | None = figures.registry.get_sample_value("duanka_stage_seconds_count", {"stage": LINE})
    return count


def queue(figures: Figures) -> float | None:
    """How many stand in line."""
    length: float | None = figures.registry.get_sample_value("duanka_queue")
    return length


def test_one_wait_whatever_it_waits_for(figures: Figures) -> None:
    """A line within a line is the same wait; it ends when the assistant begins, and is counted once."""
    with in_line():
        with in_line():
            assert queue(figures) == 1
            begun()
            assert queue(figures) == 0
        with in_line():
            assert queue(figures) == 0
    assert waited(figures) == 1


def test_who_never_gets_its_turn(figures: Figures) -> None:
    """It has waited all the same, and stands in no line any more."""
    with pytest.raises(ValueError, match="gone"), in_line():
        raise ValueError("gone")
    begun()  # of no message: nothing to end
    assert (waited(figures), queue(figures)) == (1, 0)


def test_those_behind_others_are_in_the_queue(figures: Figures) -> None:
    """Of five messages of one person the first is begun on and four wait; who gives up leaves the queue."""
    seen: list[float | None] = []

    async def ask(_message: Message, _sender: str) -> Reply | None:
        begun()
        await asyncio.sleep(1)
        return Reply("好", {})

    async def five() -> None:
        turns = Turns(paced(ask))
        tasks = [asyncio.create_task(turns.take("someone", read_message("问"), 10)) for _ in range(5)]
        await asyncio.sleep(0.5)
        seen.append(queue(figures))
        tasks.pop().cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        seen.append(queue(figures))
        await asyncio.gather(*tasks)

    play(five())
    assert seen == [4, 3]
    assert (waited(figures), queue(figures)) == (5, 0)
