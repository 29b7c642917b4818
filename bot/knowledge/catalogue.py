"""The bulletins as the doors show them: read when first asked for, and again once the folder's files have changed.

A state that cannot be read is logged and the last good one stays.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from datetime import date

from bot.knowledge.live import files_of
from bot.reading.library import read_library
from bot.reading.records import Library, Topic
from bot.reading.topics import read_topics
from bot.settings import Settings

logger = logging.getLogger(__name__)
LOOK_SECONDS = 2.0


@dataclass(frozen=True)
class Shelved:
    """The library and the list of topics, as they were read together."""

    library: Library
    topics: tuple[Topic, ...]


class Shelf:
    """Keeps what was read last. `look` seconds pass between two looks at the folder."""

    def __init__(self, settings: Settings, look: float = LOOK_SECONDS) -> None:
        """Read nothing yet."""
        self._settings = settings
        self._look = look
        self._looked = 0.0
        self._files: tuple[tuple[str, int, int, int], ...] = ()
        self._shelved = Shelved(Library(), ())
        self._one_at_a_time = asyncio.Lock()

    async def take(self) -> Shelved:
        """Return what is there now; files are read on another thread. Empty until something could be read."""
        async with self._one_at_a_time:
            if not self._looked or time.monotonic() - self._looked >= self._look:
                await asyncio.to_thread(self._refresh)
                self._looked = time.monotonic()
        return self._shelved

    def _refresh(self) -> None:
        try:
            files = files_of(self._settings.knowledge)
            if files != self._files:
                self._files = files
                topics = read_topics(self._settings.topics)
                before = self._shelved.library
                self._shelved = Shelved(read_library(self._settings.bulletins, topics, date.today(), before), topics)
        except (OSError, ValueError) as error:
            logger.error("the knowledge cannot be read, the last good state stays: %s", error)
