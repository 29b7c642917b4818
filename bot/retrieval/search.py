"""The one search, for the live answer and for `duanka search` alike: a question in, every candidate out.

Nothing is dropped in silence: a candidate that may not be quoted stays in the list and says why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from bot.reading.records import Library, Passage
from bot.retrieval import shortlist as shortlisting
from bot.retrieval.answer_type import WHOM_TO_TELL, searchable_passage
from bot.retrieval.evidence import OUT_OF_SCOPE, EvidenceSettings, coverages, support
from bot.retrieval.index import Elsewhere, PassageIndex, build_index
from bot.retrieval.query import Query, build_query
from bot.retrieval.ranking import PLACE_NAMED, Candidate, Prior, rank, say_the_same, topic_probability
from bot.retrieval.remote_postings import Server, remote_postings
from bot.retrieval.shortlist import Groups, group, shortlist
from bot.retrieval.synonyms import Synonyms
from bot.retrieval.word_lists import WordLists, read_word_lists
from bot.text.words import Segmenter

# From this probability on a question is taken to ask for cases or figures.
LIKELY = 0.5
# From this one on a topic is believed of a question that names nothing the bulletins are about.
SURE_OF_TOPIC = 0.8
# Whatever is to be reported, who asks where asks for one thing; less than sure, since others are told of other things.
REPORT, ASKS_WHOM = "report", 0.75
# From this probability on it may be another matter: 「卡被冻了找谁」.
PERHAPS = 0.3
_REPORTS = re.compile(r"举报|检举|揭发|告发|报案")
# What people leave out of a place's name, where two characters are left.
_SUFFIX = re.compile(r"(?<=..)[省市县区镇]$")
# A number of three digits or more, but no year; the hotlines are no figures.
_FIGURE = re.compile(r"(?<![\d.])(?!(?:19|20)\d\d(?!\d)|110(?!\d)|96110)\d{3,}(?![\d.])")


@dataclass(frozen=True)
class Result:
    """A question as it was understood, and its candidates, best first."""

    query: Query
    candidates: tuple[Candidate, ...]

    @property
    def accepted(self) -> tuple[Candidate, ...]:
        """The candidates that may be quoted, those of the place that was named first, then best first."""
        quotable = (candidate for candidate in self.candidates if candidate.rejected is None)
        return tuple(sorted(quotable, key=lambda candidate: ("place", PLACE_NAMED) not in candidate.factors))


@dataclass(frozen=True)
class Searcher:
    """A library with its index. Immutable: new knowledge makes a new Searcher."""

    library: Library
    index: PassageIndex
    settings: EvidenceSettings
    lists: WordLists = field(default_factory=WordLists)

    def query(self, question: str) -> Query:
        """Cut a question into what it is searched by; one that names a figure of a bulletin is on the subject."""
        query = build_query(question, self.index.segmenter, self.index.synonyms, self.index.weighting.bigrams)
        return query if query.on_subject or not self._names_a_figure(query) else replace(query, on_subject=True)

    def _names_a_figure(self, query: Query) -> bool:
        """Whether a number that somebody would only know from a bulletin (1371) stands in one."""
        return any(figure in self.index.documents.numbers for figure in _FIGURE.findall(query.text))

    @cached_property
    def places(self) -> frozenset[str]:
        """The places that have bulletins in force."""
        return frozenset(_places_of(self.library).values())

    @cached_property
    def _groups(self) -> Groups:
        return group(self.index.passages, self.library.bulletins)

    def search(self, question: str, prior: Prior) -> Result:
        """Rank the passages (of very many, the likeliest) and mark those whose evidence does not suffice."""
        query = self.query(question)
        place = prior.place or next(iter(query.places), None)
        prior = Prior(_with_what_is_asked(query, prior.topics), place)
        rows = shortlist(query, prior, self.index, self._groups)
        beliefs = Beliefs(query, prior)
        believed = [beliefs.of(self.index.passages[row]) for row in rows.tolist()]
        covered = coverages(query, rows, self.index, believed, self.settings)
        ranked = rank(query, prior, self.index, self.library.bulletins, covered, rows)
        return Result(query, _judge(ranked, query, prior, beliefs, self.settings, self.index.synonyms))


def build_searcher(
    library: Library,
    knowledge: Path,
    settings: EvidenceSettings | None = None,
    folder: Path | None = None,
    before: Searcher | None = None,
    server: Server | None = None,
    lists: WordLists | None = None,
) -> Searcher:
    """Index what is in force of `library` with the words of the folder `knowledge`; a large index is kept in `folder`.

    What the searcher `before` has cut is not cut again. With `server` the postings of more passages than are all
    ranked lie there. `lists` are the words of the folder where they have been read already.
    """
    lists = lists or read_word_lists(knowledge)
    written = lists.synonyms
    synonyms = replace(written, places={**_places_of(library), **written.places})
    segmenter = replace(lists, synonyms=synonyms).segmenter
    passages = [passage for passage in library.passages if library.may_quote(passage)]
    titles = {stem: bulletin.title for stem, bulletin in library.bulletins.items()}
    elsewhere = _on(server, passages, library) if server and len(passages) > shortlisting.ALL_RANKED else None
    index = build_index(passages, titles, segmenter, synonyms, folder, before.index if before else None, elsewhere)
    return Searcher(library, index, settings or EvidenceSettings(), lists)


def _places_of(library: Library) -> Mapping[str, str]:
    """Return the places of the bulletins, whoever added them, as people write them: 云杉市 and 云杉 are 云杉市."""
    named = {bulletin.place for bulletin in library.bulletins.values() if bulletin.in_force and bulletin.place}
    return {spelling: place for place in named for spelling in {place, _SUFFIX.sub("", place)}}


def _on(server: Server, passages: Sequence[Passage], library: Library) -> Elsewhere:
    groups = group(passages, library.bulletins)
    return lambda documents, cutting, k1, b: remote_postings(documents, cutting, k1, b, groups.of, server)


def read_segmenter(knowledge: Path) -> Segmenter:
    """Read the words of the folder `knowledge`: lexicon, stop words, and the phrases that people may mistype."""
    return read_word_lists(knowledge).segmenter


def _judge(
    ranked: Sequence[Candidate],
    query: Query,
    prior: Prior,
    beliefs: Beliefs,
    settings: EvidenceSettings,
    synonyms: Synonyms,
) -> tuple[Candidate, ...]:
    judged: list[Candidate] = []
    least = settings.enough if query.on_subject else settings.off_subject
    for candidate in ranked:
        backed = support(candidate.coverage, beliefs.of(candidate.passage), prior.topics, settings)
        backed -= settings.unanswered * bool(_not_spoken_of(candidate, query))
        if _speaks_for_itself(candidate, synonyms, settings):
            backed = max(backed, least)
        reason = _elsewhere(candidate, query, prior) or _reason_against(candidate, backed, least, judged)
        judged.append(candidate.judged(backed, reason))
    return tuple(judged)


def _speaks_for_itself(candidate: Candidate, synonyms: Synonyms, settings: EvidenceSettings) -> bool:
    """Whether an advice has nearly all that is asked, and came later than the classifier that calls it foreign."""
    passage = candidate.passage
    covers = candidate.coverage >= settings.by_words
    return covers and passage.kind == "advice" and synonyms.is_new(passage.bulletin)


def _with_what_is_asked(query: Query, topics: Mapping[str, float]) -> Mapping[str, float]:
    """Return the topics, reporting among them when the question asks whom to tell and has something to report."""
    foreign = topics.get(OUT_OF_SCOPE, 0.0) >= PERHAPS and not _REPORTS.search(query.text)
    asks = any(kind.name == WHOM_TO_TELL for kind in query.types) and not foreign
    return {**topics, REPORT: max(ASKS_WHOM, topics.get(REPORT, 0.0))} if asks else topics


@dataclass(frozen=True)
class Beliefs:
    """How sure it is that a passage is on the question's topic, 0 to 1; asked once of passages that are alike there.

    Of a question that names no subject that is believed only when it is nearly certain: a topic is always chosen.
    """

    query: Query
    prior: Prior
    _found: dict[tuple[tuple[str, ...], str], float] = field(default_factory=dict)

    def of(self, passage: Passage) -> float:
        """Return it of one passage."""
        alike = (passage.topics, passage.kind)
        if alike not in self._found:
            probability = topic_probability(passage, self.prior.topics)
            told = self.query.on_subject or probability >= SURE_OF_TOPIC
            self._found[alike] = probability if told else 0.0
        return self._found[alike]


def _not_spoken_of(candidate: Candidate, query: Query) -> list[str]:
    """Return the matters the question names that bulletins seldom speak of, and this passage does not."""
    if not query.unanswered:
        return []
    text = searchable_passage(candidate.passage.text)
    return [word for word in query.unanswered if word not in text]


def _elsewhere(candidate: Candidate, query: Query, prior: Prior) -> str | None:
    """Say why a case or a figure does not count: they are of a place, and another one was asked for."""
    if not query.elsewhere:
        return None
    missing = [name for name in query.elsewhere if name not in candidate.passage.text]
    asks_facts = prior.topics.get("case", 0.0) + prior.topics.get("figures", 0.0) >= LIKELY
    if missing and len(missing) == len(query.elsewhere) and asks_facts:
        return f"问的是{missing[0]}，这一段没有提到"
    return None


def _reason_against(candidate: Candidate, backed: float, least: float, better: Sequence[Candidate]) -> str | None:
    if backed < least:
        return f"依据不足：{backed:.2f}，至少要{least:.2f}"
    for other in better:
        if other.rejected is None and say_the_same(other.passage.text, candidate.passage.text):
            return f"与{other.passage.id}说的是同一件事"
    return None
