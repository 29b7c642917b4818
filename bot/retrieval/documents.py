"""Passages as the numbered terms they hold, known again by their content: what was cut once is not cut again.

Knows neither BM25 nor files; `stored` keeps what is made here.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

DIGEST_SIZE = 16


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
    numbers = dict(known.numbers) if known else {}
    pieces = _pieces_of(known) if known else {}
    for text, key in zip(texts, digests, strict=True):
        if key not in pieces:
            counted = Counter(numbers.setdefault(term, len(numbers)) for term in cut(text))
            pieces[key] = np.array([*counted.keys(), *counted.values()], np.int32).reshape(2, -1)
    return _joined(tuple(numbers), digests, [pieces[key] for key in digests])


def _pieces_of(documents: Documents) -> dict[bytes, NDArray[np.int32]]:
    """Return digest → ids and counts, shape (2, terms)."""
    both = np.stack([documents.ids, documents.counts])
    at, keys = documents.starts.tolist(), documents.digests
    return {
        keys[row * DIGEST_SIZE : (row + 1) * DIGEST_SIZE]: both[:, at[row] : at[row + 1]]
        for row in range(len(documents))
    }


def _joined(terms: tuple[str, ...], digests: Sequence[bytes], pieces: Sequence[NDArray[np.int32]]) -> Documents:
    starts = np.cumsum([0, *(piece.shape[1] for piece in pieces)], dtype=np.int64)
    ids, counts = np.concatenate([np.empty((2, 0), np.int32), *pieces], axis=1)
    return Documents(terms, b"".join(digests), starts, ids, counts)
