"""Whether a door has been switched off at the staff page: looked up off the event loop, remembered for a moment."""

from __future__ import annotations

import asyncio
import logging
import time

from sqlalchemy.exc import SQLAlchemyError

from bot.staff.switches import Switches

logger = logging.getLogger(__name__)
REMEMBERED_SECONDS = 1.0
LONGEST_SECONDS = 1.0


class Switch:
    """The switch of one door. When the database cannot say, it stays as it was last known: open, at first."""

    def __init__(self, database: str, channel: str) -> None:
        """Keep which door of which database."""
        self._switches, self._channel = Switches(database), channel
        self._off, self._looked = False, 0.0

    async def is_off(self) -> bool:
        """Whether the door is closed; asks the database at most once a second, and never long."""
        if time.monotonic() - self._looked > REMEMBERED_SECONDS:
            self._looked = time.monotonic()
            try:
                off = await asyncio.wait_for(asyncio.to_thread(self._switches.off), LONGEST_SECONDS)
                self._off = self._channel in off
            except (asyncio.TimeoutError, SQLAlchemyError, OSError) as error:
                logger.error("the door's switch could not be looked up: %s", type(error).__name__)
        return self._off
