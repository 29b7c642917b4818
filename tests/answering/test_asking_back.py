"""Asking back: once, when a question leaves out the one thing that decides."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from test_answerer import LOST, TODAY

from bot.answering.answerer import Answerer
from bot.answering.asking_back import choices_for, chosen_reading
from bot.answering.records import Answer, Memory, Understanding
from bot.answering.rendering import render_text
from bot.knowledge.messages import read_message
from bot.reading.records import Topic
from bot.retrieval.synonyms import Synonyms
from bot.text.words import Segmenter

PENALTY = Understanding("penalty", 0.9, {"penalty": 0.9})
CASES = ("卖银行卡", "卖电话卡", "把卡借给别人用")
ASKED_BACK = Memory(pending="会不会影响小孩以后考学", choices=CASES)


def said(answerer: Answerer, text: str, memory: Memory, understood: Understanding = PENALTY) -> tuple[Answer, Memory]:
    answer, memory = answerer.reply(read_message(text), understood, memory, TODAY)
    return answer, Memory.from_dict(json.loads(json.dumps(memory.as_dict())))


@pytest.mark.parametrize("text", ["会不会影响小孩以后考学", "会坐牢吗", "要停几年"])
def test_what_is_asked_of_nothing_is_asked_back(answerer: Answerer, text: str) -> None:
    """With what may be meant for buttons, and none of it quoted."""
    answer, memory = said(answerer, text, Memory())
    assert (answer.outcome, answer.suggestions, answer.quotes) == ("ask", CASES, ())
    assert all(case in render_text(answer) for case in CASES)
    assert (memory.pending, memory.choices, memory.question) == (text, CASES, None)


@pytest.mark.parametrize("text", ["怎么办", "那我该怎么办"])
def test_what_may_be_of_anything_is_asked_back_of_each(answerer: Answerer, text: str) -> None:
    """Where no topic is likely, one case of each; what is chosen is then asked."""
    answer, memory = said(answerer, text, Memory(), LOST)
    assert (answer.outcome, answer.suggestions) == ("ask", ("卖银行卡", "身份证丢了", "有人要租我的卡"))
    assert said(answerer, "身份证丢了", memory, Understanding("lost_id", 0.9, {"lost_id": 0.9}))[0].outcome in (
        "answer",
        "near",
    )


def test_a_whole_question_is_answered(answerer: Answerer) -> None:
    """Nobody is asked what they have said."""
    assert said(answerer, "卖银行卡会坐牢吗", Memory())[0].outcome == "answer"


def test_after_a_question_nothing_is_lacking(answerer: Answerer) -> None:
    """What it is about was said before."""
    _, memory = said(answerer, "卖银行卡会怎么样", Memory())
    assert said(answerer, "会坐牢吗", memory)[0].outcome == "answer"


@pytest.mark.parametrize("text", ["卖银行卡", "银行卡", "1", "第一个", "选一"])
def test_the_next_message_is_the_choice(synonyms: Synonyms, segmenter: Segmenter, text: str) -> None:
    """By its words or by its place."""
    turn = chosen_reading(text, ASKED_BACK, synonyms, segmenter)
    assert turn is not None
    assert turn.question == "卖银行卡 会不会影响小孩以后考学"


def test_an_offer_is_no_choice(answerer: Answerer) -> None:
    """「卖银行卡」 is one when it was offered; whoever asks a price is refused all the same."""
    assert said(answerer, CASES[0], ASKED_BACK)[0].outcome != "refuse"
    assert said(answerer, "我要卖银行卡，多少钱一张收", ASKED_BACK)[0].outcome == "refuse"


def test_what_was_not_offered_may_be_chosen(synonyms: Synonyms, segmenter: Segmenter) -> None:
    """Who says it in words of their own is understood."""
    turn = chosen_reading("帮人跑分呢", ASKED_BACK, synonyms, segmenter)
    assert turn is not None
    assert turn.question == "帮人跑分 会不会影响小孩以后考学"


@pytest.mark.parametrize("text", ["身份证丢了怎么办", "谢谢你", "还有别的吗", "会罚多少钱"])
def test_another_message_is_no_choice(synonyms: Synonyms, segmenter: Segmenter, text: str) -> None:
    """A question of its own, or talk, is what it is."""
    assert chosen_reading(text, ASKED_BACK, synonyms, segmenter) is None


def test_the_choice_is_answered(answerer: Answerer) -> None:
    """The whole way: asked, asked back, chosen, answered with what the choice decides."""
    _, memory = said(answerer, "会影响孩子以后就业吗", Memory())
    answer, memory = said(answerer, CASES[0], memory)
    assert answer.outcome == "answer"
    assert "影响到子女" in answer.quotes[0].text
    assert (memory.pending, memory.choices) == (None, ())


def test_nobody_is_asked_back_twice(answerer: Answerer) -> None:
    """Whatever the next message is."""
    _, memory = said(answerer, "会坐牢吗", Memory())
    for text in ("会判刑吗", "随便", "不知道", "都不是", "？"):
        assert said(answerer, text, memory)[0].outcome != "ask"


def test_a_topic_without_cases_asks_nothing() -> None:
    """And an unlikely one offers none of its own; the likeliest comes first."""
    one, other = Topic("a", "甲", (), (), ("甲一", "甲二")), Topic("b", "乙", (), (), ("乙一", "乙二"))
    assert choices_for({"a": 0.3, "b": 0.6}, (one, other), says_nothing=True) == ("乙一", "乙二", "甲一")
    assert choices_for({"a": 0.1, "b": 0.6}, (one, other), says_nothing=True) == ("乙一", "乙二")
    assert choices_for({"a": 0.9}, (replace(one, cases=()), other), says_nothing=True) == ()
    assert choices_for({"a": 0.1}, (one, other), says_nothing=True) == ("甲一", "乙一")
    assert choices_for({"a": 0.1}, (one, other), says_nothing=False) == ()
