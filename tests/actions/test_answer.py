"""The one custom action, with rasa-sdk's own dispatcher and tracker: it always utters and logs nobody's words."""

from __future__ import annotations

import json
import logging
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import answer
from bot.answering import sentences
from bot.answering.answerer import Answerer
from bot.answering.apology import with_notice
from bot.answering.message import READ, Message
from bot.answering.records import Answer, Memory, Understanding
from bot.answering.rendering import render_custom, render_text
from bot.knowledge.loading import embedded_store, load_answerer
from bot.knowledge.messages import read_message
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
SECRET = "我叫龘靐，卡号6222020200112233，卖银行卡会坐牢吗"


@pytest.fixture(scope="session")
def loaded() -> Answerer:
    """Answers from the bulletins we ship."""
    settings = Settings(knowledge=ROOT / "knowledge")
    return load_answerer(settings, date(2025, 11, 1), store=embedded_store(settings))


@pytest.fixture(autouse=True)
def _loaded(monkeypatch: pytest.MonkeyPatch, loaded: Answerer) -> None:
    monkeypatch.setattr(answer, "answerer", lambda: loaded)


def parsed(text: str | None, intent: str | None = None, confidence: float = 0.9) -> dict[str, Any]:
    """A message as Rasa hands it on."""
    ranking = [{"name": intent, "confidence": confidence}] if intent else []
    return {"text": text, "intent": {"name": intent, "confidence": confidence}, "intent_ranking": ranking}


def said(message: dict[str, Any], slot: Any = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What the action utters for a message, and the events it returns, as they go over the wire."""
    dispatcher = CollectingDispatcher()
    tracker = Tracker("someone", {"memory": slot}, message, [], False, None, {}, "action_listen")
    events = answer.ActionAnswer().run(dispatcher, tracker, {})
    return json.loads(json.dumps(dispatcher.messages)), json.loads(json.dumps(events))


def test_its_name_is_the_domains() -> None:
    """Rasa finds the action by this name."""
    domain = yaml.safe_load((ROOT / "bot" / "rasa" / "domain" / "conversation.yml").read_text("utf-8"))
    assert domain["actions"] == [answer.ActionAnswer().name()]


def test_one_text_and_one_custom() -> None:
    """A reply is one bubble and one object, and the memory goes into its slot."""
    (text, custom), (slot, _) = said(parsed("出售银行卡有什么后果？", "penalty"))
    assert "【来源" in text["text"]
    assert "\n\n" not in text["text"]
    assert custom["custom"]["kind"] == "answer"
    assert text["text"].startswith(f"「{custom['custom']['quotes'][0]['point']}」")
    assert (slot["event"], slot["name"]) == ("slot", "memory")
    assert slot["value"]["question"]


def test_the_slot_carries_the_conversation() -> None:
    """The memory one turn returns is what the next one reads: 「那电话卡呢」."""
    _, (slot, _) = said(parsed("卖银行卡会坐牢吗", "penalty"))
    (_, custom), (after, _) = said(parsed("那电话卡呢", "nlu_fallback", 0.2), slot["value"])
    assert custom["custom"]["kind"] == "answer"
    assert "电话卡" in after["value"]["question"]


def test_what_was_considered_goes_into_its_slot() -> None:
    """The staff see the search behind a reply, also when it abstained; a person's words are not in it."""
    _, (_, considered) = said(parsed("出售银行卡有什么后果？", "penalty"))
    assert considered["name"] == answer.CONSIDERED
    passage, chance, rejected = considered["value"][0]
    assert "#p" in passage
    assert 0.3 < chance <= 1
    assert rejected is None
    _, (_, abstained) = said(parsed("卖卡的人几岁可以入学", "nlu_fallback", 0.1))
    assert abstained["value"][-1][2]
    assert said(parsed("你好", "greet"))[1][1]["value"] == []


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"text": None, "intent": None, "intent_ranking": None},
        {"text": "", "intent": {}},
        {"text": "卖卡", "intent": {"name": None, "confidence": None}, "intent_ranking": [{"name": None}]},
    ],
)
def test_half_a_message_gets_a_reply(message: dict[str, Any]) -> None:
    """Whatever Rasa leaves out, something is uttered."""
    (text, custom), _ = said(message)
    assert text["text"].strip()
    assert custom["custom"]["kind"] in ("answer", "abstain", "chat", "refuse")


@pytest.mark.parametrize(
    "slot", [None, {}, {"question": None}, "what another version kept", ["a", "list"], {"topics": 3}]
)
def test_any_slot_gets_a_reply(slot: Any) -> None:
    """A memory that cannot be read is none: the person is answered all the same."""
    (text, _), _ = said(parsed("出售银行卡有什么后果？", "penalty"), slot)
    assert text["text"].strip()


def test_what_the_classifier_ranked_is_read() -> None:
    """Intent, confidence and the probability of each intent; without an intent it is the fallback."""
    message = parsed("卖卡", "penalty", 0.8)
    message["intent_ranking"].append({"name": "lure", "confidence": 0.1})
    assert answer.understanding(message) == Understanding("penalty", 0.8, {"penalty": 0.8, "lure": 0.1})
    assert answer.understanding({}) == Understanding("nlu_fallback", 0.0, {})


class Broken:
    """An answerer that fails with the person's words in its hands."""

    def reply(self, message: Message, *_: object) -> tuple[Answer, Memory]:
        raise RuntimeError(f"cannot answer {message.masked}")


@pytest.fixture
def _broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "answerer", Broken)


@pytest.mark.usefixtures("_broken")
def test_an_error_inside_is_an_apology() -> None:
    """With both hotlines, and no quote."""
    (text, custom), _ = said(parsed("卖银行卡会坐牢吗", "penalty"))
    assert text["text"] == sentences.UNAVAILABLE
    assert custom["custom"]["kind"] == "abstain"
    assert set(custom["custom"]["hotlines"]) == {"96110", "110"}
    assert custom["custom"]["quotes"] == custom["custom"]["citations"] == []


@pytest.mark.usefixtures("_broken")
@pytest.mark.parametrize("text", ["钱刚转过去", "验证码给他了", "说我涉嫌洗钱让我转安全账户"])
def test_an_error_inside_is_an_emergency_for_a_victim(text: str) -> None:
    """110 first, whatever is broken."""
    (uttered, custom), _ = said(parsed(text, "out_of_scope"))
    assert uttered["text"] == sentences.EMERGENCY
    assert custom["custom"]["kind"] == "emergency"
    assert custom["custom"]["hotlines"][0] == "110"


@pytest.mark.usefixtures("_broken")
def test_an_error_is_logged_without_the_persons_words(caplog: pytest.LogCaptureFixture) -> None:
    """What kind of error, and where; never what was typed, nor the traceback that holds it."""
    with caplog.at_level(logging.DEBUG):
        said(parsed(SECRET, "penalty"))
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert "RuntimeError" in record.getMessage()
    assert "test_answer.py" in record.getMessage()
    assert record.exc_info is None
    assert not any(words in caplog.text for words in ("龘靐", "6222020200112233", "坐牢"))


@pytest.mark.usefixtures("_broken")
def test_an_error_keeps_the_memory() -> None:
    """The next turn, when it works again, still knows the question."""
    memory = Memory(question="卖银行卡会坐牢吗", place="南宁").as_dict()
    _, (slot, _) = said(parsed("那电话卡呢"), memory)
    assert slot["value"] == memory


def test_nothing_typed_is_logged_when_all_is_well(caplog: pytest.LogCaptureFixture) -> None:
    """Not even in the most talkative log."""
    with caplog.at_level(logging.DEBUG):
        said(parsed(SECRET, "penalty"))
    assert not any(words in caplog.text for words in ("龘靐", "6222020200112233", "坐牢"))


def test_knowledge_that_cannot_be_loaded_is_an_apology(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first message finds a broken synonyms.yml: the person reads an apology, and the next message tries again."""

    def broken() -> Answerer:
        raise ValueError("synonyms.yml:3: not valid YAML")

    monkeypatch.setattr(answer, "answerer", broken)
    (text, _), _ = said(parsed("卖银行卡会坐牢吗"))
    assert text["text"] == sentences.UNAVAILABLE


@pytest.mark.parametrize("end", ["", "_with_notice"])
@pytest.mark.parametrize(
    ("response", "sentence", "kind"),
    [("utter_emergency", sentences.EMERGENCY, "emergency"), ("utter_unavailable", sentences.UNAVAILABLE, "abstain")],
)
def test_what_rasa_says_without_us_is_what_we_would_say(response: str, sentence: str, kind: str, end: str) -> None:
    """The domain's fixed sentences and objects are those of the core, word for word."""
    domain = yaml.safe_load((ROOT / "bot" / "rasa" / "domain" / "conversation.yml").read_text("utf-8"))
    (variant,) = domain["responses"][response + end]
    ours = with_notice(Answer(kind, sentence), bool(end))  # type: ignore[arg-type]
    assert variant["text"] == render_text(ours)
    assert variant["custom"] == render_custom(ours)


@pytest.mark.parametrize("broken", [False, True])
def test_who_sent_something_personal_is_told(broken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text comes without what was masked; that it was there stands in what the door read."""
    if broken:
        monkeypatch.setattr(answer, "answerer", Broken)
    read = read_message("我的身份证110105194912310021丢了怎么办")
    (text, custom), _ = said({**parsed("我的身份证丢了怎么办", "lost_id"), "metadata": {READ: read.as_dict()}})
    assert text["text"].startswith(sentences.KEEP_TO_YOURSELF)
    assert custom["custom"]["notice"] == sentences.KEEP_TO_YOURSELF
