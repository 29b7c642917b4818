"""How long a message stands in line before the assistant begins on it, and how many stand there now.

It may stand in more than one: behind others of its conversation, for a place among the turns that are begun, and
behind what other processes answer of that conversation. Together they are one wait. Knows neither a door nor Rasa.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bot.conversation.metrics import Figures, figures

LINE = "line"


class Wait:
    """One message's time in line, from now on."""

    def __init__(self, told: Figures) -> None:
        """Begin, and stand in the queue."""
        self._told, self._begun, self._over = told, time.perf_counter(), False
        told.queue.inc()

    def end(self) -> None:
        """It is this message's turn, or it has gone; what is said again changes nothing."""
        if not self._over:
            self._over = True
            self._told.queue.dec()
            self._told.stage(LINE).observe(time.perf_counter() - self._begun)


_waits: ContextVar[Wait | None] = ContextVar("duanka_wait", default=None)


@contextmanager
def in_line() -> Iterator[None]:
    """A message waits from here until `begun` is said within the block, or the block is left.

    Within the block of a message that waits, or has waited, there is nothing more to count.
    """
    if _waits.get() is not None:
        yield
        return
    wait = Wait(figures())
    token = _waits.set(wait)
    try:
        yield
    finally:
        _waits.reset(token)
        wait.end()


def begun() -> None:
    """The message of this task has waited: the assistant begins on it now."""
    if (wait := _waits.get()) is not None:
        wait.end()
