"""Ranking: BM25 over a question's features, multiplied by priors from intent, place and object. Priors never exclude."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from bot.reading.records import Bulletin, Passage
from bot.retrieval.index import PassageIndex, Scores
from bot.retrieval.query import Feature, Query

# How strongly a topic the classifier is sure of lifts its passages: factor 1 + TOPIC_LIFT * probability.
TOPIC_LIFT = 3.0
# What a passage is worth before any word speaks for it, in BM25 points: lets the topic decide when no word does.
BASE_SCORE = 0.5
KIND_FACTOR: Mapping[str, float] = MappingProxyType({"advice": 1.0, "case": 0.45, "figures": 0.45, "background": 0.35})
# A question that asks for cases or figures lifts that kind up to this factor.
KIND_ASKED = 1.6
PLACE_NAMED, PLACE_NATIONAL, PLACE_OTHER = 4.0, 0.9, 0.6
OBJECT_SAME, OBJECT_OTHER = 1.3, 0.6
NATIONAL = "全国"
# Character bigrams two passages share, as a part of the shorter one's, from which they say the same.
SAME_TEXT = 0.8


@dataclass(frozen=True)
class Prior:
    """What is known beside the words: the probability of each topic (0 to 1), and the place, if one was named."""

    topics: Mapping[str, float] = field(default_factory=dict)
    place: str | None = None


@dataclass(frozen=True)
class Candidate:
    """A passage with its score broken down: score = (BASE_SCORE + sum of by_feature) * product of factors.

    `coverage` is filled in by the evidence step. `rejected` says why it may not be quoted, else None.
    """

    passage: Passage
    score: float
    by_feature: tuple[tuple[str, float], ...]
    factors: tuple[tuple[str, float], ...]
    coverage: float = 0.0
    support: float = 0.0
    rejected: str | None = None


def rank(query: Query, prior: Prior, index: PassageIndex, bulletins: Mapping[str, Bulletin]) -> tuple[Candidate, ...]:
    """Return every passage, best first; ties keep the order of the index."""
    columns = [(feature.label, feature_scores(feature, index)) for feature in query.features]
    candidates = [
        _candidate(row, passage, columns, _factors(query, prior, index, row, bulletins))
        for row, passage in enumerate(index.passages)
    ]
    return tuple(sorted(candidates, key=lambda candidate: -candidate.score))


def feature_scores(feature: Feature, index: PassageIndex) -> Scores:
    """Return the best of a feature's variants for every passage, shape (passages,): synonyms do not add up."""
    weighted = [weight * index.score(term) for term, weight in feature.variants]
    best: Scores = np.maximum.reduce(weighted)
    return best


def _candidate(
    row: int, passage: Passage, columns: Sequence[tuple[str, Scores]], factors: tuple[tuple[str, float], ...]
) -> Candidate:
    by_feature = tuple((label, float(scores[row])) for label, scores in columns if scores[row] > 0)
    score = BASE_SCORE + sum(points for _, points in by_feature)
    for _, factor in factors:
        score *= factor
    return Candidate(passage, score, by_feature, factors)


def _factors(
    query: Query, prior: Prior, index: PassageIndex, row: int, bulletins: Mapping[str, Bulletin]
) -> tuple[tuple[str, float], ...]:
    passage = index.passages[row]
    place = bulletins[passage.bulletin].place
    return (
        ("topic", 1 + TOPIC_LIFT * topic_probability(passage, prior.topics)),
        ("kind", _kind_factor(passage, prior.topics)),
        ("place", _place_factor(place, prior.place)),
        ("object", _object_factor(index.objects[row], query.objects)),
    )


def topic_probability(passage: Passage, topics: Mapping[str, float]) -> float:
    """Return the probability that the question is on one of the passage's topics; its kind counts as a topic."""
    return min(1.0, sum(topics.get(topic, 0.0) for topic in {*passage.topics, passage.kind}))


def _kind_factor(passage: Passage, topics: Mapping[str, float]) -> float:
    usual = KIND_FACTOR[passage.kind]
    asked = topics.get(passage.kind, 0.0)
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


def say_the_same(one: str, other: str) -> bool:
    """Whether two texts share most of their character bigrams (overlap coefficient ≥ SAME_TEXT)."""
    a, b = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (one, other))
    return bool(a and b) and len(a & b) / min(len(a), len(b)) >= SAME_TEXT
