"""Everything the database holds of what people said: found, erased and purged, whoever wrote it. Knows SQLAlchemy.

Rasa's events, the web's sessions and the turns of the staff page. What is erased is overwritten in an SQLite file, and
its log is cut; PostgreSQL frees the space and writes over it in time (docs/limits.md). Calls block.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import date
from glob import escape
from typing import Any

from sqlalchemy import MetaData, column, delete, inspect, table
from sqlalchemy.engine import make_url

from bot.keeping.database import Database
from bot.keeping.events import EventStore
from bot.keeping.storage import BEFORE, CORRUPT
from bot.keeping.tallies import Tallies
from bot.keeping.web_sessions import Ledger
from bot.settings import sqlite_file

logger = logging.getLogger(__name__)
DAY = 24 * 3600.0
# How often, and how long apart, the log of SQLite is asked to be cut while somebody still reads from it.
TRIES, PAUSE_SECONDS = 20, 0.1

# Rasa's own table, as far as we need it (rasa.core.tracker_store.SQLTrackerStore.SQLEvent).
_conversations = table("events", column("sender_id"), column("timestamp"))


@dataclass(frozen=True)
class Purged:
    """How much is gone: events of conversations, turns on the web, turns of the staff page that lost their words."""

    events: int
    turns: int
    words: int


class Records:
    """What is kept in the database at `url`; every call may raise SQLAlchemyError or OSError when it is ill."""

    def __init__(self, url: str) -> None:
        """Keep where it is; connect when first needed."""
        self._database = Database(url, MetaData())
        self._ledger, self._turns, self._tallies = Ledger(url), EventStore(url), Tallies(url)
        self._is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._file = sqlite_file(url)

    def erase(self, sender: str) -> None:
        """Forget one person: what they said, what was answered, and that they were here."""
        self._delete(_conversations.c.sender_id == sender)
        self._ledger.erase(sender)
        self._turns.erase(sender)
        self._overwrite()

    def purge(self, now: float, keep_days: int, keep_events_days: int) -> Purged:
        """Forget what is older than `keep_days`; figures without words are kept for `keep_events_days`.

        That goes for files too that were set aside beside an SQLite file, as corrupt or for a backup brought back.
        """
        before = now - keep_days * DAY
        events = self._delete(_conversations.c.timestamp < before)
        turns = self._ledger.purge(before)
        oldest = now - keep_events_days * DAY
        words = self._turns.purge(before, oldest)
        self._tallies.purge(date.fromtimestamp(oldest))
        self._overwrite()
        self._discard(before)
        return Purged(events, turns, words)

    def compact(self) -> None:
        """Write the database anew, without what was deleted before that meant overwriting. Others wait meanwhile."""
        with self._database.reading() as database:
            if self._is_sqlite:
                database.exec_driver_sql("VACUUM")
            else:
                database.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM")
        self._overwrite()

    def close(self) -> None:
        """Leave the database; the next call would connect again."""
        self._database.close()
        self._ledger.close()
        self._turns.close()
        self._tallies.close()

    def _discard(self, before: float) -> None:
        if self._file is None:
            return
        aside = (
            file for why in (CORRUPT, BEFORE) for file in self._file.parent.glob(f"{escape(self._file.name)}.{why}-*")
        )
        for file in aside:
            if file.stat().st_mtime < before:
                file.unlink()
                logger.warning("a database that was set aside is older than what is kept: %s deleted", file)

    def _delete(self, which: Any) -> int:
        with self._database.writing() as database:
            if not inspect(database).has_table(_conversations.name):
                return 0
            return int(database.execute(delete(_conversations).where(which)).rowcount)

    def _overwrite(self) -> None:
        """Have SQLite move its log into the file and cut it: what was deleted still stood there."""
        if not self._is_sqlite:
            return
        for _ in range(TRIES):
            with self._database.reading() as database:
                busy = database.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not busy:
                return
            time.sleep(PAUSE_SECONDS)
        logger.warning("the database's log is in use: what was deleted stands in it until it is written over")
