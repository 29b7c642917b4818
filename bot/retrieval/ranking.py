"""Ranking: BM25 over a question's features, multiplied by priors of intent, place and object that never exclude."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from bot.reading.records import Bulletin, Passage
from bot.retrieval.answer_type import gives
from bot.retrieval.index import PassageIndex
from bot.retrieval.postings import Rows, Scores
from bot.retrieval.query import Feature, Query

# How strongly a topic the classifier is sure of lifts its passages: factor 1 + TOPIC_LIFT * probability.
TOPIC_LIFT = 5.0
BREADTH = 1.0
# What a passage is worth before any word speaks for it, in BM25 points: lets the topic decide when no word does.
BASE_SCORE = 1.5
KIND_FACTOR: Mapping[str, float] = MappingProxyType({"advice": 1.0, "case": 0.45, "figures": 0.45, "background": 0.5})
# A question that asks for cases or figures lifts that kind up to this factor.
KIND_ASKED = 1.6
# Who asks for a figure may mean one in a case, and the other way round: so much of one's probability counts for both.
KINDRED = 0.6
_KINDRED: Mapping[str, str] = MappingProxyType({"case": "figures", "figures": "case"})
# What a word in the bulletin's title adds; how far a word's importance in general Chinese counts beside BM25's own idf,
# and the importance at which it changes nothing.
TITLE_WEIGHT, TELLING, USUAL_IMPORTANCE = 0.4, 0.5, 8.0
# A passage that covers the whole question is lifted by this much.
COVER = 0.5
# A single character is easily something else (留 in 保留, 收 in 收据).
SINGLE_CHARACTER = 0.7
# A passage that has the kind of answer asked for (a count, a term of years, a definition), and the year named.
TYPE_GIVEN, YEAR_NAMED = 2.0, 2.0
PLACE_NAMED, PLACE_NATIONAL, PLACE_OTHER = 4.0, 0.9, 0.6
OBJECT_SAME, OBJECT_OTHER = 1.3, 0.6
# What a passage of the bulletin just cited is lifted by, when the question rests on the last one.
JUST_CITED = 3.0
NATIONAL = "全国"
# Character bigrams two passages share, as a part of the shorter one's, from which they say the same.
SAME_TEXT = 0.8
Factors = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Prior:
    """What is known beside the words: the probability of each topic (0 to 1), and the place, if one was named.

    `cited` are the bulletins just quoted to somebody whose question rests on the last one.
    """

    topics: Mapping[str, float] = field(default_factory=dict)
    place: str | None = None
    cited: frozenset[str] = frozenset()


class Candidate(NamedTuple):
    """A passage with its score broken down: score = (BASE_SCORE + sum of by_feature) * product of factors.

    `support` and `rejected` are filled in by the evidence step; `rejected` says why it may not be quoted, else None.
    A named tuple, because every question makes one of each passage, and a dataclass takes five times as long to make.
    """

    passage: Passage
    score: float
    by_feature: tuple[tuple[str, float], ...]
    factors: tuple[tuple[str, float], ...]
    coverage: float
    support: float = 0.0
    rejected: str | None = None

    def judged(self, support: float, rejected: str | None) -> Candidate:
        """Return it with what the evidence says of it."""
        return Candidate(self.passage, self.score, self.by_feature, self.factors, self.coverage, support, rejected)


def rank(
    query: Query,
    prior: Prior,
    index: PassageIndex,
    bulletins: Mapping[str, Bulletin],
    coverages: Sequence[float],
    rows: Rows | None = None,
) -> tuple[Candidate, ...]:
    """Return the passages `rows` (ascending; every one when None), best first; ties keep the order of the index.

    `coverages` is the share, 0 to 1, of the question that each of them covers.
    """
    rows = index.rows if rows is None else rows
    spoken_of = [feature for feature in query.features if any(index.speaks_of(term) for term, _ in feature.variants)]
    labels = [feature.label for feature in spoken_of]
    points = _by_row([feature_scores(feature, index, rows) for feature in spoken_of], len(rows))
    lifts: dict[tuple[object, ...], Factors] = {}  # by what a prior looks at: few of many passages differ there
    candidates = []
    for row, each, covered in zip(rows.tolist(), points, coverages, strict=True):
        passage = index.passages[row]
        bulletin = bulletins[passage.bulletin]
        alike = (passage.topics, passage.kind, bulletin.place)
        if alike not in lifts:
            lifts[alike] = prior_factors(passage, bulletin.place, prior)
        cited = ("cited", JUST_CITED if passage.bulletin in prior.cited else 1.0)
        factors = (*lifts[alike], cited, *_own_factors(query, index, row, bulletin), ("coverage", 1 + COVER * covered))
        by_feature = tuple([(label, score) for label, score in zip(labels, each, strict=True) if score > 0])
        candidates.append(_candidate(passage, by_feature, factors, covered))
    return tuple(sorted(candidates, key=lambda candidate: -candidate.score))


def _by_row(columns: Sequence[Scores], rows: int) -> list[list[float]]:
    """Return what each of so many rows has of every column."""
    points: list[list[float]] = np.array(columns).T.tolist() if columns else [[]] * rows
    return points


def feature_scores(feature: Feature, index: PassageIndex, rows: Rows | None = None) -> Scores:
    """Return the best of a feature's variants for the passages `rows`, shape (rows,): synonyms do not add up."""
    rows = index.rows if rows is None else rows
    known = [(term, weight) for term, weight in feature.variants if index.speaks_of(term)]
    weighted = [weight * index.score(term, rows) for term, weight in known]
    in_title = [TITLE_WEIGHT * weight * index.score_title(term, rows) for term, weight in known]
    return (_highest(weighted, len(rows)) + _highest(in_title, len(rows))) * telling(feature)


def _highest(columns: Sequence[Scores], rows: int) -> Scores:
    if not columns:
        return np.zeros(rows)
    highest, *others = columns
    for column in others:
        highest = np.maximum(highest, column)
    return highest


def telling(feature: Feature) -> float:
    """Return how much a feature counts: a word common in all Chinese tells less than BM25 on few passages believes."""
    if not feature.importance:
        return 1.0
    alone = SINGLE_CHARACTER if len(feature.label) == 1 else 1.0
    return alone * float((feature.importance / USUAL_IMPORTANCE) ** TELLING)


def _candidate(passage: Passage, by_feature: Factors, factors: Factors, covered: float) -> Candidate:
    score = BASE_SCORE + sum([points for _, points in by_feature])
    for _, factor in factors:
        score *= factor
    return Candidate(passage, score, by_feature, factors, covered)


def _own_factors(query: Query, index: PassageIndex, row: int, bulletin: Bulletin) -> Factors:
    """Return what lifts this passage alone, whatever the prior."""
    named = query.years and bulletin.published and str(bulletin.published.year) in query.years
    return (
        ("object", _object_factor(index.objects[row], query.objects)),
        ("type", TYPE_GIVEN ** min(2, gives(index.passages[row].text, query.types))),
        ("year", YEAR_NAMED if named else 1.0),
    )


def prior_factors(passage: Passage, place: str | None, prior: Prior) -> Factors:
    """Return what a passage of this topic, kind and place is lifted by, whatever its words."""
    return (
        ("topic", 1 + TOPIC_LIFT * topic_probability(passage, prior.topics) / _breadth(passage)),
        ("kind", _kind_factor(passage, prior.topics)),
        ("place", _place_factor(place, prior.place)),
    )


def topic_probability(passage: Passage, topics: Mapping[str, float]) -> float:
    """Return the probability that the question is on one of the passage's topics; its kind counts as a topic."""
    on_topic = sum(topics.get(topic, 0.0) for topic in {*passage.topics, passage.kind})
    return min(1.0, on_topic + KINDRED * topics.get(_KINDRED.get(passage.kind, ""), 0.0))


def _breadth(passage: Passage) -> float:
    """Return how thinly a passage is spread over topics: one on three topics says less of each."""
    return float(max(1, len(passage.topics)) ** BREADTH)


def _kind_factor(passage: Passage, topics: Mapping[str, float]) -> float:
    usual = KIND_FACTOR[passage.kind]
    asked = topics.get(passage.kind, 0.0) + KINDRED * topics.get(_KINDRED.get(passage.kind, ""), 0.0)
    return usual + (KIND_ASKED - usual) * asked


def _place_factor(place: str | None, named: str | None) -> float:
    if named is None or place is None:
        return 1.0
    if place == named:
        return PLACE_NAMED
    return PLACE_NATIONAL if place == NATIONAL else PLACE_OTHER


def _object_factor(of_passage: frozenset[str], asked: frozenset[str]) -> float:
    if not asked or not of_passage:
        return 1.0
    return OBJECT_SAME if asked & of_passage else OBJECT_OTHER


@lru_cache(maxsize=4096)
def say_the_same(one: str, other: str) -> bool:
    """Whether two texts share most of their character bigrams (overlap coefficient ≥ SAME_TEXT)."""
    a, b = _bigrams(one), _bigrams(other)
    return bool(a and b) and len(a & b) / min(len(a), len(b)) >= SAME_TEXT


@lru_cache(maxsize=256)
def _bigrams(text: str) -> frozenset[str]:
    """Return a passage's; kept, because the same few passages are compared again and again."""
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))
