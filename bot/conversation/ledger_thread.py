"""The ledger on a thread of its own: calls in the order they were made, each waited for only so long.

One thread: what is claimed first is first in line for its turn, so messages keep the order they came in. Knows asyncio
and the database's errors; knows nothing of messages.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot.keeping.outbox import Outbox
from bot.keeping.web_sessions import Ledger

logger = logging.getLogger(__name__)
Result = TypeVar("Result")


class LedgerError(Exception):
    """The database did not do it, or not in time."""


class LedgerThread:
    """Does the calls of a ledger; what is to be kept and cannot be written now is written before the next ones."""

    def __init__(self, ledger: Ledger, seconds: float) -> None:
        """Keep the ledger, and how long one call is waited for."""
        self._ledger, self._seconds = ledger, seconds
        self._outbox = Outbox((ledger.open_session, ledger.claim, ledger.finish, ledger.judge))
        self._thread = ThreadPoolExecutor(1, "ledger")

    async def prepare(self) -> None:
        """Connect to the database before the first person comes; what is wrong with it is logged."""
        try:
            await self.do(self._ledger.prepare, seconds=10 * self._seconds)
        except LedgerError:
            logger.error("conversations are not kept until the database is there")

    async def do(self, call: Callable[..., Result], *arguments: Any, seconds: float | None = None) -> Result:
        """Return what a call returns; one that is late is still done. Raises LedgerError."""
        future = self.submit(call, *arguments)
        try:
            return await asyncio.wait_for(asyncio.shield(future), seconds or self._seconds)
        except asyncio.TimeoutError:
            logger.error("the ledger is late: %s", getattr(call, "__name__", "call"))
        except (SQLAlchemyError, OSError, ValueError) as error:  # never its text: it may hold a person's words
            logger.error("the ledger failed: %s in %s", type(error).__name__, getattr(call, "__name__", "call"))
        raise LedgerError

    def submit(self, call: Callable[..., Result], *arguments: Any) -> asyncio.Future[Result]:
        """Have a call done without waiting for it."""
        future = asyncio.get_running_loop().run_in_executor(self._thread, self._outbox.do, call, *arguments)
        future.add_done_callback(lambda done: done.cancelled() or done.exception())  # seen, whoever still waits
        return future

    async def forget(self, sender: str) -> None:
        """Owe no more of what a sender said: behind what was handed over late. Raises LedgerError."""
        await self.do(self._outbox.forget, sender)

    def close(self) -> None:
        """Leave the database."""
        self._thread.submit(self._ledger.close)
        self._thread.shutdown(wait=True)
