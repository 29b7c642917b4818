"""Choosing what to quote: whole sentences, next to each other, and the ones that answer."""

from __future__ import annotations

import pytest

from bot.answering.answerer import Answerer
from bot.answering.quoting import Excerpt
from bot.reading.records import Passage

QUESTIONS = ["卖银行卡会坐牢吗", "身份证丢了要查什么", "抓了多少人", "什么是卡农", "火锅怎么做", ""]


@pytest.fixture(scope="module")
def excerpt(answerer: Answerer) -> Excerpt:
    return Excerpt(answerer.searcher.index.segmenter, answerer.searcher.index.synonyms)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_quote_is_whole_sentences_in_a_row(answerer: Answerer, excerpt: Excerpt, question: str) -> None:
    """Of every passage, whatever was asked: a run of its sentences, none cut, none left out between."""
    query = answerer.searcher.query(question)
    for passage in answerer.searcher.index.passages:
        quote = "".join(excerpt.excerpt(passage, query, ()))
        runs = [
            "".join(passage.sentences[first:last]).strip()
            for first in range(len(passage.sentences))
            for last in range(first + 1, len(passage.sentences) + 1)
        ]
        assert quote.strip()
        assert quote.strip() in runs


def passage_of(*sentences: str) -> Passage:
    return Passage("one#p01", "one", "", "".join(sentences), sentences, "advice", (), (1, 1), "")


FILLER = "全市公安机关组织精干警力，梳理研判线索，广泛摸排走访，深入调查取证，持续保持严打高压态势。"
RULE = "出借电话卡会坐牢。"


def test_a_short_passage_is_quoted_whole(answerer: Answerer, excerpt: Excerpt) -> None:
    """Nothing is left out of what is short anyway."""
    passage = passage_of(RULE, "请及时举报。")
    assert excerpt.excerpt(passage, answerer.searcher.query("举报"), ()) == passage.sentences


def test_of_a_long_passage_the_answer_is_quoted(answerer: Answerer, excerpt: Excerpt) -> None:
    """Wherever in it the answering sentence stands."""
    for place in range(9):
        sentences = [FILLER] * 9
        sentences[place] = RULE
        quote = excerpt.excerpt(passage_of(*sentences), answerer.searcher.query("出借电话卡会坐牢吗"), ())
        assert RULE in quote
        assert len(quote) < len(sentences)


def test_a_list_is_quoted_whole(answerer: Answerer, excerpt: Excerpt) -> None:
    """With the sentence that introduces it and every item, whatever its length."""
    passage = passage_of("并面临以下惩戒：\n", f"1 {FILLER * 3}\n", f"2 {FILLER * 3}\n", f"3 {RULE}")
    assert excerpt.excerpt(passage, answerer.searcher.query("出借电话卡会坐牢吗"), ()) == passage.sentences
