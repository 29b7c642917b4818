"""Places told from titles and names."""

from __future__ import annotations

import pytest

from bot.reading.places import place_of, places_named, province_of


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
        ("凉山州公安局通报", (), "凉山"),
        ("提醒", ("延边公安",), "延边"),
        ("提醒", ("喀什地区反诈中心",), "喀什"),
        ("提醒", ("平安江阴",), "江阴"),
        ("提醒", ("宾阳县公安局",), "宾阳"),
        ("公安部督办，临沂警方破案", (), "临沂"),
        ("最高检通报", (), "全国"),
        ("中华人民共和国反洗钱法", (), "全国"),
        ("AI诈骗正在全国多地爆发", (), None),
        ("提醒", ("信息安全国家工程研究中心",), None),
        ("网上海量信息泄露", (), None),
        ("隆重庆祝警察节", (), None),
        ("山西安全生产", (), "山西"),
        ("济南通报", (), "济南"),
        ("互联网安全提示", ("互联网安全内参",), None),
    ],
)
def test_a_place_is_told_from_the_title_then_the_accounts(
    title: str, accounts: tuple[str | None, ...], place: str | None
) -> None:
    """A city before a province; a name that is also a word only with 市 and the like; None when nothing names one."""
    assert place_of(title, *accounts) == place


def test_the_text_names_the_place_when_title_and_accounts_do_not() -> None:
    """Its offices must speak above all others, and no newspaper reports it from elsewhere."""
    text = "近日，盐城市公安局破获一案。盐城警方提醒：不要卖卡。"
    assert place_of("提醒", text=text) == "盐城"
    assert place_of("提醒", "反诈中心", text=text) == "盐城"
    assert place_of("提醒", "某某晚报", text=text) is None
    assert place_of("提醒", text="盐城市公安局和南通市公安局联合行动。盐城警方、南通警方通报。") is None


def test_every_prefecture_lies_in_its_province() -> None:
    """Names are read whole, each once, in order."""
    assert places_named("广西南宁、四川凉山州和吉林延边的警方") == ("广西", "南宁", "四川", "凉山", "吉林", "延边")
    assert (province_of("南宁"), province_of("广西"), province_of("江阴")) == ("广西", "广西", None)
