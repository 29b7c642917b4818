"""The one search, for the live answer and for `duanka search` alike: a question in, every candidate out.

Nothing is dropped in silence: a candidate that may not be quoted stays in the list and says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.reading.records import Library
from bot.retrieval.evidence import EvidenceSettings, coverage, support
from bot.retrieval.index import PassageIndex, build_index
from bot.retrieval.query import Query, build_query
from bot.retrieval.ranking import Candidate, Prior, rank, say_the_same, topic_probability
from bot.retrieval.synonyms import read_synonyms
from bot.retrieval.words import Segmenter, read_stop_words


@dataclass(frozen=True)
class Result:
    """A question as it was understood, and its candidates, best first."""

    query: Query
    candidates: tuple[Candidate, ...]

    @property
    def accepted(self) -> tuple[Candidate, ...]:
        """The candidates that may be quoted, best first."""
        return tuple(candidate for candidate in self.candidates if candidate.rejected is None)


@dataclass(frozen=True)
class Searcher:
    """A library with its index. Immutable: new knowledge makes a new Searcher."""

    library: Library
    index: PassageIndex
    settings: EvidenceSettings

    def query(self, question: str) -> Query:
        """Cut a question into what it is searched by."""
        return build_query(question, self.index.segmenter, self.index.synonyms)

    def search(self, question: str, prior: Prior) -> Result:
        """Rank all passages for a question and mark those whose evidence does not suffice."""
        query = self.query(question)
        prior = replace(prior, place=prior.place or next(iter(query.places), None))
        ranked = rank(query, prior, self.index, self.library.bulletins)
        return Result(query, _judge(ranked, query, prior, self))


def build_searcher(library: Library, knowledge: Path, settings: EvidenceSettings | None = None) -> Searcher:
    """Index what is in force of `library` with the words of the folder `knowledge`.

    Raises ValueError when synonyms.yml does not have its form.
    """
    segmenter = Segmenter(knowledge / "lexicon", read_stop_words(knowledge / "stopwords.txt"))
    passages = [passage for passage in library.passages if library.bulletins[passage.bulletin].in_force]
    index = build_index(passages, segmenter, read_synonyms(knowledge / "synonyms.yml"))
    return Searcher(library, index, settings or EvidenceSettings())


def _judge(ranked: Sequence[Candidate], query: Query, prior: Prior, searcher: Searcher) -> tuple[Candidate, ...]:
    rows = {passage.id: row for row, passage in enumerate(searcher.index.passages)}
    judged: list[Candidate] = []
    for candidate in ranked:
        covered = coverage(query, rows[candidate.passage.id], searcher.index, searcher.settings)
        backed = support(covered, topic_probability(candidate.passage, prior.topics), prior.topics, searcher.settings)
        reason = _reason_against(candidate, backed, judged, searcher.settings)
        judged.append(replace(candidate, coverage=covered, support=backed, rejected=reason))
    return tuple(judged)


def _reason_against(
    candidate: Candidate, backed: float, better: Sequence[Candidate], settings: EvidenceSettings
) -> str | None:
    if backed < settings.enough:
        return f"依据不足：{backed:.2f}，至少要{settings.enough:.2f}"
    for other in better:
        if other.rejected is None and say_the_same(other.passage.text, candidate.passage.text):
            return f"与{other.passage.id}说的是同一件事"
    return None
