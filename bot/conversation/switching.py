"""Whether a door has been switched off at the staff page: looked up off the event loop, remembered for a moment."""

from __future__ import annotations

import asyncio
import logging
import math
import time

from sqlalchemy.exc import SQLAlchemyError

from bot.keeping.switches import Switches

logger = logging.getLogger(__name__)
REMEMBERED_SECONDS = 1.0
LONGEST_SECONDS = 1.0


class Switch:
    """The switch of one door. When the database cannot say, it stays as it was last known: open, at first."""

    def __init__(self, database: str, channel: str) -> None:
        """Keep which door of which database."""
        self._switches, self._channel = Switches(database), channel
        self._off, self._looked = False, -math.inf
        self._looking: asyncio.Task[None] | None = None

    async def is_off(self) -> bool:
        """Whether the door is closed; asks the database at most once a second, and waits for it no longer."""
        if self._looking is None and time.monotonic() - self._looked > REMEMBERED_SECONDS:
            self._looking = asyncio.create_task(self._look())
        if self._looking is not None:
            await asyncio.wait({self._looking}, timeout=LONGEST_SECONDS)
        return self._off

    async def _look(self) -> None:
        """Ask, on another thread: on one at a time, however long the database takes."""
        try:
            self._off = self._channel in await asyncio.to_thread(self._switches.off)
        except (SQLAlchemyError, OSError) as error:
            logger.error("the door's switch could not be looked up: %s", type(error).__name__)
        finally:
            self._looked, self._looking = time.monotonic(), None
