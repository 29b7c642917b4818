"""What form a message has: does it say what it is about and what it asks, or leave one of them to the last question?

A multinomial logistic regression over runs of one to three tokens, in which only the words that talk is made of stand
as they are: any other is a verb or a thing, so that what was learned of one bulletin's words holds for any other's.
The weights are learned by bench/turns/learn.py. Knows no bulletin, and nothing of what was said before.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import jieba

from bot.reading.places import places_named
from bot.text.normalise import normalise
from bot.text.words import Segmenter

Form = Literal[
    "complete",
    "rests",
    "instead",
    "circumstance",
    "repair",
    "more",
    "source",
    "why",
    "shorter",
    "whole",
    "place",
    "talk",
]
FORMS: tuple[Form, ...] = get_args(Form)
WEIGHTS = Path(__file__).with_name("forms.json")
# Function characters stand alone, however jieba would join them: 几张, 那他, 哪天.
_ALONE = re.compile(r"([的了吗呢么吧啊呀嘛几那这哪他她它我你您咱谁啥没])")
_PAUSES = re.compile(r"[,。;、:!?]")
_SAID = re.compile(r"[\w\u4e00-\u9fff]")
# As bulletins shorten names: 李某, 黄某霖. And a verb with what comes of it, which dictionaries have not: 打掉.
_NAME = re.compile(r"([\u4e00-\u9fff]某[\u4e00-\u9fff]?)")
_AFTER_A_NAME = frozenset("卖买说被在是和把有与及等的将为因从向到供就也呢赚骗交收办")
_COMES_OF_IT = re.compile(r"^.[掉到走住出完获光]$")
VERB, THING, PLACE, NUMBER, LATIN, PAUSE = "<v>", "<n>", "<place>", "<0>", "<a>", ","
# jieba's tags of the kinds of words: adverbs, prepositions, conjunctions, pronouns, numerals, measures, particles,
# directions, times. Any other word is a thing, and so is a verb or adjective that serves as a noun (vn, an).
_TAGS = {"v": VERB, "a": VERB, **{tag: f"<{tag}>" for tag in "dpcrmquyft"}}
_AS_A_NOUN = ("vn", "an")
_LONGEST = 3
_OTHER = "*"


@dataclass(frozen=True)
class Forms:
    """The words that stand as they are, and the weight of each run of tokens for each form."""

    literal: frozenset[str]
    characters: frozenset[str]
    weights: Mapping[str, Mapping[str, float]]
    bias: Mapping[str, float]

    def of(self, text: str, segmenter: Segmenter) -> Mapping[Form, float]:
        """Return the probability of each form."""
        return self._chances(features(text, segmenter, self.literal, self.characters))

    def own_words(self, text: str, segmenter: Segmenter) -> int:
        """Return how many words of a message are not those that talk is made of: what it may be about."""
        return own(symbols(tokens(text, segmenter), self.literal))

    def _chances(self, found: frozenset[str]) -> Mapping[Form, float]:
        points = {form: self.bias[form] for form in FORMS}
        for run in found:
            for form, weight in self.weights.get(run, {}).items():
                points[form] += weight  # type: ignore[index]
        highest = max(points.values())
        chances = {form: math.exp(value - highest) for form, value in points.items()}
        total = sum(chances.values())
        return {form: chance / total for form, chance in chances.items()}


def own(sequence: Sequence[str]) -> int:
    """Return how many words of a message are not those that talk is made of."""
    return sum(symbol in (THING, VERB, PLACE, LATIN) for symbol in sequence)


@cache
def forms() -> Forms:
    """Return what was learned."""
    data = json.loads(WEIGHTS.read_text("utf-8"))
    return Forms(frozenset(data["literal"]), frozenset(data["characters"]), data["weights"], data["bias"])


def features(text: str, segmenter: Segmenter, literal: frozenset[str], characters: frozenset[str]) -> frozenset[str]:
    """Return the runs of a message's words and of its characters; `literal` and `characters` stand as they are."""
    words = tokens(text, segmenter)
    return frozenset((*runs(symbols(words, literal)), *spellings("".join(words), characters)))


def spellings(text: str, characters: frozenset[str]) -> Iterator[str]:
    """Yield the runs of two and three characters; those that are not among `characters` are one another."""
    known = re.sub(r"\*+", _OTHER, "".join(each if each in characters else _OTHER for each in f"^{text}$"))
    for length in (2, 3):
        for start in range(len(known) - length + 1):
            yield "'" + known[start : start + length]


def tokens(text: str, segmenter: Segmenter) -> tuple[str, ...]:
    """Cut a message into words; function characters alone, what stands between two commas apart."""
    found: list[str] = []
    for piece in _pieces(normalise(text).lower()):
        if _ALONE.fullmatch(piece) or _NAME.fullmatch(piece):
            found.append(piece)
            continue
        for word in segmenter.cut(piece):
            if _SAID.search(word):
                found.append(word)
            elif found and found[-1] != PAUSE and _PAUSES.search(word):
                found.append(PAUSE)
    return tuple(found[:-1] if found and found[-1] == PAUSE else found)


def _pieces(text: str) -> Iterator[str]:
    """Yield what is cut by itself: names, function characters, and the runs between them."""
    for part in _NAME.split(text):
        if _NAME.fullmatch(part) and len(part) == 3 and part[2] in _AFTER_A_NAME:
            yield part[:2]  # 李某|卖
            yield from _ALONE.split(part[2])
        elif _NAME.fullmatch(part):
            yield part
        else:
            yield from _ALONE.split(part)


def symbols(words: Sequence[str], literal: frozenset[str]) -> tuple[str, ...]:
    """Return the tokens with every word that is not `literal` as what kind of word it is."""
    return tuple(word if word in literal else kind(word) for word in words)


def kind(word: str) -> str:
    """Return what kind of word it is: a number, Latin letters, a place, a verb; anything else is a thing."""
    if word == PAUSE:
        return PAUSE
    if word[0].isdigit():
        return NUMBER
    if word.isascii():
        return LATIN
    if places_named(word):
        return PLACE
    if _NAME.fullmatch(word):
        return THING
    return kinds().get(word, VERB if _COMES_OF_IT.match(word) else THING)


def runs(sequence: Sequence[str]) -> Iterator[str]:
    """Yield the runs of one to three tokens with where the message begins and ends; several things in a row are one."""
    whole = ["^"]
    for symbol in sequence:
        if symbol not in (THING, VERB) or symbol != whole[-1]:
            whole.append(symbol)
    whole.append("$")
    for length in range(1, _LONGEST + 1):
        for start in range(len(whole) - length + 1):
            yield " ".join(whole[start : start + length])
    yield f"long {min(len(whole), 12) // 3}"
    yield f"things {min(3, whole.count(THING) + whole.count(PLACE) + whole.count(LATIN))}"
    yield f"own words {min(4, own(sequence))}"


@cache
def kinds() -> Mapping[str, str]:
    """Return the kind of every word of jieba's dictionary that is no thing, by how it is mainly used."""
    with jieba.get_dict_file() as file:
        rows = (line.decode("utf-8").split() for line in file)
        return {
            word: _TAGS[tag[0]]
            for word, count, tag in rows
            if tag[0] in _TAGS and tag not in _AS_A_NOUN and int(count) > _SELDOM
        }


_SELDOM = 2
