"""Follow-ups: what a message asks in the light of what was asked before.

A message that says what it is about and what it asks is asked as if it stood alone; what it leaves out comes from the
last question. Works on wording and memory alone; knows neither passages nor replies.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

from bot.answering import sentences
from bot.answering.forms import Form, forms
from bot.answering.records import Memory
from bot.answering.theme import instead, is_somebody, named, theme, without_first, without_last
from bot.reading.places import places_named
from bot.retrieval.synonyms import LongestFirst, Synonyms, find_phrases
from bot.text.normalise import normalise
from bot.text.words import Segmenter

Step = Literal["question", "more", "source", "why", "shorter", "whole", "place"]
# Of the reply before; without one there is nothing to say.
OF_THE_REPLY: tuple[Form, ...] = ("more", "source", "why", "shorter", "whole")
# The probability from which a form is believed; what is less sure is a question.
SURE = 0.45
# Words of its own from which a message asks of them, and not of the reply before.
SAYS_MORE = 2
# A message that is complete with less than this may also rest on the last question, and the other way round.
SURELY = 0.7
# 「不是A，是B」「不对，我问的是B」「说错了，B」: how the clause begins that says what was not meant, and the other one.
_DENIES = re.compile(r"(?:我|你|他|是)?(?:问的|说的)?(?:不是|不在|没问|没说|没有)(?:在|问|说)?")
_MEANS = """
    哎呀 哎 哦 不对 不不 错了 错啦 问错 说错 打错 搞错 弄错 写错 发错 打反 说反 应该 我 你 他 是 想 要问 要的 问 说
    指 意思 知道 在 住 的 了 啦 一下
""".split()  # noqa: SIM905
_CLOSES = "才对 那种 的 啊 呀 哦 吧".split()  # noqa: SIM905
_SOMEBODY = re.compile(r"[我俺咱他她]")
_RUN_TOGETHER = re.compile(r"^((?:我问的)?不是[^,是]{1,12})(?=是)")
_CLAUSES = re.compile(r"[,。;!、]|(?<=.)(?=不是)")
_FILLERS = re.compile(
    r"那|么|的|我|在|是|要|如果|换成|里|这边|那边|地区|市|区|县|方面|情况|呢|人|也|一样|这样|吗|说|问|不"
)


@dataclass(frozen=True)
class Reading:
    """A question that a message may stand for.

    `carried` says that it rests on the last question, `leans` that only what it is about comes from there: `about`.
    `names` is what the message put in: a passage that does not speak of it is no answer. `there`: it asks of the place
    that was named alone; where that is answered, nothing else is meant.
    """

    question: str
    carried: bool = False
    leans: bool = False
    about: str | None = None
    names: str = ""
    there: bool = False


@dataclass(frozen=True)
class Turn:
    """A message with what went before: `readings` are what it may ask, the likeliest first.

    `lacks`: it does not name what it asks about, and no question before it does. `elsewhere` is a place it names that
    has no bulletin. `talk`: it asks nothing.
    """

    step: Step
    readings: tuple[Reading, ...]
    place: str | None
    lacks: bool = False
    talk: bool = False
    elsewhere: str | None = None

    @property
    def question(self) -> str:
        """The likeliest reading."""
        return self.readings[0].question

    @property
    def carried(self) -> bool:
        """Whether the likeliest reading rests on the last question."""
        return self.readings[0].carried


def resolve(text: str, memory: Memory, synonyms: Synonyms, segmenter: Segmenter) -> Turn:
    """Read a message in the light of `memory`. Without a last question every message stands on its own."""
    clean = normalise(text)
    chances = forms().of(clean, segmenter)
    form = max(chances, key=chances.__getitem__)
    here = first_place(clean, synonyms)
    place = here or memory.place
    elsewhere = None if here else next(iter(places_named(clean)), None)
    if form in OF_THE_REPLY and forms().own_words(clean, segmenter) >= SAYS_MORE:
        form = "complete"  # 「惩戒卖卡的依据是哪个文件」 asks for no source of what was said
    if form in OF_THE_REPLY and chances[form] >= SURE:
        return Turn(cast(Step, form), (Reading(memory.question or clean, bool(memory.question)),), place)
    if form == "place" and chances[form] >= SURE and (here or elsewhere) and memory.question is None:
        return Turn("place", (Reading(clean),), place, elsewhere=elsewhere)
    if memory.question is None:
        return _alone(clean, form, chances, place)
    return _Beside(clean, memory, place, synonyms, segmenter).turn(form, chances)


def _alone(text: str, form: Form, chances: Mapping[Form, float], place: str | None) -> Turn:
    """A first message: it may lack what it is about, which somebody should ask for."""
    wanted = repaired(text)[0] if form == "repair" else text
    lacks = form == "rests" and chances[form] >= SURE
    return Turn("question", (Reading(wanted),), place, lacks, talk=form == "talk" and chances[form] >= SURELY)


def first_place(text: str, synonyms: Synonyms) -> str | None:
    """Return the place a normalised text names first, by its canonical name, or None."""
    found = find_phrases(text, synonyms.place_names)
    first = min(found, key=text.lower().find, default=None)
    return synonyms.places[first] if first else None


@dataclass(frozen=True)
class _Beside:
    """A message beside what was asked before it."""

    text: str
    memory: Memory
    place: str | None
    synonyms: Synonyms
    segmenter: Segmenter

    @property
    def _before(self) -> str:
        return self.memory.question or ""

    def turn(self, form: Form, chances: Mapping[Form, float]) -> Turn:
        """Return what the message asks, by its likeliest form."""
        if form == "repair" and chances[form] >= SURE:
            return self._repair()
        if form in ("instead", "place"):
            return self._instead(named(self.text))
        if form == "circumstance":
            return self._asks(self._carried(f"{self._before} {self.text}"), self._leaning(self.text))
        alone, leaning = Reading(self.text), self._leaning(self.text)
        if form == "rests":
            return self._asks(leaning, *([alone] if chances["complete"] >= 1 - SURELY else []))
        if form == "complete" and chances["rests"] > 1 - SURELY:
            return self._asks(alone, leaning)
        return replace(self._asks(alone), talk=form == "talk" and chances[form] >= SURELY)

    def _asks(self, *readings: Reading) -> Turn:
        return Turn("question", readings, self.place)

    def _carried(self, question: str) -> Reading:
        return Reading(question, carried=True)

    def _leaning(self, text: str) -> Reading:
        about = self.memory.about or theme(self._before, self.segmenter)
        if first_place(text, self.synonyms) or places_named(text):
            about = without_places(about, self.synonyms)
        return Reading(f"{about} {text}".strip(), carried=True, leans=True, about=about)

    def _instead(self, what: str) -> Turn:
        here, elsewhere = first_place(what, self.synonyms), next(iter(places_named(what)), None)
        before = without_places(self._before, self.synonyms) if here or elsewhere else self._before
        if here and only_names(what, self.synonyms.place_names):
            return Turn("question", (self._carried(before), replace(self._carried(here + before), there=True)), here)
        if elsewhere and not here and not _FILLERS.sub("", what.replace(elsewhere, "")):
            # A place that has no bulletin: the question is asked of it, and the one named before is left.
            return Turn("question", (self._carried(elsewhere + before),), None, elsewhere=elsewhere)
        questions = instead(what, before, self.synonyms, self.segmenter)
        thing = "" if is_somebody(what) else what
        readings = tuple(Reading(question, carried=True, names=thing) for question in questions)
        return Turn("question", readings, here or self.place)

    def _repair(self) -> Turn:
        wanted, unwanted = repaired(self.text)
        if first_place(wanted, self.synonyms) or places_named(wanted):
            return self._instead(wanted)
        chances = forms().of(wanted, self.segmenter)
        if chances["complete"] >= SURELY:
            return self._asks(Reading(wanted))
        if unwanted and unwanted in self._before:
            others = instead(wanted, self._before, self.synonyms, self.segmenter)
            replaced = self._before.replace(unwanted, wanted)
            return self._asks(*map(self._carried, dict.fromkeys((replaced, *others))))
        return self._asks(self._leaning(wanted)) if chances["rests"] >= SURELY else self._instead(wanted)


def repaired(text: str) -> tuple[str, str]:
    """Return what a repair says was meant, and what it says was not ("" when it does not say): 「不是A，是B」."""
    text = _RUN_TOGETHER.sub(r"\1,", text)
    clauses = [clause.strip() for clause in _CLAUSES.split(text) if clause.strip()]
    denied = [clause[match.end() :] for clause in clauses if (match := _DENIES.match(clause)) and clause[match.end() :]]
    meant = [without_last(without_first(clause, _MEANS), _CLOSES) for clause in clauses if not _DENIES.match(clause)]
    wanted = next((each for each in reversed(meant) if each), "")
    return wanted or (denied[-1] if denied else text), denied[0] if denied and wanted else ""


def points_at_somebody(text: str) -> bool:
    """Whether a message speaks of the person who writes, or of people spoken of before."""
    return bool(_SOMEBODY.search(text))


def place_noted(turn: Turn) -> str:
    """Return what to say to somebody who says where they are."""
    if turn.elsewhere:
        return sentences.PLACE_WITHOUT_BULLETIN.format(place=turn.elsewhere)
    return sentences.PLACE_NOTED.format(place=turn.place)


def without_places(text: str, synonyms: Synonyms) -> str:
    """Return `text` without the places it names: the asker has moved on to another."""
    for phrase in find_phrases(text.lower(), synonyms.place_names):
        text = text.replace(phrase, "")
    for place in places_named(text):
        text = text.replace(place, "")
    return text


def only_names(text: str, names: LongestFirst) -> bool:
    """Whether a text says nothing beside one of the `names`."""
    rest = text
    for phrase in find_phrases(text, names):
        rest = rest.replace(phrase, "")
    return not re.sub(r"[\s\W]+", "", _FILLERS.sub("", rest))
