"""Follow-ups: what a message asks after the last question."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.followup import Step, repaired, resolve
from bot.answering.records import Memory
from bot.retrieval.synonyms import Synonyms
from bot.text.words import Segmenter

# When a property fails, Hypothesis prints its arguments, the whole library with them: let it.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
ASKED = Memory(question="卖银行卡会坐牢吗", last=("linyi-duanka#p17",), shown=("linyi-duanka#p17",))
# Of other matters than our bulletins': what is learned of a form holds for any of them.
ELSEWHERE = Memory(question="网上买药被骗了多少人", last=("yao#p01",))


@pytest.mark.parametrize(
    "text", ["还有吗", "还有没有", "还有别的吗？", "继续说", "更多", "再多说点", "還有嗎", "没了吗", "接着说吧"]
)
def test_more(synonyms: Synonyms, segmenter: Segmenter, text: str) -> None:
    """More of what was asked, and the question stays what it was."""
    turn = resolve(text, ASKED, synonyms, segmenter)
    assert (turn.step, turn.question, turn.carried) == ("more", ASKED.question, True)


@pytest.mark.parametrize(
    "text",
    ["出处是哪", "出处？", "来源是哪里", "这是哪个通报说的", "有原文链接吗", "依据是什么", "谁说的", "你在哪看到的"],
)
def test_source(synonyms: Synonyms, segmenter: Segmenter, text: str) -> None:
    """Where that stands."""
    turn = resolve(text, ASKED, synonyms, segmenter)
    assert (turn.step, turn.question, turn.carried) == ("source", ASKED.question, True)


@pytest.mark.parametrize(
    "text", ["为什么", "为什么呢？", "为啥", "凭什么", "这是为什么啊", "为什么要这么严", "什么原因", "管这么严干嘛"]
)
def test_why(synonyms: Synonyms, segmenter: Segmenter, text: str) -> None:
    """The reason for it."""
    turn = resolve(text, ASKED, synonyms, segmenter)
    assert (turn.step, turn.question, turn.carried) == ("why", ASKED.question, True)


@pytest.mark.parametrize("text", ["简单点", "说简单一点", "太长了，看不懂", "一句话说", "说重点", "能不能短一点"])
def test_shorter(synonyms: Synonyms, segmenter: Segmenter, text: str) -> None:
    """The same with fewer words."""
    assert resolve(text, ASKED, synonyms, segmenter).step == "shorter"


@pytest.mark.parametrize(
    "text", ["惩戒卖卡的依据是哪个文件", "为什么倒卖疫苗的人会被判刑", "听说卖卡会被曝光，是真的吗"]
)
@pytest.mark.parametrize("memory", [Memory(), ASKED])
def test_who_names_a_thing_asks_of_it(synonyms: Synonyms, segmenter: Segmenter, text: str, memory: Memory) -> None:
    """A source, a reason or a doubt with a thing of its own is a question, and none on the reply before."""
    turn = resolve(text, memory, synonyms, segmenter)
    assert (turn.step, turn.question.replace(",", "，"), turn.carried) == ("question", text, False)


@pytest.mark.parametrize("text", ["那电话卡呢", "电话卡呢？", "换成电话卡呢", "那要是电话卡呢", "电话卡也一样吗"])
def test_another_object(synonyms: Synonyms, segmenter: Segmenter, text: str) -> None:
    """The new thing takes the old one's place in the question."""
    turn = resolve(text, ASKED, synonyms, segmenter)
    assert (turn.step, turn.question, turn.carried) == ("question", "卖电话卡会坐牢吗", True)


@pytest.mark.parametrize(
    ("before", "text", "question"),
    [
        ("小产权房能不能过户", "那安置房呢", "安置房能不能过户"),
        ("放烟花犯法吗", "那养藏獒呢", "养藏獒犯法吗"),
        ("卡农是什么", "内鬼呢", "内鬼是什么"),
        ("黄某霖卖一套卡赚了多少", "施某广呢", "施某广卖一套卡赚了多少"),
        ("学生把电话卡借给别人会怎么样", "那老人家呢", "老人家把电话卡借给别人会怎么样"),
        ("刷单会坐牢吗", "那我表弟呢", "我表弟刷单会坐牢吗"),
        ("卖银行卡会坐牢吗", "那出租呢", "出租银行卡会坐牢吗"),
    ],
)
def test_what_is_named_takes_the_place_of_its_like(
    synonyms: Synonyms, segmenter: Segmenter, before: str, text: str, question: str
) -> None:
    """A thing of a thing, an act of an act, a name of a name, a person of a person, whatever the bulletins are on."""
    turn = resolve(text, Memory(question=before), synonyms, segmenter)
    assert (turn.question, turn.carried) == (question, True)


@pytest.mark.parametrize(
    "text", ["南宁呢", "那南宁呢？", "我在南宁", "南宁那边呢", "换成南宁呢", "南寧呢", "青秀区呢", "南宁也这样吗"]
)
def test_another_place(synonyms: Synonyms, segmenter: Segmenter, text: str) -> None:
    """The same question, for that place."""
    turn = resolve(text, ASKED, synonyms, segmenter)
    assert (turn.step, turn.question, turn.place, turn.carried) == ("question", "卖银行卡会坐牢吗", "南宁", True)


def test_the_new_place_replaces_the_old(synonyms: Synonyms, segmenter: Segmenter) -> None:
    """Who moves on to another town is not asking about the first any more."""
    turn = resolve("清远呢", Memory(question="临沂卖银行卡会坐牢吗", place="临沂"), synonyms, segmenter)
    assert turn.place == "清远"
    assert "临沂" not in turn.question


def test_a_place_is_remembered(synonyms: Synonyms, segmenter: Segmenter) -> None:
    """Named once, it holds until another is named."""
    remembered = Memory(place="临沂")
    assert resolve("卖卡会怎样", remembered, synonyms, segmenter).place == "临沂"
    assert resolve("南宁卖卡会怎样", remembered, synonyms, segmenter).place == "南宁"
    assert resolve("卖卡会怎样", Memory(), synonyms, segmenter).place is None


@pytest.mark.parametrize("text", ["我是临沂的", "我在临沂这边", "临沂人", "我住在临沂"])
def test_only_a_place_before_any_question(synonyms: Synonyms, segmenter: Segmenter, text: str) -> None:
    """It is taken note of."""
    turn = resolve(text, Memory(), synonyms, segmenter)
    assert (turn.step, turn.place, turn.elsewhere) == ("place", "临沂", None)


def test_a_place_without_a_bulletin_before_any_question(synonyms: Synonyms, segmenter: Segmenter) -> None:
    """It is taken note of as well, and known to be another one."""
    turn = resolve("我在北京", Memory(), synonyms, segmenter)
    assert (turn.step, turn.place, turn.elsewhere) == ("place", None, "北京")


@pytest.mark.parametrize("text", ["那电话卡呢", "要停几年", "不对，我问的是手机卡"])
def test_without_a_question_there_is_nothing_to_follow(synonyms: Synonyms, segmenter: Segmenter, text: str) -> None:
    """The message stands on its own."""
    turn = resolve(text, Memory(), synonyms, segmenter)
    assert (turn.step, turn.carried) == ("question", False)


@pytest.mark.parametrize("text", ["还有吗", "为什么", "出处呢", "简单点"])
def test_without_a_reply_there_is_nothing_to_say_of_it(synonyms: Synonyms, segmenter: Segmenter, text: str) -> None:
    """It is known for what it is, and carries nothing."""
    turn = resolve(text, Memory(), synonyms, segmenter)
    assert turn.step != "question"
    assert not turn.carried


@pytest.mark.parametrize("text", ["会不会耽误孩子参军", "要停几年", "会判刑吗"])
def test_a_first_message_may_lack_what_it_is_about(synonyms: Synonyms, segmenter: Segmenter, text: str) -> None:
    """That is known, so that it can be asked for; after a question nothing is lacking."""
    assert resolve(text, Memory(), synonyms, segmenter).lacks
    assert not resolve(text, ASKED, synonyms, segmenter).lacks


@pytest.mark.parametrize(
    "text",
    [
        "身份证丢了以后我应该去查一查哪些东西",
        "国家反诈中心APP要不要装",
        "去哪里举报收卡的人",
        "为什么卖电话卡会被惩戒五年这么久",
        "通报里有没有写哪里可以查名下的电话卡",
        "刷单是什么骗局",
        "酒驾会坐牢吗",
        "今天天气怎么样",
        "旧衣服怎么处理",
        "清远一共抓了多少人",
        "充电宝里有木马是真的吗",
    ],
)
@pytest.mark.parametrize("memory", [ASKED, ELSEWHERE])
def test_a_whole_question_stands_on_its_own(
    synonyms: Synonyms, segmenter: Segmenter, text: str, memory: Memory
) -> None:
    """A new subject is not mixed with the old one, however short the question is."""
    turn = resolve(text, memory, synonyms, segmenter)
    assert (turn.step, turn.question.lower(), turn.carried) == ("question", text.lower(), False)


@pytest.mark.parametrize(
    ("before", "text", "question"),
    [
        ("卖银行卡会坐牢吗", "会影响征信吗", "卖银行卡 会影响征信吗"),
        ("清远一共抓了多少人", "缴了多少张电话卡", "清远 缴了多少张电话卡"),
        ("南宁那个卡贩李某的案子是怎么回事", "判了吗", "南宁那个卡贩李某的案子 判了吗"),
        ("城东那家养老院为什么关门", "骗了多少钱", "城东那家养老院 骗了多少钱"),
        ("第二轮收网是哪天", "有哪些省参加", "第二轮收网 有哪些省参加"),
        ("什么是杀猪盘", "一般怎么骗", "杀猪盘 一般怎么骗"),
    ],
)
def test_what_is_missing_comes_from_the_last_question(
    synonyms: Synonyms, segmenter: Segmenter, before: str, text: str, question: str
) -> None:
    """Who asks of nothing asks of what the last question was about, and no more of what that one asked."""
    turn = resolve(text, Memory(question=before), synonyms, segmenter)
    assert (turn.question, turn.carried, turn.readings[0].leans) == (question, True, True)


def test_what_it_is_about_is_kept_from_turn_to_turn(synonyms: Synonyms, segmenter: Segmenter) -> None:
    """The fourth question rests on what the first was about, not on all that was asked since."""
    about = Memory(question="清远 缴了多少张电话卡", about="清远")
    assert resolve("有几个被刑拘了", about, synonyms, segmenter).question == "清远 有几个被刑拘了"


@pytest.mark.parametrize("text", ["那他要是拿去干坏事呢", "要是我不知情呢", "如果收了钱呢", "可我是被朋友骗去的"])
def test_a_circumstance_is_asked_of_the_same_act(synonyms: Synonyms, segmenter: Segmenter, text: str) -> None:
    """What is added is added to the last question."""
    turn = resolve(text, ASKED, synonyms, segmenter)
    assert (turn.question, turn.carried) == (f"{ASKED.question} {text.replace('，', ',')}", True)


@pytest.mark.parametrize(
    ("text", "meant", "not_meant"),
    [
        ("不对,我问的是电话卡", "电话卡", ""),
        ("不是南宁,我在清远", "清远", "南宁"),
        ("我不在南宁,我在清远", "清远", "南宁"),
        ("问错了,是银行卡", "银行卡", ""),
        ("不是卖,是借给同学", "借给同学", "卖"),
        ("是手机卡,不是银行卡", "手机卡", "银行卡"),
        ("不是银行卡是电话卡", "电话卡", "银行卡"),
        ("不是卡贩,我想知道卡农是什么", "卡农是什么", "卡贩"),
        ("我不是问罚款,我是问要不要坐牢", "要不要坐牢", "罚款"),
        ("不对", "不对", ""),
    ],
)
def test_what_a_repair_says(text: str, meant: str, not_meant: str) -> None:
    """What was meant, and what was not, in whatever order."""
    assert repaired(text) == (meant, not_meant)


@pytest.mark.parametrize(
    ("text", "question", "place"),
    [
        ("不对，我问的是电话卡", "临沂卖电话卡会坐牢吗", "临沂"),
        ("不是卖，是借给同学", "临沂借给同学银行卡会坐牢吗", "临沂"),
        ("不是临沂，我在清远", "卖银行卡会坐牢吗", "清远"),
        ("我说的是清远的", "卖银行卡会坐牢吗", "清远"),
        ("搞错了，我想问卡农是什么意思", "卡农是什么意思", "临沂"),
        ("我问的不是这个，我问会不会停卡", "临沂卖银行卡 会不会停卡", "临沂"),
    ],
)
def test_a_repair_mends_the_last_question(
    synonyms: Synonyms, segmenter: Segmenter, text: str, question: str, place: str
) -> None:
    """The rest of the question stays; a whole question in its stead is asked alone."""
    turn = resolve(text, Memory(question="临沂卖银行卡会坐牢吗", place="临沂"), synonyms, segmenter)
    assert (turn.question, turn.place) == (question, place)


@pytest.mark.parametrize(
    ("before", "text", "asked"),
    [
        ("看到有人卖假烟去哪里举报", "能不能匿名", "有人卖假烟举报 能不能匿名"),
        ("怎么补办老年证", "要本人去吗", "补办老年证 要本人去吗"),
    ],
)
def test_what_is_to_be_done_is_what_it_is_about(
    synonyms: Synonyms, segmenter: Segmenter, before: str, text: str, asked: str
) -> None:
    """Who asked where to report something goes on about reporting it."""
    assert resolve(text, Memory(question=before), synonyms, segmenter).question == asked


@pytest.mark.parametrize(
    ("before", "text", "asked"),
    [
        ("清远那个案子缴获多少银行卡", "手机呢", "清远那个案子缴获多少手机"),
        ("卖烟影响考公务员吗", "落户呢", "卖烟影响落户吗"),
        ("酒驾要坐牢吗", "那护照呢", "酒驾要坐牢吗 护照"),
    ],
)
def test_what_is_counted_or_affected_gives_way(
    synonyms: Synonyms, segmenter: Segmenter, before: str, text: str, asked: str
) -> None:
    """Another thing takes the place of the one that was counted, or affected; never of half a word."""
    assert resolve(text, Memory(question=before), synonyms, segmenter).question == asked


@pytest.mark.parametrize("text", ["刚满十六", "才两百块钱", "就借了两天", "三年前的事", "头一次", "他不识字"])
def test_an_age_a_sum_a_time_are_circumstances(synonyms: Synonyms, segmenter: Segmenter, text: str) -> None:
    """They ask nothing by themselves, and are told of what was asked."""
    assert resolve(text, ASKED, synonyms, segmenter).question == f"{ASKED.question} {text}"


def test_three_turns_deep(synonyms: Synonyms, segmenter: Segmenter) -> None:
    """Each turn rests on what the last one came to."""
    first = resolve("那电话卡呢", ASKED, synonyms, segmenter)
    second = resolve("南宁呢", Memory(question=first.question), synonyms, segmenter)
    third = resolve("那支付宝呢", Memory(question=second.question, place=second.place), synonyms, segmenter)
    assert third.question == "卖支付宝会坐牢吗"
    assert third.place == "南宁"


@given(st.text(), st.none() | st.text(), st.sampled_from([None, "南宁", "临沂", "清远"]))
def test_any_message_after_any_question(
    synonyms: Synonyms, segmenter: Segmenter, text: str, before: str | None, place: str | None
) -> None:
    """Whatever was typed, now and before: one of seven steps, something to ask, and a place from the closed list."""
    turn = resolve(text, Memory(question=before, place=place), synonyms, segmenter)
    assert turn.step in get_args(Step)
    assert turn.readings
    assert turn.place in {None, *synonyms.places.values()}
    if before is None:
        assert not turn.carried
