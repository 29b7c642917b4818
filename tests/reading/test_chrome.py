"""The patterns of a page's own words, one by one where the whole page would hide them."""

from __future__ import annotations

import pytest

from bot.reading.chrome import ends_article, is_call, is_chrome, is_list_number, is_ornament, points_elsewhere


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


@pytest.mark.parametrize(
    ("text", "over"), [("发表评论", True), ("预览时标签不可点", True), ("发表评论的人要负责。", False)]
)
def test_the_article_ends_at_a_label_of_its_own_line(text: str, over: bool) -> None:
    """The same words inside a sentence end nothing."""
    assert ends_article(text) is over


@pytest.mark.parametrize(
    ("text", "points"), [("往期回顾", True), ("相关推荐", True), ("相关推荐的骗局有三种。", False)]
)
def test_a_label_on_its_own_line_points_to_other_articles(text: str, points: bool) -> None:
    """The same words inside a sentence do not."""
    assert points_elsewhere(text) is points


@pytest.mark.parametrize(
    "text",
    [
        "www.12321.cn可以举报诈骗短信。",
        "jubao@example.org是我们的举报邮箱，请发来线索。",
        "侵犯公民个人信息，损害他人权益的，依法追究责任。",
        "未经授权，任何人不得把本人的银行卡交给他人使用。",
        "骗子以商务合作为名，骗取您的对公账户。",
        "转载虚假警情、造谣生事的，请注明身份到派出所说明。",
        "有人让您扫描二维码领奖，请立即报警。",
        "资金来源：受害人转来的钱，查实后一律返还。",
        "扫码后会跳转到客服的页面，要您转发他们的图片。",
        "诈骗短信请转发到12321举报。",
        "如果侵害了您的账户，请联系开户银行处理，并到派出所报案。",
    ],
)
def test_a_sentence_that_speaks_of_rights_codes_or_sources_is_the_notices(text: str) -> None:
    """A line is left out only when all of it is the page's, whatever words it shares with one that is."""
    assert not is_chrome(text)
    assert not is_call(text)


@pytest.mark.parametrize(
    "text",
    [
        "未经授权不得转载。",
        "本文为原创，未经授权禁止转载。如需转载请联系我们。",
        "如有侵权，请联系删除。",
        "商务合作：0000-0000000",
        "转载请注明出处",
        "长按扫描二维码关注我们",
        "（图片来源于网络）",
        "版权所有：某某网站",
        "如需授权、对文章有疑问或需删除稿件，请联系某某网",
        "原文地址：<https://example.org/a>",
        "本文转载自：[某网](https://example.org/a)",
    ],
)
def test_a_line_that_is_all_furniture_is_the_pages(text: str) -> None:
    """Rights, advertisements, credits and invitations that stand alone."""
    assert is_chrome(text)
