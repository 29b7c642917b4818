"""A day at a glance, and how often each bulletin was cited: counts over turn events. Pure."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.keeping.events import TurnEvent
from bot.keeping.switches import DOOR_NAMES
from bot.keeping.tallies import Way
from bot.reading.places import places_named
from bot.reading.records import Library, Passage, Topic

HOURS = 24
OTHER, UNNAMED = "其他", "（没有名称）"
_SCENE_WAYS: tuple[Way, ...] = ("followed", "scanned")


@dataclass(frozen=True)
class Glance:
    """What happened in a stretch of time. `by_hour` are 24 counts; `by_topic` Chinese names, most often first.

    `seconds` is the median time of a reply, None without any.
    """

    questions: int
    outcomes: Mapping[str, int]
    by_hour: tuple[int, ...]
    by_topic: tuple[tuple[str, int], ...]
    by_channel: tuple[tuple[str, int], ...]
    unhelpful: int
    helpful: int
    seconds: float | None


@dataclass(frozen=True)
class Come:
    """How often people came by one scene or one entry of the menu: on the day, and in the month that ends with it.

    Of a scene `new` are those who followed by it; of an entry there are none.
    """

    name: str
    day: int
    month: int
    new: int = 0
    new_month: int = 0


@dataclass(frozen=True)
class Cited:
    """How often a bulletin was cited, and which of its advisory passages never were."""

    bulletin: str
    times: int
    never: tuple[Passage, ...]


def glance(events: Sequence[TurnEvent], topics: Sequence[Topic]) -> Glance:
    """Count the events of a stretch of time."""
    names = {topic.slug: topic.name for topic in topics}
    asked = [event for event in events if event.outcome not in ("chat", "emergency")]
    hours = Counter(datetime.fromtimestamp(event.at).hour for event in events)
    return Glance(
        questions=len(events),
        outcomes=Counter(event.outcome for event in events),
        by_hour=tuple(hours[hour] for hour in range(HOURS)),
        by_topic=tuple(Counter(names.get(event.intent, OTHER) for event in asked).most_common()),
        by_channel=tuple(Counter(event.channel for event in events).most_common()),
        unhelpful=sum(event.helpful is False for event in events),
        helpful=sum(event.helpful is True for event in events),
        seconds=statistics.median([event.seconds for event in events]) if events else None,
    )


def comings(
    day: Mapping[tuple[Way, str], int], month: Mapping[tuple[Way, str], int], names: Mapping[str, str]
) -> tuple[tuple[Come, ...], tuple[Come, ...]]:
    """Return the scenes of QR codes and the entries of the menu, most often of the month first.

    `names` are what followers read on the menu, by key.
    """
    scenes = dict.fromkeys(key for way, key in month if way in _SCENE_WAYS)
    entries = [key for way, key in month if way == "menu"]
    came = [
        Come(
            key or UNNAMED,
            sum(day.get((way, key), 0) for way in _SCENE_WAYS),
            sum(month.get((way, key), 0) for way in _SCENE_WAYS),
            day.get(("followed", key), 0),
            month.get(("followed", key), 0),
        )
        for key in scenes
    ]
    chosen = [Come(names.get(key, key) or UNNAMED, day.get(("menu", key), 0), month["menu", key]) for key in entries]
    return tuple(sorted(came, key=_often)), tuple(sorted(chosen, key=_often))


def _often(come: Come) -> tuple[int, str]:
    return -come.month, come.name


@dataclass(frozen=True)
class Trend:
    """How often something was asked about in a stretch of time, and in the one just as long before it."""

    name: str
    now: int
    before: int


def trends(
    now: Sequence[TurnEvent], before: Sequence[TurnEvent], topics: Sequence[Topic]
) -> Mapping[str, tuple[Trend, ...]]:
    """Compare two stretches of time by topic, by channel, and by the place that a question names; the most first."""
    names = {topic.slug: topic.name for topic in topics}
    told: Mapping[str, Callable[[TurnEvent], Iterable[str]]] = {
        "话题": lambda turn: () if turn.outcome in ("chat", "emergency") else (names.get(turn.intent, OTHER),),
        "渠道": lambda turn: (DOOR_NAMES.get(turn.channel, OTHER),),
        "问题里说到的地方": lambda turn: places_named(turn.question or ""),
    }
    return {called: _compared(now, before, of) for called, of in told.items()}


def _compared(
    now: Sequence[TurnEvent], before: Sequence[TurnEvent], of: Callable[[TurnEvent], Iterable[str]]
) -> tuple[Trend, ...]:
    ours, theirs = (Counter(name for turn in turns for name in of(turn)) for turns in (now, before))
    found = (Trend(name, ours[name], theirs[name]) for name in {**ours, **theirs})
    return tuple(sorted(found, key=lambda each: (-each.now, -each.before, each.name)))


def citations(events: Sequence[TurnEvent], library: Library) -> Mapping[str, Cited]:
    """Count the citations of each bulletin of the library, by stem."""
    quoted = Counter(passage for event in events for passage in event.quoted)
    times = Counter(stem for event in events for stem in {passage.partition("#")[0] for passage in event.quoted})
    return {
        stem: Cited(
            stem,
            times[stem],
            tuple(
                passage
                for passage in library.passages
                if passage.bulletin == stem and passage.kind == "advice" and not quoted[passage.id]
            ),
        )
        for stem in library.bulletins
    }
