"""What every turn leaves behind for the staff: one row a turn, the question masked. Knows SQLAlchemy; no Rasa.

Calls go to the database at once, off the event loop; each may raise SQLAlchemyError or OSError when it is ill.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    true,
    update,
)

from bot.keeping.database import Database, insert_into

MOST_WORDING = 400  # characters

_metadata = MetaData()
_events = Table(
    "turn_events",
    _metadata,
    Column("number", Integer, primary_key=True),
    Column("at", Float(53), nullable=False, index=True),
    Column("sender", String(255), nullable=False, index=True),
    Column("channel", String(40), nullable=False),
    Column("question", Text),
    Column("intent", String(80), nullable=False),
    Column("confidence", Float(53), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("quoted", Text, nullable=False),
    Column("considered", Text, nullable=False),
    Column("seconds", Float(53), nullable=False),
    Column("helpful", Boolean),
    Column("comment", Text),
)
# Which wordings an editor has dealt with, and when: what is asked after that counts again.
_settled = Table(
    "settled_questions",
    _metadata,
    Column("wording", String(MOST_WORDING), primary_key=True),
    Column("at", Float(53), nullable=False),
)
# Made once: what SQLAlchemy works out for a statement it keeps with it.
_ADD = insert(_events)


@dataclass(frozen=True)
class Considered:
    """A passage the search looked at: the probability that it answers, and why it is not quoted, if it is not."""

    passage: str
    probability: float
    rejected: str | None = None


@dataclass(frozen=True)
class TurnEvent:
    """One turn. `at` is in seconds since 1970; `question` is masked, and None once its time is over.

    `quoted` are the ids of the passages in the reply; `considered` are the best candidates, best first.
    """

    at: float
    sender: str
    channel: str
    question: str | None
    intent: str
    confidence: float
    outcome: str
    quoted: tuple[str, ...] = ()
    considered: tuple[Considered, ...] = ()
    seconds: float = 0.0
    helpful: bool | None = None
    comment: str | None = None
    number: int = field(default=0, compare=False)


class EventStore:
    """The rows, in the database at `url`; connected to when first needed."""

    def __init__(self, url: str) -> None:
        """Keep where the database is."""
        self._database = Database(url, _metadata)

    def add(self, event: TurnEvent) -> None:
        """Keep one turn."""
        with self._database.writing() as database:
            database.execute(_ADD, _row(event))

    def since(self, at: float, until: float = math.inf) -> tuple[TurnEvent, ...]:
        """Return the turns from `at` on, before `until`, in the order they came."""
        wanted = select(_events).where(_events.c.at >= at).order_by(_events.c.at, _events.c.number)
        wanted = wanted if until == math.inf else wanted.where(_events.c.at < until)
        with self._database.reading() as database:
            rows = database.execute(wanted).all()
        return tuple(_event(row) for row in rows)

    def judge(self, sender: str, question: str, helpful: bool, comment: str) -> bool:
        """Keep what a person thought of the latest reply to this question; False when there is none."""
        asked = (_events.c.sender == sender, _events.c.question == question)
        with self._database.writing() as database:
            latest = database.execute(select(_events.c.number).where(*asked).order_by(_events.c.at.desc())).scalar()
            if latest is None:
                return False
            values = {"helpful": helpful, "comment": comment or None}
            database.execute(update(_events).where(_events.c.number == latest).values(**values))
            return True

    def settle(self, wordings: Iterable[str], at: float) -> None:
        """Note that an editor has dealt with these wordings."""
        with self._database.writing() as database:
            for wording in {wording[:MOST_WORDING] for wording in wordings}:
                settling = insert_into(_settled, database.dialect.name).values(wording=wording, at=at)
                database.execute(settling.on_conflict_do_update(index_elements=["wording"], set_={"at": at}))

    def unsettle(self, wordings: Iterable[str]) -> None:
        """Have these wordings listed again."""
        with self._database.writing() as database:
            for wording in {wording[:MOST_WORDING] for wording in wordings}:
                database.execute(delete(_settled).where(_settled.c.wording == wording))

    def settled(self) -> Mapping[str, float]:
        """Return when each wording was dealt with."""
        with self._database.reading() as database:
            return {row.wording: row.at for row in database.execute(select(_settled))}

    def erase(self, sender: str) -> int:
        """Forget everything of one person; return how many turns."""
        theirs = _events.c.sender == sender
        with self._database.writing() as database:
            asked = _wordings(database, theirs)
            gone = int(database.execute(delete(_events).where(theirs)).rowcount)
            _unsettle(database, asked)
            return gone

    def purge(self, texts_before: float, before: float) -> int:
        """Forget the words of turns before `texts_before`, and turns before `before` altogether.

        Return how many turns lost their words.
        """
        with self._database.writing() as database:
            old = (_events.c.at < texts_before) & _events.c.question.is_not(None)
            emptied = database.execute(update(_events).where(old).values(question=None, comment=None, sender=""))
            database.execute(delete(_events).where(_events.c.at < before))
            database.execute(delete(_settled).where(_settled.c.at < texts_before))
            _unsettle(database, {row.wording for row in database.execute(select(_settled))})
            return int(emptied.rowcount)

    def close(self) -> None:
        """Leave the database; the next call would connect again."""
        self._database.close()


def wording_of(question: str) -> str:
    """Return a question as it is compared with others: without what changes nothing in it."""
    return question.strip("，。？！?!,. ~～…").lower()[:MOST_WORDING]


def _wordings(database: Any, which: Any) -> set[str]:
    asked = database.execute(select(_events.c.question).where(which, _events.c.question.is_not(None)).distinct())
    return {wording_of(row.question) for row in asked}


def _unsettle(database: Any, wordings: set[str]) -> None:
    """Of these wordings, forget those that no question has any more: they were a person's words."""
    settled = wordings & {row.wording for row in database.execute(select(_settled.c.wording))}
    for wording in settled - _wordings(database, true()) if settled else ():
        database.execute(delete(_settled).where(_settled.c.wording == wording))


def _row(event: TurnEvent) -> dict[str, Any]:
    considered = [[each.passage, each.probability, each.rejected] for each in event.considered]
    values = {name: getattr(event, name) for name in event.__dataclass_fields__ if name != "number"}
    return {**values, "quoted": json.dumps(event.quoted), "considered": json.dumps(considered, ensure_ascii=False)}


def _event(row: Any) -> TurnEvent:
    values = {name: row[name] for name in TurnEvent.__dataclass_fields__}
    # Rows of before the matcher have a score between passage and support.
    considered = tuple(Considered(each[0], *each[-2:]) for each in json.loads(row["considered"]))
    return TurnEvent(**{**values, "quoted": tuple(json.loads(row["quoted"])), "considered": considered})
