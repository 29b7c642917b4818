"""What a database could not write: kept in order, in memory, and written before anything else when it is well again.

Knows SQLAlchemy's errors; knows no table. All calls come from one thread.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

# A message has two calls. More than these are let go, the oldest first: memory is not a database.
MOST_CALLS = 4000


class Outbox:
    """Does calls, those that failed before them first. `writes` are the ones that are done again; others only fail."""

    def __init__(self, writes: Collection[Callable[..., Any]], most: int = MOST_CALLS) -> None:
        """Begin with nothing owed."""
        self._writes = writes
        self._owed: deque[tuple[Callable[..., Any], tuple[Any, ...]]] = deque()
        self._most = most

    def do(self, call: Callable[..., Result], *arguments: Any) -> Result:
        """Return what the call returns. Raises what it, or one owed before it, raises; a write is then owed too."""
        try:
            self._settle()
            return call(*arguments)
        except (IntegrityError, DataError):  # refused, not ill: it would be refused again
            raise
        except (SQLAlchemyError, OSError):
            if call in self._writes:
                self._owe(call, arguments)
            raise

    def forget(self, first: object) -> None:
        """Owe no more of what is about `first`, the first argument of its calls."""
        self._owed = deque(each for each in self._owed if each[1][:1] != (first,))

    def _settle(self) -> None:
        """Do what is owed, in order. Raises at the first that the database still cannot do; that one stays owed."""
        owed = len(self._owed)
        while self._owed:
            call, arguments = self._owed[0]
            try:
                call(*arguments)
            except (IntegrityError, DataError) as error:
                logger.error("what was owed was refused: %s in %s", type(error).__name__, call.__name__)
            self._owed.popleft()
        if owed:
            logger.warning("the database is well again: %d calls were done late", owed)

    def _owe(self, call: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self._owed.append((call, arguments))
        if len(self._owed) > self._most:
            self._owed.popleft()
            logger.error("a message was never kept: the database has been ill for too long")
