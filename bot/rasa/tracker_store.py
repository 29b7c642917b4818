"""Rasa's tracker store, as we use it: conversations in the database of the settings, their last turns read back.

Texts come here masked (bot.rasa.patches.intake). Whatever is wrong with the database, the person gets the reply: what
could not be written stays in memory and is written when it can be.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import bindparam, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import sessionmaker

from bot.conversation.probes import is_probe
from bot.keeping.circuit_breaker import CircuitBreaker
from bot.keeping.storage import open_database, set_aside_if_corrupt
from bot.rasa.action_endpoint import allow_beside
from bot.rasa.patches.intake import guard_every_door
from bot.rasa.patches.message_path import be_thrifty
from bot.rasa.patches.terminal import tell_in_one_line
from bot.settings import read_settings

logger = logging.getLogger(__name__)
T = TypeVar("T")

# A turn has about eight events. A follow-up needs the memory that the last answered turn left, and no more; what is
# read is replayed several times a message, and without a bound its cost grows with the conversation.
MOST_EVENTS = 40
# Conversations kept in memory while the database is ill; the oldest go first.
MOST_UNSAVED = 1000
# After a failure the database is left alone for so long: nobody waits in line for the next one.
REST_SECONDS = 2.0
_TROUBLE = (SQLAlchemyError, OSError)
_MARKS = "duanka_marks"
# Statements are made once: what SQLAlchemy works out for one it keeps with it.
_EVENTS = SQLTrackerStore.SQLEvent.__table__
_ADD = _EVENTS.insert()
_ALL = select(_EVENTS.c.data).where(_EVENTS.c.sender_id == bindparam("sender")).order_by(_EVENTS.c.id.desc())
_LAST = _ALL.limit(MOST_EVENTS)


@dataclass
class Marks:
    """How many of a tracker's events are in the database, and how many the event broker has had."""

    stored: int = 0
    published: int = 0


@dataclass(frozen=True)
class Unsaved:
    """A conversation of which the database lacks the events after `marks.stored`."""

    events: tuple[dict[str, Any], ...]
    marks: Marks


class Conversations(SQLTrackerStore):
    """Rasa's table of events; read and written on a thread of its own, so that a slow disk holds up nobody else."""

    def __init__(
        self, domain: Domain | None = None, host: str | None = None, event_broker: Any = None, **_: Any
    ) -> None:
        """Guard the doors and take the database of the settings; `host` and the like, from Rasa, say nothing.

        Raises ValueError for a wrong setting. A database that cannot be reached now is tried again with each message.
        """
        guard_every_door()
        allow_beside()
        be_thrifty()
        tell_in_one_line()
        TrackerStore.__init__(self, domain, event_broker)
        url = read_settings().database
        set_aside_if_corrupt(url)
        self.engine = open_database(url)
        self.sessionmaker = sessionmaker(bind=self.engine)
        self._has_table = False
        self._unsaved: OrderedDict[str, Unsaved] = OrderedDict()
        self._saving: dict[str, set[asyncio.Future[None]]] = {}
        self._thread = ThreadPoolExecutor(1, "conversations")
        self._writing = asyncio.Lock()
        self._breakers: dict[Callable[..., Any], CircuitBreaker] = {}

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        """Return a tracker of which nothing is stored yet."""
        return _marked(super().init_tracker(sender_id), Marks())

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write what is new; never fails. A cancelled turn does not stop it halfway."""
        if not is_probe(tracker.sender_id):  # asks whether we are there; no one's conversation
            saving = asyncio.ensure_future(self._save(tracker))
            self._saving.setdefault(tracker.sender_id, set()).add(saving)
            saving.add_done_callback(lambda done: self._saved(tracker.sender_id, done))
            await asyncio.shield(saving)

    async def forget(self, sender: str) -> None:
        """Drop what memory holds of a conversation, once what is being written of it is written."""
        while saving := self._saving.get(sender):
            await asyncio.wait(set(saving))
        self._unsaved.pop(sender, None)
        async with self._writing:  # whoever was about to write it for them has written it
            pass

    def _saved(self, sender: str, done: asyncio.Future[None]) -> None:
        self._saving[sender].discard(done)
        if not self._saving[sender]:
            del self._saving[sender]

    async def keys(self) -> Iterable[str]:
        """Return the sender ids; none while the database is ill."""
        names: list[str] | None = await self._attempt(self._names)
        return names or []

    async def _save(self, tracker: DialogueStateTracker) -> None:
        marks = await self._marks_of(tracker)
        first = min(marks.stored, marks.published)
        events = [event.as_dict() for event in list(tracker.events)[first:]]
        sender, new, unheard = tracker.sender_id, events[marks.stored - first :], events[marks.published - first :]
        stored = await self._store(sender, new, marks)
        self._publish(sender, unheard, marks)  # then: who waits for the reply waits for no row of the staff's
        if stored:
            self._unsaved.pop(sender, None)
            await self._catch_up()
        else:
            self._keep(sender, Unsaved(tuple(event.as_dict() for event in tracker.events), marks))

    async def _store(self, sender: str, events: Iterable[dict[str, Any]], marks: Marks) -> bool:
        """Write events and move the mark behind them; whether that worked."""
        rows = tuple(_row(sender, event) for event in events)
        if not rows and self._has_table:
            return True
        async with self._writing:
            written = await self._attempt(self._write, rows)
            marks.stored += written or 0
        return written is not None

    async def _catch_up(self) -> None:
        """The database is well again: write what others' turns could not."""
        for sender, unsaved in list(self._unsaved.items()):
            if sender not in self._unsaved:  # forgotten while another was written
                continue
            if not await self._store(sender, unsaved.events[unsaved.marks.stored :], unsaved.marks):
                return
            self._unsaved.pop(sender, None)

    def _keep(self, sender: str, unsaved: Unsaved) -> None:
        self._unsaved[sender] = unsaved
        self._unsaved.move_to_end(sender)
        if len(self._unsaved) > MOST_UNSAVED:
            self._unsaved.popitem(last=False)
            logger.error("a conversation was never saved: the database has been ill for too long")

    async def _marks_of(self, tracker: DialogueStateTracker) -> Marks:
        """Return its marks; a tracker that did not come from here is counted, as Rasa does."""
        marks: Marks | None = getattr(tracker, _MARKS, None)
        if marks is None:
            begins = len(tracker.events) <= 1  # Rasa's wrapper of this store begins new ones without asking it
            stored = 0 if begins else await self._attempt(self._count, tracker.sender_id) or 0
            marks = Marks(stored, stored)
            _marked(tracker, marks)
        return marks

    def _publish(self, sender: str, new: list[dict[str, Any]], marks: Marks) -> None:
        """Hand the broker what it has not had."""
        marks.published += len(new)
        for event in new if self.event_broker else ():
            self.event_broker.publish({"sender_id": sender, **event})

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> DialogueStateTracker | None:
        """Return the tracker, by default with its last turns only; None when there is none, or it cannot be read."""
        unsaved = self._unsaved.get(sender_id)
        if unsaved:
            return self._tracker(sender_id, unsaved.events, unsaved.marks)
        events = await self._attempt(self._read, sender_id, fetch_events_from_all_sessions)
        return self._tracker(sender_id, events, Marks(len(events), len(events))) if events else None

    def _tracker(self, sender_id: str, events: Iterable[dict[str, Any]], marks: Marks) -> DialogueStateTracker:
        return _marked(DialogueStateTracker.from_dict(sender_id, list(events), self.domain.slots), marks)

    async def _attempt(self, work: Callable[..., T], *arguments: Any) -> T | None:
        """Return what `work` returns on the database's thread; None while the database is ill."""
        breaker = self._breakers.setdefault(work, CircuitBreaker(REST_SECONDS))
        if breaker.is_open:
            return None
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)
        except _TROUBLE as error:
            logger.error("the database failed at %s: %s", work.__name__, type(error).__name__)
            breaker.failed()
            self._has_table = False
            self._thread.submit(self.engine.dispose)  # what it holds may be dead
            return None

    def _write(self, rows: tuple[dict[str, Any], ...]) -> int:
        self._make_table()
        with self.engine.begin() as database:
            if rows:
                database.execute(_ADD, list(rows))
        return len(rows)

    def _read(self, sender_id: str, everything: bool) -> list[dict[str, Any]]:
        self._make_table()
        with self.engine.connect() as database:
            found = database.execute(_ALL if everything else _LAST, {"sender": sender_id}).scalars().all()
        events = [json.loads(data) for data in reversed(found)]
        return events if everything else _last_turns(events, cut=len(found) == MOST_EVENTS)

    def _count(self, sender_id: str) -> int:
        with self.session_scope() as session:
            return int(self._event_query(session, sender_id, fetch_events_from_all_sessions=False).count())

    def _names(self) -> list[str]:
        with self.session_scope() as session:
            return [name for (name,) in session.query(self.SQLEvent.sender_id).distinct()]

    def _make_table(self) -> None:
        if not self._has_table:
            self.Base.metadata.create_all(self.engine)
            self._has_table = True


def _marked(tracker: DialogueStateTracker, marks: Marks) -> DialogueStateTracker:
    setattr(tracker, _MARKS, marks)
    return tracker


def _last_turns(events: list[dict[str, Any]], cut: bool) -> list[dict[str, Any]]:
    """Return the events of the latest session; of one that was `cut`, those from the first whole turn on."""
    starts = [place for place, event in enumerate(events) if event["event"] == SessionStarted.type_name]
    if starts:
        return events[starts[-1] :]
    turns = (place for place, event in enumerate(events) if event["event"] == UserUttered.type_name)
    return events[next(turns, 0) :] if cut else events


def _row(sender: str, event: dict[str, Any]) -> dict[str, Any]:
    """Return the row of an event, as Rasa's own store would write it."""
    name = (
        event.get("name") if event["event"] in (ActionExecuted.type_name, "slot", "action_execution_rejected") else None
    )
    return {
        "sender_id": sender,
        "type_name": event["event"],
        "timestamp": event.get("timestamp"),
        "intent_name": ((event.get("parse_data") or {}).get("intent") or {}).get("name"),
        "action_name": name,
        "data": json.dumps(event),
    }
