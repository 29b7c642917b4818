"""The postings on a server that finds the nearest sparse vectors by inner product: the same best as the embedded ones.

A document's vector is the weight of each of its terms, a question's the factor of each, so their inner product is the
BM25 score. The server only names likely rows; they are scored again here, from the documents, to the last bit. What
it cannot say (it is away, too many are alike) the documents themselves are scanned for: slower, and the same.
Knows no server of a kind: `Server` and `Collection` are what it needs of one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.documents import Documents
from bot.retrieval.postings import Rows, Scores, best_of
from bot.retrieval.scanned_postings import ScannedPostings

# So many more than wanted are asked for, so that those that tie with the last are seen; four times as many again where
# that does not do; more than MOST_FOUND no server gives.
SPARE, MOST_FOUND = 24, 16_384
# Scores of the server, summed in its own order, and ours may differ by this much.
ROUNDING = 1e-5
PORTION = 1000


class AwayError(Exception):
    """The server does not answer, or does not hold this collection yet."""


@dataclass(frozen=True)
class Portion:
    """Some documents as a server stores them: row and vector (dimension → weight; none is empty)."""

    rows: tuple[int, ...]
    vectors: tuple[dict[int, float], ...]


@dataclass(frozen=True)
class Content:
    """A collection to be held: its name says what is in it. `documents` is how many; `portions` gives them anew."""

    name: str
    documents: int
    portions: Callable[[], Iterator[Portion]]


class Collection(Protocol):
    """Vectors on a server."""

    def find(self, vector: Mapping[int, float], most: int) -> tuple[Rows, Scores]:
        """Return the rows nearest to `vector`, best first. Raises AwayError."""
        ...


class Server(Protocol):
    """What holds collections."""

    def hold(self, content: Content) -> Collection:
        """Return the collection at once, though it may be away until it was written."""
        ...


@dataclass(frozen=True)
class RemotePostings:
    """The interface of `Postings`, on a `collection` of `documents`."""

    documents: Documents
    scanned: ScannedPostings
    collection: Collection
    dimensions: NDArray[np.int64]

    def weigh(self, term: int, rows: Rows) -> Scores:
        """Return what the term of this number is worth in each of `rows`, shape (rows,); 0 where it does not stand."""
        return self.scanned.weigh(term, rows)

    def best(self, question: Mapping[int, float], most: int) -> tuple[Rows, Scores]:
        """Return the `most` best documents and their scores, best first; ties keep the order of the documents."""
        try:
            rows = self._reaching(question, most)
        except AwayError:
            return self.scanned.best(question, most)
        at, scores = best_of(self.scanned.scores_of(question, rows), most)
        return rows[at], scores

    def _reaching(self, question: Mapping[int, float], most: int) -> Rows:
        """Return at least the `most` best rows with all that tie with the last, ascending."""
        vector = {int(self.dimensions[term]): factor for term, factor in question.items() if self.dimensions[term] >= 0}
        if not vector:
            return np.empty(0, np.int64)
        wanted = most + SPARE
        while wanted <= MOST_FOUND:
            rows, scores = self.collection.find(vector, wanted)
            if len(rows) < wanted:
                return np.unique(rows)
            if scores[-1] < scores[most - 1] * (1 - ROUNDING):
                return np.unique(rows)
            wanted *= 4
        raise AwayError("more rows tie than a server can name")


def remote_postings(documents: Documents, cutting: str, k1: float, b: float, server: Server) -> RemotePostings:
    """Have `server` hold the weights of `documents` and return the postings on it."""
    scanned = ScannedPostings(documents, k1, b)
    dimensions = _dimensions(documents)

    def portions() -> Iterator[Portion]:
        for first in range(0, len(documents), PORTION):
            yield _portion(scanned, dimensions, np.arange(first, min(first + PORTION, len(documents))))

    filled = int(np.count_nonzero(np.diff(documents.starts)))
    content = Content(_name(documents, cutting, k1, b), filled, portions)
    return RemotePostings(documents, scanned, server.hold(content), dimensions)


def _dimensions(documents: Documents) -> NDArray[np.int64]:
    """Return each term's place among the terms in use, sorted; -1 for one that is not.

    Unlike its number, that depends on nothing but the content: all machines that have it share one collection.
    """
    dimensions = np.full(len(documents.terms), -1, np.int64)
    used = np.flatnonzero(np.bincount(documents.ids, minlength=len(documents.terms))).tolist()
    dimensions[sorted(used, key=documents.terms.__getitem__)] = np.arange(len(used))
    return dimensions


def _portion(scanned: ScannedPostings, dimensions: NDArray[np.int64], rows: Rows) -> Portion:
    held = scanned.held(rows)
    bounds = np.searchsorted(held.at, np.arange(len(rows) + 1)).tolist()
    ids, weights = dimensions[held.ids].tolist(), held.weights.tolist()
    filled = [at for at in range(len(rows)) if bounds[at] < bounds[at + 1]]
    vectors = (slice(bounds[at], bounds[at + 1]) for at in filled)
    return Portion(
        tuple(rows[filled].tolist()),
        tuple(dict(zip(ids[part], weights[part], strict=True)) for part in vectors),
    )


def _name(documents: Documents, cutting: str, k1: float, b: float) -> str:
    content = hashlib.blake2b(f"{cutting} {k1} {b} ".encode(), digest_size=12)
    content.update(documents.digests)
    return content.hexdigest()
