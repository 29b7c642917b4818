"""The kind of answer a question asks for, and whether a passage gives it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.answer_type import WHOM_TO_TELL, asked_types, gives

# name of the type, a question for it, a text that gives it, a text that does not
CASES = [
    ("多少人", "一共抓了多少人", "共抓获犯罪嫌疑人405名。", "缴获银行卡126张。"),
    ("多少钱", "卖一张卡赚了多少钱", "从中获利2400元。", "现已被刑事拘留。"),
    ("多少", "搜出来多少张电话卡", "缴获手机卡384张。", "请及时举报。"),
    ("几年", "几年不能办新卡", "5年内不得新开账户。", "请妥善保管身份证。"),
    ("几张", "名下还能留几张电话卡", "只保留1张电话卡。", "请及时举报。"),
    ("电话", "举报打什么电话", "请及时拨打110或96110。", "请妥善保管身份证。"),
    ("为什么", "为什么要打击卖卡", "这是电信网络诈骗高发的重要根源。", "缴获手机卡384张。"),
    ("哪年哪月", "什么时候开始的", "10月10日，公安部部署“断卡”行动。", "请妥善保管身份证。"),
    ("后来怎样", "那些人后来怎么判的", "6人均被刑事拘留。", "请妥善保管身份证。"),
]


@pytest.mark.parametrize(("name", "question", "given_by", "not_given_by"), CASES)
def test_a_question_asks_for_its_type(name: str, question: str, given_by: str, not_given_by: str) -> None:
    """The type is recognised, a passage that has such an answer gives it, one that has not does not."""
    wanted = [kind for kind in asked_types(question) if kind.name == name]
    assert len(wanted) == 1
    assert gives(given_by, wanted) == 1
    assert gives(not_given_by, wanted) == 0


def test_who_asks_whom_to_tell_counts_nobody() -> None:
    """A number in what was seen is no question for a number."""
    assert {kind.name for kind in asked_types("来了几个人收卡该给谁说")} == {"向谁举报"}


@pytest.mark.parametrize("question", ["怎么检举卖卡的", "哪里可以告发收卡的人", "如何揭发他们"])
def test_whom_to_tell_is_asked_in_many_verbs(question: str) -> None:
    """Only that is asked, not where something is."""
    assert {kind.name for kind in asked_types(question)} == {WHOM_TO_TELL}


@pytest.mark.parametrize("question", ["卡农是什么意思", "卡农指的是哪些人", "什么是卡农", "啥叫卡农啊"])
def test_a_definition_is_of_its_own_term(question: str) -> None:
    """Who asks what 卡农 is wants the sentence that names 卡农, not the one that names 卡头."""
    types = asked_types(question)
    assert gives("开办银行卡、电话卡的人员（即“卡农”）。", types) == 1
    assert gives("这些人又称“卡头”。", types) == 0


@given(st.text(), st.text())
def test_any_text_can_be_asked_and_answered(question: str, text: str) -> None:
    """Whatever stands there, no pattern fails on it."""
    types = asked_types(question)
    assert 0 <= gives(text, types) <= len(types)
