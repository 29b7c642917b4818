"""What was paid, to whom, and what came of it: by that a victim is told from who speaks of papers, calls and others."""

from __future__ import annotations

import pytest

from bot.knowledge.messages import read_message


@pytest.mark.parametrize(
    "text",
    [
        "做到第四单说我账户异常要再充两千",
        "提示流水不足 让我先转三千才能提",
        "被网恋诈骗了九千多",
        "杀猪盘 赔进去三十万",
        "中奖要交手续费 交了两千还要三千",
        "客服让我开会议 然后手机自己在点",
        "佢叫我过数去佢户口验资",
        "前天刷单 对方说余额要有两千才给退款",
    ],
)
def test_what_is_said_to_be_wrong_with_a_payment_asks_for_another(text: str) -> None:
    """Who is to pay again for a mistake that was none, or tells the trick by its name with the sum, reads 110."""
    assert read_message(text).kind == "victim"


@pytest.mark.parametrize(
    "text",
    [
        "骗子现在多不多",
        "U盾被没收了",
        "账户异常了要重新交材料吗",
        "那些给境外打电话的人抓到没有",
        "货款收了 电话打过去没人接",
    ],
)
def test_papers_and_others_are_no_payment(text: str) -> None:
    """Papers asked for, others who were caught, a call nobody answered: nothing has been paid."""
    assert read_message(text).kind != "victim"


@pytest.mark.parametrize(
    "text",
    [
        "我转了两万，对方不理我了",
        "我给6222021234567890128转了20000，他不回消息",
        "我给骗子转了钱",
        "刚给骗子微信转了5000",
    ],
)
def test_the_other_one_has_fallen_silent(text: str) -> None:
    """Who has paid somebody who answers no more, or a swindler in so many words, is a victim."""
    assert read_message(text).kind == "victim"


@pytest.mark.parametrize(
    "text",
    ["我打了电话，客服不理我", "我打了96110没人理我", "我给骗子打了电话", "别给骗子转钱", "把卡借给同事了，他不回消息"],
)
def test_who_answers_no_telephone_took_no_money(text: str) -> None:
    """A call that nobody takes is no payment."""
    assert read_message(text).kind == "plain"
