"""Whether what was found suffices: what the question is about must stand in the passage, and a score is not enough."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.retrieval.evidence import OUT_OF_SCOPE, EvidenceSettings, support
from bot.retrieval.ranking import Candidate, Prior
from bot.retrieval.search import Searcher

# When a property fails, Hypothesis prints its arguments, the whole library with them: let it.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
SHARE = st.floats(0, 1)
TOPICS = st.dictionaries(st.sampled_from(["penalty", "lost_id", "case", "figures", OUT_OF_SCOPE]), SHARE)


def found(searcher: Searcher, question: str, passage: str, **topics: float) -> Candidate:
    candidates = searcher.search(question, Prior(topics)).candidates
    return next(candidate for candidate in candidates if passage in candidate.passage.text)


def test_coverage_counts_what_the_question_is_about(searcher: Searcher) -> None:
    """A passage that has all of it covers more than one that has part, and that more than one that has none."""
    question = "身份证遗失，名下有不知情的电话卡"
    whole = found(searcher, question, "请身份证有遗失经历").coverage
    part = found(searcher, question, "要妥善保管好自己的身份证").coverage
    none = found(searcher, question, "藏匿的涉电信网络诈骗犯罪在逃人员").coverage
    assert whole > part > none


def test_other_words_for_it_cover_it_too(searcher: Searcher) -> None:
    """卖 is covered by 出售, if not better than by itself."""
    theirs = found(searcher, "出售电话卡", "出租、出售、出借银行卡、电话卡可能涉嫌").coverage
    ours = found(searcher, "卖电话卡", "出租、出售、出借银行卡、电话卡可能涉嫌").coverage
    assert 0 < ours <= theirs


@pytest.mark.parametrize("nothing", ["", "？？？", "的了吗", "😀😀"])
def test_a_question_of_nothing_is_covered_by_nothing(searcher: Searcher, nothing: str) -> None:
    """Where there is nothing to cover no passage suffices by its words."""
    result = searcher.search(nothing, Prior())
    assert {candidate.coverage for candidate in result.candidates} == {0.0}
    assert result.accepted == ()


@settings(max_examples=40, deadline=None)
@given(st.text(st.sampled_from("卖银行电话卡身份证丢了坐牢吗红烧肉天气征信举报ab1 ，？"), max_size=25), TOPICS)
def test_coverage_is_a_share(searcher: Searcher, question: str, topics: dict[str, float]) -> None:
    """Between 0 and 1, whatever is asked and whatever the classifier thinks."""
    assert all(0 <= candidate.coverage <= 1 for candidate in searcher.search(question, Prior(topics)).candidates)


@given(SHARE, SHARE, TOPICS, SHARE)
def test_belief_helps_and_another_subject_hurts(
    one: float, two: float, topics: dict[str, float], foreign: float
) -> None:
    """Support never falls when more is covered or believed; a likelier other subject never raises it."""
    weights = EvidenceSettings()
    low, high = sorted((one, two))
    assert support(low, 0.5, topics, weights) <= support(high, 0.5, topics, weights)
    assert support(0.5, low, topics, weights) <= support(0.5, high, topics, weights)
    likelier = {**topics, OUT_OF_SCOPE: max(foreign, topics.get(OUT_OF_SCOPE, 0.0))}
    assert support(0.5, 0.5, likelier, weights) <= support(0.5, 0.5, topics, weights)


def test_a_score_alone_is_not_enough(searcher: Searcher) -> None:
    """A question about something else finds the best of all passages, with a score, and it is still refused."""
    best = searcher.search("糖醋排骨放多少醋，火候怎么掌握", Prior()).candidates[0]
    assert best.score > 0
    assert best.rejected is not None
