"""Notes that several processes share as long as Redis can be reached. Knows no WeChat.

When it cannot, what this process remembers serves until it can, and is then noted there: the log says so, once each
way.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TypeVar

from redis.exceptions import RedisError

from bot.doors.wechat.ttl_store import Notes, Visit
from bot.keeping.circuit_breaker import REST_SECONDS

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

# How much is kept for a Redis that is away; a message is some ten. Of more, the oldest is let go.
MOST_MISSED = 20_000
AWAY = (RedisError, OSError, asyncio.TimeoutError)


class SharedNotes:
    """Redis as long as it answers, else this process's own notes, which are kept beside it all the time.

    What is noted while Redis is away is noted there when it is back, in its order, before Redis is believed again.
    """

    def __init__(self, shared: Notes, own: Notes) -> None:
        """Keep both."""
        self._shared = shared
        self._own = own
        self._missed: deque[Callable[[Notes], Awaitable[object]]] = deque(maxlen=MOST_MISSED)
        self._coming_back: asyncio.Task[None] | None = None

    async def visit(self, name: str, seconds: int) -> Visit:
        """As promised by Notes. Redis may have forgotten what this process remembers."""
        mine, theirs = await self._each(lambda notes: notes.visit(name, seconds), missed=True)
        return Visit(max(mine.count, theirs.count), max(mine.age, theirs.age))

    async def age(self, name: str, seconds: int) -> float | None:
        """As promised by Notes."""
        return await self._asked(lambda notes: notes.age(name, seconds))

    async def add(self, name: str, text: str, seconds: int) -> bool:
        """As promised by Notes."""
        return await self._noted(lambda notes: notes.add(name, text, seconds), seconds)

    async def put(self, name: str, text: str, seconds: int) -> None:
        """As promised by Notes."""
        await self._noted(lambda notes: notes.put(name, text, seconds), seconds)

    async def get(self, name: str) -> str | None:
        """As promised by Notes."""
        return await self._asked(lambda notes: notes.get(name))

    async def take(self, name: str) -> str | None:
        """As promised by Notes."""
        return await self._noted(lambda notes: notes.take(name))

    async def append(self, name: str, text: str, seconds: int) -> None:
        """As promised by Notes."""
        await self._noted(lambda notes: notes.append(name, text, seconds), seconds)

    async def remove(self, name: str, text: str) -> bool:
        """As promised by Notes."""
        return await self._noted(lambda notes: notes.remove(name, text))

    async def entries(self, name: str) -> tuple[str, ...]:
        """As promised by Notes."""
        return await self._asked(lambda notes: notes.entries(name))

    async def _asked(self, do: Callable[[Notes], Awaitable[Result]]) -> Result:
        return (await self._each(do, missed=False))[1]

    async def _noted(self, do: Callable[[Notes], Awaitable[Result]], seconds: float = math.inf) -> Result:
        # What is over by the time Redis is tried again is not kept for it.
        return (await self._each(do, missed=seconds > REST_SECONDS))[1]

    async def _each(self, do: Callable[[Notes], Awaitable[Result]], missed: bool) -> tuple[Result, Result]:
        """Do it to our own notes, so that they are ready, and to the shared ones; return both results.

        While those are away, ours stands for theirs; they get it later when they `missed` something.
        """
        mine = await do(self._own)
        if self._coming_back is None:
            try:
                return mine, await do(self._shared)
            except AWAY as error:
                self._leave(error)
        if missed:
            self._missed.append(do)
        return mine, mine

    def _leave(self, error: Exception) -> None:
        if self._coming_back is None:
            logger.warning("Redis cannot be reached (%s): each process remembers by itself", type(error).__name__)
            self._coming_back = asyncio.create_task(self._come_back())

    async def _come_back(self) -> None:
        await asyncio.sleep(REST_SECONDS)
        while not await self._caught_up():
            await asyncio.sleep(REST_SECONDS)
        logger.warning("Redis is reached again")
        self._coming_back = None

    async def _caught_up(self) -> bool:
        """Note in Redis what it missed; return whether that could be done."""
        try:
            await self._shared.get("")
            while self._missed:
                first = self._missed[0]
                await first(self._shared)
                if self._missed[0] is first:  # else it was let go meanwhile
                    self._missed.popleft()
        except AWAY:
            return False
        return True
