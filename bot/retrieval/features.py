"""What the matcher looks at: for a question and some passages a table of numbers, a row a passage.

Nothing here knows a bulletin by name, but for `home`: of the bulletins that the intent classifier was trained beside it
says what that classifier believes, and of any other it is silent. Scores are compared with the best of the same search
and not with the folder's mean, so that they say the same in a folder of five bulletins and of five hundred.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.reading.places import places_named
from bot.reading.records import Bulletin, Passage
from bot.retrieval.dense import Closeness
from bot.retrieval.query import Prior, Query
from bot.text.words import searchable_passage

Table = NDArray[np.float64]
OUT_OF_SCOPE = "out_of_scope"
# What the model's cosines lie around: it gives none below 0.7.
USUAL_COSINE = 0.88
# The kinds of question, by the words that ask; and what a passage has, by which such a question can be answered.
ASKS: Mapping[str, re.Pattern[str]] = {
    "whether": re.compile(r"吗|么|是不是|能不能|会不会|可不可以|有没有|算不算|要不要|行不行|[没不]\s*[?？]?$"),
    "number": re.compile(r"多少|几[个人名起年次张万亿天月家种条类]|多大|多久|多长"),
    "when": re.compile(r"什么时候|啥时候|哪年|哪天|几号|何时|哪一年|几月"),
    "where": re.compile(r"哪里|哪儿|哪个地方|哪些地方|什么地方|啥地方|去哪|在哪"),
    "who": re.compile(r"谁|哪个部门|哪个单位|哪家|哪些人|什么人|啥人"),
    "why": re.compile(r"为什么|为啥|为何|凭什么|凭啥|咋这么|怎么这么|图个?啥"),
    "how": re.compile(r"怎么|咋|如何|怎样|办法"),
    "what": re.compile(r"什么|啥|哪些|哪几|哪种"),
}
GIVES: Mapping[str, re.Pattern[str]] = {
    "whether": re.compile(r"不得|不能|可以|可能|属于|违法|犯罪|不会|并非|是|会|应当|有"),
    "number": re.compile(r"\d|[一二三四五六七八九十百千万亿]{1,9}[余多]?[名人起年次张元个]"),
    "when": re.compile(r"\d{4}年|\d{1,2}月|日起|年内|小时|[近目前]日"),
    "where": re.compile(r"[省市县区镇州]|境外|国家"),
    "who": re.compile(r"公安|检察|法院|银行|人员|某|机构|部门|团伙|平台"),
    "why": re.compile(r"因为|由于|为了|原因|导致|因此|从而|以便|使得|容易|难以"),
    "how": re.compile(r"应|要|可以|请|拨打|不要|切勿|通过|首先|一旦|及时|避免"),
    "what": re.compile(r"是指|包括|主要|等|、|：|即|“"),
}
# What bulletins are about is a card, a paper, a number, an account, a code: 银行卡, 学生证.
_THING = "卡证号户码"
_NUMBER = re.compile(r"\d+")
WORDS = (
    "words: share of the best possible",
    "words: score",
    "words: below the best",
    "words: of the bulletin",
    "covered by the passage",
    "covered with heading and title",
    "covered with other words for it",
    "most telling word missing",
    "words missing",
    "unknown in the folder",
    "a thing unknown in the folder",
    "another place",
    "another number",
    "length of the passage",
    "length of the question",
    "is advice",
    "is background",
    *(f"asks {kind}" for kind in ASKS),
    *(f"asks {kind}, not given" for kind in ASKS),
    "place: the one asked",
    "place: another",
    "home",
    "home: on the topic",
    "home: foreign to it",
    "home: covered with other words",
    "home: topic of its own",
    "home: speaks of another thing",
    "home: words below the best",
    "home: is advice",
    "home: is background",
)
DENSE = (
    "meaning: passage",
    "meaning: passage below the best",
    "meaning: sentence",
    "meaning: sentence below the best",
    "meaning: uncentred",
    "meaning: title",
    "meaning: bulletin",
    "meaning: bulletin below the best",
    "covered by the closest sentence",
    "home: meaning of passage",
    "home: meaning of sentence",
)
NAMES = (*WORDS, *DENSE)


@dataclass(frozen=True)
class Scored:
    """BM25 of one question for some passages, and the most that its terms are worth anywhere."""

    scores: NDArray[np.float64]
    most: float


def word_features(
    query: Query,
    prior: Prior,
    passages: Sequence[Passage],
    bulletins: Sequence[Bulletin],
    scored: Scored,
    covered: NDArray[np.float64],
    unknown: float,
    new_thing: float,
    home: frozenset[str],
    names: Callable[[Passage], frozenset[str]],
) -> Table:
    """Return shape (passages, WORDS). `covered` is the share of the question covered when synonyms count too."""
    best = float(scored.scores.max(initial=0.0))
    of_bulletin = _best_three(scored.scores, [passage.bulletin for passage in passages])
    asked = _Asked.of(query)
    rows = []
    for passage, bulletin, score, whole, others in zip(
        passages, bulletins, scored.scores.tolist(), of_bulletin, covered.tolist(), strict=True
    ):
        text, head = searchable_passage(passage.text), searchable_passage(f"{bulletin.title}\n{passage.heading}")
        below = (score - best) / 10
        thing = bool(query.objects) and bool(names(passage)) and not query.objects & names(passage)
        rows.append(
            [
                score / (scored.most or 1.0),
                float(np.log1p(score)),
                below,
                float(np.log1p(whole)),
                *_covered(query, text, head, others),
                unknown,
                new_thing,
                *asked.of_text(text, head),
                float(np.log(1 + len(passage.text))) / 5,
                len(query.text) / 30,
                *_kind(passage),
                *asked.of_kinds(passage),
                float(prior.place is not None and bulletin.place == prior.place),
                float(prior.place is not None and bulletin.place not in (prior.place, None)),
                *(float(passage.bulletin in home) * each for each in _at_home(passage, prior, others, thing, below)),
            ]
        )
    return np.array(rows, np.float64).reshape(len(rows), len(WORDS))


@dataclass(frozen=True)
class _Asked:
    """What a question asks for: the kinds of answer, places, numbers."""

    kinds: Mapping[str, bool]
    places: Sequence[str]
    numbers: frozenset[str]

    @classmethod
    def of(cls, query: Query) -> _Asked:
        kinds = {kind: bool(pattern.search(query.text)) for kind, pattern in ASKS.items()}
        return cls(kinds, tuple(places_named(query.text)), frozenset(_NUMBER.findall(query.text)))

    def of_text(self, text: str, head: str) -> list[float]:
        """Whether a passage speaks of another place, and of another number."""
        elsewhere = bool(self.places) and not any(place in text or place in head for place in self.places)
        return [float(elsewhere), float(bool(self.numbers) and not all(number in text for number in self.numbers))]

    def of_kinds(self, passage: Passage) -> list[float]:
        """Which kinds of answer are asked for, and which of them a passage does not give."""
        missing = (asked and not GIVES[kind].search(passage.text) for kind, asked in self.kinds.items())
        return [*map(float, self.kinds.values()), *map(float, missing)]


def _covered(query: Query, text: str, head: str, others: float) -> list[float]:
    """How much of the question a passage covers: itself, with heading and title, with other words; what is missing."""
    words = query.words
    total = sum(worth for _, worth in words) or 1.0
    inside = [word in text for word, _ in words]
    about = [held or word in head for held, (word, _) in zip(inside, words, strict=True)]
    missing = [_alone(word) * worth for (word, worth), held in zip(words, about, strict=True) if not held]
    return [
        sum(worth for (_, worth), held in zip(words, inside, strict=True) if held) / total,
        sum(worth for (_, worth), held in zip(words, about, strict=True) if held) / total,
        others,
        max(missing, default=0.0) / 10,
        len(missing) / 5,
    ]


def _kind(passage: Passage) -> list[float]:
    return [float(passage.kind == "advice"), float(passage.kind == "background")]


def _at_home(passage: Passage, prior: Prior, covered: float, another_thing: bool, below: float) -> list[float]:
    """What the classifier and the synonyms know of the bulletins that they were written with."""
    on_the_topic = topic_probability(passage, prior.topics)
    return [
        1.0,
        on_the_topic,
        prior.topics.get(OUT_OF_SCOPE, 0.0),
        covered,
        on_the_topic / max(1, len(passage.topics)),
        float(another_thing),
        below,
        *_kind(passage),
    ]


def dense_features(query: Query, passages: Sequence[Passage], close: Closeness, home: frozenset[str]) -> Table:
    """Return shape (passages, DENSE)."""
    words = query.words
    total = sum(worth for _, worth in words) or 1.0
    best, best_sentence = float(close.passage.max(initial=-1.0)), float(close.sentence.max(initial=-1.0))
    whole = _best_three(np.maximum(close.passage, close.sentence), [passage.bulletin for passage in passages])
    at_home = np.array([passage.bulletin in home for passage in passages], np.float64)
    covered = []
    for passage, at in zip(passages, close.at.tolist(), strict=True):
        sentence = searchable_passage(passage.sentences[at])
        covered.append(sum(worth for word, worth in words if word in sentence) / total)
    columns = (
        close.passage,
        close.passage - best,
        close.sentence,
        close.sentence - best_sentence,
        (close.uncentred - USUAL_COSINE) * 20,
        close.title,
        whole,
        np.array(whole) - max(whole, default=0.0),
        covered,
        close.passage * at_home,
        close.sentence * at_home,
    )
    return np.array(columns, np.float64).T.reshape(len(passages), len(DENSE))


def another_thing(words: Sequence[str], known: Callable[[str], bool]) -> bool:
    """Whether words in their order name a thing that is unknown (加油|卡, 学生证), and none that is `known`."""
    things = [(word, word) for word in words if len(word) > 2 and word[-1] in _THING]
    things += [(one + two, one) for one, two in pairwise(words) if len(one) > 1 and two in _THING]
    unknown = [not known(telling) for _, telling in things]
    return any(unknown) and not any(known(word) for word in words if len(word) > 1 and word[-1] in _THING)


def topic_probability(passage: Passage, topics: Mapping[str, float]) -> float:
    """Return the probability, 0 to 1, that the question is on one of the passage's topics; its kind counts as one."""
    return min(1.0, sum(topics.get(topic, 0.0) for topic in {*passage.topics, passage.kind}))


def _best_three(scores: NDArray[Any], bulletins: Sequence[str]) -> list[float]:
    """Return for each passage the mean of the three best of its bulletin, those that are missing counted as 0."""
    of: dict[str, list[float]] = {}
    for bulletin, score in zip(bulletins, scores.tolist(), strict=True):
        of.setdefault(bulletin, []).append(score)
    means = {bulletin: sum(sorted(each, reverse=True)[:3]) / 3 for bulletin, each in of.items()}
    return [means[bulletin] for bulletin in bulletins]


def _alone(word: str) -> float:
    """A single character is easily something else (留 in 保留)."""
    return 0.5 if len(word) == 1 else 1.0
