"""Who forgets: on a person's wish at once, by age every day. Knows asyncio and the server; the tables are in `erasure`.

What Rasa's stores hold in memory is forgotten with what they wrote.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import cache
from typing import Any

from rasa.core.lock_store import LockError
from sanic import Blueprint, Sanic
from sqlalchemy.exc import SQLAlchemyError

from bot.keeping.erasure import DAY, Records
from bot.settings import Settings

logger = logging.getLogger(__name__)
# After a start people are answered first.
FIRST_SECONDS = 10.0
# By how much the clock may have been set since the start for us to believe how old things are, in seconds.
MOST_SET = 3600.0

# Forget one person, by the name their conversation has. Raises NotForgottenError.
Forget = Callable[[str], Awaitable[None]]


class NotForgottenError(Exception):
    """The database could not do it now; what is left may be forgotten by the next attempt."""


class Retention:
    """One for all doors of a process."""

    def __init__(self, settings: Settings) -> None:
        """Keep what to keep and for how long."""
        self._settings = settings
        self._records = Records(settings.database)
        self._app: Sanic | None = None
        self._daily: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()
        self._set_at_start = time.time() - time.monotonic()

    def serve_with(self, blueprint: Blueprint) -> None:
        """Begin and end with the server that a door is opened on, once, however many doors there are."""
        blueprint.listener("before_server_start")(self._start)
        blueprint.listener("before_server_stop")(self._stop)

    async def forget(self, sender: str) -> None:
        """Forget one person, in memory and in the database, between two of their turns. Raises NotForgottenError."""
        try:
            async with self._conversation(sender):
                for forget in self._memories():
                    await forget(sender)
                async with self._one_at_a_time:
                    await asyncio.to_thread(self._records.erase, sender)
        except (SQLAlchemyError, OSError, LockError) as error:
            logger.error("a person could not be forgotten: %s", type(error).__name__)
            raise NotForgottenError from None
        logger.info("a person asked to be forgotten, and was")

    async def purge(self) -> None:
        """Forget what is too old; never fails. Nothing is done by a clock that was set while we ran."""
        if abs(time.time() - time.monotonic() - self._set_at_start) > MOST_SET:
            logger.error("the clock was set: nothing is purged until the service is started again")
            return
        kept = self._settings.keep_days, self._settings.keep_events_days
        try:
            async with self._one_at_a_time:
                purged = await asyncio.to_thread(self._records.purge, time.time(), *kept)
        except (SQLAlchemyError, OSError) as error:
            logger.error("what is too old could not be purged: %s", type(error).__name__)
            return
        logger.info("purged %d events, %d turns, the words of %d turns", purged.events, purged.turns, purged.words)

    async def _start(self, app: Sanic, *_: Any) -> None:
        if self._daily is None:
            self._app = app
            self._daily = asyncio.create_task(self._every_day())

    async def _stop(self, *_: Any) -> None:
        if self._daily is not None:
            self._daily.cancel()
            self._daily = None
            await asyncio.to_thread(self._records.close)

    async def _every_day(self) -> None:
        await asyncio.sleep(FIRST_SECONDS)
        while True:
            await self.purge()
            await asyncio.sleep(DAY)

    def _conversation(self, sender: str) -> AbstractAsyncContextManager[Any]:
        """Hold a conversation as Rasa does for a turn, of whichever process; there is nothing to hold without Rasa."""
        locks = getattr(self._agent, "lock_store", None)
        return locks.lock(sender) if locks is not None else nullcontext()

    @property
    def _agent(self) -> Any:
        return getattr(getattr(self._app, "ctx", None), "agent", None)

    def _memories(self) -> Iterator[Forget]:
        """Yield how to forget at Rasa's stores, which are wrapped in others: first those nearest to the person."""
        store = getattr(self._agent, "tracker_store", None)
        broker = getattr(store, "event_broker", None)
        while store is not None and not hasattr(store, "forget"):
            store = getattr(store, "_tracker_store", None)
        for memory in (store, broker):
            if memory is not None and hasattr(memory, "forget"):
                yield memory.forget


@cache
def retention_of(settings: Settings) -> Retention:
    """Return what forgets in this process: one for all doors."""
    return Retention(settings)
