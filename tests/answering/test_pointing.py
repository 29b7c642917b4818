"""The point of a quote: word for word, short, able to stand alone, and the words that answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.answering.pointing import MOST, Pointer
from bot.text.squeezing import squeeze

LEANING = ("否则", "并", "其中", "这些", "该", "但", "因此")
QUESTIONS = ["卖银行卡会坐牢吗", "身份证丢了要查什么", "抓了多少人", "什么是卡农", "为什么要断卡", "火锅怎么做", ""]


@pytest.fixture(scope="module")
def pointer(answerer: Answerer) -> Pointer:
    return Pointer(answerer.searcher.index.segmenter)


def point(answerer: Answerer, pointer: Pointer, question: str, *sentences: str) -> str:
    return pointer.point(sentences, answerer.searcher.query(question))


def assert_form(found: str, text: str) -> None:
    """What is true of every point."""
    words = found.strip("…")
    assert words
    assert squeeze(words) in squeeze(text)
    assert len(words) <= MOST
    assert not words.startswith(LEANING)
    assert "\n" not in found


@pytest.mark.parametrize("question", QUESTIONS)
def test_of_every_passage_there_is_a_point(answerer: Answerer, pointer: Pointer, question: str) -> None:
    """Whatever was asked and whatever it says: word for word, at most MOST characters, leaning on nothing before it."""
    for passage in answerer.searcher.index.passages:
        assert_form(point(answerer, pointer, question, *passage.sentences), passage.text)


PIECES = [
    "银行卡",
    "不得出租",
    "否则",
    "并处罚款",
    "其中",
    "，",
    "，",
    "。",
    "；",
    "：",
    "“",
    "”",
    "（",
    "）",
    "\n",
    "1 ",
    "一、",
    "5年",
    "断" * 90,
]
SENTENCES = st.lists(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join).filter(squeeze), min_size=1, max_size=5
)


@settings(deadline=None)
@given(SENTENCES, st.sampled_from(QUESTIONS))
def test_of_any_sentences_there_is_a_point(
    answerer: Answerer, pointer: Pointer, sentences: list[str], question: str
) -> None:
    """Brackets that never close, lines without an end, clauses longer than a point: no error, and no word more."""
    found = point(answerer, pointer, question, *sentences)
    assert squeeze(found.strip("…")) in squeeze("".join(sentences))
    assert len(found.strip("…")) <= MOST


FILLER = "全市公安机关组织精干警力，梳理研判线索，广泛摸排走访，深入调查取证，持续保持严打高压态势，取得明显成效。"


@pytest.mark.parametrize(
    ("question", "answering"),
    [
        ("出借电话卡违法吗", "出借电话卡是违法行为。"),
        ("电话卡能不能借给同学", "电话卡不得出借给他人使用。"),
        ("抓了多少人", "行动共抓获犯罪嫌疑人405名。"),
        ("查了几张卡", "现场查获银行卡126张。"),
        ("多久不能开新账户", "5年内不得新开账户。"),
        ("出了事打什么电话", "请立即拨打96110。"),
        ("什么是卡农", "卖自己银行卡的人俗称“卡农”。"),
        ("为什么要打击卖卡", "因为卖出的卡会被骗子用来转移赃款。"),
    ],
)
def test_the_sentence_that_answers_is_the_point(
    answerer: Answerer, pointer: Pointer, question: str, answering: str
) -> None:
    """Wherever among others it stands: 违法 for whether, the figure for how many, the term for how long."""
    for place in range(3):
        sentences = [FILLER, FILLER]
        sentences.insert(place, answering)
        assert answering in point(answerer, pointer, question, *sentences)


def test_a_long_sentence_gives_the_clauses_that_answer(answerer: Answerer, pointer: Pointer) -> None:
    """Its cut ends are marked, and the mark of a clause does not stand before the mark of a cut."""
    long = f"{FILLER[:-1]}，出借电话卡的五年内不得办理手机卡入网业务，{FILLER}"
    found = point(answerer, pointer, "出借电话卡几年不能办卡", long)
    assert "出借电话卡的五年内不得办理手机卡入网业务" in found
    assert re.fullmatch(r"….*[^，…]…", found)


def test_whole_sentences_have_no_marks(answerer: Answerer, pointer: Pointer) -> None:
    """「…」 stands only where a sentence goes on; the number before an item of a list is none of its words."""
    assert point(answerer, pointer, "怎么举报", "1. 请拨打96110举报。\n") == "请拨打96110举报。"
    assert "…" not in point(answerer, pointer, "怎么举报", "发现有人收卡。", "请拨打96110举报。")


@pytest.mark.parametrize("lean", ["否则", "其中，", "这些人员", "并"])
def test_what_leans_on_the_sentence_before_does_not_begin_a_point(
    answerer: Answerer, pointer: Pointer, lean: str
) -> None:
    """The sentence before is taken along, or the word by which it leans is left out and the cut marked."""
    found = point(answerer, pointer, "会被罚几年不能开户", "南宁公布惩戒名单。", f"{lean}五年内不得新开账户。")
    assert not found.startswith(lean)
    assert "五年内不得新开账户" in found


def test_a_question_is_no_answer(answerer: Answerer, pointer: Pointer) -> None:
    """What a bulletin asks its readers, and the head of a list, say nothing by themselves."""
    asked = "“出租银行卡足不出户就能赚钱，干不干？”"
    told = "如果有人这样说，请立即打住，这很可能涉嫌犯罪。"
    assert told in point(answerer, pointer, "出租银行卡足不出户就能赚钱靠谱吗", asked, told, FILLER)


def test_a_reader_of_meanings_is_heard(answerer: Answerer) -> None:
    """Where no word is shared, the sentence that it finds nearest is the point; it is asked once."""
    asked: list[str] = []

    def scorer(question: str, sentences: Sequence[str]) -> Sequence[float]:
        asked.append(question)
        return [0.9 if "磁条" in sentence else 0.8 for sentence in sentences]

    read = Pointer(answerer.searcher.index.segmenter, scorer)
    sentences = (FILLER, "剪断磁条后丢弃即可。", FILLER)
    assert point(answerer, read, "旧的怎么处理", *sentences) == "剪断磁条后丢弃即可。"
    assert len(asked) == 1
