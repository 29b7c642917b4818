"""Pinyin typed without tones is read as what it says; anything else in Latin letters stays what it is."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.word_lists import read_word_lists
from bot.text.pinyin import Pinyin, learn_pinyin, sounds
from bot.text.words import Segmenter

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    """With the words we ship."""
    return read_word_lists(KNOWLEDGE).segmenter


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("shen fen zheng diu le zen me ban", "身份证丢了怎么办"),
        ("SHEN FEN ZHENG DIU LE ZEN ME BAN?", "身份证丢了怎么办?"),
        ("shenfenzhengdiulezenmeban", "身份证丢了怎么办"),
        ("shenfenzheng diule zenmeban", "身份证丢了怎么办"),
        ("yin hang ka jie gei peng you yong hui zen yang", "银行卡借给朋友用会怎样"),
        ("chu zu shou ji ka fan fa ma", "出租手机卡犯法吗"),
        ("wo bei pian le", "我被骗了"),
        ("wo ba yan zheng ma gao su pian zi le", "我把验证码告诉骗子了"),
        ("ka nong shi shen me yi si", "卡农是什么意思"),
        ("duan ka xing dong da ji na xie ren", "断卡行动打击哪些人"),
        ("nan ning zhua le duo shao ren", "南宁抓了多少人"),
        ("wei shen me", "为什么"),
        ("hai you ma", "还有吗"),
        ("ni hao", "你好"),
        ("wo bei pian le 5 wan", "我被骗了5万"),
        ("fan zha app yao zhuang ma", "反诈app要装吗"),
    ],
)
def test_pinyin_is_read(segmenter: Segmenter, typed: str, said: str) -> None:
    """Spaced or not, in capitals, with figures, with a foreign word that bulletins use."""
    assert segmenter.mend(typed) == said


@pytest.mark.parametrize(
    "text",
    ["hello", "hi", "can you help me", "banana", "china mobile", "men are here", "long time no see", "die", "no", "ok",
     "change me", "what is this", "an apple a day", "sim", "app", "test", "qwerty", "http://a.cn/b", "a@b.cn", ""],
)  # fmt: skip
def test_what_is_no_pinyin_stays(segmenter: Segmenter, text: str) -> None:
    """English, an address, noise, nothing."""
    assert segmenter.mend(text) == text


def test_a_message_with_a_chinese_character_is_left_alone(segmenter: Segmenter) -> None:
    """Whoever can type one can type the others."""
    assert segmenter.mend("我de ka") == "我de ka"


def test_what_a_bulletin_says_is_read() -> None:
    """Words that nobody asked with before are known from the bulletins; so are their foreign words."""
    pinyin = learn_pinyin(["魑魅骗局是假的", "安装APP", "魑魅骗局"])
    assert pinyin.read("chi mei pian ju") == "魑魅骗局"
    assert pinyin.read("an zhuang app") == "安装app"


def test_who_has_learned_nothing_reads_nothing() -> None:
    """It is left as it is."""
    assert Pinyin().read("wo bei pian le") == "wo bei pian le"


@pytest.mark.parametrize(
    ("character", "heard"), [("行", "xing hang"), ("女", "nv nu"), ("略", "lve lue"), ("还", "hai huan"), ("a", "")]
)
def test_the_sounds_of_a_character(character: str, heard: str) -> None:
    """Without tones, the usual one first; ü as it is typed."""
    assert set(heard.split()) <= set(sounds(character))
    assert next(iter(sounds(character)), "") == (heard.split() or [""])[0]


@given(st.text(alphabet="abcdeghiklmnopqrstuvwxyz' 0123456789", max_size=60))
def test_whatever_is_typed(segmenter: Segmenter, text: str) -> None:
    """It is read or left, and what was read is not read again."""
    said = segmenter.mend(text)
    assert segmenter.mend(said) == said


def test_the_longest_message_takes_a_moment(segmenter: Segmenter) -> None:
    """Three hundred characters of the syllable with the most characters are read well within a second."""
    segmenter.mend("ni hao")  # learns
    begun = time.process_time()
    segmenter.mend("shi " * 75)
    segmenter.mend("xi" * 150)
    assert time.process_time() - begun < 1.0
