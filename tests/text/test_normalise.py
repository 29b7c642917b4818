"""One spelling for everything people type."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.text.normalise import normalise, without_opening

ANYTHING = st.text(st.characters(exclude_categories=()))
AWKWARD = st.text(
    st.sampled_from("卖賣銀行乾坤髮发 \t\n\u200b\u200d\u0301\ufe0f\u3099かﾞe１Ａ，①\U0001f468\u00ad\x00\u1100\u1161")
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ＳＩＭ卡１张", "SIM卡1张"),
        ("賣銀行卡會怎樣", "卖银行卡会怎样"),
        ("身分證遺失了", "身份证遗失了"),
        ("银\u200b行\u200d卡\ufeff", "银行卡"),
        ("卖\u202e卡\u2066", "卖卡"),
        ("卖\x00卡\x1b\x7f", "卖卡"),
        ("卖 卡 会 坐 牢 吗", "卖卡会坐牢吗"),
        ("  卖卡\n\n\t会怎样  ", "卖卡会怎样"),
        ("下载 APP 要 不要", "下载 APP 要不要"),
        ("①张卡", "1张卡"),
        ("", ""),
        (" \u3000\u200b", ""),
    ],
)
def test_one_spelling(typed: str, meant: str) -> None:
    """Widths, scripts, hidden characters and stray white space make no difference."""
    assert normalise(typed) == meant


def test_case_is_kept() -> None:
    """Lower case is the search's business, not this module's."""
    assert normalise("GoIP 和 App") == "GoIP 和 App"


@settings(deadline=None)
@given(ANYTHING | AWKWARD)
@example("e\u200b\u0301")
@example("か\u200b\u3099")
@example("\u1100\u200b\u1161")
def test_twice_is_once(text: str) -> None:
    """A normalised text stays as it is, whatever was typed."""
    once = normalise(text)
    assert normalise(once) == once


@settings(deadline=None)
@given(ANYTHING | AWKWARD)
def test_nothing_invisible_is_left(text: str) -> None:
    """No control, no format character, no lone surrogate, and never two blanks in a row or one at an end."""
    clean = normalise(text)
    assert not [character for character in clean if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co")]
    assert "  " not in clean
    assert clean == clean.strip()


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("您好,请问一下卖卡会怎样", "卖卡会怎样"),
        ("警官好,我想举报", "我想举报"),
        ("在吗卡被冻了", "卡被冻了"),
        ("我想咨询一下对公账户能借吗", "对公账户能借吗"),
        ("你好", "你好"),
        ("你好呀", "你好呀"),
        ("请问一下", "请问一下"),
        ("你好你是谁", "你好你是谁"),
        ("请问你是谁", "请问你是谁"),
        ("请问你是谁呀", "你是谁呀"),
    ],
)
def test_a_greeting_before_a_question_says_nothing(message: str, question: str) -> None:
    """It is taken off where enough follows to be a question, and stays where it is all there is."""
    assert without_opening(message) == question


@settings(deadline=None)
@given(ANYTHING | AWKWARD)
def test_what_opens_a_message_goes_once_and_for_all(text: str) -> None:
    """What is left opens with no greeting, and is the end of what was there."""
    rest = without_opening(text)
    assert text.endswith(rest)
    assert without_opening(rest) == rest
