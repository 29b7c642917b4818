"""Choosing what to quote of a passage: whole sentences, the run of them that speaks to the question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.reading.records import Passage
from bot.retrieval.query import Query
from bot.retrieval.synonyms import Synonyms
from bot.text.words import Segmenter, searchable_passage

# A passage up to this length is quoted whole; of a longer one a run of sentences up to it.
WHOLE, RUN = 320, 320
# A run is filled up with the sentences after it to this length.
SHORT = 150
# What a sentence gains, in the units of a word's importance, by bearing a mark of the topic asked about.
MARK_GAIN = 8.0
# What a character costs: of two runs that say as much, the shorter; but what is said comes first.
LENGTH_COST = 0.02


# A sentence that begins so (这些人员… 其中…) leans on the one before it: alone it says nothing, or another thing.
_LEANS = re.compile(
    r"(?:这些|这|该|其中|其|此|他们|她|他|上述|以上|同时|另外|此外|而且|并且|但|不过|因此|所以|对此|现|后|随后|目前)"
)


@dataclass(frozen=True)
class Excerpt:
    """Quotes from passages with the words of one index."""

    segmenter: Segmenter
    synonyms: Synonyms

    def excerpt(self, passage: Passage, query: Query, marks: Sequence[str]) -> tuple[str, ...]:
        """Return the sentences of the passage, or of a long one those in a row that answer best. Never half a sentence.

        A list is quoted with the sentence that introduces it, whole, whatever its length.
        """
        if len(passage.text) <= WHOLE or "\n" in passage.text:
            return passage.sentences
        worth = np.array([self._worth(sentence, query, marks) for sentence in passage.sentences])
        first, last = max(_runs(passage.sentences), key=lambda run: _value(run, worth, passage.sentences))
        last = _further(passage.sentences, first, last)
        return passage.sentences[first : last + 1]

    def _worth(self, sentence: str, query: Query, marks: Sequence[str]) -> list[float]:
        """Return what a sentence says to each feature of the question and to each mark, in that order."""
        clean = searchable_passage(sentence)
        words = self.segmenter.terms_of(sentence)
        said = [feature.importance * feature.said_by(words, clean) for feature in query.features]
        return said + [MARK_GAIN * bool(re.search(mark, sentence)) for mark in marks]


def _runs(sentences: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield every run of sentences (first, last) that can stand alone and is short enough; one sentence always is."""
    for first in range(len(sentences)):
        if first and _LEANS.match(sentences[first]):
            continue
        length = 0
        for last in range(first, len(sentences)):
            length += len(sentences[last])
            if last > first and length > RUN:
                break
            yield first, last


def _further(sentences: Sequence[str], first: int, last: int) -> int:
    """Return where a short run ends when the sentences after it, which go on from it, are taken along."""
    while last + 1 < len(sentences) and sum(map(len, sentences[first : last + 2])) <= SHORT:
        last += 1
    return last


def _value(run: tuple[int, int], worth: NDArray[np.float64], sentences: Sequence[str]) -> float:
    """Return what a run says: each feature once, however often it is said, less what its length costs."""
    first, last = run
    length = sum(len(sentence) for sentence in sentences[first : last + 1])
    return float(worth[first : last + 1].max(axis=0).sum()) - LENGTH_COST * length
