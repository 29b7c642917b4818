"""What this door remembers for a while: texts, counts and lists under names, each with an end. Knows no WeChat.

In this process, or in Redis for several processes. Nothing noted is a person's words, and no name is an openid.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from redis.asyncio import Redis

PREFIX = "duanka:wechat:"
MOST_NOTES = 100_000
REDIS_SECONDS = 0.5


@dataclass(frozen=True)
class Visit:
    """The how many-th time a name was visited, counting from 1, and the seconds since the first."""

    count: int
    age: float


class Notes(Protocol):
    """All times in seconds. A name holds one kind of thing."""

    async def visit(self, name: str, seconds: int) -> Visit:
        """Count a visit; the first begins the time after which it is forgotten."""

    async def age(self, name: str, seconds: int) -> float | None:
        """Return the seconds since the first visit, None when there was none. `seconds` as given to `visit`."""

    async def add(self, name: str, text: str, seconds: int) -> bool:
        """Note a text unless there is one; return whether it was noted."""

    async def put(self, name: str, text: str, seconds: int) -> None:
        """Note a text."""

    async def get(self, name: str) -> str | None:
        """Return the text."""

    async def take(self, name: str) -> str | None:
        """Return the text and forget it; of several who ask at once, one gets it."""

    async def append(self, name: str, text: str, seconds: int) -> None:
        """Note a text at the end of a list, once: again moves it there."""

    async def remove(self, name: str, text: str) -> bool:
        """Forget a text of a list; return whether it was there. Of several who ask at once, one is told so."""

    async def entries(self, name: str) -> tuple[str, ...]:
        """Return the texts of a list, oldest first."""


class MemoryNotes:
    """Notes of one process; the oldest go when there are too many."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = MOST_NOTES) -> None:
        """Keep the clock and how much to keep."""
        self._clock = clock
        self._most = most
        self._notes: OrderedDict[str, tuple[float, list[str]]] = OrderedDict()

    async def visit(self, name: str, seconds: int) -> Visit:
        """As promised by Notes."""
        ends, visits = self._kept(name, seconds)
        visits.append("")
        return Visit(len(visits), seconds - (ends - self._clock()))

    async def age(self, name: str, seconds: int) -> float | None:
        """As promised by Notes."""
        note = self._found(name)
        return seconds - (note[0] - self._clock()) if note else None

    async def add(self, name: str, text: str, seconds: int) -> bool:
        """As promised by Notes."""
        if self._found(name):
            return False
        self._kept(name, seconds)[1].append(text)
        return True

    async def put(self, name: str, text: str, seconds: int) -> None:
        """As promised by Notes."""
        self._notes.pop(name, None)
        self._kept(name, seconds)[1].append(text)

    async def get(self, name: str) -> str | None:
        """As promised by Notes."""
        note = self._found(name)
        return note[1][-1] if note and note[1] else None

    async def take(self, name: str) -> str | None:
        """As promised by Notes."""
        text = await self.get(name)
        self._notes.pop(name, None)
        return text

    async def append(self, name: str, text: str, seconds: int) -> None:
        """As promised by Notes."""
        texts = [*(other for other in await self.entries(name) if other != text), text]
        self._notes.pop(name, None)
        self._kept(name, seconds)[1].extend(texts)

    async def remove(self, name: str, text: str) -> bool:
        """As promised by Notes."""
        note = self._found(name)
        if not note or text not in note[1]:
            return False
        note[1].remove(text)
        return True

    async def entries(self, name: str) -> tuple[str, ...]:
        """As promised by Notes."""
        note = self._found(name)
        return tuple(note[1]) if note else ()

    def _found(self, name: str) -> tuple[float, list[str]] | None:
        note = self._notes.get(name)
        if note and note[0] <= self._clock():
            del self._notes[name]
            return None
        return note

    def _kept(self, name: str, seconds: int) -> tuple[float, list[str]]:
        note = self._found(name)
        if note is None:
            note = self._notes[name] = (self._clock() + seconds, [])
            while len(self._notes) > self._most:
                self._notes.popitem(last=False)
        return note


class RedisNotes:
    """Notes that several processes share. Raises RedisError and OSError when Redis cannot be reached in time."""

    def __init__(self, url: str) -> None:
        """Keep the address; connect when first asked."""
        self._redis: Redis[str] = Redis.from_url(
            url, decode_responses=True, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
        )

    async def visit(self, name: str, seconds: int) -> Visit:
        """As promised by Notes."""
        key = PREFIX + name
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(key, 0, nx=True, ex=seconds).incr(key).pttl(key)
            _, count, left = await pipe.execute()
        return Visit(int(count), seconds - int(left) / 1000)

    async def age(self, name: str, seconds: int) -> float | None:
        """As promised by Notes."""
        left = await self._redis.pttl(PREFIX + name)
        return seconds - left / 1000 if left >= 0 else None

    async def add(self, name: str, text: str, seconds: int) -> bool:
        """As promised by Notes."""
        return bool(await self._redis.set(PREFIX + name, text, nx=True, ex=seconds))

    async def put(self, name: str, text: str, seconds: int) -> None:
        """As promised by Notes."""
        await self._redis.set(PREFIX + name, text, ex=seconds)

    async def get(self, name: str) -> str | None:
        """As promised by Notes."""
        text: str | None = await self._redis.get(PREFIX + name)
        return text

    async def take(self, name: str) -> str | None:
        """As promised by Notes."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.get(PREFIX + name).delete(PREFIX + name)
            text, _ = await pipe.execute()
        return text if isinstance(text, str) else None

    async def append(self, name: str, text: str, seconds: int) -> None:
        """As promised by Notes."""
        async with self._redis.pipeline(transaction=True) as pipe:
            # Once, also when Redis did it before and its answer was lost.
            pipe.lrem(PREFIX + name, 0, text).rpush(PREFIX + name, text).expire(PREFIX + name, seconds)
            await pipe.execute()

    async def remove(self, name: str, text: str) -> bool:
        """As promised by Notes."""
        return bool(await self._redis.lrem(PREFIX + name, 1, text))

    async def entries(self, name: str) -> tuple[str, ...]:
        """As promised by Notes."""
        return tuple(await self._redis.lrange(PREFIX + name, 0, -1))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._redis.close(close_connection_pool=True)
