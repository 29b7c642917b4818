"""Text cut into terms: words, and character bigrams beside them."""

from __future__ import annotations

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text.words import BIGRAM_MARK, Segmenter, searchable, stop_words_in


def test_the_lexicons_words_are_words(segmenter: Segmenter) -> None:
    """What the lexicon lists is not cut apart."""
    assert {"断卡", "卡农"} <= set(segmenter.words("“断卡”要查“卡农”"))
    assert "对公账户" in segmenter.words("买卖对公账户")


def test_our_words_stay_ours() -> None:
    """A word of a lexicon is known to its own instance and to no other, least of all the process-wide jieba."""
    own = Segmenter(("魑魅卡 3000 n\n".encode(),))
    assert own.words("魑魅卡") == ("魑魅卡",)
    assert "魑魅卡" not in jieba.lcut("魑魅卡")
    assert not jieba.dt.FREQ.get("魑魅卡")


def test_stop_words_and_punctuation_say_nothing() -> None:
    """They are no words of a text; the file has one a line, and comments."""
    assert stop_words_in("# 没有内容的词\n的\n\n 了 \n") == {"的", "了"}


def test_terms_have_no_stop_words(segmenter: Segmenter) -> None:
    """Neither the words nor the terms hold one."""
    text = "我的银行卡，被他卖了吗？"
    assert segmenter.stop_words
    assert not segmenter.stop_words & {*segmenter.words(text), *segmenter.terms(text)}


def test_bigrams_stand_beside_the_words(segmenter: Segmenter) -> None:
    """Each pair of neighbours is a term too, marked so that it never meets a word."""
    terms = segmenter.terms("帮信罪")
    assert {BIGRAM_MARK + "帮信", BIGRAM_MARK + "信罪"} <= set(terms)
    assert "帮信罪" in terms


def test_bigrams_do_not_cross_punctuation(segmenter: Segmenter) -> None:
    """The end of one clause and the start of the next are no neighbours."""
    assert segmenter.bigrams("卖卡，坐牢abc判刑") == tuple(BIGRAM_MARK + pair for pair in ("卖卡", "坐牢", "判刑"))


@pytest.mark.parametrize(
    ("text", "form"), [("“断卡”", "断卡"), ("《通知》", "通知"), ("APP", "app"), ("賣 卡", "卖卡")]
)
def test_searchable_form(text: str, form: str) -> None:
    """Lower case, one spelling, no quotation marks."""
    assert searchable(text) == form


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_can_be_cut(segmenter: Segmenter, text: str) -> None:
    """Whatever is typed: words are part of the searchable text, and bigrams are marked."""
    clean = searchable(text)
    assert all(word in clean for word in segmenter.words(text))
    assert all(len(bigram.removeprefix(BIGRAM_MARK)) == 2 for bigram in segmenter.bigrams(clean))


def test_a_fingerprint_changes_with_the_words() -> None:
    """Another word list or another stop word is another way to cut; the same ones are the same."""
    words = ("帮信罪 1000\n".encode(),)
    first = Segmenter(words).fingerprint
    assert Segmenter(words).fingerprint == first
    assert Segmenter(words, frozenset({"的"})).fingerprint != first
    assert Segmenter(("断卡 1000\n".encode(),)).fingerprint != first
