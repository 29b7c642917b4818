"""The bulletins as the doors show them: read when first asked for, and again once the folder's files have changed.

One a process: whoever needs the index too, the staff's desk, has it built by the same reader, and from then on nobody
reads the folder beside it. A state that cannot be read is logged and the last good one stays.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from dataclasses import dataclass
from datetime import date
from functools import cache

from bot.knowledge.live import LiveKnowledge, files_of
from bot.reading.library import read_library
from bot.reading.records import Library, Topic
from bot.reading.topics import read_topics
from bot.settings import Settings

logger = logging.getLogger(__name__)
LOOK_SECONDS = 2.0


@dataclass(frozen=True)
class Shown:
    """The library and the list of topics, as they were read together."""

    library: Library
    topics: tuple[Topic, ...]


class Catalogue:
    """Keeps what was read last. `look` seconds pass between two looks at the folder."""

    def __init__(self, settings: Settings, look: float = LOOK_SECONDS) -> None:
        """Read nothing yet."""
        self._settings = settings
        self._look = look
        self._looked = 0.0
        self._files: tuple[tuple[str, int, int, int], ...] = ()
        self._shown = Shown(Library(), ())
        self._one_at_a_time = asyncio.Lock()
        self._live: LiveKnowledge | None = None
        self._opening = threading.Lock()

    async def take(self) -> Shown:
        """Return what is there now; files are read on another thread. Empty until something could be read."""
        if self._live:
            return self._of_the_index(self._live)
        async with self._one_at_a_time:
            if not self._looked or time.monotonic() - self._looked >= self._look:
                await asyncio.to_thread(self._refresh)
                self._looked = time.monotonic()
        return self._shown

    def live(self) -> LiveKnowledge:
        """Return the same bulletins with their index, followed from now on. Takes seconds at first, on any thread.

        Raises as LiveKnowledge does.
        """
        with self._opening:
            if self._live is None:
                opened = LiveKnowledge(self._settings)
                opened.follow()
                self._live = opened
        return self._live

    def close(self) -> None:
        """Stop following."""
        with self._opening:
            if self._live:
                self._live.close()
                self._live = None

    def _of_the_index(self, live: LiveKnowledge) -> Shown:
        library, topics = live.state.library, live.state.answerer.topics
        if self._shown.library is not library:
            self._shown = Shown(library, topics)
        return self._shown

    def _refresh(self) -> None:
        try:
            files = files_of(self._settings.knowledge)
            if files != self._files:
                self._files = files
                topics = read_topics(self._settings.topics)
                before = self._shown.library
                self._shown = Shown(read_library(self._settings.bulletins, topics, date.today(), before), topics)
        except (OSError, ValueError) as error:
            logger.error("the knowledge cannot be read, the last good state stays: %s", error)


@cache
def catalogue_of(settings: Settings) -> Catalogue:
    """Return this process's own: all doors read together."""
    return Catalogue(settings)
