"""The end of what each person said last, masked, for a few minutes and in memory only: a number may go on in the next.

Knows nothing but names and texts. One process remembers what it was told itself; what another one heard, it does not
know.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from bot.text.masking import MOST_BEFORE

MOST_PEOPLE = 10_000
SECONDS = 600.0


class Tails:
    """Of the last so many people."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember nothing yet."""
        self._clock = clock
        self._said: OrderedDict[str, tuple[float, str]] = OrderedDict()

    def of(self, sender: str) -> str:
        """Return the end of what the sender said last; "" when that is long ago."""
        at, tail = self._said.get(sender, (0.0, ""))
        return tail if tail and self._clock() - at < SECONDS else ""

    def add(self, sender: str, text: str) -> None:
        """Remember the end of a message, behind the ends of those before it."""
        tail = f"{self.of(sender)} {text}"[-MOST_BEFORE:]
        self._said[sender] = (self._clock(), tail)
        self._said.move_to_end(sender)
        if len(self._said) > MOST_PEOPLE:
            self._said.popitem(last=False)

    def forget(self, sender: str) -> None:
        """Remember nothing of the sender."""
        self._said.pop(sender, None)
