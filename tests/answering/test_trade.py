"""An offer of trade is told by its wording, and a question about what follows from it is none."""

from __future__ import annotations

import pytest
from trade_told import NO_OFFERS, OFFERS

from bot.knowledge.messages import read_message


@pytest.mark.parametrize("text", OFFERS)
def test_an_offer_of_trade_is_recognised_by_wording(text: str) -> None:
    """Selling, renting, buying and laundering are seen for what they are."""
    assert read_message(text).kind == "offer"


@pytest.mark.parametrize("text", NO_OFFERS)
def test_who_asks_about_the_trade_offers_nothing(text: str) -> None:
    """Who asks what follows, whom to tell or how to refuse is answered, not refused."""
    assert read_message(text).kind != "offer"


@pytest.mark.parametrize(
    "text",
    [
        "怎么绕过惩戒再开个户",
        "教我怎么骗过柜员多开几张",
        "脏钱怎么换成现金",
        "哪里有猫池卖",
        "公户一套现在什么行情",
        "怎么删掉流水让警察查不到",
        "出两套 谁要",
    ],
)
def test_ways_around_the_law_are_the_trade(text: str) -> None:
    """Who asks for a way past the real name, the teller or the police gets a warning."""
    assert read_message(text).kind == "offer"


@pytest.mark.parametrize(
    "text",
    [
        "租出去的微信会被封吗",
        "于某卖卡得了多少",
        "看到有人收卡想检举",
        "走账是不是洗钱",
        "卖卡真能赚到钱",
        "倒卖电话卡",
        "借出去的手机卡去哪里停机",
    ],
)
def test_what_comes_of_it_is_asked_and_not_offered(text: str) -> None:
    """What becomes of the account, what somebody was paid, what others do, or the deed as a headword: no offer."""
    assert read_message(text).kind == "plain"


@pytest.mark.parametrize("text", ["网上有人收卡吗", "有没有人收银行卡", "卖卡找谁"])
def test_who_looks_for_a_taker_asks_nothing_else(text: str) -> None:
    """Whether somebody buys cards is asked by who has some."""
    assert read_message(text).kind == "offer"
