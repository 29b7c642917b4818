"""The knowledge in service: what was read last, rebuilt aside and swapped whole when the folder's files change.

One state serves until the next is complete; a request keeps the state it began with. Knows files and threads; what it
serves is an Answerer like any other.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from watchfiles import watch

from bot.answering.answerer import Answerer
from bot.knowledge.embeddings import open_store
from bot.knowledge.loading import load_answerer, texts_of
from bot.reading.records import Library
from bot.retrieval.dense import DenseIndex
from bot.settings import Settings, sqlite_file

logger = logging.getLogger(__name__)
# Saving one file often takes several steps: a change is read once the folder has been quiet for as long.
QUIET_MS, LONGEST_MS = 200, 1000
# What the watch misses (what changed while it was set up, a network share, another folder in its place) is found this
# late at most; what failed is tried again after so long though no file changed.
LOOK_AGAIN_MS, TRY_AGAIN_SECONDS = 1_500, 30.0
# How many states can be compared.
MOST_STATES = 6
# Of more texts than this none are embedded here: that would take a processor for an hour.
MOST_EMBEDDED = 40_000

# Every file an answer depends on: path, time of change in nanoseconds, size in bytes, file number.
Files = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True)
class State:
    """One state of the knowledge: the answerer, when it was read, and why the newest attempt failed, if it did."""

    answerer: Answerer
    read_at: datetime
    failed: str | None = None

    @property
    def library(self) -> Library:
        """The bulletins it answers from, and their problems."""
        return self.answerer.searcher.library


class LiveKnowledge:
    """Reads the knowledge when made, and again whenever `refresh` finds other files. Safe for use by several threads.

    Raises ValueError or OSError when made on a folder that cannot be read at all; later such a folder only keeps the
    last good state in service.
    """

    def __init__(self, settings: Settings, today: Callable[[], date] = date.today, status: Path | None = None) -> None:
        """Read the knowledge. The state is written to `status`, if given, for who asks from another process."""
        self._settings, self._today, self._status = settings, today, status
        self._one_at_a_time = threading.Lock()
        self._files = files_of(settings.knowledge)
        self._seen: Files | None = self._files  # at the last look, good or not
        self._tried = time.monotonic()
        self._store = open_store(settings)
        self._state = State(self._load(None), datetime.now().astimezone())
        self._states = deque([self._state], MOST_STATES)
        self._stop = threading.Event()
        self._embedded: State | None = None  # the last state that was looked through for texts without vectors
        self._tell()

    @property
    def state(self) -> State:
        """The state in service."""
        return self._state

    @property
    def states(self) -> tuple[State, ...]:
        """The last complete states, newest first: for who wants to compare two of them."""
        return tuple(reversed(self._states))

    def refresh(self) -> bool:
        """Read the folder if its files are others than last time; return whether a new state is in service."""
        with self._one_at_a_time:
            self._seen, self._tried = None, time.monotonic()
            try:
                files = self._seen = files_of(self._settings.knowledge)
                if files == self._files and not self._state.failed:
                    return False
                answerer = self._load(self._state.answerer)
                if self._state.library.bulletins and not answerer.searcher.library.bulletins:
                    # No editor means that: bulletins are withdrawn. A share fell off, or somebody cleared the folder.
                    raise ValueError(f"{self._settings.bulletins} 里一份通报也没有了")
            except Exception as error:  # whatever is wrong with a file, the last good state stays in service
                self._fail(error)
                return False
            self._files = files
            self._state = State(answerer, datetime.now().astimezone())
            self._states.append(self._state)
            self._tell()
            logger.info("the knowledge was read again: %d bulletins", len(self._state.library.bulletins))
            return True

    def _load(self, before: Answerer | None) -> Answerer:
        return load_answerer(self._settings, self._today(), before, self._store)

    def embed(self) -> bool:
        """Embed what the state in service has no vectors of, and serve it with them; return whether there was anything.

        Until then those passages are found by their words alone.
        """
        if self._store is None:
            return False
        texts = texts_of(self._state.library)
        if len(texts) > MOST_EMBEDDED:
            return False
        try:
            if len(self._store.known(texts)) == len(texts):
                return False
            self._store.embed(texts, until=self._stop.is_set)
        except OSError as error:
            logger.warning("passages could not be embedded (%s): words alone find them", type(error).__name__)
            return False
        with self._one_at_a_time:
            self._state = State(self._load(self._state.answerer), self._state.read_at, self._state.failed)
            self._states[-1] = self._state
            self._tell()
        return True

    def follow(self) -> None:
        """Refresh on another thread, within a second of each change, until `close` or the end of the process."""
        threading.Thread(target=self._follow, name="knowledge", daemon=True).start()
        threading.Thread(target=self._keep_embedded, name="vectors", daemon=True).start()

    def _keep_embedded(self) -> None:
        while not self._stop.wait(LOOK_AGAIN_MS / 5000):
            state = self._state
            if state is not self._embedded:
                self.embed()
                self._embedded = self._state

    def close(self) -> None:
        """Stop following."""
        self._stop.set()

    def _follow(self) -> None:
        while not self._stop.is_set():
            try:
                for changes in watch(
                    self._settings.knowledge,
                    debounce=LONGEST_MS,
                    step=QUIET_MS,
                    stop_event=self._stop,
                    rust_timeout=LOOK_AGAIN_MS,
                    yield_on_timeout=True,
                ):
                    if changes or self._missed_something():
                        self.refresh()
            except (OSError, RuntimeError) as error:  # the folder is gone for now, or cannot be watched
                logger.warning("the knowledge cannot be watched (%s): looking again", type(error).__name__)
                self._stop.wait(1)
                self.refresh()

    def _missed_something(self) -> bool:
        """Whether the files are others than at the last look, or what failed then is due again."""
        try:
            missed = files_of(self._settings.knowledge) != self._seen
        except OSError:
            missed = self._seen is not None
        return missed or (bool(self._state.failed) and time.monotonic() - self._tried > TRY_AGAIN_SECONDS)

    def _fail(self, error: Exception) -> None:
        reason = str(error) if isinstance(error, ValueError) else type(error).__name__
        if isinstance(error, OSError):
            reason = f"读不到 {error.filename}（{error.strerror}）"
        if self._state.failed != reason:
            logger.error("the knowledge cannot be read, the last good state stays in service: %s", reason)
        self._state = State(self._state.answerer, self._state.read_at, reason)
        self._tell()

    def _tell(self) -> None:
        """Write the state beside the service's logs, whole or not at all; it is only news, so failing is no failure."""
        if self._status is None:
            return
        aside = self._status.with_suffix(f".{os.getpid()}")
        try:
            self._status.parent.mkdir(parents=True, exist_ok=True)
            aside.write_text(json.dumps(report(self._state), ensure_ascii=False), "utf-8")
            os.replace(aside, self._status)
        except OSError as error:
            logger.warning("the state of the knowledge was not written: %s", error.strerror)


def status_file(settings: Settings) -> Path:
    """Return where the process that answers tells others of its knowledge: beside its database, or else in var/."""
    file = sqlite_file(settings.database)
    return file.with_name("knowledge.json") if file else Path("var/knowledge.json")


def report(state: State) -> dict[str, object]:
    """Return a state for `duanka status` and the staff page."""
    library = state.library
    return {
        "read_at": state.read_at.isoformat(timespec="seconds"),
        "written": time.time(),
        "failed": state.failed,
        "bulletins": len(library.bulletins),
        "in_force": sum(bulletin.in_force for bulletin in library.bulletins.values()),
        "passages": len(state.answerer.searcher.index.passages),
        "meaning": _meaning(state.answerer.searcher.dense),
        "postings": len(state.answerer.searcher.index.documents.ids),
        "problems": [str(problem) for problem in library.problems],
    }


def _meaning(dense: DenseIndex | None) -> float | None:
    """Return the share of the passages that are found by their meaning too; None without a dense reader."""
    return None if dense is None else round(float(dense.has.mean()) if len(dense.has) else 1.0, 4)


def files_of(knowledge: Path) -> Files:
    """Return every file an answer depends on.

    Raises OSError when the folder is not there.
    """
    found = []
    for folder, below, names in os.walk(knowledge, onerror=_raise):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            if name.endswith((".md", ".yml", ".txt")) and not name.startswith("."):
                found += _about(Path(folder, name))
    return tuple(found)


def _about(path: Path) -> list[tuple[str, int, int, int]]:
    try:
        about = path.stat()
    except FileNotFoundError:  # renamed since we looked: the next look sees it
        return []
    return [(str(path), about.st_mtime_ns, about.st_size, about.st_ino)]


def _raise(error: OSError) -> None:
    raise error
