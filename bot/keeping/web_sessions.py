"""What the web door keeps: sessions, turns, feedback. Plain calls to a database, to be made off the event loop.

Knows SQLAlchemy (SQLite or PostgreSQL); knows no HTTP, no Rasa and no token: a session is named by its sender id. It
stores what it is given: texts arrive masked. Every call may raise SQLAlchemyError or OSError when the database is ill.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    null,
    select,
    update,
)

from bot.answering.reply import Reply
from bot.keeping.database import INSERTS, Database, insert_into

MOST_TURNS = 200

_metadata = MetaData()
_sessions = Table(
    "web_sessions",
    _metadata,
    Column("session", String(80), primary_key=True),
    Column("started", Float(53), nullable=False),
)
_turns = Table(
    "web_turns",
    _metadata,
    Column("number", Integer, primary_key=True),
    Column("session", String(80), nullable=False),
    Column("id", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("reply", Text),
    Column("asked", Float(53), nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("attempted", Float(53), nullable=False),
    Column("answered", Float(53)),
    UniqueConstraint("session", "id"),
    ForeignKeyConstraint(["session"], ["web_sessions.session"], ondelete="CASCADE"),
)
_feedback = Table(
    "web_feedback",
    _metadata,
    Column("session", String(80), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("helpful", Boolean, nullable=False),
    Column("comment", Text, nullable=False),
    Column("given", Float(53), nullable=False),
    ForeignKeyConstraint(["session", "id"], ["web_turns.session", "web_turns.id"], ondelete="CASCADE"),
)
# Made once: making them costs as much as having them done.
_THERE = select(_sessions.c.session).where(_sessions.c.session == bindparam("session"))
_ANSWER = (
    update(_turns)
    .where(_turns.c.session == bindparam("of_session"), _turns.c.id == bindparam("of_id"), _turns.c.reply.is_(null()))
    .values(reply=bindparam("written"), answered=bindparam("at"))
)


def _statements(dialect: str) -> tuple[Any, Any, Any]:
    """Return how a session is opened, a turn entered and a judgement kept.

    None fails where two processes do the same at once, or where the session or the turn has just gone: what they stand
    in is held while they are entered. PostgreSQL writes a statement that failed into its log, with the words in it.
    """
    opening = insert_into(_sessions, dialect).on_conflict_do_nothing()
    entering = (
        insert_into(_turns, dialect)
        .from_select(_ENTERED, _held(_turns, _ENTERED, _sessions.c.session == bindparam("session")))
        .on_conflict_do_nothing()
    )
    of_turn = and_(_turns.c.session == bindparam("session"), _turns.c.id == bindparam("id"))
    judging = insert_into(_feedback, dialect).from_select(_JUDGED, _held(_feedback, _JUDGED, of_turn))
    changed = {name: judging.excluded[name] for name in ("helpful", "comment", "given")}
    return opening, entering, judging.on_conflict_do_update(index_elements=["session", "id"], set_=changed)


def _held(table: Table, names: tuple[str, ...], there: Any) -> Any:
    """Return the values to enter, as one row where what they belong to is there; nobody deletes that meanwhile."""
    values = (bindparam(name, type_=table.c[name].type) for name in names)
    return select(*values).where(there).with_for_update(read=True, key_share=True)


_ENTERED = ("session", "id", "text", "asked", "attempt", "attempted")
_JUDGED = ("session", "id", "helpful", "comment", "given")
_STATEMENTS = {dialect: _statements(dialect) for dialect in INSERTS}


@dataclass(frozen=True)
class Turn:
    """One question and its reply, None while it is being made. `at` is in seconds since 1970."""

    id: str
    text: str
    at: float
    reply: Reply | None = None
    helpful: bool | None = None


@dataclass(frozen=True)
class Claim:
    """What `claim` found. `ours`: make the reply. `kept`: it is there, or another process makes it (`attempt`).

    `unknown`: there is no such session. `waited` are the seconds since that attempt began.
    """

    state: Literal["ours", "kept", "unknown"]
    turn: Turn | None = None
    attempt: int = 0
    waited: float = 0.0


class Ledger:
    """The tables, made when they are first needed."""

    def __init__(self, url: str, clock: Callable[[], float] = time.time) -> None:
        """Keep where the database is; connect to nothing yet."""
        self._database = Database(url, _metadata)
        self._clock = clock

    def prepare(self) -> None:
        """Connect, and make the tables that are not there."""
        with self._database.reading():
            pass

    def close(self) -> None:
        """Leave the database; the next call would connect again."""
        self._database.close()

    def open_session(self, session: str) -> None:
        """Begin a session; one that has begun goes on."""
        with self._begin() as database:
            opening, _, _ = _STATEMENTS[database.dialect.name]
            database.execute(opening, {"session": session, "started": self._clock()})

    def has(self, session: str) -> bool:
        """Whether there is such a session."""
        with self._begin() as database:
            return database.execute(_THERE, {"session": session}).first() is not None

    def claim(self, session: str, id: str, text: str) -> Claim:
        """Enter a message, whose reply is then ours to make; or return what was entered under this id before."""
        now = self._clock()
        values = {"session": session, "id": id, "text": text, "asked": now, "attempt": 1, "attempted": now}
        with self._begin() as database:
            _, entering, _ = _STATEMENTS[database.dialect.name]
            entered = database.execute(entering, values).rowcount
        return Claim("ours", Turn(id, text, now), 1) if entered else self.look(session, id)

    def look(self, session: str, id: str) -> Claim:
        """Return what is entered under this id; `unknown` when there is nothing."""
        with self._begin() as database:
            row = database.execute(_select_turns().where(_is(session, id))).first()
        if row is None:
            return Claim("unknown")
        return Claim("kept", _turn(row), row.attempt, self._clock() - row.attempted)

    def take_over(self, session: str, id: str, attempt: int) -> bool:
        """Make an unanswered message ours; False when someone else did since `attempt`, or answered it."""
        mine = and_(_is(session, id), _turns.c.reply.is_(null()), _turns.c.attempt == attempt)
        with self._begin() as database:
            values = {"attempt": attempt + 1, "attempted": self._clock()}
            return bool(database.execute(update(_turns).where(mine).values(**values)).rowcount)

    def finish(self, session: str, id: str, reply: Reply) -> Reply:
        """Enter the reply and return the one that stands: the first entered."""
        written = json.dumps({"text": reply.text, "custom": reply.custom}, ensure_ascii=False)
        values = {"of_session": session, "of_id": id, "written": written, "at": self._clock()}
        with self._begin() as database:
            if database.execute(_ANSWER, values).rowcount:
                return reply
            stands = database.execute(select(_turns.c.reply).where(_is(session, id))).scalar()
        return _reply(stands) or reply

    def history(self, session: str, most: int = MOST_TURNS) -> tuple[Turn, ...] | None:
        """Return the last turns of a session, oldest first; None when there is no such session."""
        last = _select_turns().where(_turns.c.session == session).order_by(_turns.c.number.desc()).limit(most)
        with self._begin() as database:
            if not database.execute(select(_sessions).where(_sessions.c.session == session)).first():
                return None
            return tuple(reversed([_turn(row) for row in database.execute(last)]))

    def judge(self, session: str, id: str, helpful: bool, comment: str) -> str | None:
        """Keep what a person thinks of a reply, in place of what they thought before.

        Return the question; None when there is no such message.
        """
        values = {"session": session, "id": id, "helpful": helpful, "comment": comment, "given": self._clock()}
        with self._begin() as database:
            _, _, judging = _STATEMENTS[database.dialect.name]
            database.execute(judging, values)
            asked = database.execute(select(_turns.c.text).where(_is(session, id))).first()
            return None if asked is None else str(asked.text)

    def erase(self, session: str) -> bool:
        """Forget a session with all its turns and feedback; False when there was none."""
        with self._begin() as database:
            return bool(database.execute(delete(_sessions).where(_sessions.c.session == session)).rowcount)

    def purge(self, before: float) -> int:
        """Forget every turn asked before `before`, and older sessions that have none left; return how many turns."""
        left = select(_turns.c.number).where(_turns.c.session == _sessions.c.session).exists()
        with self._begin() as database:
            gone = int(database.execute(delete(_turns).where(_turns.c.asked < before)).rowcount)
            database.execute(delete(_sessions).where(_sessions.c.started < before, ~left))
        return gone

    def _begin(self) -> Any:
        return self._database.writing()


def _is(session: str, id: str) -> Any:
    return and_(_turns.c.session == session, _turns.c.id == id)


def _select_turns() -> Any:
    judged = and_(_feedback.c.session == _turns.c.session, _feedback.c.id == _turns.c.id)
    return select(_turns, _feedback.c.helpful).join(_feedback, judged, isouter=True)


def _turn(row: Any) -> Turn:
    return Turn(row.id, row.text, row.asked, _reply(row.reply), row.helpful)


def _reply(written: str | None) -> Reply | None:
    return Reply(**json.loads(written)) if written else None
