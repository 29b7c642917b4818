"""What goes into an answer and comes out of it. Frozen; parsed once at the edge (actions/)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from bot.reading.records import Passage
from bot.retrieval.ranking import Candidate

Outcome = Literal["answer", "abstain", "emergency", "refuse", "chat"]
HOTLINES = ("96110", "110")


@dataclass(frozen=True)
class Understanding:
    """What the classifier made of a message: the first intent and the probability of every intent."""

    intent: str
    confidence: float
    probabilities: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Memory:
    """What a conversation remembers from turn to turn.

    `question` is the last question in full (a follow-up already resolved), `topics` its topic probabilities,
    `shown` the ids of the passages quoted for it so far, `last` those of the last reply. `alarmed` says that the last
    reply was to an emergency.
    """

    question: str | None = None
    topics: Mapping[str, float] = field(default_factory=dict)
    place: str | None = None
    shown: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    alarmed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return it in a form that a slot can hold."""
        return {
            "question": self.question,
            "topics": dict(self.topics),
            "place": self.place,
            "shown": list(self.shown),
            "last": list(self.last),
            "alarmed": self.alarmed,
        }

    @classmethod
    def from_dict(cls, data: Any) -> Memory:
        """Read what `as_dict` gave; whatever else it is given, what is missing is empty."""
        if not isinstance(data, Mapping):
            return cls()
        topics = data.get("topics")
        return cls(
            question=_text(data.get("question")),
            topics={str(slug): float(value) for slug, value in topics.items()} if isinstance(topics, Mapping) else {},
            place=_text(data.get("place")),
            shown=_texts(data.get("shown")),
            last=_texts(data.get("last")),
            alarmed=data.get("alarmed") is True,
        )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(entry for entry in value if isinstance(entry, str)) if isinstance(value, list | tuple) else ()


@dataclass(frozen=True)
class Quote:
    """Whole sentences of a passage, word for word. `citation` is the number of its Citation."""

    passage: Passage
    text: str
    citation: int


@dataclass(frozen=True)
class Citation:
    """Which bulletin a quote stands in. No `published` is shown as 未注明日期; `reader` is the passage's path."""

    number: int
    bulletin: str
    title: str
    publisher: str | None
    place: str | None
    published: date | None
    url: str | None
    reader: str


@dataclass(frozen=True)
class Answer:
    """A reply before it is rendered. An `answer` has at least one quote; what the bot says itself is lead and close.

    `notice` is what the person must be told beside it. `considered` are the best candidates of the search, for the
    staff: it is never rendered.
    """

    outcome: Outcome
    lead: str
    quotes: tuple[Quote, ...] = ()
    citations: tuple[Citation, ...] = ()
    caution: str | None = None
    close: str | None = None
    suggestions: tuple[str, ...] = ()
    show_links: bool = False
    notice: str | None = None
    considered: tuple[Candidate, ...] = ()
