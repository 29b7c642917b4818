"""From passages that were chosen to an Answer: quotes with their points, citations, caution, what may be asked next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from bot.answering import sentences
from bot.answering.age import caution, gloss
from bot.answering.citing import cite, other_place
from bot.answering.pointing import Pointer, SentenceScorer
from bot.answering.quoting import Excerpt
from bot.answering.records import QUOTING, Answer, Citation, Outcome, Quote
from bot.answering.suggesting import MOST as MOST_SUGGESTIONS
from bot.answering.suggesting import Suggester
from bot.reading.records import LaterRule, Passage, Topic
from bot.retrieval.query import Prior, Query
from bot.retrieval.search import Candidate, Result, Searcher

MOST_QUOTES = 3
# How many candidates the staff are shown of each search.
MOST_CONSIDERED = 5
# A topic at least so likely is asked about: the marks of its passages say where the point is.
SURE = 0.4


@dataclass(frozen=True)
class Composer:
    """Composes answers from one state of the knowledge; `scorer` helps to find the sentence that answers.

    `later` are rules that came after bulletins and are not among them, `topics` what may be asked about.
    """

    searcher: Searcher
    old_after_years: int
    scorer: SentenceScorer | None = None
    later: tuple[LaterRule, ...] = ()
    topics: tuple[Topic, ...] = ()

    def quote(
        self,
        outcome: Outcome,
        lead: str | None,
        result: Result,
        candidates: Sequence[Candidate],
        topics: Mapping[str, float],
        place: str | None,
        today: date,
    ) -> Answer:
        """Quote the best candidates and suggest what comes near them; `topics` are those asked about."""
        answer = self.compose(outcome, lead or "", result, candidates, self.marks_of(topics), place, today)
        if outcome == "emergency":  # who must call is not to go on asking
            return answer
        told = [quote.passage for quote in answer.quotes]
        others = [candidate.passage for candidate in (*candidates, *result.candidates[:MOST_CONSIDERED])]
        return replace(answer, suggestions=self._suggester.after(told, others))

    def talk(self, sentence: str) -> Answer:
        """Say a sentence of our own, and what may be asked."""
        return Answer("chat", sentence, suggestions=self.suggest({}))

    def abstain(self, topics: Mapping[str, float], candidates: Sequence[Candidate]) -> Answer:
        """Say that nothing answers, and what the passages that came nearest do answer."""
        considered = tuple(candidates[:MOST_CONSIDERED])
        near = self._suggester.after((), [candidate.passage for candidate in considered])
        suggestions = tuple(dict.fromkeys((*near, *self.suggest(topics))))[:MOST_SUGGESTIONS]
        return Answer("abstain", sentences.ABSTAIN, suggestions=suggestions, considered=considered)

    def suggest(self, topics: Mapping[str, float]) -> tuple[str, ...]:
        """Return questions that can be answered, from the likeliest topics, one a topic."""
        likely = sorted(self.topics, key=lambda topic: -topics.get(topic.slug, 0.0))
        return tuple(topic.asks[0] for topic in likely if topic.asks)[:MOST_SUGGESTIONS]

    def marks_of(self, topics: Mapping[str, float]) -> tuple[str, ...]:
        """Return the marks of the topics that are surely asked about."""
        return tuple(mark for topic in self.topics if topics.get(topic.slug, 0.0) >= SURE for mark in topic.marks)

    @cached_property
    def _suggester(self) -> Suggester:
        def search(text: str) -> tuple[Passage, ...]:
            return tuple(candidate.passage for candidate in self.searcher.search(text, Prior({}, None)).accepted)

        return Suggester(self.searcher.library, self.topics, search, self.searcher.index.segmenter.words)

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
