"""The bulletins as the doors show them: read when first asked for, and again once the folder's files have changed.

A state that cannot be read is logged and the last good one stays.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.reading.library import read_library
from bot.reading.records import Library, Topic
from bot.reading.topics import read_topics
from bot.settings import Settings

logger = logging.getLogger(__name__)
LOOK_SECONDS = 2.0

# Every file that counts: path, time of change in nanoseconds, size in bytes.
State = tuple[tuple[str, int, int], ...]


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
        self._state: State = ()
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
            state = tuple(_state_of(self._settings))
            if state != self._state:
                self._state = state
                topics = read_topics(self._settings.topics)
                self._shelved = Shelved(read_library(self._settings.bulletins, topics, date.today()), topics)
        except (OSError, ValueError) as error:
            logger.error("the knowledge cannot be read, the last good state stays: %s", error)


def _state_of(settings: Settings) -> Iterator[tuple[str, int, int]]:
    for path in (settings.topics, *sorted(_bulletin_files(settings.bulletins))):
        about = path.stat()
        yield (str(path), about.st_mtime_ns, about.st_size)


def _bulletin_files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if path.suffix in (".md", ".yml"))
