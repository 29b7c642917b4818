"""Follow-ups: what a short message means after the last question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.followup import UnknownWords, resolve
from bot.answering.records import Memory
from bot.retrieval.synonyms import Synonyms

# When a property fails, Hypothesis prints its arguments, the whole library with them: let it.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
ASKED = Memory(question="卖银行卡会坐牢吗", last=("linyi-duanka#p17",), shown=("linyi-duanka#p17",))


@pytest.mark.parametrize(
    "text", ["还有吗", "还有没有", "还有别的吗？", "继续说", "更多", "再多说点", "還有嗎", "没了吗", "接着说吧"]
)
def test_more(synonyms: Synonyms, unknown_words: UnknownWords, text: str) -> None:
    """More of what was asked, and the question stays what it was."""
    turn = resolve(text, ASKED, synonyms, unknown_words)
    assert (turn.step, turn.question, turn.carried) == ("more", ASKED.question, True)


@pytest.mark.parametrize(
    "text",
    ["出处是哪", "出处？", "来源是哪里", "这是哪个通报说的", "有原文链接吗", "依据是什么", "谁说的", "你在哪看到的"],
)
def test_source(synonyms: Synonyms, unknown_words: UnknownWords, text: str) -> None:
    """Where that stands."""
    turn = resolve(text, ASKED, synonyms, unknown_words)
    assert (turn.step, turn.question, turn.carried) == ("source", ASKED.question, True)


@pytest.mark.parametrize(
    "text", ["为什么", "为什么呢？", "为啥", "凭什么", "这是为什么啊", "为什么要这么严", "什么原因"]
)
def test_why(synonyms: Synonyms, unknown_words: UnknownWords, text: str) -> None:
    """The reason for it."""
    turn = resolve(text, ASKED, synonyms, unknown_words)
    assert (turn.step, turn.question, turn.carried) == ("why", ASKED.question, True)


@pytest.mark.parametrize("text", ["那电话卡呢", "电话卡呢？", "换成电话卡呢", "那要是电话卡呢", "电话卡也一样吗"])
def test_another_object(synonyms: Synonyms, unknown_words: UnknownWords, text: str) -> None:
    """The new thing takes the old one's place in the question."""
    turn = resolve(text, ASKED, synonyms, unknown_words)
    assert (turn.step, turn.carried) == ("question", True)
    assert "电话卡" in turn.question
    assert "坐牢" in turn.question
    assert "银行卡" not in turn.question


@pytest.mark.parametrize("text", ["那出租呢", "借给朋友呢"])
def test_another_deed(synonyms: Synonyms, unknown_words: UnknownWords, text: str) -> None:
    """What is no object is asked about beside what was asked before."""
    turn = resolve(text, ASKED, synonyms, unknown_words)
    assert turn.carried
    assert "银行卡" in turn.question


@pytest.mark.parametrize("text", ["南宁呢", "那南宁呢？", "我在南宁", "南宁那边呢", "换成南宁呢", "南寧呢", "青秀区呢"])
def test_another_place(synonyms: Synonyms, unknown_words: UnknownWords, text: str) -> None:
    """The same question, for that place."""
    turn = resolve(text, ASKED, synonyms, unknown_words)
    assert (turn.step, turn.place, turn.carried) == ("question", "南宁", True)
    assert "卖银行卡会坐牢吗" in turn.question


def test_the_new_place_replaces_the_old(synonyms: Synonyms, unknown_words: UnknownWords) -> None:
    """Who moves on to another town is not asking about the first any more."""
    turn = resolve("清远呢", Memory(question="临沂卖银行卡会坐牢吗", place="临沂"), synonyms, unknown_words)
    assert turn.place == "清远"
    assert "临沂" not in turn.question


def test_a_place_is_remembered(synonyms: Synonyms, unknown_words: UnknownWords) -> None:
    """Named once, it holds until another is named."""
    remembered = Memory(place="临沂")
    assert resolve("卖卡会怎样", remembered, synonyms, unknown_words).place == "临沂"
    assert resolve("南宁卖卡会怎样", remembered, synonyms, unknown_words).place == "南宁"
    assert resolve("卖卡会怎样", Memory(), synonyms, unknown_words).place is None


@pytest.mark.parametrize("text", ["我是临沂的", "临沂", "我在临沂这边", "临沂人"])
def test_only_a_place_before_any_question(synonyms: Synonyms, unknown_words: UnknownWords, text: str) -> None:
    """It is taken note of."""
    turn = resolve(text, Memory(), synonyms, unknown_words)
    assert (turn.step, turn.place) == ("place", "临沂")


@pytest.mark.parametrize("text", ["还有吗", "为什么", "那电话卡呢"])
def test_without_a_question_there_is_nothing_to_follow(
    synonyms: Synonyms, unknown_words: UnknownWords, text: str
) -> None:
    """The message stands on its own."""
    turn = resolve(text, Memory(), synonyms, unknown_words)
    assert not turn.carried
    assert turn.question == text


@pytest.mark.parametrize(
    "text",
    [
        "身份证丢了以后我应该去查一查哪些东西",
        "国家反诈中心APP要不要装",
        "去哪里举报收卡的人",
        "为什么卖电话卡会被惩戒五年这么久",
        "通报里有没有写哪里可以查名下的电话卡",
    ],
)
def test_a_whole_question_stands_on_its_own(synonyms: Synonyms, unknown_words: UnknownWords, text: str) -> None:
    """A new subject is not mixed with the old one."""
    turn = resolve(text, ASKED, synonyms, unknown_words)
    assert (turn.step, turn.carried) == ("question", False)
    assert "坐牢" not in turn.question


def test_a_short_question_is_about_the_last_object(synonyms: Synonyms, unknown_words: UnknownWords) -> None:
    """「会影响征信吗」 after a question about bank cards asks it of bank cards."""
    turn = resolve("会影响征信吗", ASKED, synonyms, unknown_words)
    assert "征信" in turn.question
    assert "银行卡" in turn.question
    assert "坐牢" not in turn.question


@pytest.mark.parametrize(
    "text",
    [
        "今天天气怎么样",
        "南宁的天气怎么样",
        "国足踢得怎么样",
        "那天气呢",
        "那酒驾呢",
        "还有驾照呢",
        "换成电动车呢",
        "房价会怎样",
        "酒驾会坐牢吗",
        "旧衣服怎么处理",
        "什么是爱情",
    ],
)
def test_another_subject_is_no_follow_up(synonyms: Synonyms, unknown_words: UnknownWords, text: str) -> None:
    """What no bulletin speaks of is asked on its own, in whatever form it comes."""
    turn = resolve(text, ASKED, synonyms, unknown_words)
    assert (turn.step, turn.question, turn.carried, turn.leans) == ("question", text, False, False)


@pytest.mark.parametrize("text", ["今天天气怎么样", "那酒驾呢", "还有驾照呢"])
def test_the_form_of_a_follow_up_about_something_else_strays(
    synonyms: Synonyms, unknown_words: UnknownWords, text: str
) -> None:
    """It is no request for more of the same either, whatever the classifier thinks."""
    assert resolve(text, ASKED, synonyms, unknown_words).strays


@pytest.mark.parametrize("text", ["电话卡怎么样", "那我老公呢", "学生呢", "不知情呢", "租给别人会怎样", "那出租咋样"])
def test_what_the_bulletins_know_is_a_follow_up(synonyms: Synonyms, unknown_words: UnknownWords, text: str) -> None:
    """A thing, a deed or a person of theirs goes into the last question."""
    turn = resolve(text, ASKED, synonyms, unknown_words)
    assert turn.carried
    assert not turn.strays


def test_three_turns_deep(synonyms: Synonyms, unknown_words: UnknownWords) -> None:
    """Each turn rests on what the last one came to."""
    first = resolve("那电话卡呢", ASKED, synonyms, unknown_words)
    second = resolve("南宁呢", Memory(question=first.question), synonyms, unknown_words)
    third = resolve("那支付宝呢", Memory(question=second.question, place=second.place), synonyms, unknown_words)
    assert third.question == "卖支付宝会坐牢吗"
    assert third.place == "南宁"


@given(st.text(), st.none() | st.text(), st.sampled_from([None, "南宁", "临沂", "清远"]))
def test_any_message_after_any_question(
    synonyms: Synonyms, unknown_words: UnknownWords, text: str, before: str | None, place: str | None
) -> None:
    """Whatever was typed, now and before: one of five steps, and a place from the closed list."""
    turn = resolve(text, Memory(question=before, place=place), synonyms, unknown_words)
    assert turn.step in ("question", "more", "source", "why", "place")
    assert turn.place in {None, *synonyms.places.values()}
    if before is None:
        assert not turn.carried
