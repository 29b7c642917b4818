"""BM25 straight from counted documents, without postings: slower to ask, and nothing is kept but what is looked at.

For a few documents, and for all when the server that holds the postings is away. The scores are those of `postings`
to the last bit of float32.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.documents import Documents
from bot.retrieval.postings import CountedBM25, Rows, Scores, best_of

# Documents looked at together when all are.
PORTION = 8192
_REMEMBERED = 64


@dataclass(frozen=True)
class Held:
    """The terms of some documents: `at` says in which of them each stands, `weights` what it is worth there."""

    at: NDArray[np.int64]
    ids: NDArray[np.int32]
    weights: NDArray[np.float32]


@dataclass(frozen=True)
class ScannedPostings:
    """The interface of `Postings` over `documents` themselves. Safe for use by several threads."""

    documents: Documents
    k1: float
    b: float

    @cached_property
    def _statistics(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return each term's idf and each document's damping, as `build_postings` has them."""
        bm25 = CountedBM25(self.documents, k1=self.k1, b=self.b)
        idf = np.fromiter(bm25.idf.values(), np.float64, len(self.documents.terms))
        return idf, bm25.k1 * (1 - bm25.b + bm25.b * bm25.doc_len / (bm25.avgdl or 1.0))  # all may be empty

    def held(self, rows: Rows) -> Held:
        """Return what the documents `rows` hold, in their order."""
        idf, damping = self._statistics
        starts = self.documents.starts
        many = starts[rows + 1] - starts[rows]
        at = np.repeat(np.arange(len(rows)), many)
        places = np.repeat(starts[rows] - np.cumsum(many) + many, many) + np.arange(len(at))
        ids, counts = self.documents.ids[places], self.documents.counts[places]
        weights = idf[ids] * (counts * (self.k1 + 1) / (counts + np.repeat(damping[rows], many)))
        return Held(at, ids, weights.astype(np.float32))

    def weigh(self, term: int, rows: Rows) -> Scores:
        """Return what the term of this number is worth in each of `rows`, shape (rows,); 0 where it does not stand."""
        held = self._remembered(rows.tobytes())
        there = held.ids == term
        scores = np.zeros(len(rows))
        scores[held.at[there]] = held.weights[there]
        return scores

    @cached_property
    def _remembered(self) -> Callable[[bytes], Held]:
        # A question asks for each of its terms in the same rows.
        return lru_cache(_REMEMBERED)(lambda rows: self.held(np.frombuffer(rows, np.int64)))

    def scores_of(self, question: Mapping[int, float], rows: Rows) -> NDArray[np.float32]:
        """Return the scores of `rows` alone, shape (rows,)."""
        return _sum(self.held(rows), question, len(rows), len(self.documents.terms))

    def scores(self, question: Mapping[int, float]) -> NDArray[np.float32]:
        """Return the sum of term weights times the question's, shape (documents,). `question`: term → factor > 0."""
        parts = [self.scores_of(question, rows) for rows in self._portions()]
        return np.concatenate([np.empty(0, np.float32), *parts])

    def _portions(self) -> Iterator[Rows]:
        for first in range(0, len(self.documents), PORTION):
            yield np.arange(first, min(first + PORTION, len(self.documents)))

    def best(self, question: Mapping[int, float], most: int) -> tuple[Rows, Scores]:
        """Return the `most` best documents and their scores, best first; ties keep the order of the documents."""
        return best_of(self.scores(question), most)


def _sum(held: Held, question: Mapping[int, float], rows: int, terms: int) -> NDArray[np.float32]:
    asked = np.zeros(terms, bool)
    asked[list(question)] = True
    there = asked[held.ids]
    at, ids, weights = held.at[there], held.ids[there], held.weights[there]
    total: NDArray[Any] = np.zeros(rows, np.float32)
    # Term by term in the order of `Postings`: another order would round otherwise.
    for term in sorted(question, reverse=True):
        own = ids == term
        total[at[own]] += weights[own] * np.float32(question[term])
    return total
