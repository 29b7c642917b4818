"""Places told from titles and names."""

from __future__ import annotations

import pytest

from bot.reading.places import place_of


@pytest.mark.parametrize(
    ("title", "accounts", "place"),
    [
        ("南宁警方重拳出击", (), "南宁"),
        ("全国行动第二轮", ("南宁市反诈骗",), "全国"),
        ("公安部通报", (), "全国"),
        ("提醒", ("平安临沂",), "临沂"),
        ("提醒", (None, "清远警方"), "清远"),
        ("广东清远破案", (), "清远"),
        ("云南警方通报", (), "云南"),
        ("维护长治久安", (), None),
        ("长治市公安局通报", (), "长治"),
        ("提醒", (), None),
    ],
)
def test_a_place_is_told_from_the_title_then_the_accounts(
    title: str, accounts: tuple[str | None, ...], place: str | None
) -> None:
    """A city before a province; a name that is also a word only with 市 and the like; None when nothing names one."""
    assert place_of(title, *accounts) == place
