"""The index over passages: which terms stand in which passage, and what each is worth.

Scores are rank-bm25's. Three kinds of term live side by side, told apart by a mark: words, character bigrams
(`BIGRAM_MARK`) and the phrases of synonyms.yml (`PHRASE_MARK`), which may be longer than any word.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from bot.reading.records import Passage
from bot.retrieval.documents import Documents, count_documents, digest
from bot.retrieval.index_store import stored_index
from bot.retrieval.postings import Postings, Rows, Scores, build_postings
from bot.retrieval.synonyms import Synonyms
from bot.text.words import Segmenter, searchable

T = TypeVar("T")

PHRASE_MARK = "="
# Of so many passages the objects are remembered once they were asked for.
_REMEMBERED = 4096
# What terms are worth in every passage is remembered as long as that is no more than so many numbers.
_REMEMBERED_SCORES = 1_000_000


# Bulletins' passages are short and of a kind: length says little, so it is discounted less than BM25's usual 0.75.
K1, B = 1.2, 0.4
# From so many passages on they are weighed as many, and their index is worth keeping on disk.
MANY_PASSAGES = 1000


@dataclass(frozen=True)
class PassageIndex:
    """An immutable index; build it with `build_index`. Row i of everything is passages[i].

    `cutting` names the way texts were cut.
    """

    passages: tuple[Passage, ...]
    segmenter: Segmenter
    synonyms: Synonyms
    documents: Documents
    postings: Postings
    cutting: str = ""

    @cached_property
    def rows(self) -> Rows:
        """Every row, ascending."""
        return np.arange(len(self.passages))

    def score(self, term: str, rows: Rows | None = None) -> Scores:
        """Return the BM25 score of one term for the passages `rows` (all when None), shape (rows,)."""
        rows = self.rows if rows is None else rows
        number = self.documents.numbers.get(term)
        if number is None:
            return np.zeros(len(rows))
        return self._column(number) if rows is self.rows else self.postings.weigh(number, rows)

    @cached_property
    def _column(self) -> Callable[[int], Scores]:
        """Term → its score in every passage."""
        return self._remembered(lambda number: self.postings.weigh(number, self.rows))

    def _remembered(self, column: Callable[[T], Scores]) -> Callable[[T], Scores]:
        """Return `column`, its results kept: of a few passages the same terms are asked for again and again."""
        return lru_cache(_REMEMBERED_SCORES // max(1, len(self.passages)))(column)

    def speaks_of(self, term: str) -> bool:
        """Whether a term stands in any passage, or in the title of a passage's bulletin."""
        return term in self.documents.numbers

    def bm25(self, terms: Sequence[str], most: int) -> tuple[Rows, Scores]:
        """Return the `most` best passages for these terms, and their scores, best first."""
        return self.postings.best(self._question(terms), most)

    def bm25_of(self, terms: Sequence[str], rows: Rows) -> Scores:
        """Return the BM25 scores of the passages `rows`, shape (rows,)."""
        scores = np.zeros(len(rows))
        for number, times in self._question(terms).items():
            scores += times * self.postings.weigh(number, rows)
        return scores

    def most_possible(self, terms: Sequence[str]) -> float:
        """Return the sum of the inverse document frequencies of the terms, those that stand nowhere among them."""
        documents = len(self.passages)
        holding = (
            self._holding[number] if (number := self.documents.numbers.get(term)) is not None else 0
            for term in set(terms)
        )
        return sum(math.log(1 + (documents - each + 0.5) / (each + 0.5)) for each in holding)

    def _question(self, terms: Sequence[str]) -> dict[int, float]:
        numbers = self.documents.numbers
        return {
            number: float(times) for term, times in Counter(terms).items() if (number := numbers.get(term)) is not None
        }

    @cached_property
    def _holding(self) -> list[int]:
        """How many passages hold each term."""
        counted: list[int] = np.bincount(self.documents.ids, minlength=len(self.documents.terms)).tolist()
        return counted


def build_index(
    passages: Sequence[Passage],
    titles: Mapping[str, str],
    segmenter: Segmenter,
    synonyms: Synonyms,
    folder: Path | None = None,
    before: PassageIndex | None = None,
) -> PassageIndex:
    """Index the texts of `passages` with their headings and the titles (stem → title) of their bulletins.

    An empty sequence gives an index that finds nothing. From `MANY_PASSAGES` on the index is kept in `folder`,
    if one is given. What was cut before, for the index `before` or for one in `folder`, is not cut again.
    """
    texts = [f"{titles[passage.bulletin]}\n{passage.heading}\n{passage.text}" for passage in passages]
    name = cutting(segmenter, synonyms)
    before = before if before and before.cutting == name else None
    cut = partial(text_terms, segmenter=segmenter, synonyms=synonyms)
    documents, postings = _index(texts, cut, name, folder, before.documents if before else None)
    return PassageIndex(
        passages=tuple(passages),
        segmenter=segmenter,
        synonyms=synonyms,
        documents=documents,
        postings=postings,
        cutting=name,
    )


def _index(
    texts: Sequence[str],
    cut: Callable[[str], Iterable[str]],
    cutting: str,
    folder: Path | None,
    known: Documents | None,
) -> tuple[Documents, Postings]:
    many = len(texts) >= MANY_PASSAGES
    if folder is not None and many:
        return stored_index(folder, texts, cut, cutting, K1, B, known)
    documents = count_documents(texts, [digest(text) for text in texts], cut, known)
    # Few have memory to spare for scores to the last bit.
    return documents, build_postings(documents, K1, B, np.float32 if many else np.float64)


def cutting(segmenter: Segmenter, synonyms: Synonyms) -> str:
    """Return a short name of the way texts are cut: another one when words, phrases or the code that cuts change."""
    cut = hashlib.blake2b(digest_size=8)
    cut.update(segmenter.fingerprint)
    cut.update("\n".join(sorted(synonyms.phrases)).encode())
    cut.update(_own_code())
    return cut.hexdigest()


@cache
def _own_code() -> bytes:
    # Read once: the file may be another one when the process is older.
    return Path(__file__).read_bytes()


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
