"""The index over passages: which terms stand in which passage, and what each is worth.

Scores are rank-bm25's. Three kinds of term live side by side, told apart by a mark: words, character bigrams
(`BIGRAM_MARK`) and the phrases of synonyms.yml (`PHRASE_MARK`), which may be longer than any word.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from bot.reading.records import Passage
from bot.retrieval.documents import Documents, count_documents, digest
from bot.retrieval.index_store import stored_documents, stored_index
from bot.retrieval.postings import Rows, Scores, Weighed, build_postings
from bot.retrieval.synonyms import Synonyms
from bot.text.words import Segmenter, searchable

T = TypeVar("T")

PHRASE_MARK = "="
# Of so many passages the objects are remembered once they were asked for.
_REMEMBERED = 4096
# What terms are worth in every passage is remembered as long as that is no more than so many numbers.
_REMEMBERED_SCORES = 1_000_000


@dataclass(frozen=True)
class Weighting:
    """BM25's `k1` and `b`, and what a character bigram of a question weighs beside a word of it."""

    k1: float
    b: float
    bigrams: float


# Few passages are short and of a kind: length says little, so it is discounted less than BM25's usual 0.75, and a
# bigram met by chance misleads. Both measured: docs/decisions/0011-postings.md.
FEW = Weighting(k1=1.5, b=0.4, bigrams=0.3)
MANY = Weighting(k1=1.0, b=0.75, bigrams=0.75)
# Documents, how they were cut, k1 and b → postings that lie somewhere else.
Elsewhere = Callable[[Documents, str, float, float], Weighed]
# From so many passages on they are weighed as many, and their index is worth keeping on disk.
MANY_PASSAGES = 1000


class Lazily(Sequence[frozenset[str]]):
    """A sequence of sets that are found when they are asked for, and remembered for a while."""

    def __init__(self, length: int, find: Callable[[int], frozenset[str]]) -> None:
        self._length = length
        self._find = lru_cache(_REMEMBERED)(find)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, row: int) -> frozenset[str]:  # type: ignore[override]  # nobody needs slices of it
        if not 0 <= row < self._length:
            raise IndexError(f"row {row}; 0 to {self._length - 1} is allowed")
        return self._find(row)


@dataclass(frozen=True)
class PassageIndex:
    """An immutable index; build it with `build_index`. Row i of everything is passages[i].

    `titles` are the terms of the title of each passage's bulletin, `weighting` is how terms were weighed, `cutting`
    names the way texts were cut, `known_titles` are the terms of each title that was cut in that way.
    """

    passages: tuple[Passage, ...]
    segmenter: Segmenter
    synonyms: Synonyms
    documents: Documents
    postings: Weighed
    titles: tuple[frozenset[str], ...]
    weighting: Weighting = FEW
    cutting: str = ""
    known_titles: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)

    @cached_property
    def objects(self) -> Sequence[frozenset[str]]:
        """The canonical names of the objects each passage names."""
        return Lazily(len(self.passages), lambda row: self.synonyms.objects_in(self.passages[row].text))

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
        return term in self.documents.numbers or term in self._titled

    def score_title(self, term: str, rows: Rows | None = None) -> Scores:
        """Return what a term is worth for standing in the title of a passage's bulletin, shape (rows,).

        BM25's idf over the passages, so that a word of one bulletin's title tells its passages from the others'.
        """
        rows = self.rows if rows is None else rows
        if term not in self._titled:
            return np.zeros(len(rows))
        return self._title_column(term) if rows is self.rows else self._weigh_title(term, rows)

    @cached_property
    def _title_column(self) -> Callable[[str], Scores]:
        """Term of a title → what it is worth in every passage."""
        return self._remembered(lambda term: self._weigh_title(term, self.rows))

    def _weigh_title(self, term: str, rows: Rows) -> Scores:
        titled = self._titled[term]
        idf = math.log(1 + (len(self.passages) - len(titled) + 0.5) / (len(titled) + 0.5))
        return np.isin(rows, titled) * idf

    @cached_property
    def _titled(self) -> dict[str, Rows]:
        """Term → the passages of the bulletins with that term in their title."""
        of_bulletin: dict[str, list[int]] = {}
        for row, passage in enumerate(self.passages):
            of_bulletin.setdefault(passage.bulletin, []).append(row)
        holding: dict[str, list[int]] = {}
        for rows in of_bulletin.values():
            for term in self.titles[rows[0]]:
                holding.setdefault(term, []).extend(rows)
        return {term: np.array(rows) for term, rows in holding.items()}


def build_index(
    passages: Sequence[Passage],
    titles: Mapping[str, str],
    segmenter: Segmenter,
    synonyms: Synonyms,
    folder: Path | None = None,
    before: PassageIndex | None = None,
    elsewhere: Elsewhere | None = None,
) -> PassageIndex:
    """Index headings and texts of `passages`, and the titles (stem → title) of their bulletins.

    An empty sequence gives an index that finds nothing. From `MANY_PASSAGES` on the index is kept in `folder`,
    if one is given. What was cut before, for the index `before` or for one in `folder`, is not cut again. With
    `elsewhere` the postings of so many are not built here, but are what it makes of the documents.
    """
    texts = [f"{passage.heading}\n{passage.text}" for passage in passages]
    weighting = MANY if len(passages) >= MANY_PASSAGES else FEW
    name = cutting(segmenter, synonyms)
    before = before if before and before.cutting == name else None
    cut = partial(text_terms, segmenter=segmenter, synonyms=synonyms)
    documents, postings = _index(texts, cut, name, weighting, folder, before.documents if before else None, elsewhere)
    known = before.known_titles if before else {}
    of_bulletin = {stem: titles[stem] for stem in dict.fromkeys(passage.bulletin for passage in passages)}
    of_title = {title: known.get(title) or frozenset(cut(title)) for title in of_bulletin.values()}
    return PassageIndex(
        passages=tuple(passages),
        segmenter=segmenter,
        synonyms=synonyms,
        documents=documents,
        postings=postings,
        titles=tuple(of_title[of_bulletin[passage.bulletin]] for passage in passages),
        weighting=weighting,
        cutting=name,
        known_titles=of_title,
    )


def _index(
    texts: Sequence[str],
    cut: Callable[[str], Iterable[str]],
    cutting: str,
    weighting: Weighting,
    folder: Path | None,
    known: Documents | None,
    elsewhere: Elsewhere | None,
) -> tuple[Documents, Weighed]:
    k1, b = weighting.k1, weighting.b
    if elsewhere is not None and folder is not None and weighting is MANY:
        documents = stored_documents(folder, texts, cut, cutting, known)
        return documents, elsewhere(documents, cutting, k1, b)
    if folder is not None and weighting is MANY:
        return stored_index(folder, texts, cut, cutting, k1, b, known)
    documents = count_documents(texts, [digest(text) for text in texts], cut, known)
    # Few have memory to spare for scores to the last bit.
    return documents, build_postings(documents, k1, b, np.float64 if weighting is FEW else np.float32)


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
