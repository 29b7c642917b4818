"""Messages of one conversation, one after the other, without losing time."""

from __future__ import annotations

import asyncio

import pytest
import rasa_quietly  # noqa: F401
from rasa.core.lock_store import LockError
from virtual_time import play

from bot.rasa import lock_store
from bot.rasa.lock_store import Queues


@pytest.fixture
def queues(monkeypatch: pytest.MonkeyPatch) -> Queues:
    """The store, without the guard it puts into a process."""
    monkeypatch.setattr(lock_store, "guard_every_door", lambda: None)
    return Queues()


def test_in_order_and_at_once(queues: Queues) -> None:
    """Five that come together take five times as long as one, and end in the order they came."""

    async def turn(number: int, ended: list[int]) -> None:
        async with queues.lock("someone"):
            await asyncio.sleep(0.05)
            ended.append(number)

    async def all_turns() -> list[int]:
        ended: list[int] = []
        await asyncio.gather(*(turn(number, ended) for number in range(5)))
        return ended

    async def timed() -> tuple[list[int], float]:
        begun = asyncio.get_running_loop().time()
        return await all_turns(), asyncio.get_running_loop().time() - begun

    assert play(timed()) == ([0, 1, 2, 3, 4], pytest.approx(0.25, abs=0.01))
    assert queues.conversation_locks == {}
    assert queues._leaving == {}


def test_others_do_not_wait(queues: Queues) -> None:
    """A slow turn holds up its own conversation only."""

    async def both() -> float:
        now = asyncio.get_running_loop().time
        async with queues.lock("slow"):
            begun = now()
            async with queues.lock("quick"):
                return now() - begun

    assert play(both()) == 0


def test_who_gives_up_waiting_holds_up_nobody(queues: Queues) -> None:
    """A cancelled turn in the middle of the line: the one behind it is served."""

    async def hold(seconds: float) -> None:
        async with queues.lock("someone"):
            await asyncio.sleep(seconds)

    async def line() -> None:
        first, second, third = (asyncio.ensure_future(hold(seconds)) for seconds in (0.2, 9.0, 0.0))
        await asyncio.sleep(0.05)
        second.cancel()
        await asyncio.wait_for(asyncio.gather(first, third), 1.0)

    play(line())


def test_an_expired_ticket(queues: Queues) -> None:
    """Who holds the lock too long loses it to the next; who waits too long is told."""

    async def wait_behind_one_that_stays(lifetime: float, holders: float) -> None:
        queues.issue_ticket("someone", holders)
        async with queues.lock("someone", lifetime, 0.05):
            pass

    asyncio.run(wait_behind_one_that_stays(9.0, 0.1))
    with pytest.raises(LockError):
        asyncio.run(wait_behind_one_that_stays(0.1, 9.0))


@pytest.mark.usefixtures("queues")
def test_one_process_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several workers would each have locks of their own."""
    monkeypatch.setenv("SANIC_WORKERS", "2")
    with pytest.raises(ValueError, match="SANIC_WORKERS is '2'; 1 is allowed"):
        Queues()
