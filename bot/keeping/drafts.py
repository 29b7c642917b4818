"""What is being written at the desk before it is in the folder, and what the folder held before: drafts and versions.

Knows SQLAlchemy; nothing of bulletins. Calls go to the database at once, off the event loop; each may raise
SQLAlchemyError or OSError when it is ill. Times are seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Column, Float, Integer, LargeBinary, MetaData, String, Table, Text, insert, select, update

from bot.keeping.database import Database

# Being written; waiting for another person's yes; waiting for its time; in the folder; given up. Before that: a file
# that takes long is being read; it could not be (`note` says why); it is the draft whose number is its `note`.
DraftState = Literal["open", "submitted", "approved", "published", "discarded", "reading", "unread", "moved"]

_metadata = MetaData()
_drafts = Table(
    "bulletin_drafts",
    _metadata,
    Column("number", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("stem", String(120), nullable=False),
    Column("base", String(64), nullable=False),
    Column("title", String(200), nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("sidecar", Text, nullable=False),
    Column("source", String(120), nullable=False),
    Column("received", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("editor", String(40), nullable=False),
    Column("approver", String(40), nullable=False),
    Column("due", Float(53)),
    Column("changed", Float(53), nullable=False),
)
_versions = Table(
    "bulletin_versions",
    _metadata,
    Column("number", Integer, primary_key=True),
    Column("stem", String(120), nullable=False, index=True),
    Column("at", Float(53), nullable=False),
    Column("who", String(40), nullable=False),
    Column("why", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("sidecar", Text, nullable=False),
)


@dataclass(frozen=True)
class StoredDraft:
    """One draft. `base` is the fingerprint of what the folder held of it when it was begun, "" for a new bulletin.

    `source` is the name of the file it came from, `received` that file; `version` counts its changes; `editor` is who
    changed it last, whom nobody but another person approves. `due` is when it is to be published.
    """

    stem: str
    title: str
    data: bytes = field(repr=False)
    sidecar: str = field(repr=False)
    editor: str
    changed: float
    base: str = ""
    source: str = ""
    received: bytes = field(default=b"", repr=False)
    note: str = ""
    approver: str = ""
    due: float | None = None
    state: DraftState = "open"
    version: int = 1
    number: int = 0


@dataclass(frozen=True)
class Version:
    """A bulletin as the folder held it from `at` on, with who made it so and why."""

    stem: str
    at: float
    who: str
    why: str
    data: bytes = field(repr=False)
    sidecar: str = field(repr=False)
    number: int = 0


class ChangedMeanwhileError(Exception):
    """Somebody else changed the draft since it was shown: nothing was written."""


class Drafts:
    """The drafts and versions, in the database at `url`: every replica sees the same."""

    def __init__(self, url: str) -> None:
        """Keep where the database is."""
        self._database = Database(url, _metadata)

    def add(self, draft: StoredDraft) -> int:
        """Keep a new draft; return its number."""
        with self._database.writing() as database:
            done = database.execute(insert(_drafts).values(**_row(draft)))
            return int(done.inserted_primary_key[0])

    def find(self, number: int) -> StoredDraft | None:
        """Return a draft."""
        with self._database.reading() as database:
            row = database.execute(select(_drafts).where(_drafts.c.number == number)).first()
        return _draft(row) if row is not None else None

    def unfinished(self) -> tuple[StoredDraft, ...]:
        """Return the drafts that are neither published nor given up, latest change first."""
        here = _drafts.c.state.in_(("open", "submitted", "approved"))
        with self._database.reading() as database:
            rows = database.execute(select(_drafts).where(here).order_by(_drafts.c.changed.desc())).all()
        return tuple(_draft(row) for row in rows)

    def of(self, stem: str) -> tuple[StoredDraft, ...]:
        """Return the unfinished drafts of one bulletin, latest change first."""
        return tuple(each for each in self.unfinished() if each.stem == stem)

    def due(self, now: float) -> tuple[StoredDraft, ...]:
        """Return the approved drafts whose time has come."""
        ready = (_drafts.c.state == "approved") & (_drafts.c.due <= now)
        with self._database.reading() as database:
            return tuple(_draft(row) for row in database.execute(select(_drafts).where(ready)))

    def change(self, draft: StoredDraft) -> StoredDraft:
        """Keep a draft that was read at `draft.version`; return it as it is now. Raises ChangedMeanwhileError."""
        same = (_drafts.c.number == draft.number) & (_drafts.c.version == draft.version)
        values = {**_row(draft), "version": draft.version + 1}
        with self._database.writing() as database:
            if not database.execute(update(_drafts).where(same).values(**values)).rowcount:
                raise ChangedMeanwhileError
            row = database.execute(select(_drafts).where(_drafts.c.number == draft.number)).first()
        return _draft(row)

    def keep(self, version: Version) -> None:
        """Keep what the folder holds of a bulletin now; the same once more is not kept."""
        values = {name: getattr(version, name) for name in ("stem", "at", "who", "why", "data", "sidecar")}
        with self._database.writing() as database:
            ours = _versions.c.stem == version.stem
            last = database.execute(select(_versions).where(ours).order_by(_versions.c.number.desc()).limit(1)).first()
            if last is None or (bytes(last.data), last.sidecar) != (version.data, version.sidecar):
                database.execute(insert(_versions).values(**values))

    def versions(self, stem: str) -> tuple[Version, ...]:
        """Return what the folder held of a bulletin, newest first."""
        wanted = select(_versions).where(_versions.c.stem == stem).order_by(_versions.c.number.desc())
        with self._database.reading() as database:
            rows = database.execute(wanted).all()
        return tuple(
            Version(row.stem, row.at, row.who, row.why, bytes(row.data), row.sidecar, row.number) for row in rows
        )

    def close(self) -> None:
        """Leave the database; the next call would connect again."""
        self._database.close()


def _row(draft: StoredDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in draft.__dataclass_fields__ if name != "number"}


def _draft(row: Any) -> StoredDraft:
    values = {name: row[name] for name in StoredDraft.__dataclass_fields__}
    return StoredDraft(**{**values, "data": bytes(row["data"]), "received": bytes(row["received"])})
