"""BM25 as an inverted file: for each term the documents that hold it, and what it is worth in each.

The statistics are rank-bm25's own (`NonNegativeBM25`); here they are only multiplied out once, so that a question
adds up what it needs and looks at no other document. Why NumPy and SciPy: docs/decisions/0011-postings.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from threading import local
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from bot.retrieval.documents import Documents

# As many best documents are asked for most often: each term keeps its weight in its BOUND_RANK-th best one.
BOUND_RANK = 10
# Documents multiplied out at a time.
PORTION = 512
# From so many postings on SciPy sorts them in less time than NumPy does and SciPy takes to be imported (0.2 s).
WORTH_SCIPY = 100_000
# So many scores are sorted as they are; of more, those that cannot be among the best are put aside first.
WORTH_PARTING = 200
Scores = NDArray[np.float64]
Rows = NDArray[np.int64]


class NonNegativeBM25(BM25Okapi):  # type: ignore[misc]  # rank-bm25 carries no types
    """BM25Okapi with idf = log(1 + (N - n + 0.5) / (n + 0.5)), never negative (Lucene's form).

    BM25Okapi's own is negative for a term in more than half the passages: on a few dozen passages that
    punishes 银行卡 for being what everything is about.
    """

    def _calc_idf(self, nd: Mapping[Any, int]) -> None:
        for term, passages in nd.items():
            self.idf[term] = math.log(1 + (self.corpus_size - passages + 0.5) / (passages + 0.5))


class CountedBM25(NonNegativeBM25):
    """The same over documents that are counted already: no dictionary a document, terms are numbers."""

    def _initialize(self, corpus: Documents) -> dict[int, int]:
        self.corpus_size = len(corpus)
        self.doc_len = corpus.lengths
        self.avgdl = corpus.lengths.sum() / len(corpus)
        return dict(enumerate(np.bincount(corpus.ids, minlength=len(corpus.terms)).tolist()))


@dataclass(frozen=True)
class Postings:
    """Term t stands in the documents rows[starts[t]:starts[t + 1]], ascending, and is worth `weights` there.

    `bounds` is each term's weight in its `BOUND_RANK`-th best document, 0 where there are fewer.
    """

    documents: int
    starts: NDArray[np.int32]
    rows: NDArray[np.int32]
    weights: NDArray[Any]
    bounds: NDArray[Any]
    _scratch: local = field(default_factory=local, init=False, compare=False, repr=False)

    def weigh(self, term: int, rows: Rows) -> Scores:
        """Return what the term of this number is worth in each of `rows`, shape (rows,); 0 where it does not stand."""
        first, last = self.starts[term], self.starts[term + 1]
        holding = self.rows[first:last]
        if not len(holding):
            return np.zeros(len(rows))
        at = np.minimum(np.searchsorted(holding, rows), len(holding) - 1)
        return np.where(holding[at] == rows, self.weights[first:last][at], np.zeros(1))  # of float64 in any case

    def scores(self, question: Mapping[int, float]) -> NDArray[Any]:
        """Return the sum of term weights times the question's, shape (documents,). `question`: term → factor > 0.

        The array is this thread's own and is used again by its next call.
        """
        return self._sum(*self._in_order(question))

    def best(self, question: Mapping[int, float], most: int) -> tuple[Rows, Scores]:
        """Return the `most` best documents that hold a term of the question and their scores, best first.

        Ties keep the order of the documents.
        """
        terms, factors = self._in_order(question)
        least = float((self.bounds[terms] * factors).max()) if question and most <= BOUND_RANK else 0.0
        return best_of(self._sum(terms, factors), most, least)

    def _in_order(self, question: Mapping[int, float]) -> tuple[NDArray[np.int64], NDArray[Any]]:
        """Return the terms of a question, in descending order, and their factors."""
        terms = sorted(question, reverse=True)
        return np.array(terms, np.int64), np.array([question[term] for term in terms], self.weights.dtype)

    def _sum(self, terms: NDArray[np.int64], factors: NDArray[Any]) -> NDArray[Any]:
        """Add up the postings of `terms`, which stand in descending order."""
        total = self._zeros()
        if len(terms):
            # To SciPy a column is the run between two neighbouring bounds. Ours lie apart: in descending order the
            # run from the end of one to the begin of the next is empty.
            bounds = self._spans[terms].ravel()
            columns = len(bounds) - 1
            _adder()(self.documents, columns, bounds, self.rows, self.weights, factors.repeat(2), total)
        return total

    @cached_property
    def _spans(self) -> NDArray[np.int32]:
        """Where the postings of each term begin and end, shape (terms, 2): a view of `starts`."""
        return sliding_window_view(self.starts, 2)

    def _zeros(self) -> NDArray[Any]:
        """Return an array of noughts, a thread's same one each time: a new one costs more than the search."""
        if not hasattr(self._scratch, "total"):
            self._scratch.total = np.zeros(self.documents, self.weights.dtype)
        total: NDArray[Any] = self._scratch.total
        total.fill(0)
        return total


@cache
def _adder() -> Any:
    """Return SciPy's loop in C, imported when it is first needed.

    It reads the postings where they lie; the public operators of SciPy would copy them first.
    """
    from scipy.sparse._sparsetools import csc_matvec

    return csc_matvec


def best_of(scores: NDArray[Any], most: int, least: float = 0.0) -> tuple[Rows, Scores]:
    """Return the rows of the `most` highest positive scores and those, best first, ties in order of rows.

    `least` is a score that at least `most` rows are known to reach; it only saves time.
    """
    # Rounding: what the bound says to the last bit, the sum may miss by one.
    rows = (scores >= least * (1 - 1e-6) if least > 0 else scores > 0).nonzero()[0]
    found = scores[rows]
    if len(rows) > WORTH_PARTING and len(rows) > most:
        reached = (found >= np.partition(found, len(found) - most)[len(found) - most]).nonzero()[0]
        rows, found = rows[reached], found[reached]
    order = (-found).argsort(kind="stable")[:most]
    return rows[order], found[order].astype(np.float64)


def build_postings(documents: Documents, k1: float, b: float, dtype: type[np.floating[Any]] = np.float32) -> Postings:
    """Multiply rank-bm25's statistics out. `dtype` float32 keeps scores to about 1e-7 and halves memory.

    Raises OverflowError from 2 ** 31 postings on.
    """
    if len(documents.ids) >= 2**31:
        raise OverflowError(f"{len(documents.ids)} postings; fewer than {2**31} are allowed in one index")
    starts, rows, weights = _by_term(documents, _weights(documents, k1, b, dtype))
    return Postings(len(documents), starts, rows, weights, _bounds(starts, weights))


def _weights(documents: Documents, k1: float, b: float, dtype: type[np.floating[Any]]) -> NDArray[Any]:
    """Return idf * f * (k1 + 1) / (f + k1 * (1 - b + b * length / mean length)), as in BM25Okapi.get_scores.

    In the order of `documents.ids`.
    """
    weights = np.empty(len(documents.ids), dtype)
    if not len(weights):
        return weights
    bm25 = CountedBM25(documents, k1=k1, b=b)
    idf = np.fromiter(bm25.idf.values(), np.float64, len(documents.terms))
    damping = bm25.k1 * (1 - bm25.b + bm25.b * bm25.doc_len / bm25.avgdl)
    # In portions that a processor's cache holds: three times as fast as all at once.
    for row in range(0, len(documents), PORTION):
        bounds = documents.starts[row : row + PORTION + 1]
        part = slice(bounds[0], bounds[-1])
        counts = documents.counts[part]
        damped = counts + np.repeat(damping[row : row + PORTION], np.diff(bounds))
        weights[part] = idf[documents.ids[part]] * (counts * (bm25.k1 + 1) / damped)
    return weights


def _by_term(documents: Documents, weights: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[Any]]:
    """Turn `weights` from the order of documents into that of terms: starts, rows and weights of `Postings`."""
    if len(weights) >= WORTH_SCIPY:
        from scipy.sparse import csr_matrix

        shape = (len(documents), len(documents.terms))
        by_term = csr_matrix((weights, documents.ids, documents.starts), shape).tocsc()
        return by_term.indptr, by_term.indices, by_term.data
    order = np.argsort(documents.ids, kind="stable")
    held = np.bincount(documents.ids, minlength=len(documents.terms))
    starts = np.concatenate([[0], np.cumsum(held)]).astype(np.int32)
    rows = np.repeat(np.arange(len(documents), dtype=np.int32), np.diff(documents.starts))
    return starts, rows[order], weights[order]


def _bounds(starts: NDArray[np.int32], weights: NDArray[Any]) -> NDArray[Any]:
    bounds = np.zeros(len(starts) - 1, weights.dtype)
    held = np.diff(starts)
    order = np.argsort(held, kind="stable")
    order = order[np.searchsorted(held[order], BOUND_RANK) :]
    # Terms that stand in equally many documents form a table, and its rows are looked at together.
    for terms in np.split(order, np.flatnonzero(np.diff(held[order])) + 1):
        for some in np.array_split(terms, len(terms) // PORTION + 1):
            many = held[some[0]] if len(some) else 0
            own = weights[starts[some][:, None] + np.arange(many)]
            bounds[some] = np.partition(own, many - BOUND_RANK, axis=1)[:, many - BOUND_RANK] if len(some) else 0
    return bounds
