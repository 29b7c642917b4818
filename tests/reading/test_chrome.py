"""The patterns of a page's own words, one by one where the whole page would hide them."""

from __future__ import annotations

import pytest

from bot.reading.chrome import ends_article, is_call, is_chrome, is_list_number, is_ornament


@pytest.mark.parametrize("text", ["1", "12", "①", "3、", "2."])
def test_a_lone_number_counts_items(text: str) -> None:
    """It is no chrome, though there are no words in it."""
    assert is_list_number(text)
    assert not is_chrome(text)


@pytest.mark.parametrize(
    ("text", "ornament"), [("南丨宁丨绿", True), ("|城|反|诈", True), ("文丨某某某报社记者", False)]
)
def test_letters_set_apart_are_an_ornament(text: str, ornament: bool) -> None:
    """Words are not."""
    assert is_ornament(text) is ornament


@pytest.mark.parametrize(
    ("sentence", "call"),
    [
        ("请大家多多转发！", True),
        ("欢迎点赞、在看。", True),
        ("请勿转发不明链接。", False),
        ("不要扫描陌生人的二维码。", False),
        ("短信将被转发到另一个号码。", False),
    ],
)
def test_a_call_asks_the_reader_to_share(sentence: str, call: bool) -> None:
    """A warning not to is none."""
    assert is_call(sentence) is call


@pytest.mark.parametrize(
    ("text", "chrome"),
    [
        ("举报电话：010-00000000 涉未成年人举报专线：010-00000001 网上有害信息举报专区", True),
        ("举报电话：0999-1234567。", False),
    ],
)
def test_a_sites_own_line_for_complaints_is_chrome(text: str, chrome: bool) -> None:
    """The line that a notice gives is not."""
    assert is_chrome(text) is chrome


@pytest.mark.parametrize(("text", "over"), [("往期回顾", True), ("相关推荐", True), ("相关推荐的骗局有三种。", False)])
def test_the_article_ends_at_a_label_of_its_own_line(text: str, over: bool) -> None:
    """The same words inside a sentence end nothing."""
    assert ends_article(text) is over
