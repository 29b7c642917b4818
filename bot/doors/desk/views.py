"""What the staff page shows, put together: events, gaps, the live search, bulletins, switches. Knows no HTTP.

Every call reads the database or searches, at once: to be made off an event loop. May raise SQLAlchemyError or OSError.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any

from bot.answering.age import is_old
from bot.answering.answerer import Answerer
from bot.answering.message import Message
from bot.answering.records import Answer, Understanding
from bot.answering.rendering import render_text
from bot.doors.desk.figures import Come, Glance, Trend, citations, comings, glance, trends
from bot.doors.wechat import menu
from bot.editing.conflicts import Concern, standing_concerns
from bot.editing.explaining import file_of, nearest_of, reasons, weigh_by
from bot.editing.gaps import Weigh, find_gaps, why
from bot.editing.tables import Sheet, csv_of, question_rows, xlsx_of
from bot.editing.trying import remembered
from bot.evaluation.names import Names
from bot.keeping.events import EventStore, TurnEvent
from bot.keeping.switches import CHANNELS, Switches
from bot.keeping.tallies import Tallies
from bot.knowledge.catalogue import catalogue_of
from bot.knowledge.live import LiveKnowledge, State, status_file
from bot.reading.records import Library, Topic
from bot.retrieval.search import Result, Searcher
from bot.settings import Settings

DAYS = 30
ONE_DAY = timedelta(days=1)
MOST_GAPS = 50
MOST_SETTLED = 30


@dataclass(frozen=True)
class Attempt:
    """One question tried on one state of the knowledge. `intent` is what the classifier's is called in Chinese."""

    read_at: datetime
    intent: str
    confidence: float
    result: Result
    answer: Answer
    text: str
    quoted: frozenset[str]


class Desk:
    """The knowledge is read when first asked for, and followed from then on."""

    channels: Mapping[str, str] = CHANNELS

    def __init__(self, settings: Settings) -> None:
        """Keep where things are; open nothing."""
        self._settings, self._status = settings, status_file(settings)
        self._events = EventStore(settings.database)
        self._tallies = Tallies(settings.database)
        self.switches = Switches(settings.database)
        self._catalogue = catalogue_of(settings)
        self._concerns: tuple[Library, tuple[Concern, ...]] | None = None
        self._weighing: tuple[Searcher, Weigh] | None = None

    def close(self) -> None:
        """Leave the database and stop following the knowledge."""
        self._events.close()
        self._tallies.close()
        self.switches.close()
        self._catalogue.close()

    def glance(self, day: date) -> Glance:
        """Return the figures of one day."""
        return glance(self._events_of(day, day), self.topics())

    def comings(self, day: date) -> tuple[tuple[Come, ...], tuple[Come, ...]]:
        """Return by which QR codes and entries of the menu people came, on the day and in the month before its end."""
        topics = self.topics()
        names = {menu.key_of(topic): topic.name for topic in topics} | {menu.EMERGENCY: menu.BUTTONS[2]}
        month = self._tallies.between(day - timedelta(days=DAYS - 1), day)
        return comings(self._tallies.between(day, day), month, names)

    def draw(self, chart: str, day: date) -> bytes | None:
        """Return one of a day's charts as SVG; None when there is no such chart."""
        from bot.doors.desk import (
            charts,  # matplotlib takes half a second: not at the start of a service that shows none
        )

        seen = self.glance(day)
        if chart == "hours.svg":
            return charts.by_hour(seen.by_hour)
        return charts.by_name(seen.by_topic) if chart == "topics.svg" else None

    def notices(self) -> list[str]:
        """Return what the staff should know at once: problems of the knowledge in service, doors that are off."""
        told = [f"{CHANNELS.get(channel, channel)}渠道已关闭。" for channel in self.switches.off()]
        return told + self._problems()

    def gaps(self) -> dict[str, Any]:
        """Return the biggest gaps, each with the closest passage and the file to look into."""
        searcher = self._knowledge().state.answerer.searcher
        settled = self._events.settled()
        found = find_gaps(self._recent(), self._weigh_by(searcher), settled)
        near = ((gap, nearest_of(gap, searcher)) for gap in found[:MOST_GAPS])
        rows = [
            {"gap": gap, "reasons": reasons(gap), "passage": passage, "file": file_of(passage, self._settings)}
            for gap, passage in near
        ]
        latest = sorted(settled.items(), key=lambda each: -each[1])[:MOST_SETTLED]
        return {"gaps": rows, "more": max(0, len(found) - MOST_GAPS), "days": DAYS, "settled": latest}

    def _weigh_by(self, searcher: Searcher) -> Weigh:
        """Return how this searcher weighs questions, the same for as long as it serves: each click shows them again."""
        if self._weighing is None or self._weighing[0] is not searcher:
            self._weighing = (searcher, weigh_by(searcher))
        return self._weighing[1]

    def open_questions(self) -> tuple[str, ...]:
        """Return what was asked lately and not answered well, the latest first."""
        turns = sorted((turn for turn in self._recent() if why(turn)), key=lambda turn: -turn.at)
        return tuple(dict.fromkeys(turn.question or "" for turn in turns))

    def settle(self, wordings: Sequence[str], at: float) -> None:
        """Note that these wordings were dealt with."""
        self._events.settle(wordings, at)

    def unsettle(self, wordings: Sequence[str]) -> None:
        """Have these wordings listed again."""
        self._events.unsettle(wordings)

    def questions(self, begin: date, until: date, wanted: str) -> tuple[TurnEvent, ...]:
        """Return the turns of these days, latest first, whose masked question has the words `wanted` in it."""
        turns = (turn for turn in self._events_of(begin, until) if turn.question and wanted in turn.question)
        return tuple(sorted(turns, key=lambda turn: -turn.at))

    def trends(self, days: int, until: date) -> Mapping[str, tuple[Trend, ...]]:
        """Compare the last days with as many before them."""
        begin = until - timedelta(days=days - 1)
        now, before = self._events_of(begin, until), self._events_of(begin - timedelta(days=days), begin - ONE_DAY)
        return trends(now, before, self.topics())

    def exported(self, turns: Sequence[TurnEvent], days: int, until: date, form: str) -> bytes:
        """Return turns as a table: a CSV file, or a workbook with a sheet for each of the trends too."""
        rows = question_rows(turns, self.titles())
        if form == "csv":
            return csv_of(rows)
        heads = (f"最近 {days} 天", f"之前 {days} 天")
        sheets: list[Sheet] = [("问题", rows)]
        for name, found in self.trends(days, until).items():
            sheets.append((name, [(name, *heads), *((each.name, each.now, each.before) for each in found)]))
        return xlsx_of(sheets)

    def titles(self) -> Mapping[str, str]:
        """Return the title of each bulletin by its stem."""
        return {stem: bulletin.title for stem, bulletin in self.library().bulletins.items()}

    def versions(self) -> tuple[tuple[str, datetime], ...]:
        """Return the states of the knowledge that can be tried, newest first: its name, and when it was read."""
        return tuple((_name(state), state.read_at) for state in self._knowledge().states)

    def attempt(
        self, message: Message, understood: Understanding, other: str, today: date, before: Sequence[str] = ()
    ) -> list[Attempt]:
        """Try a question, after what was said before, on the newest state and, if it is still there, on the one named
        `other`."""
        newest, *older = self._knowledge().states
        compared = [newest, *(state for state in older if _name(state) == other)]
        return [_attempt(state, message, understood, today, before) for state in compared]

    def answerer(self) -> Answerer:
        """Return the answerer over what the folder holds now."""
        return self._knowledge().state.answerer

    def topics(self) -> tuple[Topic, ...]:
        """Return the topics that questions and bulletins are sorted by now."""
        return self.answerer().topics

    def library(self) -> Library:
        """Return what the folder holds now."""
        return self._knowledge().state.library

    def concerns(self) -> tuple[Concern, ...]:
        """Return near-duplicates and contradictions among the bulletins in force; worked out once for a state."""
        library = self.library()
        if self._concerns is None or self._concerns[0] is not library:
            self._concerns = (library, standing_concerns(library))
        return self._concerns[1]

    def bulletins(self, today: date) -> dict[str, Any]:
        """Return every bulletin with its state, its age and how often it was cited."""
        state = self._knowledge().state
        cited = citations(self._recent(), state.library)
        rows: list[dict[str, Any]] = [
            {"bulletin": bulletin, "cited": cited[stem], "old": _is_old(bulletin.published, today, self._settings)}
            for stem, bulletin in state.library.bulletins.items()
        ]
        rows.sort(key=lambda row: (not row["bulletin"].in_force, -row["cited"].times))
        return {"rows": rows, "days": DAYS, "read_at": state.read_at, "notices": self._problems()}

    def switch(self, channel: str, off: bool, at: float) -> None:
        """Close or open a door."""
        if off:
            self.switches.turn_off(channel, at)
        else:
            self.switches.turn_on(channel)

    def _events_of(self, first: date, last: date) -> tuple[TurnEvent, ...]:
        begin, end = (datetime.combine(day, clock()).timestamp() for day in (first, last + timedelta(days=1)))
        return self._events.since(begin, end)

    def _recent(self) -> tuple[TurnEvent, ...]:
        return self._events.since(time.time() - DAYS * 86400)

    def _problems(self) -> list[str]:
        """Return what is wrong with the knowledge, in this process and in the one that answers."""
        state = self._knowledge().state
        told = [f"知识文件夹读不出来，仍用上次读好的：{state.failed}"] if state.failed else []
        told += [str(problem) for problem in state.library.problems]
        try:
            answering = json.loads(self._status.read_text("utf-8"))
        except (OSError, ValueError):
            return told
        if answering.get("failed") and not state.failed:
            told.append(f"正在回答的服务读不出知识文件夹：{answering['failed']}")
        return told

    def _knowledge(self) -> LiveKnowledge:
        return self._catalogue.live()


def _name(state: State) -> str:
    return state.read_at.isoformat()


def _attempt(state: State, message: Message, understood: Understanding, today: date, before: Sequence[str]) -> Attempt:
    memory = remembered(state.answerer, before, today)
    answer, _ = state.answerer.reply(message, understood, memory, today)
    return Attempt(
        read_at=state.read_at,
        intent=Names.of(state.answerer.topics).topic(understood.intent),
        confidence=understood.confidence,
        result=state.answerer.look_up(message.mended, understood, memory),
        answer=answer,
        text=render_text(answer),
        quoted=frozenset(quote.passage.id for quote in answer.quotes),
    )


def _is_old(published: date | None, today: date, settings: Settings) -> bool:
    return published is not None and is_old(published, today, settings.old_after_years)
