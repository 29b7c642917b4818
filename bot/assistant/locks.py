"""Rasa's lock store, as we use it: messages of one conversation one after the other, without waiting for a clock.

Rasa's own asks once a second whether it is its turn. Here whoever leaves wakes those who wait. In memory: for one
process, which is what serves.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any

from rasa.constants import ENV_SANIC_WORKERS
from rasa.core.lock import TicketLock
from rasa.core.lock_store import InMemoryLockStore, LockError

from bot.assistant.intake import guard_every_door


class Queues(InMemoryLockStore):
    """Tickets as in Rasa: served in the order they were issued, dropped when they expire."""

    def __init__(self, endpoint_config: Any = None) -> None:
        """Guard the doors; there is nothing to configure. Raises ValueError when several workers are asked for."""
        workers = os.environ.get(ENV_SANIC_WORKERS, "1")
        if workers != "1":
            raise ValueError(f"{ENV_SANIC_WORKERS} is {workers!r}; 1 is allowed: other workers would not see the locks")
        guard_every_door()
        self._leaving: dict[str, asyncio.Event] = {}
        super().__init__()

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
