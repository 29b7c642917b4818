"""Lines in a real Redis: two stores stand for two processes, and one process is really killed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import rasa_quietly  # noqa: F401
from rasa.core.lock_store import LockError
from redis import Redis
from service import ROOT

from bot.rasa import lock_store
from bot.rasa.lock_store import Queues
from tests.redis_program import RedisProgram, redis_program

DEADLINE_SECONDS = 60.0
# Another program that takes its place in line, says so, and stays.
STAYS = """
import asyncio, sys
from bot.rasa.fifo_lock import Lines

async def main():
    lines = Lines(sys.argv[1])
    place = lines.place("someone", 600)
    await lines.enter(place)
    assert await lines.wait(place)
    print("here", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisProgram]:
    """A Redis that the settings name; stores made with it put no guard into this process."""
    with redis_program() as program:
        monkeypatch.setattr(lock_store, "guard_every_door", lambda: None)
        monkeypatch.setenv("DUANKA_REDIS", program.url)
        yield program


@asynccontextmanager
async def stores() -> AsyncIterator[tuple[Queues, Queues]]:
    """Two processes' stores."""
    both = Queues(), Queues()
    try:
        yield both
    finally:
        for store in both:
            assert store._lines
            await store._lines.close()


def keys(redis: RedisProgram) -> list[str]:
    """What is left in Redis."""
    with Redis.from_url(redis.url, decode_responses=True) as client:
        return list(client.keys("duanka:*"))


async def in_line(redis: RedisProgram, count: int) -> None:
    """Wait until so many stand in line."""
    with Redis.from_url(redis.url, decode_responses=True) as client:
        for _ in range(int(DEADLINE_SECONDS / 0.01)):
            lines = [name for name in client.keys("duanka:line:*") if name.endswith("}")]
            if sum(client.llen(name) for name in lines) == count:
                return
            await asyncio.sleep(0.01)
    pytest.fail(f"{count} never stood in line")


def test_messages_at_two_processes_keep_their_order(redis: RedisProgram) -> None:
    """Whoever came first is served first, at whichever process, one at a time; afterwards Redis holds nothing."""

    inside: list[int] = []
    ended: list[int] = []

    async def turn(store: Queues, number: int) -> None:
        async with store.lock("someone"):
            inside.append(number)
            await asyncio.sleep(0.01)
            assert inside == [number]
            inside.remove(number)
            ended.append(number)

    async def all_turns() -> list[int]:
        turns = []
        async with stores() as both:
            async with both[0].lock("someone"):
                for number, process in enumerate((0, 1, 0, 0, 1, 1, 0, 1)):
                    turns.append(asyncio.ensure_future(turn(both[process], number)))
                    await in_line(redis, number + 2)
                assert ended == []
            await asyncio.wait_for(asyncio.gather(*turns), DEADLINE_SECONDS)
        return ended

    assert asyncio.run(all_turns()) == list(range(8))
    assert keys(redis) == []


def test_others_do_not_wait(redis: RedisProgram) -> None:
    """One conversation holds up no other, at this process or the next."""

    async def both_at_once() -> None:
        async with stores() as (one, other), one.lock("slow"), other.lock("quick"), one.lock("third"):
            await in_line(redis, 3)

    asyncio.run(asyncio.wait_for(both_at_once(), DEADLINE_SECONDS))


def test_who_gives_up_waiting_holds_up_nobody(redis: RedisProgram) -> None:
    """A turn cancelled in the middle of the line: the one behind it, at another process, is served."""

    async def line() -> None:
        async with stores() as (one, other):
            async with one.lock("someone"):
                second = asyncio.ensure_future(_hold(other))
                await in_line(redis, 2)
                third = asyncio.ensure_future(_hold(one))
                await in_line(redis, 3)
                second.cancel()
                await in_line(redis, 2)
            await asyncio.wait_for(third, DEADLINE_SECONDS)
            assert second.cancelled()

    asyncio.run(line())
    assert keys(redis) == []


def test_a_killed_process_frees_its_place(redis: RedisProgram) -> None:
    """Nobody gives the place back; who waits has it once the lease is over."""

    async def wait_behind_it() -> None:
        process = subprocess.Popen((sys.executable, "-c", STAYS, redis.url), cwd=ROOT, stdout=subprocess.PIPE)
        try:
            assert process.stdout
            assert process.stdout.readline() == b"here\n"
            async with stores() as (store, _):
                waiting = asyncio.ensure_future(_hold(store))
                await in_line(redis, 2)
                process.kill()
                await asyncio.wait_for(waiting, DEADLINE_SECONDS)
        finally:
            process.kill()
            process.communicate()

    asyncio.run(wait_behind_it())


@pytest.mark.usefixtures("redis")
def test_a_slow_turn_keeps_its_place() -> None:
    """A turn that takes longer than a lease is not overtaken: its process renews it."""

    async def slow_and_next() -> list[str]:
        ended: list[str] = []
        async with stores() as (one, other):
            for store in (one, other):
                assert store._lines
                store._lines._lease_ms = 5000  # a busy machine may stand still for two seconds
            async with one.lock("someone"):
                waiting = asyncio.ensure_future(_hold(other, ended))
                await asyncio.sleep(6.5)
                ended.append("slow")
            await asyncio.wait_for(waiting, DEADLINE_SECONDS)
        return ended

    assert asyncio.run(slow_and_next()) == ["slow", "next"]


@pytest.mark.usefixtures("redis")
def test_waiting_has_an_end() -> None:
    """Who waits longer than a ticket lives is told, as Rasa's own store does."""

    async def wait_in_vain() -> None:
        async with stores() as (one, other), one.lock("someone"), other.lock("someone", lock_lifetime=0.2):
            pass

    with pytest.raises(LockError):
        asyncio.run(wait_in_vain())


def test_redis_goes_and_comes_back(redis: RedisProgram, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Redis everyone is served, in the order of their own process; with it again, the lines are common."""
    monkeypatch.setattr("bot.rasa.fifo_lock.REST_SECONDS", 0.2)

    async def go_and_come() -> list[str]:
        ended: list[str] = []
        async with stores() as (one, other):
            async with one.lock("someone"):
                waiting = asyncio.ensure_future(_hold(other, ended))
                await in_line(redis, 2)
                redis.stop()
                await asyncio.wait_for(waiting, DEADLINE_SECONDS)  # at another process: nobody tells it to wait
                waiting = asyncio.ensure_future(_hold(one, ended))
                await asyncio.sleep(0.1)
                ended.append("first")
            await asyncio.wait_for(waiting, DEADLINE_SECONDS)
            redis.start()
            await asyncio.sleep(0.3)
            async with one.lock("someone"):
                waiting = asyncio.ensure_future(_hold(other, ended))
                await in_line(redis, 2)
                ended.append("again")
            await asyncio.wait_for(waiting, DEADLINE_SECONDS)
        return ended

    assert asyncio.run(go_and_come()) == ["next", "first", "next", "again", "next"]


async def _hold(store: Queues, ended: list[str] | None = None) -> None:
    async with store.lock("someone"):
        (ended if ended is not None else []).append("next")
