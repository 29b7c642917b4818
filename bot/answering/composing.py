"""From passages that were chosen to an Answer: quotes with their points, citations, caution, what may be asked next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.answering import sentences
from bot.answering.age import caution, gloss
from bot.answering.citing import cite, other_place
from bot.answering.pointing import Pointer, SentenceScorer
from bot.answering.quoting import Excerpt
from bot.answering.records import QUOTING, Answer, Citation, Outcome, Quote
from bot.reading.records import LaterRule
from bot.retrieval.query import Query
from bot.retrieval.search import Candidate, Result, Searcher

MOST_QUOTES = 3
# How many candidates the staff are shown of each search.
MOST_CONSIDERED = 5


@dataclass(frozen=True)
class Composer:
    """Composes answers from one state of the knowledge; `scorer` helps to find the sentence that answers.

    `later` are rules that came after bulletins and are not among them.
    """

    searcher: Searcher
    old_after_years: int
    scorer: SentenceScorer | None = None
    later: tuple[LaterRule, ...] = ()

    def compose(
        self,
        outcome: Outcome,
        lead: str,
        result: Result,
        chosen: Sequence[Candidate],
        marks: Sequence[str],
        asked_of: str | None,
        today: date,
        whole: bool = False,
    ) -> Answer:
        """Return an answer that quotes the `chosen`, best first, at most MOST_QUOTES of them.

        `marks` are those of the topics asked about, `asked_of` is the place that was named. Without `lead` it says only
        what must be said. `whole`: each point is its whole passage.
        """
        passages = [candidate.passage for candidate in chosen[:MOST_QUOTES]]
        citations = cite(passages, self.searcher.library.bulletins)
        bulletins = [self.searcher.library.bulletins[citation.bulletin] for citation in citations]
        by_place = {(citation.bulletin, citation.article): citation for citation in citations}
        quotes = tuple(
            self._quote(each, by_place[each.passage.bulletin, each.passage.article], result.query, marks, whole)
            for each in chosen[:MOST_QUOTES]
        )
        later = [rule for rule in self.later if passages and set(rule.topics) & set(passages[0].topics)]
        words = caution(bulletins, today, self.old_after_years, later)
        of_another = other_place(bulletins[0], asked_of, self.searcher.places)
        return Answer(
            outcome,
            lead or (sentences.NEAR if outcome == "near" else of_another),
            quotes,
            citations,
            words,
            close=None if words or outcome not in QUOTING else sentences.CONSULT,
            considered=_considered(chosen[:MOST_QUOTES], result.candidates),
        )

    def _quote(
        self, candidate: Candidate, citation: Citation, query: Query, marks: Sequence[str], whole: bool
    ) -> Quote:
        index, passage = self.searcher.index, candidate.passage
        quoted = passage.sentences if whole else Excerpt(index.segmenter, index.synonyms).excerpt(passage, query, marks)
        text = "".join(quoted).strip()
        point = text if whole else Pointer(index.segmenter, self.scorer).point(quoted, query)
        return Quote(
            passage, text, citation.number, point, round(candidate.probability, 3), gloss(text, citation.published)
        )


def _considered(quoted: Sequence[Candidate], candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return the first candidates, and of the quoted those that stand further down."""
    first = candidates[:MOST_CONSIDERED]
    return (*first, *(each for each in quoted if each not in first))
