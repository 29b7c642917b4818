"""From a question to what it is searched by."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.retrieval.index import PHRASE_MARK
from bot.retrieval.query import Query, build_query, general_idf, importance
from bot.retrieval.search import Searcher

# When a property fails, Hypothesis prints its arguments, the whole library with them: let it.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")


def query(searcher: Searcher, question: str) -> Query:
    return build_query(question, searcher.index.segmenter, searcher.index.synonyms)


def test_an_expansion_weighs_less_than_the_word(searcher: Searcher) -> None:
    """The asker's own word comes first and weighs most; what may stand in its place weighs less, and is there."""
    features = {feature.label: feature for feature in query(searcher, "卖掉电话卡").features}
    (own, weight), *others = features["卖掉"].variants
    assert own == PHRASE_MARK + "卖掉"
    assert PHRASE_MARK + "出售" in dict(others)
    assert all(0 < other < weight for _, other in others)


def test_bigrams_help_but_are_not_what_is_asked(searcher: Searcher) -> None:
    """A bigram weighs less than a word and has no importance of its own: it never decides whether evidence suffices."""
    features = query(searcher, "帮信罪会判几年").features
    bigrams = [feature for feature in features if feature.variants[0][0].startswith("·")]
    words = [feature for feature in features if not feature.variants[0][0].startswith("·")]
    assert bigrams
    assert {feature.importance for feature in bigrams} == {0.0}
    assert max(feature.variants[0][1] for feature in bigrams) < min(feature.variants[0][1] for feature in words)


def test_the_bulletins_places_are_set_apart(searcher: Searcher) -> None:
    """南宁 only ranks; a district is told with its city and stays a word to search for."""
    in_town = query(searcher, "南宁卖卡会怎样")
    assert in_town.places == ("南宁",)
    assert "南宁" not in [feature.label for feature in in_town.features]
    in_district = query(searcher, "青秀区卖卡会怎样")
    assert in_district.places == ("南宁",)
    assert any("青秀" in feature.label for feature in in_district.features)


@pytest.mark.parametrize("typed", ["賣電話卡會坐牢嗎", "卖电话咔会坐牢吗", "卖 电话卡 会坐牢吗", "卖电话卡会坐牢吗"])
def test_spelling_makes_no_difference(searcher: Searcher, typed: str) -> None:
    """Traditional characters, words typed by sound and stray blanks give the same query."""
    assert query(searcher, typed) == query(searcher, "卖电话卡会坐牢吗")


def test_objects_are_told(searcher: Searcher) -> None:
    """What is asked about is read from the question."""
    found = query(searcher, "卖SIM卡和对公账户的，13800202199")
    assert {"电话卡", "对公账户"} <= found.objects


@pytest.mark.parametrize("nothing", ["", "   ", "？！", "的了吗", "😀"])
def test_a_question_of_nothing_has_no_features_that_count(searcher: Searcher, nothing: str) -> None:
    """Punctuation and stop words ask for nothing."""
    assert sum(feature.importance for feature in query(searcher, nothing).features) == 0


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_query(searcher: Searcher, text: str) -> None:
    """Whatever is typed: each feature has its own term and finite, positive weights."""
    for feature in query(searcher, text).features:
        assert feature.variants
        assert all(math.isfinite(weight) and weight > 0 for _, weight in feature.variants)
        assert feature.importance >= 0


def test_the_name_of_a_place_is_no_bigram(searcher: Searcher) -> None:
    """It would count for passages that happen to repeat it."""
    labels = [feature.label for feature in query(searcher, "临沂有没有搞GOIP被抓的").features]
    assert not any("临" in label for label in labels)


def test_a_phrase_of_one_character_does_not_break_a_word(searcher: Searcher) -> None:
    """查 is no part of 快查快打; 卖 is one of 卖卡."""
    assert "快查快打" in [feature.label for feature in query(searcher, "快查快打抓了多少人").features]
    assert "卖" in [feature.label for feature in query(searcher, "卖卡会怎样").features]


def test_a_rare_word_says_more_than_a_common_one() -> None:
    """Importance follows the inverse document frequencies of general Chinese."""
    assert general_idf()["中国"] < general_idf()["遗失"]
    assert importance("中国") < importance("遗失")
