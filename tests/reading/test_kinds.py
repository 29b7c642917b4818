"""Kinds by rules, with reasons an editor can read; topics by marks."""

from __future__ import annotations

import pytest

from bot.reading.cutting import Piece
from bot.reading.kinds import kind_of, topics_of
from bot.reading.records import Topic


def piece(text: str, heading: str = "") -> Piece:
    return Piece(text, (text,), (1, 1), heading)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("advice", "出借账户的人将受到惩戒。"),
        ("advice", "请及时拨打96110举报。"),
        ("advice", "“两卡”是指手机卡和银行卡。"),
        ("advice", "市民要保管好密码。"),
        ("advice", "买卖账户是违法行为，不要尝试。"),
        ("case", "三月五日，民警抓获犯罪嫌疑人赵某山。"),
        ("case", "在城北某小区端掉一个窝点。"),
        ("case", "周女士（化名）接到一个电话。"),
        ("figures", "共抓获嫌疑人405名。"),
        ("figures", "打掉团伙7个，缴获手机64台。"),
        ("background", "市公安局召开会议，部署下一步工作。"),
        ("background", "1700余名警力参加行动。"),
        ("background", "民警巡查网站3万家，及时发现某些线索。"),
    ],
)
def test_a_passage_has_the_kind_a_reader_would_give_it(kind: str, text: str) -> None:
    """Who is named comes first, then what residents should know, then what is counted."""
    assert kind_of(piece(text)).kind == kind


def test_the_heading_makes_a_case() -> None:
    """Under 「打击案例」 also a passage that names nobody is a case."""
    assert kind_of(piece("民警赶到现场，将人带走。", "打击案例")).kind == "case"


def test_the_reason_quotes_what_decided() -> None:
    """An editor sees which words made it advice."""
    assert kind_of(piece("出借账户的人将受到惩戒。")).reason == "写明后果：「受到惩戒」"


def test_topics_are_found_in_heading_and_text() -> None:
    """A topic's marks are searched in both; a topic without marks is never given."""
    topics = (Topic("a", "甲", (), ("后果",)), Topic("b", "乙", (), ("举报",)), Topic("c", "丙", (), ()))
    assert topics_of(piece("请举报。", "有何后果？"), topics) == ("a", "b")
