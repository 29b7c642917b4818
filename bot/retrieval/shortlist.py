"""Which passages are ranked at all, when there are too many to look at each.

Words and priors choose: the same BM25 weights, and the same lifts for topic, kind and place, as in the ranking.
What only the ranking knows (objects, the kind of answer asked for, coverage) puts the chosen in their order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from bot.reading.records import Bulletin, Passage
from bot.retrieval.index import PassageIndex
from bot.retrieval.postings import Lift, Rows
from bot.retrieval.query import Query
from bot.retrieval.ranking import BASE_SCORE, Prior, prior_factors, telling

# Up to so many passages every one is ranked; of more, so many as no answer has needed yet.
ALL_RANKED = 2000
SHORTLIST = 400


@dataclass(frozen=True)
class Groups:
    """Passages that every prior treats alike: `members` has one of each group with its place, `of` each row's group."""

    members: tuple[tuple[Passage, str | None], ...]
    of: NDArray[np.int32]


def group(passages: Sequence[Passage], bulletins: Mapping[str, Bulletin]) -> Groups:
    """Group passages by topics, kind, and the place of their bulletin."""
    numbers: dict[tuple[tuple[str, ...], str, str | None], int] = {}
    members: list[tuple[Passage, str | None]] = []
    of = np.empty(len(passages), np.int32)
    for row, passage in enumerate(passages):
        place = bulletins[passage.bulletin].place
        key = (passage.topics, passage.kind, place)
        if key not in numbers:
            numbers[key] = len(members)
            members.append((passage, place))
        of[row] = numbers[key]
    return Groups(tuple(members), of)


def shortlist(query: Query, prior: Prior, index: PassageIndex, groups: Groups) -> Rows:
    """Return the rows of the passages to rank, ascending: all of up to `ALL_RANKED`, else the best `SHORTLIST`."""
    if len(index.passages) <= ALL_RANKED:
        return index.rows
    lifts = [prod(lift for _, lift in prior_factors(member, place, prior)) for member, place in groups.members]
    lift = Lift(BASE_SCORE, np.array(lifts, np.float32), groups.of)
    return index.postings.likeliest(weights(query, index), lift, SHORTLIST)


def weights(query: Query, index: PassageIndex) -> dict[int, float]:
    """Return the factor of each term of a question by its number in the index, terms that stand nowhere left out."""
    factors: dict[int, float] = {}
    for feature in query.features:
        told = telling(feature)
        for term, weight in feature.variants:
            number = index.documents.numbers.get(term)
            if number is not None:
                factors[number] = max(factors.get(number, 0.0), weight * told)
    return factors
