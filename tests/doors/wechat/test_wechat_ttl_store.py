"""The notes keep their promises in memory, in a real Redis, and when Redis goes away and comes back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest
from redis_program import RedisProgram, redis_program

from bot.doors.wechat import shared_store as shared_module
from bot.doors.wechat import ttl_store as notes_module
from bot.doors.wechat.shared_store import SharedNotes
from bot.doors.wechat.ttl_store import MemoryNotes, Notes, RedisNotes, Visit

Promise = Callable[[Notes], Awaitable[None]]


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no Redis that went away."""
    monkeypatch.setattr(notes_module, "REDIS_SECONDS", 30.0)


async def visits(notes: Notes) -> None:
    """Visits are counted, and each tells the time since the first."""
    assert await notes.age("v", 60) is None
    counts = await asyncio.gather(*(notes.visit("v", 60) for _ in range(10)))
    assert sorted(visit.count for visit in counts) == list(range(1, 11))
    await asyncio.sleep(0.15)
    later = await notes.visit("v", 60)
    assert later.count == 11
    assert 0.1 < later.age < 60
    age = await notes.age("v", 60)
    assert age is not None
    assert 0.1 < age < 60


async def texts(notes: Notes) -> None:
    """A text is added once, put over, got, and taken once."""
    assert await notes.get("t") is None
    added = await asyncio.gather(*(notes.add("t", str(number), 60) for number in range(10)))
    assert sum(added) == 1
    await notes.put("t", "断卡", 60)
    assert await notes.get("t") == "断卡"
    taken = await asyncio.gather(*(notes.take("t") for _ in range(5)))
    assert sorted(filter(None, taken)) == ["断卡"]
    assert await notes.get("t") is None
    assert await notes.add("t", "again", 60)


async def lists(notes: Notes) -> None:
    """A list keeps its order, each entry once; of several who remove an entry one is told that it was there."""
    assert await notes.entries("l") == ()
    for text in "丙甲乙丙":
        await notes.append("l", text, 60)
    assert await notes.entries("l") == ("甲", "乙", "丙")
    assert sum(await asyncio.gather(*(notes.remove("l", "乙") for _ in range(5)))) == 1
    assert await notes.entries("l") == ("甲", "丙")
    assert not await notes.remove("nowhere", "甲")


async def ends(notes: Notes) -> None:
    """What has an end is gone after it."""
    await notes.put("e", "x", 1)
    await notes.append("el", "x", 1)
    await notes.visit("ev", 1)
    await asyncio.sleep(1.1)
    assert (await notes.get("e"), await notes.entries("el"), await notes.age("ev", 1)) == (None, (), None)
    assert (await notes.visit("ev", 1)).count == 1


PROMISES = [visits, texts, lists, ends]


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_in_memory(promise: Promise) -> None:
    """Each promise, within one process."""
    asyncio.run(promise(MemoryNotes()))


def test_memory_is_bounded() -> None:
    """The oldest notes go first."""

    async def scene() -> None:
        notes = MemoryNotes(most=10)
        for number in range(25):
            await notes.put(f"n{number}", "x", 60)
        assert [await notes.get(f"n{number}") for number in (14, 15, 24)] == [None, "x", "x"]

    asyncio.run(scene())


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_in_redis(promise: Promise) -> None:
    """Each promise, shared."""

    async def scene(url: str) -> None:
        notes = RedisNotes(url)
        try:
            await promise(notes)
        finally:
            await notes.close()

    with redis_program() as redis:
        asyncio.run(scene(redis.url))


def test_two_processes_share() -> None:
    """What one notes the other finds."""

    async def scene(url: str) -> None:
        one, other = RedisNotes(url), RedisNotes(url)
        assert (await one.visit("k", 60)).count == 1
        assert (await other.visit("k", 60)).count == 2
        await one.put("t", "断卡", 60)
        assert await other.get("t") == "断卡"
        await one.close()
        await other.close()

    with redis_program() as redis:
        asyncio.run(scene(redis.url))


def test_redis_goes_and_comes_back(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process goes on with what it remembers itself, and says so once each way; then Redis gets what it missed."""
    monkeypatch.setattr(shared_module, "REST_SECONDS", 0.1)

    async def scene(redis: RedisProgram) -> None:
        shared = RedisNotes(redis.url)
        notes = SharedNotes(shared, MemoryNotes())
        assert (await notes.visit("k", 60)).count == 1
        await notes.put("sent", "断卡", 60)
        await notes.append("list", "甲", 60)
        redis.stop()
        await _noted_while_away(notes)
        redis.start()
        while not await shared.get("last"):
            await asyncio.sleep(0.02)
        assert await shared.entries("list") == ("乙", "丙")
        assert (await shared.get("shown"), await shared.get("taken")) == ("两张卡", None)
        assert (await shared.visit("k", 60)).count == 4
        # Redis was empty when it came back: of the first visit only this process knows.
        assert await notes.visit("k", 60) == Visit(5, pytest.approx(0, abs=60))
        await shared.close()

    caplog.set_level(logging.WARNING, "bot")
    with redis_program() as redis:
        asyncio.run(asyncio.wait_for(scene(redis), 60))
    assert [record.getMessage().split(" (")[0] for record in caplog.records] == [
        "Redis cannot be reached",
        "Redis is reached again",
    ]


async def _noted_while_away(notes: SharedNotes) -> None:
    for count in (2, 3, 4):
        assert await asyncio.wait_for(notes.visit("k", 60), 30) == Visit(count, pytest.approx(0, abs=60))
    assert await notes.get("sent") == "断卡"
    for text in "乙丙":
        await notes.append("list", text, 60)
    assert await notes.remove("list", "甲")
    await notes.put("shown", "一张卡", 60)
    await notes.put("shown", "两张卡", 60)
    assert await notes.add("taken", "x", 60)
    assert await notes.take("taken") == "x"
    await notes.put("last", "x", 60)


def test_what_redis_misses_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest is let go."""
    monkeypatch.setattr(shared_module, "REST_SECONDS", 0.1)
    monkeypatch.setattr(shared_module, "MOST_MISSED", 10)

    async def scene(redis: RedisProgram) -> None:
        shared = RedisNotes(redis.url)
        notes = SharedNotes(shared, MemoryNotes())
        redis.stop()
        for number in range(25):
            await notes.put(f"n{number}", "x", 60)
        redis.start()
        while not await shared.get("n24"):
            await asyncio.sleep(0.02)
        assert [await shared.get(f"n{number}") for number in (0, 14, 15)] == [None, None, "x"]
        await shared.close()

    with redis_program() as redis:
        asyncio.run(asyncio.wait_for(scene(redis), 60))
