"""A circuit breaker: a neighbour that failed is left alone for a while, so that nobody waits for it again and again.

Knows no neighbour. The log is the caller's: it is told when the state changes, so that it says so once each way.
"""

from __future__ import annotations

import time
from collections.abc import Callable

# How long Redis is left alone: its timeouts would eat the seconds a reply has.
REST_SECONDS = 5.0


class CircuitBreaker:
    """Open: leave the neighbour alone. Closed: ask. After `rest` seconds an open one lets the next caller try."""

    def __init__(self, rest: float = REST_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin closed."""
        self._rest, self._clock = rest, clock
        self._until: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether the neighbour is to be left alone now."""
        return self._until is not None and self._clock() < self._until

    def failed(self) -> bool:
        """Open; return whether it was closed before, which is worth a line in the log."""
        first, self._until = self._until is None, self._clock() + self._rest
        return first

    def succeeded(self) -> bool:
        """Close; return whether it had been open, which is worth a line too."""
        back, self._until = self._until is not None, None
        return back
