"""Who did what at the desk, when and why: written once, never changed. Knows SQLAlchemy; no HTTP.

The database itself refuses to change or delete a row, and each row holds the fingerprint of the one before it: what was
done to the file behind its back shows (`broken_at`). Calls go to the database at once, off the event loop; each may
raise SQLAlchemyError or OSError when it is ill.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import DDL, Column, Float, Integer, MetaData, String, Table, Text, event, func, insert, select

from bot.keeping.database import Database, lock_for_writing

_metadata = MetaData()
_log = Table(
    "staff_audit",
    _metadata,
    Column("number", Integer, primary_key=True),
    Column("at", Float(53), nullable=False),
    Column("who", String(40), nullable=False),
    Column("what", String(40), nullable=False),
    Column("about", String(200), nullable=False),
    Column("why", Text, nullable=False),
    Column("digest", String(64), nullable=False),
)
_SQLITE = (
    "CREATE TRIGGER staff_audit_{word} BEFORE {act} ON staff_audit BEGIN SELECT RAISE(ABORT, 'append only'); END",
)
for _word in ("update", "delete"):
    _ddl = DDL(_SQLITE[0].format(word=_word, act=_word.upper()))
    event.listen(_log, "after_create", _ddl.execute_if(dialect="sqlite"))
_POSTGRES = (
    "CREATE OR REPLACE FUNCTION staff_audit_refuse() RETURNS trigger AS "
    "'BEGIN RAISE EXCEPTION ''append only''; END' LANGUAGE plpgsql",
    "CREATE TRIGGER staff_audit_refuse BEFORE UPDATE OR DELETE ON staff_audit "
    "FOR EACH ROW EXECUTE PROCEDURE staff_audit_refuse()",
)
for _statement in _POSTGRES:
    event.listen(_log, "after_create", DDL(_statement).execute_if(dialect="postgresql"))


@dataclass(frozen=True)
class Entry:
    """One thing that was done. `who` is an account's name, "" for the shared password; `what` is a word of the pages'
    list; `about` is a bulletin, a channel, an account; `why` is what the person wrote.
    """

    at: float
    who: str
    what: str
    about: str = ""
    why: str = ""
    number: int = field(default=0, compare=False)


class AuditLog:
    """The entries, in the database at `url`."""

    def __init__(self, url: str) -> None:
        """Keep where the database is."""
        self._database = Database(url, _metadata)

    def add(self, entry: Entry) -> None:
        """Write an entry at the end of the log, with the fingerprint of the one before it."""
        with self._database.writing() as database:
            lock_for_writing(database, _log)
            before = database.execute(select(_log.c.digest).order_by(_log.c.number.desc()).limit(1)).scalar() or ""
            values = {name: value for name, value in asdict(entry).items() if name != "number"}
            values["about"] = values["about"][:200]
            database.execute(insert(_log).values(**values, digest=_digest(before, values)))

    def latest(self, most: int, skip: int = 0, about: str = "") -> tuple[Entry, ...]:
        """Return entries, newest first; with `about`, those on that."""
        wanted = select(_log).order_by(_log.c.number.desc()).limit(most).offset(skip)
        wanted = wanted.where(_log.c.about == about) if about else wanted
        with self._database.reading() as database:
            return tuple(_entry(row) for row in database.execute(wanted))

    def count(self, about: str = "") -> int:
        """Return how many entries there are."""
        wanted = select(func.count()).select_from(_log)
        with self._database.reading() as database:
            return int(database.execute(wanted.where(_log.c.about == about) if about else wanted).scalar())

    def broken_at(self) -> int | None:
        """Return the number of the first entry that is not as it was written, or follows one that is gone; or None."""
        before = ""
        with self._database.reading() as database:
            for row in database.execute(select(_log).order_by(_log.c.number)):
                values = {"at": row.at, "who": row.who, "what": row.what, "about": row.about, "why": row.why}
                if row.digest != _digest(before, values):
                    return int(row.number)
                before = row.digest
        return None

    def close(self) -> None:
        """Leave the database; the next call would connect again."""
        self._database.close()


def _digest(before: str, values: dict[str, Any]) -> str:
    return hashlib.sha256((before + json.dumps(values, ensure_ascii=False, sort_keys=True)).encode()).hexdigest()


def _entry(row: Any) -> Entry:
    return Entry(row.at, row.who, row.what, row.about, row.why, row.number)
