"""Ranking: what the words say, times what is known beside them; nothing ever disappears."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.retrieval.ranking import BASE_SCORE, Candidate, Prior, rank, say_the_same, topic_probability
from bot.retrieval.search import Searcher

# When a property fails, Hypothesis prints its arguments, the whole library with them: let it.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
QUESTION = "出售银行卡有什么后果"
SOME = settings(max_examples=30, deadline=None)
PLACES = ("南宁", "临沂", "清远")
SLUGS = ("penalty", "lost_id", "report", "case", "figures", "scope", "targets", "out_of_scope", "nowhere")
PRIORS = st.builds(
    Prior,
    st.dictionaries(st.sampled_from(SLUGS), st.floats(0, 1)),
    st.none() | st.sampled_from([*PLACES, "全国", "杭州"]),
)


def ranked(searcher: Searcher, question: str, prior: Prior) -> tuple[Candidate, ...]:
    index = searcher.index
    return rank(searcher.query(question), prior, index, searcher.library.bulletins, [0.5] * len(index.passages))


@SOME
@given(PRIORS, st.sampled_from([QUESTION, "2021年清远抓了多少人", "什么是卡农", "火锅", ""]))
def test_a_factor_never_makes_a_candidate_disappear(searcher: Searcher, prior: Prior, question: str) -> None:
    """Whatever is believed, every passage is there once, with a positive score and positive factors."""
    candidates = ranked(searcher, question, prior)
    passages = [candidate.passage for candidate in candidates]
    assert sorted(passage.id for passage in passages) == sorted(passage.id for passage in searcher.index.passages)
    assert all(candidate.score > 0 for candidate in candidates)
    assert all(factor > 0 for candidate in candidates for _, factor in candidate.factors)


@SOME
@given(PRIORS)
def test_the_score_is_what_is_reported(searcher: Searcher, prior: Prior) -> None:
    """Score = (base + sum of what each feature gave) × product of the factors: the reader can check it."""
    for candidate in ranked(searcher, QUESTION, prior):
        words = BASE_SCORE + sum(points for _, points in candidate.by_feature)
        assert candidate.score == pytest.approx(words * math.prod(factor for _, factor in candidate.factors))


@SOME
@given(PRIORS)
def test_best_first(searcher: Searcher, prior: Prior) -> None:
    """Scores never rise down the list."""
    scores = [candidate.score for candidate in ranked(searcher, QUESTION, prior)]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("place", PLACES)
def test_the_named_place_comes_first(searcher: Searcher, place: str) -> None:
    """Who names a place reads that place's bulletin first."""
    first = ranked(searcher, QUESTION, Prior(place=place))[0]
    assert searcher.library.bulletins[first.passage.bulletin].place == place


@pytest.mark.parametrize("topic", ["penalty", "lost_id", "safekeeping", "report", "targets", "official_app"])
def test_the_believed_topic_is_lifted(searcher: Searcher, topic: str) -> None:
    """A topic the classifier is sure of gives its passages more than they have without it."""
    before = {each.passage.id: each.score for each in ranked(searcher, QUESTION, Prior())}
    after = {each.passage.id: each.score for each in ranked(searcher, QUESTION, Prior({topic: 1.0}))}
    on_topic = [passage.id for passage in searcher.index.passages if topic in passage.topics]
    assert on_topic
    assert all(after[name] > before[name] for name in on_topic)


@pytest.mark.parametrize("kind", ["case", "figures"])
def test_a_kind_that_is_asked_for_is_lifted(searcher: Searcher, kind: str) -> None:
    """Cases and figures step forward when the question asks for them."""
    before = {each.passage.id: each.score for each in ranked(searcher, QUESTION, Prior())}
    after = {each.passage.id: each.score for each in ranked(searcher, QUESTION, Prior({kind: 1.0}))}
    of_kind = [passage.id for passage in searcher.index.passages if passage.kind == kind]
    assert all(after[name] > before[name] for name in of_kind)


def test_order_is_stable(searcher: Searcher) -> None:
    """The same question gives the same order, and what scores the same keeps the order of the bulletins."""
    once, twice = (ranked(searcher, QUESTION, Prior({"penalty": 0.4}, "南宁")) for _ in range(2))
    assert once == twice
    same = replace(searcher.index, passages=tuple(replace(each, topics=()) for each in searcher.index.passages))
    ties = [
        each.passage.id for each in ranked(replace(searcher, index=same), "", Prior()) if each.passage.kind == "case"
    ]
    assert ties == [passage.id for passage in same.passages if passage.kind == "case"]


@SOME
@given(PRIORS)
def test_a_probability_is_one(searcher: Searcher, prior: Prior) -> None:
    """However the classifier spreads its belief, that in one passage's topics stays between 0 and 1."""
    assert all(0 <= topic_probability(passage, prior.topics) <= 1 for passage in searcher.index.passages)


def test_texts_that_say_the_same() -> None:
    """A reprint with a word changed says the same; another rule does not; an empty text says nothing."""
    text = "绝对不能出租、出售、出借或者购买银行卡或支付账户，否则5年内暂停银行账户非柜面业务。"
    assert say_the_same(text, text)
    assert say_the_same(text, text.replace("绝对", "千万"))
    assert say_the_same(text, f"特别提醒：{text}")
    assert not say_the_same(text, "请身份证有遗失经历的市民朋友，一定要抽空去查询自己的名下是否有不知情的电话卡。")
    assert not say_the_same("", "")


@given(st.text(), st.text())
def test_saying_the_same_has_no_direction(one: str, other: str) -> None:
    """If one says what the other says, so does the other."""
    assert say_the_same(one, other) == say_the_same(other, one)
