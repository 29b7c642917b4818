"""Whether what was found answers the question: decided by more than a score.

Coverage is the share of what the question is about that stands in the passage, each word weighing as much as it
says in general Chinese. A question told as a story has many words that no bulletin needs to have: from `much_said`
on, further words ask for nothing more where the topic is believed.
Support adds what the classifier believes: a passage on the very topic asked needs fewer words in common, a question
that is probably about something else needs more. A question that names nothing the bulletins are about gets no such
help: a classifier has to choose one of its topics even for 「地被人占了犯法吗」.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.retrieval.answer_type import gives
from bot.retrieval.index import PassageIndex
from bot.retrieval.postings import Rows, Scores
from bot.retrieval.query import OWN_WEIGHT, Feature, Query

# The kind of answer asked for (a count, a term of years) is a thing the question is about, like a common word.
TYPE_IMPORTANCE = 5.0
OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class EvidenceSettings:
    """The thresholds and weights of the evidence; chosen on the golden questions (docs/decisions).

    `enough` is the least support a quote needs, `off_subject` that for a question that names nothing of the subject.
    `topic` and `foreign` weigh the classifier's belief, `expansion` a word covered by a synonym, and `much_said` is
    the importance (the sum of the words' idf) from which a question counts as a story. `unanswered` is taken off
    when a question names a matter that bulletins seldom speak of (a reward, an appeal) and the passage does not.
    `by_words` is the coverage at which an advice of a later bulletin is quoted although the classifier, trained
    before it, takes the question for foreign.
    """

    enough: float = 0.5
    off_subject: float = 1.0
    topic: float = 0.7
    foreign: float = 0.8
    expansion: float = 0.9
    much_said: float = 26.0
    unanswered: float = 0.65
    by_words: float = 0.75


def coverages(
    query: Query, rows: Rows, index: PassageIndex, believed: Sequence[float], settings: EvidenceSettings
) -> list[float]:
    """Return the share, 0 to 1, of the question's importance that each of the passages `rows` covers; 0 of nothing.

    `believed`, 0 to 1 each, is how sure it is that the passage is on the question's topic: what is said beyond
    `much_said` is let pass only as far as that (its square root: kind to a classifier torn between two topics).
    """
    total = sum(feature.importance for feature in query.telling) + TYPE_IMPORTANCE * len(query.types)
    if total == 0:
        return [0.0] * len(rows)
    covered = np.zeros(len(rows))
    if query.types:
        covered += [TYPE_IMPORTANCE * gives(index.passages[row].text, query.types) for row in rows.tolist()]
    for feature in query.telling:
        covered += feature.importance * _covered(feature, rows, index, settings.expansion)
    beyond = max(0.0, total - settings.much_said)
    shares: list[float] = np.minimum(1.0, covered / (total - beyond * np.sqrt(np.array(believed)))).tolist()
    return shares


def _covered(feature: Feature, rows: Rows, index: PassageIndex, expansion: float) -> Scores:
    """Return how much of a feature each passage has, shape (rows,): all, its title's or a synonym's part, nothing."""
    (own, _), *others = feature.variants
    less = index.score_title(own, rows) > 0
    for term, _ in others:
        less = less | (index.score(term, rows) > 0)
    return np.where(index.score(own, rows) > 0, OWN_WEIGHT, np.where(less, expansion, 0.0))


def support(covered: float, believed: float, topics: Mapping[str, float], settings: EvidenceSettings) -> float:
    """Return coverage, raised by the probability of the passage's topic, lowered by that of another subject."""
    return covered + settings.topic * believed - settings.foreign * topics.get(OUT_OF_SCOPE, 0.0)
