"""What goes into an answer and comes out of it. Frozen; parsed once at the edge (actions/)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, get_args

from bot.reading.records import Passage
from bot.retrieval.search import Candidate
from bot.text.squeezing import squeeze

Outcome = Literal["answer", "near", "abstain", "ask", "emergency", "refuse", "chat"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
# What the staff read for each.
OUTCOME_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "answer": "引用通报回答",
        "near": "只有最接近的",
        "abstain": "没有答案",
        "ask": "反问一句",
        "emergency": "受害人求助",
        "refuse": "拒绝并警示",
        "chat": "寒暄",
    }
)
# What these say rests on a quote: without one they are not what they say they are.
QUOTING: tuple[Outcome, ...] = ("answer", "near")
# Marks where a point was cut out of its sentence.
CUT = "…"
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
    reply was to an emergency, `refused` that it was a refusal, `victim` that somebody in this conversation was
    defrauded. `about` is what the last question was about. `pending` is a question that was answered by asking back,
    `choices` what was to choose.
    """

    question: str | None = None
    topics: Mapping[str, float] = field(default_factory=dict)
    place: str | None = None
    shown: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    alarmed: bool = False
    victim: bool = False
    refused: bool = False
    about: str | None = None
    pending: str | None = None
    choices: tuple[str, ...] = ()

    @property
    def bulletins(self) -> frozenset[str]:
        """The bulletins that the last reply cited."""
        return frozenset(passage.partition("#")[0] for passage in self.last)

    def as_dict(self) -> dict[str, Any]:
        """Return it in a form that a slot can hold."""
        return {
            "question": self.question,
            "topics": dict(self.topics),
            "place": self.place,
            "shown": list(self.shown),
            "last": list(self.last),
            "alarmed": self.alarmed,
            "victim": self.victim,
            "refused": self.refused,
            "about": self.about,
            "pending": self.pending,
            "choices": list(self.choices),
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
            victim=data.get("victim") is True,
            refused=data.get("refused") is True,
            about=_text(data.get("about")),
            pending=_text(data.get("pending")),
            choices=_texts(data.get("choices")),
        )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(entry for entry in value if isinstance(entry, str)) if isinstance(value, list | tuple) else ()


@dataclass(frozen=True)
class Quote:
    """Whole sentences of a passage, word for word. `citation` is the number of its Citation.

    `point` is the part of `text` that is shown at once, word for word; an end that was cut is marked 「…」.
    `probability` is how likely the passage answers the question; `gloss` says what a time in `text` is counted from. A
    `point` that is not part of `text`, and a
    `probability` that is none, are a ValueError.
    """

    passage: Passage
    text: str
    citation: int
    point: str
    probability: float = 0.0
    gloss: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is not word for word, however it came about."""
        words = squeeze(self.point.strip(CUT))
        if not words or words not in squeeze(self.text):
            raise ValueError(f"the point is no part of its quote from {self.passage.id}")
        if not 0.0 <= self.probability <= 1.0:
            raise ValueError(f"probability {self.probability} is not between 0 and 1")


@dataclass(frozen=True)
class Citation:
    """Which bulletin a quote stands in. No `published` is shown as 未注明日期; `reader` is the passage's path.

    `article` is that of a law (第三十一条), None where there is none.
    """

    number: int
    bulletin: str
    title: str
    publisher: str | None
    place: str | None
    published: date | None
    url: str | None
    reader: str
    article: str | None = None


@dataclass(frozen=True)
class Answer:
    """A reply before it is rendered. What the bot says itself is lead and close.

    An `answer` and a `near` have at least one quote, else they are a ValueError; an `ask` has a question for its lead
    and its choices for suggestions.

    The first quote is what it tells, the others stand behind a tap or 「更多」. `notice` is what the person must be
    told beside it. `considered` are the best candidates of the search, for the staff: it is never rendered.
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

    @property
    def told(self) -> tuple[str, ...]:
        """The passages whose words stand in the text."""
        return tuple(quote.passage.id for quote in self.quotes[:1])

    def __post_init__(self) -> None:
        """Refuse an answer that rests on nothing."""
        if self.outcome in QUOTING and not self.quotes:
            raise ValueError(f"a reply of kind {self.outcome} without a quote")
