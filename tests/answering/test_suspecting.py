"""Who asks whether a message, a link or a call is a fraud reads 96110 first, and what the bulletins advise of it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.answering import sentences
from bot.answering.answerer import Answerer
from bot.answering.records import Answer, Memory, Understanding
from bot.answering.rendering import render_text
from bot.answering.suspecting import asks_whether_fraud
from bot.knowledge.loading import embedded_store, load_answerer
from bot.knowledge.messages import read_message
from bot.settings import Settings

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
TODAY = date(2025, 11, 1)
UNSURE = Understanding("nlu_fallback", 0.2)
# As the classifier really takes some of them.
OTHERS = (
    Understanding("case", 0.8),
    Understanding("lure", 0.8),
    Understanding("greet", 0.9),
    Understanding("out_of_scope", 0.9),
)
ASKED = (
    "这条短信是不是诈骗",
    "这个链接是不是骗人的？",
    "刚接到一个电话，不知道是不是诈骗",
    "这个网址安全吗",
    "收到一条短信说我的ETC要失效了，能点吗",
    "95开头的电话是不是诈骗电话",
    "帮我看看这个二维码是不是诈骗",
    "有人加我微信说是社保局的，是真的吗",
    "邮件说有补贴可以领，点链接靠谱吗",
)
NOTICE = """# 桂林反诈提醒：可疑短信怎么辨别

来源：平安桂林

警方提醒：收到陌生短信、链接或者自称客服的电话，请不要点击，不要回拨，可以拨打96110核实真假，也可以在国家反诈中心APP里查询。
"""


def reply(answerer: Answerer, text: str) -> Answer:
    """What somebody reads who asks nothing else."""
    return answerer.reply(read_message(text), UNSURE, Memory(), TODAY)[0]


@pytest.fixture(scope="module")
def advised(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """Answers from the bulletins we ship and one that says how to tell."""
    knowledge = tmp_path_factory.mktemp("knowledge") / "knowledge"
    shutil.copytree(KNOWLEDGE, knowledge)
    (knowledge / "bulletins/2025-10-01-guilin-kexie-duanxin.md").write_text(NOTICE, "utf-8")
    settings = Settings(knowledge=knowledge)
    return load_answerer(settings, TODAY, store=embedded_store(settings))


@pytest.mark.parametrize("text", ASKED)
def test_nothing_fits(answerer: Answerer, text: str) -> None:
    """96110 in the first sentence, no verdict, no figures of others' cases, and never the bare abstention."""
    assert asks_whether_fraud(text)
    told = reply(answerer, text)
    assert told.outcome in ("answer", "near", "abstain")
    assert told.lead.startswith(sentences.SUSPECT)
    assert "96110" in render_text(told)[:40]
    assert {quote.passage.kind for quote in told.quotes} <= {"advice"}


@pytest.mark.parametrize("understood", OTHERS)
@pytest.mark.parametrize("text", ASKED)
def test_whatever_the_classifier_takes_it_for(answerer: Answerer, text: str, understood: Understanding) -> None:
    """The same: no talk, no case of somebody else's, 96110 first."""
    told, _ = answerer.reply(read_message(text), understood, Memory(), TODAY)
    assert told.lead.startswith(sentences.SUSPECT)
    assert {quote.passage.kind for quote in told.quotes[:1]} <= {"advice"}


@pytest.mark.parametrize("text", ASKED)
def test_a_passage_that_fits(advised: Answerer, text: str) -> None:
    """What a bulletin advises of telling is quoted, with its title, said to be near where it is not sure."""
    told = reply(advised, text)
    assert told.quotes
    assert told.lead == sentences.SUSPECT + ("" if told.outcome == "answer" else sentences.NEAR)


def test_what_a_bulletin_says_of_telling_comes_first(advised: Answerer) -> None:
    """For the most of them."""
    first = [reply(advised, text).quotes[0].passage.bulletin for text in ASKED]
    assert first.count("2025-10-01-guilin-kexie-duanxin") >= 6, first


@pytest.mark.parametrize(
    "text",
    [
        "银行卡借给朋友用违法吗？",
        "卖电话卡是不是诈骗",
        "国家反诈中心APP是真的吗",
        "96110打来的电话是真的吗",
        "什么是“断卡”行动？",
        "侵犯公民个人信息五百条就入刑是真的吗",
        "冒用别人的商标是不是诈骗",
        "你好",
        "",
        "短信" * 100 + "是不是诈骗",
    ],
)
def test_what_is_asked_otherwise(text: str) -> None:
    """Of cards that change hands, of the police's own, of rules, of nothing that reached anybody: asked as ever."""
    assert not asks_whether_fraud(text)


@pytest.mark.parametrize("text", ["我点了短信里的链接被骗了5000，是不是诈骗", "刚把钱转给电话里的客服了，是不是骗子"])
def test_a_victim_comes_first(answerer: Answerer, text: str) -> None:
    """Whoever has paid already reads 110, whatever they ask."""
    assert reply(answerer, text).outcome == "emergency"


def test_a_talk_that_goes_on(answerer: Answerer) -> None:
    """What is asked after it is asked of it; what asks for the source of a reply still gets that."""
    _, memory = answerer.reply(read_message("这条短信是不是诈骗"), UNSURE, Memory(), TODAY)
    assert memory.question == "这条短信是不是诈骗"
    told, memory = answerer.reply(read_message("发现有人买卖银行卡去哪里举报？"), UNSURE, memory, TODAY)
    assert told.quotes == reply(answerer, "发现有人买卖银行卡去哪里举报？").quotes != ()
    source, _ = answerer.reply(read_message("这话出自哪里"), UNSURE, memory, TODAY)
    assert source.lead == sentences.ANSWER_SOURCE
