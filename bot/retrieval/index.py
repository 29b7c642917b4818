"""The BM25 index over passages: which terms stand in which passage, and what each is worth.

Scores are rank-bm25's. Three kinds of term live side by side, told apart by a mark: words, character bigrams
(`BIGRAM_MARK`) and the phrases of synonyms.yml (`PHRASE_MARK`), which may be longer than any word.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from bot.reading.records import Passage
from bot.retrieval.synonyms import Synonyms
from bot.retrieval.words import Segmenter, searchable

PHRASE_MARK = "="
# Passages are short and of a kind: length says little, so it is discounted less than BM25's usual 0.75.
K1, B = 1.5, 0.4
Scores = NDArray[np.float64]


class NonNegativeBM25(BM25Okapi):  # type: ignore[misc]  # rank-bm25 carries no types
    """BM25Okapi with idf = log(1 + (N - n + 0.5) / (n + 0.5)), never negative (Lucene's form).

    BM25Okapi's own is negative for a term in more than half the passages: on a few dozen passages that
    punishes 银行卡 for being what everything is about.
    """

    def _calc_idf(self, nd: Mapping[str, int]) -> None:
        for term, passages in nd.items():
            self.idf[term] = math.log(1 + (self.corpus_size - passages + 0.5) / (passages + 0.5))


@dataclass(frozen=True)
class PassageIndex:
    """An immutable index; build it with `build_index`. Row i of every array is passages[i]."""

    passages: tuple[Passage, ...]
    segmenter: Segmenter
    synonyms: Synonyms
    terms: tuple[frozenset[str], ...]
    objects: tuple[frozenset[str], ...]
    titles: tuple[frozenset[str], ...]
    _bm25: Any
    _cache: dict[str, Scores] = field(default_factory=dict, compare=False, repr=False)

    def score(self, term: str) -> Scores:
        """Return the BM25 score of one term for every passage, shape (passages,)."""
        if self._bm25 is None or term not in self._bm25.idf:
            return np.zeros(len(self.passages))
        if term not in self._cache:
            self._cache[term] = np.asarray(self._bm25.get_scores([term]), dtype=np.float64)
        return self._cache[term]

    def score_title(self, term: str) -> Scores:
        """Return what a term is worth for standing in the title of a passage's bulletin, shape (passages,).

        BM25's idf over the passages, so that a word of one bulletin's title tells its passages from the others'.
        """
        holds = np.array([term in title for title in self.titles], dtype=np.float64)
        count = holds.sum()
        return holds * math.log(1 + (len(holds) - count + 0.5) / (count + 0.5)) if count else holds


def build_index(
    passages: Sequence[Passage], titles: Mapping[str, str], segmenter: Segmenter, synonyms: Synonyms
) -> PassageIndex:
    """Index headings and texts of `passages`, and the titles (stem → title) of their bulletins.

    An empty sequence gives an index that finds nothing.
    """
    documents = [text_terms(f"{passage.heading}\n{passage.text}", segmenter, synonyms) for passage in passages]
    of_title = {stem: frozenset(text_terms(title, segmenter, synonyms)) for stem, title in titles.items()}
    return PassageIndex(
        passages=tuple(passages),
        segmenter=segmenter,
        synonyms=synonyms,
        terms=tuple(frozenset(document) for document in documents),
        objects=tuple(synonyms.objects_in(passage.text) for passage in passages),
        titles=tuple(of_title[passage.bulletin] for passage in passages),
        _bm25=NonNegativeBM25(documents, k1=K1, b=B) if any(documents) else None,
    )


def text_terms(text: str, segmenter: Segmenter, synonyms: Synonyms) -> list[str]:
    """Return every term of a text: its words, bigrams, and the phrases of synonyms.yml that stand in it."""
    terms = list(segmenter.terms(text))
    words, clean = set(terms), searchable(text)
    # A phrase of one character must be a word of its own: 罪 is not in 犯罪.
    phrases = (
        phrase
        for phrase in synonyms.phrases
        if (phrase in words if len(phrase) == 1 else phrase.replace(" ", "") in clean)
    )
    return terms + [PHRASE_MARK + phrase for phrase in sorted(phrases)]
