"""Wording against classifier: a victim is never missed for a guess, and a question is never refused for a word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.alarm import weigh
from bot.answering.records import Understanding

INTENTS = ["victim", "offer_trade", "penalty", "lure", "greet", "thanks", "out_of_scope", "ask_more", "nlu_fallback"]
SHARE = st.floats(0, 1)
UNDERSTOOD = st.builds(
    Understanding, st.sampled_from(INTENTS), SHARE, st.dictionaries(st.sampled_from(INTENTS), SHARE, max_size=4)
)


def sure(intent: str) -> Understanding:
    return Understanding(intent, 0.95, {intent: 0.95})


@given(st.sampled_from(["钱刚转过去", "验证码给他了", "说我涉嫌洗钱让我转安全账户", "我被骗了三万"]), UNDERSTOOD)
def test_a_victims_wording_is_enough(text: str, understood: Understanding) -> None:
    """Whatever the classifier thought."""
    assert weigh(text, understood) == "victim"


@given(st.sampled_from(["看到新闻说有人被骗", "怎样防止老人被骗"]), UNDERSTOOD)
def test_the_news_is_never_a_victim(text: str, understood: Understanding) -> None:
    """Nor is taking care, whatever the classifier thought."""
    assert weigh(text, understood) != "victim"


def test_a_likely_victim_is_believed() -> None:
    """Where no rule knows the wording the classifier's word counts; without it there is no alarm."""
    assert weigh("完了完了账上全都空了我该咋办呀", sure("victim")) == "victim"
    assert weigh("完了完了账上全都空了我该咋办呀", sure("penalty")) is None


def test_an_offers_wording_counts_without_the_classifier() -> None:
    """As when it is lost, or agrees."""
    assert weigh("我有三张卡想出", Understanding("nlu_fallback", 0.0)) == "offer_trade"
    assert weigh("我有三张卡想出", sure("offer_trade")) == "offer_trade"


@pytest.mark.parametrize("text", ["卖银行卡犯法吗", "发现有人收卡去哪里举报", "帮人跑分会坐牢吗"])
def test_a_question_is_no_offer_though_the_classifier_says_so(text: str) -> None:
    """Who asks what follows is answered."""
    assert weigh(text, sure("offer_trade")) is None


@pytest.mark.parametrize("text", ["火车票怎么买", "支付宝怎么绑卡", "手机卡呢"])
def test_goods_alone_or_a_deed_alone_are_a_weak_offer(text: str) -> None:
    """The classifier must be surer of it than of one with both."""
    assert weigh(text, Understanding("offer_trade", 0.6)) is None
    assert weigh("谁要手机卡", Understanding("offer_trade", 0.6)) == "offer_trade"


@settings(deadline=None)
@given(st.text(), UNDERSTOOD)
def test_one_of_three(text: str, understood: Understanding) -> None:
    """Any text and any guess give a victim, an offer or neither."""
    assert weigh(text, understood) in ("victim", "offer_trade", None)


@pytest.mark.parametrize(
    "text",
    [
        "我的银行卡被冻结了怎么办",
        "微信给风控了",
        "手机号停机了怎么处理",
        "手机卡已经借出去了怎么办",
        "我卖了两张卡 后悔死了",
    ],
)
def test_a_card_that_was_stopped_or_lent_is_no_victims_by_a_guess(text: str) -> None:
    """That happens to many who lost nothing; only a classifier that is quite sure is believed."""
    assert weigh(text, Understanding("victim", 0.5, {"victim": 0.5})) is None
    assert weigh(text, sure("victim")) == "victim"
