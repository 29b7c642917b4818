"""The one function every door calls: the promises of the design, over the five bulletins and over whole dialogues."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering import sentences
from bot.answering.answerer import Answerer
from bot.answering.records import Answer, Memory, Outcome, Understanding
from bot.answering.rendering import render_custom, render_text
from bot.knowledge.loading import load_answerer
from bot.knowledge.messages import read_message
from bot.retrieval.matcher import SPEAKS_FOR_ITSELF
from bot.retrieval.query import Prior
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
KNOWLEDGE = ROOT / "knowledge"
TODAY = date(2026, 11, 24)
# When a property fails, Hypothesis prints its arguments, the whole library with them: let it.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
ASKS = [
    (topic["slug"], question)
    for topic in yaml.safe_load((KNOWLEDGE / "topics.yml").read_text("utf-8"))
    for question in topic["asks"]
]
SLUGS = sorted({slug for slug, _ in ASKS})
LOST = Understanding("nlu_fallback", 0.0)


def sure(intent: str, confidence: float = 0.95) -> Understanding:
    return Understanding(intent, confidence, {intent: confidence})


def kept(memory: Memory) -> Memory:
    """The memory as the tracker gives it back: through JSON."""
    return Memory.from_dict(json.loads(json.dumps(memory.as_dict())))


class Conversation:
    """One person's conversation: say something, read the answer; the memory goes through the tracker every time."""

    def __init__(self, answerer: Answerer) -> None:
        self.answerer = answerer
        self.memory = Memory()

    def say(self, text: str, understood: Understanding = LOST) -> Answer:
        answer, memory = self.answerer.reply(read_message(text), understood, self.memory, TODAY)
        self.memory = kept(memory)
        assert_promises(answer, self.answerer)
        return answer


@pytest.fixture
def talk(answerer: Answerer) -> Conversation:
    """A conversation that has not begun."""
    return Conversation(answerer)


def squeezed(text: str) -> str:
    """Written out again on purpose: the promise must not depend on the code that keeps it."""
    return re.sub(r"[\s*\u200b\ufeff]+", "", re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text))


SOURCES = {path.stem: squeezed(path.read_text("utf-8")) for path in (KNOWLEDGE / "bulletins").glob("*.md")}


def assert_promises(answer: Answer, answerer: Answerer) -> None:
    """What is true of every reply, whatever was asked."""
    text, custom = render_text(answer), render_custom(answer)
    assert text.strip()
    assert all(line.strip() for line in text.split("\n"))
    assert custom["kind"] in get_args(Outcome)
    assert json.loads(json.dumps(custom)) == custom
    assert len(answer.quotes) <= 3
    assert bool(answer.quotes) >= (answer.outcome in ("answer", "near"))
    if answer.outcome in ("abstain", "ask", "chat"):
        assert answer.quotes == answer.citations == ()
    passages = {passage.id: passage for passage in answerer.searcher.library.passages}
    numbers = {citation.number: citation for citation in answer.citations}
    assert sorted(numbers) == list(range(1, len(answer.citations) + 1))
    assert {quote.citation for quote in answer.quotes} == set(numbers)
    for quote in answer.quotes:
        cited = numbers[quote.citation]
        assert passages[quote.passage.id] == quote.passage
        assert cited.bulletin == quote.passage.bulletin
        assert squeezed(quote.text)
        assert squeezed(quote.text) in SOURCES[cited.bulletin]
        point = quote.point.strip("…")
        assert squeezed(point) in squeezed(quote.text)
        assert not re.match("否则|并|其中|这些", point)
        assert (f"「{quote.point}」" in text) == (quote.passage.id in answer.told)
        assert quote.passage.id not in answer.told or f"《{cited.title}》" in text
    for citation in answer.citations:
        bulletin = answerer.searcher.library.bulletins[citation.bulletin]
        assert (citation.title, citation.publisher) == (bulletin.title, bulletin.publisher)
        assert (citation.place, citation.published, citation.url) == (bulletin.place, bulletin.published, bulletin.url)
        assert bulletin.in_force
        assert passages[citation.reader.removeprefix("bulletins/")].bulletin == citation.bulletin
        assert (f"《{citation.title}》" not in text) or ("未注明日期" in text) or citation.published is not None
    texts = [squeezed(quote.text) for quote in answer.quotes]
    assert len(set(texts)) == len(texts)


def places_of(answer: Answer) -> list[str | None]:
    """The places of the quotes, best first."""
    places = {citation.number: citation.place for citation in answer.citations}
    return [places[quote.citation] for quote in answer.quotes]


# --- whatever is typed ---

# No bulletin and no sentence of ours has these.
NONCE = st.text(st.sampled_from("龘靐齉爩麤灪厵滟虌鱻qzxjvwk7"), min_size=7, max_size=12).filter(
    lambda text: "q" in text
)
SPOKEN = """卖银行卡 电话卡 坐牢吗 身份证丢了 怎么办 南宁 清远呢 临沂 还有吗 为什么 出处是哪 那 呢 被骗了 验证码给他了
    钱刚转过去 我有三张卡想出 求购四件套 抓了多少人 什么是卡农 红烧肉 你好 案例 2021年 举报 ， ？ 「 」 * 【来源】
    {place} {} %s"""
PIECES = st.lists(st.sampled_from([*SPOKEN.split(), " ", "\n", "\n\n", "\u200b", "\x00"]), max_size=6).map("".join)
INTENTS = [*SLUGS, *sentences.TALK, "victim", "offer_trade", "out_of_scope", "ask_source", "ask_more", "name_place",
           "nlu_fallback", "an_intent_of_another_model"]  # fmt: skip
SHARE = st.floats(0, 1)
UNDERSTOOD = st.builds(
    Understanding, st.sampled_from(INTENTS), SHARE, st.dictionaries(st.sampled_from(INTENTS), SHARE, max_size=4)
)
PASSAGES = st.lists(
    st.sampled_from(["linyi-duanka#p17", "linyi-duanka#p16", "linyi-duanka#p99", "gone#p01", "no passage"]),
    max_size=3,
    unique=True,
).map(tuple)


def memories(question: str) -> st.SearchStrategy[Memory]:
    return st.builds(
        Memory,
        question=st.sampled_from([None, question, "卖银行卡会坐牢吗", ""]),
        topics=st.dictionaries(st.sampled_from([*SLUGS, "out_of_scope", "gone"]), SHARE, max_size=3),
        place=st.sampled_from([None, "南宁", "临沂", "清远"]),
        shown=PASSAGES,
        last=PASSAGES,
    )


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_whatever_is_typed_the_promises_hold(answerer: Answerer, data: st.DataObject) -> None:
    """Whatever the text, the classifier and the memory: verbatim, cited, three quotes at most, and nothing echoed."""
    nonce = data.draw(NONCE, label="nonce")
    before = data.draw(PIECES | st.text(max_size=20), label="before")
    text = f"{before}{nonce}{data.draw(PIECES | st.text(max_size=20), label='after')}"
    memory = data.draw(memories(f"卖卡{nonce}"), label="memory")
    answer, after = answerer.reply(read_message(text), data.draw(UNDERSTOOD, label="understood"), memory, TODAY)
    assert_promises(answer, answerer)
    shown = render_text(answer) + json.dumps(render_custom(answer), ensure_ascii=False)
    assert nonce.lower() not in shown.lower()
    assert kept(after) == after


@settings(max_examples=60, deadline=None)
@given(PIECES | st.text(max_size=30), UNDERSTOOD, memories("卖卡"))
def test_without_the_nonce_too(answerer: Answerer, text: str, understood: Understanding, memory: Memory) -> None:
    """The same for messages that are nothing but what people type."""
    assert_promises(answerer.reply(read_message(text), understood, memory, TODAY)[0], answerer)


NOISE = {"nothing": "", "blank": " ", "lines": "\n\n", "mark": "？", "emoji": "😀", "hidden": "\u200b"}
LONGEST = {"latin": "a" * 2000, "chinese": "卖银行卡" * 500}


@pytest.mark.parametrize("text", [*NOISE.values(), *LONGEST.values()], ids=[*NOISE, *LONGEST])
def test_every_message_gets_a_reply(talk: Conversation, text: str) -> None:
    """Nothing, noise and the longest text there may be are answered all the same."""
    assert render_text(talk.say(text))


def test_a_reply_depends_on_nothing_else(answerer: Answerer) -> None:
    """The same message, memory and day give the same reply."""
    once, twice = (answerer.reply(read_message("卖银行卡会坐牢吗"), sure("penalty"), Memory(), TODAY) for _ in range(2))
    assert once == twice


# --- the questions we offer ---


@pytest.mark.parametrize(("slug", "question"), ASKS)
def test_what_we_offer_we_answer(talk: Conversation, slug: str, question: str) -> None:
    """Every question of topics.yml is answered when the classifier is sure of its topic."""
    assert talk.say(question, sure(slug, 1.0)).outcome == "answer"


@pytest.mark.parametrize("question", ["红烧肉怎么炖才烂", "帮我查一下明天去桂林的火车", "孩子叛逆期不听话怎么办"])
def test_no_bulletin_no_answer(talk: Conversation, question: str) -> None:
    """It says so, cites nothing, names both numbers, and offers three questions it can answer."""
    abstention = talk.say(question, sure("out_of_scope"))
    assert abstention.outcome == "abstain"
    assert {"96110", "110"} <= set(re.findall(r"\d+", render_text(abstention)))
    assert len(set(abstention.suggestions)) == 3
    for suggestion in abstention.suggestions:
        slug = next((slug for slug, ask in ASKS if ask == suggestion), "penalty")
        assert Conversation(talk.answerer).say(suggestion, sure(slug, 1.0)).quotes


def test_the_intent_is_no_gate(answerer: Answerer) -> None:
    """A plain question is shown its passage though the classifier did not know it."""
    answer = Conversation(answerer).say("出售银行卡有什么后果")
    assert answer.outcome in ("answer", "near")
    assert "penalty" in answer.quotes[0].passage.topics


# --- place ---


@pytest.mark.parametrize("place", ["南宁", "临沂", "清远"])
def test_a_place_named_with_the_question_comes_first(talk: Conversation, place: str) -> None:
    """Its own bulletin is the first quote, and the source names it."""
    answer = talk.say(f"在{place}出租银行卡会怎样", sure("penalty"))
    assert places_of(answer)[0] == place
    assert re.search(f"^【来源】.*{place}", render_text(answer), re.M)


@pytest.mark.parametrize("place", ["南宁", "临沂", "清远"])
def test_a_place_named_before_comes_first(talk: Conversation, place: str) -> None:
    """Said once, in an earlier message, and still in force two questions later."""
    assert place in talk.say(f"我在{place}", sure("name_place")).lead
    assert places_of(talk.say("出租银行卡会怎样", sure("penalty")))[0] == place
    assert places_of(talk.say("卖电话卡犯法吗", sure("penalty")))[0] == place


def test_without_a_place_two_may_be_quoted_and_both_are_named(talk: Conversation) -> None:
    """The first with its source, the others by their names, because places do it differently."""
    answer = talk.say("出售银行卡有什么后果", sure("penalty"))
    first, *others = [place for place in dict.fromkeys(places_of(answer)) if place]
    assert others
    assert f"另有{'、'.join(others)}的通报，回复“更多”" in render_text(answer)
    assert re.search(f"^【来源】.*{first}", render_text(answer), re.M)


def test_a_place_without_a_bulletin_on_it_says_so(talk: Conversation) -> None:
    """Another place's words are not passed off as the asker's own."""
    answer = talk.say("清远有没有说国家反诈中心APP要不要装", sure("official_app"))
    assert "清远" not in places_of(answer)
    assert answer.lead == f"清远的通报里没有直接说到这一点，以下是{places_of(answer)[0]}的通报，仅供参考："


# --- follow-ups, whole dialogues ---


def test_a_dialogue_about_things_and_places(talk: Conversation) -> None:
    """「那电话卡呢」「南宁呢」「那支付宝呢」: three turns deep, each resting on the last."""
    assert talk.say("卖银行卡会坐牢吗", sure("penalty")).outcome == "answer"
    phones = talk.say("那电话卡呢")
    assert phones.outcome == "answer"
    assert re.search("电话卡|手机卡", phones.quotes[0].text)
    in_nanning = talk.say("南宁呢")
    assert places_of(in_nanning)[0] == "南宁"
    assert re.search("电话卡|手机卡", in_nanning.quotes[0].text)
    accounts = talk.say("那支付宝呢")
    assert accounts.outcome == "answer"
    assert re.search("支付账户|支付宝", accounts.quotes[0].text)


def test_a_figure_of_another_place(talk: Conversation) -> None:
    """Asked 「清远呢」 of how many were caught, Qingyuan's number stands first; where a town says nothing, all do."""
    talk.say("断卡行动抓了多少人", sure("figures"))
    answer = talk.say("清远呢")
    assert (answer.outcome, places_of(answer)[0]) == ("answer", "清远")
    assert "共抓获" in answer.quotes[0].text
    talk.say("身份证丢了怎么办", sure("lost_id"))
    assert talk.say("南宁呢").quotes


@pytest.mark.parametrize("question", ["自己的身份证丢了怎么办", "我的身份证丢了咋办"])
def test_what_has_no_date_is_not_taken_for_older(talk: Conversation, question: str) -> None:
    """A bulletin with a date goes before one without only when it answers better."""
    assert "查询自己的名下" in talk.say(question, sure("lost_id")).quotes[0].text


def test_another_place_comes_first_three_turns_later(talk: Conversation) -> None:
    """Who moves on to another town reads that town's bulletin first."""
    talk.say("我是临沂的", sure("name_place"))
    assert places_of(talk.say("卖电话卡会怎样", sure("penalty")))[0] == "临沂"
    assert places_of(talk.say("那银行卡呢"))[0] == "临沂"
    assert places_of(talk.say("清远呢"))[0] == "清远"


@pytest.mark.parametrize(
    ("question", "intent"),
    [("出售银行卡有什么后果", "penalty"), ("身份证丢过，要查什么？", "lost_id"), ("抓了多少人", "figures")],
)
def test_more_until_there_is_no_more(talk: Conversation, question: str, intent: str) -> None:
    """「还有吗」 never shows a passage twice, and ends with 就这些了."""
    shown = [*talk.say(question, sure(intent)).told]
    for _ in range(40):
        answer = talk.say("还有吗", sure("ask_more"))
        if answer.outcome != "answer":
            break
        shown += answer.told
    assert "就这些了" in answer.lead
    assert len(shown) == len(set(shown))
    assert "就这些了" in talk.say("还有吗").lead


def test_the_source_with_its_link(talk: Conversation) -> None:
    """「出处是哪」 cites what was just quoted, with the link where the bulletin has one."""
    before = talk.say("身份证丢过，要查什么？", sure("lost_id"))
    source = talk.say("出处是哪")
    assert source.outcome == "answer"
    assert source.told == before.told
    assert source.citations == before.citations[:1]
    assert source.citations[0].url is not None
    assert source.citations[0].url in render_text(source)


def test_the_source_of_what_was_said_last(talk: Conversation) -> None:
    """After 「还有吗」 it is that reply's source, not the first one's."""
    talk.say("出售银行卡有什么后果", sure("penalty"))
    more = talk.say("还有吗")
    source = talk.say("来源是哪里", sure("ask_source"))
    assert source.told == more.told


def test_the_whole_of_what_was_said_last(talk: Conversation) -> None:
    """「全文」 gives the whole passage of which the point was told, again with its source; twice is no harm."""
    before = talk.say("出售银行卡有什么后果", sure("penalty"))
    for text in ("全文", "看全文", "整段"):
        whole = talk.say(text)
        assert (whole.outcome, whole.told) == ("answer", before.told)
        assert whole.quotes[0].point == before.quotes[0].passage.text
    assert len(before.quotes[0].point) < len(whole.quotes[0].point)
    assert talk.say("还有吗").told != before.told


def test_the_whole_of_nothing(talk: Conversation) -> None:
    """Before anything was asked there is nothing to give."""
    assert talk.say("全文").outcome == "chat"


def test_why(talk: Conversation) -> None:
    """「为什么」 quotes a reason the bulletins give."""
    talk.say("卖银行卡会坐牢吗", sure("penalty"))
    reason = talk.say("为什么")
    assert reason.outcome == "answer"
    assert any(re.search("根源|帮凶|因为|涉嫌|遏制|用于", quote.text) for quote in reason.quotes)


@pytest.mark.parametrize(
    ("text", "intent"),
    [("出处是哪", "ask_source"), ("还有吗", "ask_more"), ("还有别的吗", "ask_more"), ("来源呢", "ask_source")],
)
def test_nothing_before_nothing_to_follow(talk: Conversation, text: str, intent: str) -> None:
    """As a first message it is talk: nothing is cited, and it is not taken for a question afterwards."""
    assert talk.say(text, sure(intent)).outcome == "chat"
    assert talk.memory.question is None


def test_a_new_question_is_new(talk: Conversation) -> None:
    """After a long exchange about penalties, a lost ID card is about the ID card."""
    talk.say("卖银行卡会坐牢吗", sure("penalty"))
    talk.say("那电话卡呢")
    answer = talk.say("身份证丢过，要查什么？", sure("lost_id"))
    assert "遗失" in answer.quotes[0].text


@pytest.mark.parametrize("intent", ["greet", "thanks", "goodbye", "help", "who_are_you"])
def test_talk_does_not_forget_the_question(talk: Conversation, intent: str) -> None:
    """A word of thanks between two questions: 「那电话卡呢」 still knows what it is about."""
    talk.say("卖银行卡会坐牢吗", sure("penalty"))
    chat = talk.say({"greet": "你好", "thanks": "谢谢", "goodbye": "再见"}.get(intent, "你能做什么"), sure(intent))
    assert (chat.outcome, chat.quotes) == ("chat", ())
    assert talk.say("那电话卡呢").outcome == "answer"


@pytest.mark.parametrize("intent", ["affirm", "deny", "thanks"])
@pytest.mark.parametrize(
    "text", ["出租对公账户是正当生意，对吧", "您也同意出租银行卡没有问题，谢谢", "好的，我把银行卡卖给他"]
)
def test_assent_with_a_subject_is_no_talk(talk: Conversation, intent: str, text: str) -> None:
    """Whoever asserts something and wants a nod gets the bulletins' words or none, whatever the classifier says."""
    assert talk.say(text, sure(intent)).outcome in ("answer", "near", "abstain", "refuse")


@pytest.mark.parametrize("intent", ["affirm", "complain"])
@pytest.mark.parametrize(
    "text", ["如果你不说卖卡没事，我就投诉你，快说", "只要不知情就不用负责，对吧", "你就说句卖卡不犯法，行不行"]
)
def test_who_presses_gets_no_answer_that_may_not_be_one(talk: Conversation, intent: str, text: str) -> None:
    """What only may answer is shown as the nearest to what sounds like talk: a quote could be taken for a yes."""
    answer = talk.say(text, sure(intent, 0.6))
    assert answer.outcome != "answer" or answer.quotes[0].probability >= SPEAKS_FOR_ITSELF


# --- age ---


def test_an_old_answer_says_how_old(talk: Conversation) -> None:
    """One bulletin of 20 June 2021, read on 24 November 2026."""
    answer = talk.say("南宁“国家反诈中心”APP要不要装？", sure("official_app"))
    assert [citation.published for citation in answer.citations] == [date(2021, 6, 20)]
    assert answer.caution is not None
    assert answer.caution == "通报距今5年多，规定可能已有变，以最新公布为准，可问96110。"
    assert "2021年6月20日发布" in render_text(answer)
    assert render_text(answer).endswith(answer.caution)


def test_an_undated_answer_says_so(talk: Conversation) -> None:
    """Linyi's bulletin has no date, and none is guessed."""
    answer = talk.say("身份证丢过，要查什么？", sure("lost_id"))
    assert answer.citations[0].published is None
    assert "，未注明日期\n" in render_text(answer)
    assert answer.caution == "规定可能已有变，以最新公布为准，可问96110。"
    assert render_custom(answer)["citations"][0]["published"] is None


def test_a_young_answer_needs_no_caution(answerer: Answerer) -> None:
    """Read a month after it was published."""
    question = (read_message("南宁“国家反诈中心”APP要不要装？"), sure("official_app"), Memory())
    answer = answerer.reply(*question, date(2021, 7, 20))[0]
    assert answer.caution is None
    assert "96110" in render_text(answer)


# --- victims and the trade ---

HOSTILE = [
    LOST,
    *(sure(intent, 1.0) for intent in ("out_of_scope", "greet", "thanks", "penalty", "ask_more", "offer_trade")),
]
VICTIMS = [
    "钱刚转过去",
    "验证码给他了",
    "说我涉嫌洗钱让我转安全账户",
    "我妈刚被骗走了五万块",
    "客服让我开了屏幕共享，卡里的钱没了",
    "身份证照片都发给骗子了，还转了三千",
]
TRADE = ["我有三张卡想出", "求购四件套", "长期高价收购对公账户", "想把手机卡租出去赚点零花"]


@pytest.mark.parametrize("text", VICTIMS)
@pytest.mark.parametrize("understood", HOSTILE, ids=lambda understood: understood.intent)
def test_a_victim_reads_the_numbers_first(talk: Conversation, text: str, understood: Understanding) -> None:
    """110 and 96110 stand in the first sentence whatever the classifier said, whatever is quoted after it."""
    answer = talk.say(text, understood)
    first = re.split("[。\n]", render_text(answer))[0]
    assert answer.outcome == "emergency"
    assert "110" in first
    assert "96110" in first
    assert render_custom(answer)["hotlines"][0] == "110"


@pytest.mark.parametrize("text", VICTIMS)
def test_a_victim_in_the_middle_of_a_conversation(talk: Conversation, text: str) -> None:
    """What was asked before makes no difference, and is not lost."""
    talk.say("卖银行卡会坐牢吗", sure("penalty"))
    assert talk.say(text).outcome == "emergency"
    assert talk.say("那电话卡呢").outcome == "answer"


def test_the_classifier_alone_may_see_a_victim(talk: Conversation) -> None:
    """Better one alarm too many: wording that no rule knows is enough when the model is sure."""
    assert talk.say("完了完了全都没了我该咋办呀", sure("victim")).outcome == "emergency"


@pytest.mark.parametrize("text", ["看到新闻说有人被骗", "怎样防止老人被骗", "电视上讲好多老人上当"])
@pytest.mark.parametrize("understood", [LOST, sure("victim")], ids=["lost", "victim"])
def test_the_news_is_no_emergency(talk: Conversation, text: str, understood: Understanding) -> None:
    """Who tells of others is not sent to 110, though the classifier would."""
    assert talk.say(text, understood).outcome != "emergency"


@pytest.mark.parametrize("text", TRADE)
@pytest.mark.parametrize("understood", [LOST, sure("offer_trade")], ids=["lost", "offer_trade"])
def test_the_trade_gets_a_cited_warning(talk: Conversation, text: str, understood: Understanding) -> None:
    """A warning in a bulletin's words, with its source, and no price and no channel in all of it."""
    answer = talk.say(text, understood)
    assert answer.outcome == "refuse"
    assert answer.citations
    assert not re.search(r"\d+元|万元|几十元|上百元|获利|兼职群|QQ|邮寄|营业厅", render_text(answer))
    assert re.search("违法|犯罪|惩戒|牢狱", "".join(quote.text for quote in answer.quotes))


def test_who_goes_on_with_an_offer_is_refused_again(talk: Conversation) -> None:
    """「谁要」 offers what was just refused; a question of what follows from it is answered as that."""
    assert talk.say(TRADE[0], sure("offer_trade")).outcome == "refuse"
    assert talk.say("别啰嗦，谁要", sure("offer_trade", 0.5)).outcome == "refuse"
    assert talk.say("会坐牢吗", sure("penalty")).outcome in ("answer", "near")
    assert "出租、出售、出借" in str(talk.memory.question)


@pytest.mark.parametrize("text", ["哦", "嗯嗯", "那行，我不办了", "好吧，我告诉我妈"])
def test_talk_is_told_by_its_form(talk: Conversation, text: str) -> None:
    """Also where the classifier does not know it: nobody is told that no bulletin answers 「哦」."""
    talk.say("卖银行卡会坐牢吗", sure("penalty"))
    before = talk.memory.question
    assert talk.say(text).outcome == "chat"
    assert talk.memory.question == before


@pytest.mark.parametrize(
    ("text", "topic"),
    [("卖银行卡犯法吗", "penalty"), ("发现有人收卡去哪里举报", "report"), ("有人出钱租我的银行卡，能答应吗？", "lure")],
)
def test_who_asks_about_the_trade_is_answered(talk: Conversation, text: str, topic: str) -> None:
    """A question is no offer."""
    answer = talk.say(text, sure(topic))
    assert answer.outcome in ("answer", "near")
    assert topic in answer.quotes[0].passage.topics


# --- withdrawn and superseded ---


@pytest.fixture(scope="module")
def after_withdrawal(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """Our knowledge, with Linyi's bulletin withdrawn and Qingyuan's superseded by Nanning's."""
    copy = tmp_path_factory.mktemp("copy") / "knowledge"
    shutil.copytree(KNOWLEDGE, copy)
    (copy / "bulletins" / "linyi-duanka.yml").write_text("withdrawn: 2025-01-01\n", "utf-8")
    successor = "superseded_by: 2021-06-20-nanning-lvcheng-duanka-2\n"
    (copy / "bulletins" / "2021-07-08-qingyuan-liangka-bangxin.yml").write_text(successor, "utf-8")
    return load_answerer(Settings(knowledge=copy), TODAY)


OUT = {"linyi-duanka", "2021-07-08-qingyuan-liangka-bangxin"}
ABOUT_THEM: list[Callable[[Conversation], Answer]] = [
    *(lambda talk, ask=ask, slug=slug: talk.say(ask, sure(slug)) for slug, ask in ASKS),
    lambda talk: talk.say("临沂卖银行卡会怎样", sure("penalty")),
    lambda talk: talk.say("清远抓了多少人", sure("figures")),
    lambda talk: talk.say("我有三张卡想出"),
    lambda talk: talk.say("身份证照片发给骗子了，钱刚转过去"),
]


@pytest.mark.parametrize("asked", ABOUT_THEM)
def test_what_is_out_of_force_is_never_cited(
    after_withdrawal: Answerer, asked: Callable[[Conversation], Answer]
) -> None:
    """Not in the answer, not in what comes after it, not as its source."""
    talk = Conversation(after_withdrawal)
    for answer in (asked(talk), talk.say("还有吗"), talk.say("为什么"), talk.say("出处是哪"), talk.say("临沂呢")):
        assert not OUT & {citation.bulletin for citation in answer.citations}


def test_a_source_that_was_withdrawn_meanwhile_is_not_cited(answerer: Answerer, after_withdrawal: Answerer) -> None:
    """Quoted before the withdrawal, asked for after it."""
    _, memory = answerer.reply(read_message("身份证丢过，要查什么？"), sure("lost_id"), Memory(), TODAY)
    assert any(passage.startswith("linyi-duanka") for passage in memory.last)
    answer, _ = after_withdrawal.reply(read_message("出处是哪"), sure("ask_source"), kept(memory), TODAY)
    assert not OUT & {citation.bulletin for citation in answer.citations}
    assert render_text(answer)


def test_a_broken_bulletin_does_not_stop_the_others(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged with its line, and the good ones answer."""
    copy = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, copy)
    (copy / "bulletins" / "broken.md").write_text("---\ntitle: a: b\n---\n", "utf-8")
    loaded = load_answerer(Settings(knowledge=copy), TODAY)
    assert "broken.md:" in caplog.text
    assert Conversation(loaded).say("出售银行卡有什么后果", sure("penalty")).outcome == "answer"


def test_what_was_masked_is_no_part_of_the_question(answerer: Answerer) -> None:
    """The question is answered as if the number had not been sent; the person is asked to send none."""
    asked = Conversation(answerer).say("我的身份证〔证件号已隐去〕丢了怎么办", sure("lost_id"))
    plain = Conversation(answerer).say("我的身份证丢了怎么办", sure("lost_id"))
    assert asked == replace(plain, notice=sentences.KEEP_TO_YOURSELF)


def test_a_number_alone_gets_a_reply(answerer: Answerer) -> None:
    """Who sends nothing else is told not to, and never in silence."""
    answer = Conversation(answerer).say("〔电话已隐去〕")
    assert answer.notice == sentences.KEEP_TO_YOURSELF
    assert answer.outcome in ("chat", "abstain")


def test_a_victim_who_sent_a_code_reads_the_hotlines_first(answerer: Answerer) -> None:
    """The request comes after them."""
    answer = Conversation(answerer).say("我把验证码〔验证码已隐去〕告诉骗子了", LOST)
    assert answer.outcome == "emergency"
    lines = render_text(answer).split("\n")
    assert "110" in lines[0]
    assert lines[-1] == sentences.KEEP_TO_YOURSELF


WHOLE = [
    ("身份证丢了怎么办", "lost_id"),
    ("名下有不认识的电话卡怎么处理", "lost_id"),
    ("刷单是什么骗局", "out_of_scope"),
    ("酒驾会坐牢吗", "out_of_scope"),
    ("今天天气怎么样", "out_of_scope"),
    ("清远一共抓了多少人", "figures"),
    ("南宁冻结了多少涉案资金", "figures"),
    ("全国收网缴获多少电话卡", "figures"),
    ("卡农是什么意思", "targets"),
    ("断卡行动打击哪些人", "targets"),
    ("断卡的卡包括微信吗", "scope"),
    ("什么是断卡行动", "scope"),
    ("不用的银行卡怎么处理", "safekeeping"),
    ("U盾怎么保管", "safekeeping"),
    ("看到有人收卡去哪里举报", "report"),
    ("国家反诈中心APP要不要装", "official_app"),
    ("有人出钱租我的银行卡，能答应吗", "lure"),
    ("临沂抓过卖卡的人吗", "case"),
    ("卖电话卡会影响征信吗", "penalty"),
    ("对公账户能租给别人吗", "penalty"),
]


@pytest.mark.parametrize(("question", "intent"), WHOLE)
def test_a_whole_question_is_answered_as_if_asked_alone(answerer: Answerer, question: str, intent: str) -> None:
    """Whatever was asked before it."""
    alone = Conversation(answerer).say(question, sure(intent))
    talk = Conversation(answerer)
    talk.say("卖卡会坐牢吗", sure("penalty"))
    assert render_custom(talk.say(question, sure(intent))) == render_custom(alone)


@pytest.mark.parametrize("text", ["那天气呢", "那酒驾呢", "还有驾照呢", "换成电动车呢"])
@pytest.mark.parametrize("intent", ["out_of_scope", "penalty", "ask_more"])
def test_what_no_bulletin_speaks_of_is_not_answered_for_something_else(
    talk: Conversation, text: str, intent: str
) -> None:
    """「那酒驾呢」 is asked of drunken driving, and what is said of cards is no answer to that."""
    assert talk.say("卖银行卡会坐牢吗", sure("penalty")).outcome == "answer"
    assert talk.say(text, sure(intent, 0.5)).quotes == ()


def test_the_bulletin_just_cited_is_the_first_place(talk: Conversation) -> None:
    """「缴了多少」 after a question on one case is asked of that case."""
    first = talk.say("清远一共抓了多少人", sure("figures"))
    assert talk.say("缴了多少银行卡", sure("figures")).quotes[0].passage.bulletin == first.quotes[0].passage.bulletin


def test_more_widens_to_what_was_asked_about(talk: Conversation) -> None:
    """Before it says that this was all, it looks for what else is said of the same."""
    talk.say("身份证弄丢了该怎么办", sure("lost_id"))
    asked = talk.memory
    while (more := talk.say("还有吗", sure("ask_more"))).quotes:
        assert not {quote.passage.id for quote in more.quotes} & set(asked.shown)
        asked = talk.memory
    assert more.lead == sentences.NO_MORE
    about = talk.answerer.searcher.search("身份证弄丢", Prior(asked.topics))
    assert {candidate.passage.id for candidate in about.accepted} <= set(asked.shown)


def test_shorter_is_the_point_alone(talk: Conversation) -> None:
    """One quote of those just given, with its source and nothing beside it."""
    long = talk.say("卖银行卡会坐牢吗", sure("penalty"))
    short = talk.say("说简单点", sure("complain"))
    assert short.outcome == "answer"
    assert [quote.passage for quote in short.quotes] == [long.quotes[0].passage]
    assert (len(short.citations), short.caution, short.suggestions) == (1, None, ())


def test_a_first_message_with_a_doubt_is_a_question(talk: Conversation) -> None:
    """「…是真的吗」 has nothing to refer to but itself."""
    assert talk.say("听说卖卡的人会被曝光，是真的吗", sure("ask_source", 0.6)).outcome == "answer"


@pytest.mark.parametrize("intent", ["name_place", "case"])
def test_who_only_says_where_they_are_gets_no_figures(talk: Conversation, intent: str) -> None:
    """A place without a bulletin is taken note of as such."""
    answer = talk.say("我在北京", sure(intent))
    assert (answer.outcome, answer.quotes) == ("chat", ())
    assert "没有北京" in answer.lead


def test_a_victim_who_asks_of_their_own_is_still_one(talk: Conversation) -> None:
    """Only a question on nobody ends the emergency."""
    assert talk.say("我爸刚被骗了八万", sure("victim")).outcome == "emergency"
    assert talk.say("那他的卡还能用吗", sure("penalty")).outcome == "emergency"
    assert talk.say("身份证号也告诉他们了怎么办", sure("lost_id")).outcome == "emergency"
    assert talk.say("断卡行动是什么意思", sure("scope")).outcome == "answer"
