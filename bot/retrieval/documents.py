"""Passages as the numbered terms they hold, known again by their content: what was cut once is not cut again.

Knows neither BM25 nor files; `index_store` keeps what is made here.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

DIGEST_SIZE = 16
# The numbers of a document's terms, and how often each stands there.
_Counted = tuple[NDArray[np.int32], NDArray[np.int32]]


@dataclass(frozen=True)
class Documents:
    """Document i holds the terms ids[starts[i]:starts[i + 1]], each as often as `counts` says.

    `terms` maps a number to its term; one may stand there that no document holds any more. `digests` are
    `DIGEST_SIZE` bytes a document, of its content.
    """

    terms: tuple[str, ...]
    digests: bytes
    starts: NDArray[np.int64]
    ids: NDArray[np.int32]
    counts: NDArray[np.int32]

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.starts) - 1

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Term → its number."""
        return {term: number for number, term in enumerate(self.terms)}

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """The number of terms of each document, repetitions counted, shape (documents,)."""
        total = np.concatenate([[0], np.cumsum(self.counts, dtype=np.int64)])
        lengths: NDArray[np.int64] = total[self.starts[1:]] - total[self.starts[:-1]]
        return lengths

    def terms_of(self, row: int) -> frozenset[str]:
        """Return the terms that document `row` holds."""
        return frozenset(self.terms[number] for number in self.ids[self.starts[row] : self.starts[row + 1]].tolist())


def digest(text: str) -> bytes:
    """Return `DIGEST_SIZE` bytes that stand for a text's content."""
    return hashlib.blake2b(text.encode(), digest_size=DIGEST_SIZE).digest()


def count_documents(
    texts: Sequence[str],
    digests: Sequence[bytes],
    cut: Callable[[str], Iterable[str]],
    known: Documents | None = None,
) -> Documents:
    """Count the terms of `texts`, whose digests are given; `cut` is asked only for those that `known` has not.

    `known` must have been cut in the same way. Its numbers of terms stay; new terms come after them.
    """
    known = known or Documents((), b"", np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.int32))
    numbers = dict(known.numbers)
    rows = {known.digests[at * DIGEST_SIZE : (at + 1) * DIGEST_SIZE]: at for at in range(len(known))}
    fresh: list[_Counted] = []
    for text, key in zip(texts, digests, strict=True):
        if key not in rows:
            counted = Counter(numbers.setdefault(term, len(numbers)) for term in cut(text))
            rows[key] = len(known) + len(fresh)
            fresh.append((np.fromiter(counted.keys(), np.int32), np.fromiter(counted.values(), np.int32)))
    taken = np.array([rows[key] for key in digests], np.int64)
    terms = known.terms if len(numbers) == len(known.terms) else tuple(numbers)
    return Documents(terms, b"".join(digests), *_joined(taken, known, fresh))


def _joined(
    taken: NDArray[np.int64], known: Documents, fresh: Sequence[_Counted]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Return starts, ids and counts of the documents `taken`: rows of `known`, and after them those of `fresh`."""
    sizes = np.concatenate([np.diff(known.starts), np.array([len(ids) for ids, _ in fresh], np.int64)])[taken]
    pieces: list[_Counted] = [(known.ids[:0], known.counts[:0])]
    # Most stand in the order they had: whole runs of neighbours are copied at once.
    bounds = [0, *(np.flatnonzero(np.diff(taken) != 1) + 1).tolist(), len(taken)] if len(taken) else []
    for run in (taken[first:last] for first, last in pairwise(bounds)):
        old = run[run < len(known)]
        if len(old):
            part = slice(known.starts[old[0]], known.starts[old[-1] + 1])
            pieces.append((known.ids[part], known.counts[part]))
        pieces += (fresh[row - len(known)] for row in run[len(old) :].tolist())
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])
    return starts, np.concatenate([ids for ids, _ in pieces]), np.concatenate([counts for _, counts in pieces])
