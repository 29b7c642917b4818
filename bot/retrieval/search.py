"""The one search, for the live answer and for `duanka search` alike: a question in, every candidate out.

Two readers propose passages: BM25 by words, the dense reader by meaning. One matcher says how likely each answers, and
how likely any of the best does. Nothing is dropped in silence: a candidate that is not quoted says why.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from bot.reading.records import AUTHORITIES, Library, Passage
from bot.retrieval.dense import DenseIndex, Encoder, Rows, Vectors, build_dense, centred, question_part
from bot.retrieval.features import NAMES, Scored, Table, another_thing, dense_features, word_features
from bot.retrieval.index import PassageIndex, build_index
from bot.retrieval.matcher import BEST, Matcher, answered, best_rows, probability, read_matcher
from bot.retrieval.postings import Scores
from bot.retrieval.query import OWN_WEIGHT, Prior, Query, build_query
from bot.retrieval.word_lists import WordLists, read_word_lists
from bot.text.words import Segmenter

logger = logging.getLogger(__name__)
# So many passages each reader proposes.
PROPOSED = 20
# A further passage is quoted when it is at least so likely, beside the best, to answer.
NEARLY_AS_LIKELY = 0.25
# What a passage of the bulletin just cited gains, in logits, when the question rests on the last one.
JUST_CITED = 1.0
# What a synonym counts beside the word itself.
EXPANSION = 0.9
# So many questions one turn may search for, and look at again: its readings, and what is suggested beside the answer.
_IN_A_TURN = 16
# Passages at least so close in meaning (centred cosine) speak of one matter; one that is so likely beside the best may
# come before it for being newer; by fewer days than this nothing is newer.
ONE_MATTER, RIVAL, LATER = 0.35, 0.4, timedelta(days=90)
# Who names a time asks for what was said then.
_TIME = re.compile(r"\d{4}年|\d{1,2}月|[一二三四五六七八九十]月|去年|前年|当年|当时|那[时次天]")
# Character bigrams two passages share, as a part of the shorter one's, from which they say the same.
SAME_TEXT = 0.8
# What people leave out of a place's name, where two characters are left.
_SUFFIX = re.compile(r"(?<=..)[省市县区镇]$")
Verdict = Literal["answer", "near", "nothing"]


class Candidate(NamedTuple):
    """A passage with the probability, 0 to 1, that it answers, and what speaks for and against: feature, logit points.

    `rejected` says why it is not quoted, else None.
    """

    passage: Passage
    probability: float
    points: tuple[tuple[str, float], ...] = ()
    rejected: str | None = None


@dataclass(frozen=True)
class Result:
    """A question as it was understood, and its candidates: those of the place that was named, then best first.

    `answered` is the probability that one of the best three answers it, `on_the_matter` that it is on what the
    bulletins speak of at all; `verdict` is what follows from both; from
    `sure` on it is answered.
    """

    query: Query
    candidates: tuple[Candidate, ...]
    answered: float = 0.0
    on_the_matter: float = 0.0
    verdict: Verdict = "nothing"
    sure: float = 1.0

    @property
    def accepted(self) -> tuple[Candidate, ...]:
        """The candidates that may be quoted as an answer, best first."""
        return self._not_rejected if self.verdict == "answer" else ()

    @property
    def nearest(self) -> tuple[Candidate, ...]:
        """The candidates that may be shown as the nearest, best first, whether they answer or not."""
        return self._not_rejected if self.verdict != "nothing" else ()

    @property
    def _not_rejected(self) -> tuple[Candidate, ...]:
        return tuple(candidate for candidate in self.candidates if candidate.rejected is None)


@dataclass(frozen=True)
class Searcher:
    """A library with its index. Immutable: new knowledge makes a new Searcher. Without `dense` it goes by words."""

    library: Library
    index: PassageIndex
    matcher: Matcher
    lists: WordLists = field(default_factory=WordLists)
    dense: DenseIndex | None = None
    _things: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    def query(self, question: str) -> Query:
        """Cut a question into what it is searched by."""
        return build_query(question, self.index.segmenter, self.index.synonyms)

    @cached_property
    def places(self) -> frozenset[str]:
        """The places that have bulletins in force."""
        return frozenset(_places_of(self.library).values())

    def search(self, question: str, prior: Prior) -> Result:
        """Rank what both readers propose, and judge whether it answers."""
        query = self.query(question)
        prior = replace(prior, place=prior.place or next(iter(query.places), None))
        vector = self._vector(query.text)
        rows = self._proposed(query, vector)
        if not len(rows):
            return Result(query, ())
        table, meant = self.table(query, prior, rows, vector)
        reader = self.matcher.reader(table)
        logits = reader.passage.logits(table) + JUST_CITED * self._cited(rows, prior)
        best = best_rows(table, logits, meant)
        likely = float(probability(np.array(answered(logits, best, reader))))
        on_the_matter = float(probability(reader.matter.logits(best[None, :]))[0])
        at_home = self.index.passages[rows[int(np.argmax(logits))]].bulletin in self.matcher.home
        sure = reader.sure_at_home if at_home else reader.sure
        answers = likely >= sure and not self._asks_of_another_thing(query)
        verdict: Verdict = "answer" if answers else "near" if on_the_matter >= reader.near else "nothing"
        candidates = self._candidates(rows, table, logits, query, prior)
        if verdict == "nothing":
            reason = f"没有一段够把握：{likely:.2f}，至少要{sure:.2f}"
            candidates = tuple(each._replace(rejected=each.rejected or reason) for each in candidates)
        return Result(query, candidates, likely, on_the_matter, verdict, sure)

    def table(self, query: Query, prior: Prior, rows: Rows, vector: Vectors | None) -> tuple[Table, Vectors | None]:
        """Return what the matcher looks at for the passages `rows`, and the question's centred vector if it has one.

        The table has the columns of the dense reader only when each of these passages has its vectors.
        """
        passages = [self.index.passages[row] for row in rows.tolist()]
        bulletins = [self.library.bulletins[passage.bulletin] for passage in passages]
        scored = Scored(self.index.bm25_of(query.terms, rows), self.index.most_possible(query.terms))
        total = sum(worth for _, worth in query.words) or 1.0
        unknown = sum(worth for word, worth in query.words if not self.index.speaks_of(word)) / total
        covered = _coverages(query, rows, self.index)
        by_words = word_features(
            query,
            prior,
            passages,
            bulletins,
            scored,
            covered,
            unknown,
            float(self._asks_of_another_thing(query)),
            self.matcher.home,
            self._names,
        )
        if vector is None or self.dense is None or not self.dense.has[rows].all():
            return by_words, None
        by_meaning = dense_features(query, passages, self.dense.closeness(vector, rows), self.matcher.home)
        return np.hstack([by_words, by_meaning]), centred(vector, self.matcher.centre.question)

    def _asks_of_another_thing(self, query: Query) -> bool:
        """Whether the thing asked about is one of which no bulletin speaks: rules on others are no answer."""
        return another_thing(self.index.segmenter.words(query.text), self.index.speaks_of)

    def _cited(self, rows: Rows, prior: Prior) -> Scores:
        return np.array([self.index.passages[row].bulletin in prior.cited for row in rows.tolist()], np.float64)

    def _names(self, passage: Passage) -> frozenset[str]:
        """Return which things (银行卡, 电话卡 …) a passage names."""
        if passage.id not in self._things:
            self._things[passage.id] = self.index.synonyms.objects_in(passage.text)
        return self._things[passage.id]

    def closeness_of_sentences(self, question: str, sentences: Sequence[str]) -> Sequence[float] | None:
        """Return how close in meaning sentences of passages come to a question, as `Query.text` has it, or None."""
        vector = self._vector(question)
        if self.dense is None or vector is None:
            return None
        closeness: list[float] = self.dense.of_sentences(vector, sentences).tolist()
        return closeness

    def _vector(self, text: str) -> Vectors | None:
        """Return the question's vector; None when there is no dense reader, or it cannot be had now."""
        if self.dense is None:
            return None
        try:
            return self._embedded(question_part(text))
        except OSError as error:
            logger.warning("the dense reader is away (%s): words alone decide", type(error).__name__)
            return None

    @cached_property
    def _embedded(self) -> Callable[[str], Vectors]:
        """What is embedded of a question → its vector; kept for the turn, whose point is chosen by it too."""
        assert self.dense is not None, "without a dense reader there are no vectors"
        encoder = self.dense.encoder
        return lru_cache(_IN_A_TURN)(lambda part: encoder.questions([part])[0])

    def _proposed(self, query: Query, vector: Vectors | None) -> Rows:
        by_words, _ = self.index.bm25(query.terms, PROPOSED)
        if vector is None or self.dense is None:
            return np.sort(by_words)
        return np.union1d(by_words, self.dense.closest(vector, PROPOSED))

    def _candidates(
        self, rows: Rows, table: Table, logits: Scores, query: Query, prior: Prior
    ) -> tuple[Candidate, ...]:
        parts = self.matcher.reader(table).passage.parts(table)
        chances = probability(logits)
        least = NEARLY_AS_LIKELY * float(chances.max())
        of_place = [self.library.bulletins[self.index.passages[row].bulletin].place == prior.place for row in rows]
        named = np.array(of_place) & (chances >= least) & (prior.place is not None)
        found: list[Candidate] = []
        order = np.lexsort((-logits, ~named))
        if not _TIME.search(query.text):
            order = self._newest_first(order, rows, chances)
        for at in order.tolist():
            passage = self.index.passages[rows[at]]
            points = tuple(zip(NAMES, parts[at].tolist(), strict=False))
            found.append(
                Candidate(
                    passage, float(chances[at]), points, _reason_against(passage, float(chances[at]), least, found)
                )
            )
        return tuple(found)

    def _newest_first(self, order: Rows, rows: Rows, chances: Scores) -> Rows:
        """Of passages that may all be quoted and speak of one matter, put the higher and newer before the older.

        Which of them a question means is not asked: a rule that no longer holds must not be read first.
        """
        kept = [at for at in order.tolist() if chances[at] >= RIVAL * chances[order[0]]]
        for place in range(1, len(kept)):
            at, better = kept[place], place
            while better and self._outranks(rows[at], rows[kept[better - 1]]):
                better -= 1
            kept.insert(better, kept.pop(place))
        return np.array([*kept, *(at for at in order.tolist() if at not in kept)], np.int64)

    def _outranks(self, row: int, other: int) -> bool:
        passages = self.index.passages[row], self.index.passages[other]
        mine, theirs = (self.library.bulletins[passage.bulletin] for passage in passages)
        if mine.stem == theirs.stem or not self._one_matter(row, other):
            return False
        ranks = AUTHORITIES.index(mine.authority), AUTHORITIES.index(theirs.authority)
        if "other" not in (mine.authority, theirs.authority) and ranks[0] != ranks[1]:
            return ranks[0] < ranks[1]
        since = mine.in_force_from or mine.published, theirs.in_force_from or theirs.published
        # One without a date is not known to be older.
        return since[0] is not None and since[1] is not None and since[0] - since[1] > LATER

    def _one_matter(self, row: int, other: int) -> bool:
        if self.dense is None or not self.dense.has[[row, other]].all():
            return False
        one, two = centred(self.dense.passages[[row, other]], self.dense.centre.passage)
        return float(one @ two) >= ONE_MATTER


def _reason_against(passage: Passage, chance: float, least: float, better: Sequence[Candidate]) -> str | None:
    for other in better:
        if other.rejected is None and say_the_same(other.passage.text, passage.text):
            return f"与{other.passage.id}说的是同一件事"
    if chance < least:
        return f"把握{chance:.2f}，比最好的差得多"
    if sum(other.rejected is None for other in better) >= BEST:
        return f"一次最多引用{BEST}段"
    return None


def _coverages(query: Query, rows: Rows, index: PassageIndex) -> Scores:
    """Return the share, 0 to 1, of the question's importance that each passage covers, by synonyms too."""
    total = sum(feature.importance for feature in query.telling)
    covered = np.zeros(len(rows))
    for feature in query.telling:
        (own, _), *others = feature.variants
        less = np.zeros(len(rows), np.bool_)
        for term, _ in others:
            less |= index.score(term, rows) > 0
        covered += feature.importance * np.where(index.score(own, rows) > 0, OWN_WEIGHT, np.where(less, EXPANSION, 0.0))
    return covered / (total or 1.0)


@lru_cache(maxsize=4096)
def say_the_same(one: str, other: str) -> bool:
    """Whether two texts share most of their character bigrams (overlap coefficient ≥ SAME_TEXT)."""
    a, b = _bigrams(one), _bigrams(other)
    return bool(a and b) and len(a & b) / min(len(a), len(b)) >= SAME_TEXT


@lru_cache(maxsize=256)
def _bigrams(text: str) -> frozenset[str]:
    """Return a passage's; kept, because the same few passages are compared again and again."""
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))


def build_searcher(
    library: Library,
    knowledge: Path,
    folder: Path | None = None,
    before: Searcher | None = None,
    lists: WordLists | None = None,
    encoder: Encoder | None = None,
    vectors: Mapping[str, Vectors] | None = None,
    matcher: Matcher | None = None,
) -> Searcher:
    """Index what is in force of `library` with the words of the folder `knowledge`; a large index is kept in `folder`.

    What the searcher `before` has cut is not cut again. `lists` are the words of the folder where they have been read
    already. `encoder` makes the vectors of questions, `vectors` are those of passages; an encoder that the weights
    were not learned with is not asked.
    """
    lists = lists or read_word_lists(knowledge)
    written = lists.synonyms
    synonyms = replace(written, places={**_places_of(library), **written.places})
    segmenter = replace(lists, synonyms=synonyms).segmenter
    passages = [passage for passage in library.passages if library.may_quote(passage)]
    titles = {stem: bulletin.title for stem, bulletin in library.bulletins.items()}
    index = build_index(passages, titles, segmenter, synonyms, folder, before.index if before else None)
    matcher = matcher or read_matcher()
    dense = None
    if encoder is not None and vectors and encoder.name == matcher.encoder:
        dense = build_dense(passages, titles, encoder, matcher.centre, vectors)
    return Searcher(library, index, matcher, lists, dense)


def _places_of(library: Library) -> Mapping[str, str]:
    """Return the places of the bulletins, whoever added them, as people write them: 云杉市 and 云杉 are 云杉市."""
    named = {bulletin.place for bulletin in library.bulletins.values() if bulletin.in_force and bulletin.place}
    return {spelling: place for place in named for spelling in {place, _SUFFIX.sub("", place)}}


def read_segmenter(knowledge: Path) -> Segmenter:
    """Read the words of the folder `knowledge`: lexicon, stop words, and the phrases that people may mistype."""
    return read_word_lists(knowledge).segmenter
