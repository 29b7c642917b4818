"""How often people came to a door other than with words: by a QR code's scene, by an entry of a menu. Knows SQLAlchemy.

Counts of a day; nobody is in them. Calls go to the database at once; each may raise SQLAlchemyError or OSError.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Column, Date, Integer, MetaData, String, Table, delete, func, select

from bot.keeping.database import Database, insert_into

# followed: came anew by the scene of a QR code; scanned: followed already; menu: tapped an entry.
Way = Literal["followed", "scanned", "menu"]
MOST_KEY = 100  # characters

_metadata = MetaData()
_tallies = Table(
    "tallies",
    _metadata,
    Column("day", Date, primary_key=True),
    Column("door", String(40), primary_key=True),
    Column("way", String(20), primary_key=True),
    Column("key", String(MOST_KEY), primary_key=True),
    Column("times", Integer, nullable=False),
)


@dataclass(frozen=True)
class Tallied:
    """What is counted: on which day, at which door, in which way, and the scene's or the entry's key."""

    day: date
    door: str
    way: Way
    key: str


class Tallies:
    """The counts, in the database at `url`: every process adds to the same."""

    def __init__(self, url: str) -> None:
        """Keep where the database is."""
        self._database = Database(url, _metadata)

    def add(self, counted: Mapping[Tallied, int]) -> None:
        """Add so many to each: to all of them, or to none."""
        with self._database.writing() as database:
            for what, times in counted.items():
                row = insert_into(_tallies, database.dialect.name).values(**vars(what), times=times)
                more = {"times": _tallies.c.times + times}
                database.execute(row.on_conflict_do_update(index_elements=["day", "door", "way", "key"], set_=more))

    def between(self, first: date, last: date) -> Mapping[tuple[Way, str], int]:
        """Return how often each way and key was counted from `first` to `last`, at all doors, most often first."""
        times = func.sum(_tallies.c.times).label("times")
        wanted = (
            select(_tallies.c.way, _tallies.c.key, times)
            .where(_tallies.c.day.between(first, last))
            .group_by(_tallies.c.way, _tallies.c.key)
            .order_by(times.desc(), _tallies.c.key)
        )
        with self._database.reading() as database:
            return {(row.way, row.key): int(row.times) for row in database.execute(wanted)}

    def purge(self, before: date) -> None:
        """Forget the counts of the days before."""
        with self._database.writing() as database:
            database.execute(delete(_tallies).where(_tallies.c.day < before))

    def close(self) -> None:
        """Leave the database; the next call would connect again."""
        self._database.close()
