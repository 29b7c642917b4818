"""Rasa's lock store, as we use it: messages of one conversation one after the other, without waiting for a clock.

Rasa's own asks once a second whether it is its turn. Here whoever leaves wakes those who wait. In memory for the one
process of one machine; with a Redis (DUANKA_REDIS) several processes stand in common lines: `fifo_lock`. While it is
away each keeps its own order, and people are answered.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

from rasa.constants import ENV_SANIC_WORKERS
from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore, LockError

from bot.conversation.probes import is_probe
from bot.conversation.queueing import begun, in_line
from bot.rasa.fifo_lock import Lines, Place
from bot.rasa.patches.intake import guard_every_door
from bot.rasa.patches.stage_timing import time_stages
from bot.settings import read_settings


class Queues(InMemoryLockStore):
    """Tickets as in Rasa: served in the order they were issued, dropped when they expire."""

    def __init__(self, endpoint_config: Any = None) -> None:
        """Guard the doors; with a Redis in the settings all processes share the lines. `endpoint_config` is not used.

        Raises ValueError when several workers are asked for without a Redis, and for a wrong setting.
        """
        workers, redis = os.environ.get(ENV_SANIC_WORKERS, "1"), read_settings().redis
        if workers != "1" and not redis:
            raise ValueError(f"{ENV_SANIC_WORKERS} is {workers!r}; 1 is allowed, and more with a DUANKA_REDIS")
        guard_every_door()
        time_stages()
        self._lines = Lines(redis) if redis else None
        self._leaving: dict[str, asyncio.Event] = {}
        super().__init__()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME, wait_time_in_seconds: float = 1
    ) -> AsyncIterator[TicketLock]:
        """Hold the conversation within the block, at most `lock_lifetime` seconds, waiting included.

        Raises LockError when the time is over before it is one's turn.
        """
        with nullcontext() if is_probe(conversation_id) else in_line():
            async with self._held(conversation_id, lock_lifetime, wait_time_in_seconds) as lock:
                begun()
                yield lock

    @asynccontextmanager
    async def _held(self, conversation_id: str, seconds: float, look_seconds: float) -> AsyncIterator[TicketLock]:
        if self._lines is None:
            async with super().lock(conversation_id, seconds, look_seconds) as lock:
                yield lock
            return
        place = self._lines.place(conversation_id, seconds)
        # The own ticket comes first, and is issued at once: both lines then have the same order, and neither waits
        # for who waits in the other.
        async with self._ticket(conversation_id, seconds) as ticket, self._place(self._lines, place):
            lock = await self._acquire_lock(conversation_id, ticket, look_seconds)
            if not await self._lines.wait(place):
                raise LockError("the time was over before it was this message's turn")
            yield lock

    @asynccontextmanager
    async def _ticket(self, conversation_id: str, seconds: float) -> AsyncIterator[int]:
        ticket = self.issue_ticket(conversation_id, seconds)
        try:
            yield ticket
        finally:
            self.cleanup(conversation_id, ticket)

    @asynccontextmanager
    async def _place(self, lines: Lines, place: Place) -> AsyncIterator[None]:
        try:
            await lines.enter(place)
            yield
        finally:
            await asyncio.shield(lines.leave(place))

    async def _acquire_lock(self, conversation_id: str, ticket: int, wait_time_in_seconds: float) -> TicketLock:
        """Return the lock once the ticket is served. Raises LockError when it expired before."""
        while (lock := self.get_lock(conversation_id)) and any(each.number == ticket for each in lock.tickets):
            if not lock.is_locked(ticket):
                return lock
            await self._someone_left(conversation_id, wait_time_in_seconds)
            self.update_lock(conversation_id)
        raise LockError("the ticket expired before its turn")

    async def _someone_left(self, conversation_id: str, seconds: float) -> None:
        """Wait until a ticket is given back, at most `seconds`: one that expires wakes nobody."""
        event = self._leaving.setdefault(conversation_id, asyncio.Event())
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except asyncio.TimeoutError:
            return

    def finish_serving(self, conversation_id: str, ticket_number: int) -> None:
        """Give the ticket back, and wake those who wait."""
        super().finish_serving(conversation_id, ticket_number)
        event = self._leaving.pop(conversation_id, None)
        if event:
            event.set()
