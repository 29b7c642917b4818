"""Which words of a question nothing here speaks of."""

from __future__ import annotations

import pytest

from bot.retrieval.search import Searcher
from bot.retrieval.unknown_words import unknown_words


@pytest.mark.parametrize("text", ["", "？", "那个呢", "电话卡呢", "银行卡的惩戒", "被人偷了的身份证", "卡农", "賣卡"])
def test_what_bulletins_speak_of_is_known(searcher: Searcher, text: str) -> None:
    """By its word in a passage, by a synonym of it, in any spelling; stop words are no words."""
    assert unknown_words(text, searcher.index) == ()


@pytest.mark.parametrize(("text", "words"), [("今天的天气呢", {"今天", "天气"}), ("银行卡和驾照", {"驾照"})])
def test_what_nothing_speaks_of_is_told(searcher: Searcher, text: str, words: set[str]) -> None:
    """Also beside what is known."""
    assert set(unknown_words(text, searcher.index)) == words
