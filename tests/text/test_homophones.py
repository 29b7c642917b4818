"""Words typed by sound are put right; everything else is left as it is."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.retrieval.search import Searcher
from bot.text.homophones import Homophones, learn_homophones
from bot.text.words import Segmenter, searchable

LEXICON = Path(__file__).parents[2] / "knowledge" / "lexicon"
WORDS = ("电话卡", "身份证", "银行卡", "举报", "SIM卡", "卡")

# Everyday sentences, with words that sound like ours in them (正 in 身正, 抱 in 抱着, 户 and 护 …).
ORDINARY = [
    "我妈抱着孩子去银行取钱",
    "身正不怕影子斜",
    "今天下午公园里有人下棋",
    "这件事情说来话长",
    "我在派出所门口等你",
    "老人家不会用手机",
    "他喝着咖啡打电话",
    "孩子的学费还没有交",
    "请问办理居住证需要什么材料",
    "昨晚的球赛真精彩",
    "邻居家的狗一直在叫",
    "我想给奶奶买一部新手机",
    "明天一早坐火车去南宁",
    "医院的挂号费是多少",
    "外卖送错了地方",
    "房东说下个月要涨租金",
    "小区保安不让快递进来",
    "他在公司当会计",
    "微信群里都在转这条消息",
    "考试成绩什么时候公布",
    "有个说是检察院的要我转钱",
    "诈骗了别人能要回钱吗",
]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("电话咔", "电话卡"),
        ("身份正", "身份证"),
        ("身份正丢了怎么办", "身份证丢了怎么办"),
        ("卖电话咔会坐牢吗", "卖电话卡会坐牢吗"),
        ("去哪里举抱", "去哪里举报"),
        ("银杭卡借给别人", "银行卡借给别人"),
    ],
)
def test_a_word_typed_by_sound_is_mended(segmenter: Segmenter, typed: str, meant: str) -> None:
    """A run that is no word and sounds like one of ours becomes that word, wherever it stands."""
    assert segmenter.mend(typed) == meant


@pytest.mark.parametrize("sentence", ORDINARY)
def test_ordinary_sentences_are_left_alone(segmenter: Segmenter, sentence: str) -> None:
    """What makes sense as it stands is not touched, though parts of it sound like words of ours."""
    assert segmenter.mend(sentence) == sentence


def test_the_bulletins_own_sentences_are_left_alone(searcher: Searcher) -> None:
    """Nothing that a bulletin says is taken for a slip."""
    sentences = [searchable(sentence) for passage in searcher.index.passages for sentence in passage.sentences]
    assert sentences
    assert [each for each in sentences if searcher.index.segmenter.mend(each) != each] == []


def test_real_words_are_left_alone(segmenter: Segmenter, searcher: Searcher) -> None:
    """The lexicon's own words and the phrases of synonyms.yml are never changed into one another."""
    ours = [line.split()[0] for path in LEXICON.glob("*.txt") for line in path.read_text("utf-8").splitlines() if line]
    words = [searchable(word) for word in (*ours, *searcher.index.synonyms.expansions)]
    assert [word for word in words if segmenter.mend(word) != word] == []


def test_what_was_cut_as_a_word_stays(segmenter: Segmenter) -> None:
    """Only what is no word is mended: 举|抱 is, the same characters as one word are not."""
    homophones = learn_homophones(WORDS)
    assert homophones.mend("举抱", list) == "举报"
    assert homophones.mend("举抱", lambda run: [run]) == "举抱"
    assert segmenter.known("银行卡")
    assert not segmenter.known("银杭卡")


def test_too_different_a_word_stays() -> None:
    """The same sound alone is not enough: half the characters must be there."""
    assert learn_homophones(["举报"]).mend("巨豹", list) == "巨豹"


def test_a_common_word_stays() -> None:
    """的, 在 and their like are never a slip."""
    assert learn_homophones(["举报"]).mend("举抱", list, {"抱"}) == "举抱"


@settings(deadline=None)
@given(st.text(st.sampled_from("电话咔卡身份正证举抱报SIM1，。 ab")))
def test_length_and_everything_else_are_kept(text: str) -> None:
    """Only characters change, one for one; what is not Chinese never does."""
    mended = learn_homophones(WORDS).mend(text, list)
    assert len(mended) == len(text)
    assert all(new == old or "\u4e00" <= old <= "\u9fff" for old, new in zip(text, mended, strict=True))


@settings(deadline=None)
@given(st.text())
def test_without_words_nothing_is_mended(text: str) -> None:
    """An empty lexicon leaves every text as it is."""
    assert Homophones().mend(text, list) == text


@pytest.mark.parametrize("piece", ["卖银行卡", "我要举抱", "一二三四"])
def test_a_long_question_is_read_at_once(segmenter: Segmenter, piece: str) -> None:
    """Two thousand characters without a full stop take no longer than anybody would wait."""
    start = process_time()
    segmenter.mend(piece * 500)
    assert process_time() - start < 10  # a busy machine counts a few times too much
