"""Asking back, when a question leaves unsaid the one thing that decides: 「会坐牢吗」 of whom, for what?

Asked once, with the cases of the topic for buttons; the message after it is read as the choice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.answering import sentences
from bot.answering.followup import Reading, Turn, first_place
from bot.answering.forms import Form, forms
from bot.answering.records import Answer, Memory
from bot.answering.theme import named
from bot.reading.records import Topic
from bot.retrieval.synonyms import Synonyms
from bot.text.normalise import normalise
from bot.text.words import Segmenter

MOST_CHOICES = 3
# A topic likelier than this may be what is meant.
PERHAPS = 0.25
# From this probability on the message after is a question of its own, and no choice.
ANOTHER_QUESTION = 0.7
# Characters that a choice may be said with beside its own: 「是卖银行卡的」.
SOMEWHAT_MORE = 3
NO_CHOICE: tuple[Form, ...] = ("complete", "rests", "talk", "more", "source")
# 「第一个」「2」「后者」: a choice by its place.
_ORDER = re.compile(r"^(?:我?(?:选|要|是|问)?(?:的是)?)?第?(?P<which>[一二三123])(?:个|种|项|条)?[.。!吧的]*$")
_PLACES = {"一": 0, "1": 0, "二": 1, "2": 1, "三": 2, "3": 2}
_YES = re.compile(r"^(?:是|对|嗯|没错|就是)(?:的|这个|啊|呀)?[.。!,]*$")


def choices_for(topics: Mapping[str, float], known: Sequence[Topic], says_nothing: bool) -> tuple[str, ...]:
    """Return what to let choose from: the cases of the topics that may be meant, the likeliest first.

    Of a message that `says_nothing` (「怎么办」) one case of each, where none is likely.
    """
    likely = sorted((topic for topic in known if topics.get(topic.slug, 0.0) >= PERHAPS), key=lambda t: -topics[t.slug])
    cases = [case for topic in likely for case in topic.cases]
    if says_nothing and not likely:
        cases = [topic.cases[0] for topic in known if topic.cases]
    return tuple(dict.fromkeys(cases))[:MOST_CHOICES]


def ask_back(choices: Sequence[str]) -> Answer:
    """Return the question back, with the choices for buttons."""
    return Answer("ask", sentences.ASK_BACK, suggestions=tuple(choices))


def chosen_reading(text: str, memory: Memory, synonyms: Synonyms, segmenter: Segmenter) -> Turn | None:
    """Return what the message after an `ask` comes to: the question with what was chosen; None when it is none."""
    if memory.pending is None:
        return None
    clean = normalise(text)
    place = first_place(clean, synonyms) or memory.place
    chosen = taken_choice(clean, memory.choices)
    if chosen is None:
        chances = forms().of(clean, segmenter)
        if max(chances[form] for form in NO_CHOICE) >= ANOTHER_QUESTION:
            return None
        chosen = named(clean)
    return Turn("question", (Reading(f"{chosen} {memory.pending}", carried=True, leans=True, about=chosen),), place)


def taken_choice(text: str, choices: Sequence[str]) -> str | None:
    """Return which of the choices a message takes: by its words, or by its place."""
    bare = re.sub(r"[\W_]+", "", text)
    for choice in choices:
        if bare and (bare in choice or (choice in bare and len(bare) <= len(choice) + SOMEWHAT_MORE)):
            return choice
    order = _ORDER.match(text)
    if order and _PLACES[order["which"]] < len(choices):
        return choices[_PLACES[order["which"]]]
    return choices[0] if len(choices) == 1 and _YES.match(text) else None
