"""Counts who comes by a QR code or by the menu. It holds up nobody: what the database does not take is added later.

Knows asyncio and the counts' table.
"""

from __future__ import annotations

import asyncio
import logging
import re
import unicodedata
from collections import Counter
from datetime import date

from sqlalchemy.exc import SQLAlchemyError

from bot.keeping.tallies import MOST_KEY, Tallied, Tallies, Way
from bot.text.masking import mask

logger = logging.getLogger(__name__)
# So many different keys may wait for an ill database; what comes then is counted under no name.
MOST_WAITING = 1000
AGAIN_SECONDS = 5.0
# The number of a scene has 32 bits; a telephone's is longer.
_NUMBERED = re.compile("[0-9]{1,10}")


class Counting:
    """The counts of one door. `note` is called on the event loop."""

    def __init__(self, tallies: Tallies, door: str) -> None:
        """Keep where they go, and of which door they are."""
        self._tallies, self._door = tallies, door
        self._waiting: Counter[Tallied] = Counter()
        self._writing: asyncio.Task[None] | None = None

    def note(self, way: Way, key: str) -> None:
        """Count one; it is written beside everything else."""
        what = Tallied(date.today(), self._door, way, key_of(key))
        if what not in self._waiting and len(self._waiting) >= MOST_WAITING:
            what = Tallied(what.day, self._door, way, "")
        self._waiting[what] += 1
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def close(self) -> None:
        """Write what waits, once, and leave the database."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait({self._writing})
        if self._waiting:
            await self._written()
        await asyncio.to_thread(self._tallies.close)

    async def _write(self) -> None:
        while self._waiting:
            if not await self._written():
                await asyncio.sleep(AGAIN_SECONDS)

    async def _written(self) -> bool:
        """Whether the database has taken what waits."""
        taken, self._waiting = self._waiting, Counter()
        try:
            # To its end: whoever cancels must not have it added a second time.
            await asyncio.shield(asyncio.to_thread(self._tallies.add, taken))
        except (SQLAlchemyError, OSError) as error:
            logger.error("what was counted is not written yet: %s", type(error).__name__)
            self._waiting.update(taken)
            return False
        return True


def key_of(key: str) -> str:
    """Return a scene or a menu's key as it is kept: short, without what is personal and what cannot be shown."""
    shown = "".join(character for character in key if unicodedata.category(character)[0] != "C").strip()
    return shown if _NUMBERED.fullmatch(shown) else mask(shown)[:MOST_KEY]
