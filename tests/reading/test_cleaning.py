"""What is taken out of a page, and what must stay."""

from __future__ import annotations

import pytest

from bot.reading.cleaning import clean, tidy


def texts(body: str, *names: str) -> list[str]:
    return [line.text for line in clean(body, 1, names).lines]


@pytest.mark.parametrize(
    ("raw", "clean_text"),
    [
        ("2021 年 3 月", "2021年3月"),
        ("手机卡 600 余张", "手机卡600余张"),
        ("**5.02****亿**元", "5.02亿元"),
        ("架设 GOIP 设备", "架设GOIP设备"),
        ("Scattered  Spider 团伙", "Scattered Spider团伙"),
        ("** 文字**", "文字"),
    ],
)
def test_white_space_and_emphasis_go(raw: str, clean_text: str) -> None:
    """Space stays only between words of another script."""
    assert tidy(raw) == clean_text


@pytest.mark.parametrize(
    "line",
    [
        "微信号abc",
        "功能介绍发布预警",
        "(审核:甲编辑:乙)",
        "来源：平安某地",
        "编辑：甲",
        "责编丨乙",
        "（转自某地警方）",
        "网络配图",
        "图片来源：网络",
        "← 向左滑动查看 →",
        "长按识别二维码关注我们",
        "阅读原文",
        "，轻点两下取消赞",
        "收藏",
        "***",
        "朋友您好！0771-12340来电请接听。",
        "请给予公正的评价！",
        "南丨北丨绿",
        "|东|西|①|号",
        "[首页](/a) [登录](/b)",
        "| :--- | ---: |",
        "https://example.org/a",
        "2023-02-21 10:11:50",
    ],
)
def test_the_pages_own_lines_go(line: str) -> None:
    """Chrome between two sentences leaves the sentences, and a wall between them."""
    lines = clean(f"前一句。\n{line}\n后一句。", 1).lines
    assert [each.text for each in lines] == ["前一句。", "后一句。"]
    assert lines[1].wall


@pytest.mark.parametrize(
    "line",
    [
        "不要扫描陌生二维码。",
        "切勿点击短信里的链接查看详情。",
        "报警报案请拨打110。",
        "发现线索请向公安机关举报！",
        "信息的来源要核实，转账之前要打电话。",
        "骗子最喜欢这样的账户。",
    ],
)
def test_advice_that_looks_like_chrome_stays(line: str) -> None:
    """A warning about codes, links or sources is the notice's, not the page's."""
    assert texts(line) == [line]


def test_images_go_also_over_lines() -> None:
    """A target may hold line breaks; the lines after it keep their numbers."""
    lines = clean("前一句。![](2021-06-20\n题目\n题目\\\\x.jpeg)\n后一句。", 10).lines
    assert [(each.number, each.text) for each in lines] == [(10, "前一句。"), (13, "后一句。")]
    assert lines[1].image
    assert not lines[1].wall


def test_invisible_characters_go() -> None:
    """Zero-width characters and no-break spaces leave nothing behind."""
    assert texts("账户\u200b不要\u00a0借给\ufeff别人。") == ["账户不要借给别人。"]


def test_the_title_and_the_account_are_not_repeated() -> None:
    """A line that says no more than the title or a name is the page's."""
    assert texts("# 题目\n[甲账号]\n**甲账号**\n正文。", "题目", "甲账号") == ["正文。"]


def test_words_in_brackets_are_the_notices_unless_they_name_the_account() -> None:
    """「[案例一]」 is no account."""
    assert texts("[案例一]\n正文。", "题目", "甲账号") == ["[案例一]", "正文。"]


def test_what_is_left_out_is_listed_with_its_line_and_the_reason() -> None:
    """Editors see every word that stands in no passage."""
    found = clean("正文。\n\n编辑：甲\n[首页](/a)\n![](a.png)\n预览时标签不可点\n\n别处的一句话。", 5).dropped
    assert [(each.lines, each.text, each.reason) for each in found] == [
        ((7, 7), "编辑：甲", "出处、作者、编辑"),
        ((8, 8), "[首页](/a)", "只有链接"),
        ((10, 10), "预览时标签不可点", "文章之后的页面"),
        ((12, 12), "别处的一句话。", "文章之后的页面"),
    ]


def test_what_an_editor_wants_kept_is_never_left_out() -> None:
    """Lines named in the sidecar are the article's, whatever they look like."""
    cleaned = clean("正文。\n编辑：甲\n来源：乙", 1, keep={2})
    assert [line.text for line in cleaned.lines] == ["正文。", "编辑：甲"]
    assert [each.text for each in cleaned.dropped] == ["来源：乙"]


def test_the_pages_head_goes_when_the_title_is_said_again_under_it() -> None:
    """Menus above the article are the page's; two sentences of an article above its title's second mention are not."""
    menus = "首页甲\n乙\n丙\n丁\n戊"
    assert texts(f"# 题目\n{menus}\n题目\n正文在这里。", "题目") == ["正文在这里。"]
    assert texts("# 题目\n甲说了一句话。\n乙也说了一句。\n题目\n正文在这里。", "题目") == [
        "甲说了一句话。",
        "乙也说了一句。",
        "正文在这里。",
    ]


def test_a_list_of_words_is_never_taken_for_a_menu() -> None:
    """Slogans and names of a word or two each are the article's, wherever they stand."""
    words = ["不轻信", "不透露", "不转账", "不点击", "不贪利"]
    body = "\n".join(words)
    assert texts(f"{body}\n一句话。\n{body}") == [*words, "一句话。", *words]


def test_titles_of_other_articles_go_until_a_paragraph_follows() -> None:
    """「推荐阅读」 in the midst of an article does not end it."""
    paragraph = "这是文章的又一个段落，写明出租银行卡的人要负什么责任，不会因为上面有推荐阅读就丢掉。"
    assert texts(f"正文。\n\n推荐阅读\n\n别的文章的题目\n\n{paragraph}") == ["正文。", paragraph]


def test_a_second_accounts_bio_goes() -> None:
    """After 「以下文章来源于」 come the account's name and one line about it; the next line is the article's."""
    body = "以下文章来源于甲，作者甲\n![](a.png)**甲**.\n甲为您服务，有事请拨110。\n![](b.png)正文。"
    assert texts(body) == ["正文。"]
    body = "以下文章来源于甲\n，作者乙\n\n![](a.png)\n\n**甲**\n.\n\n甲为您服务。\n\n正文第一段。\n\n第二段。"
    assert texts(body) == ["正文第一段。", "第二段。"]


def test_a_caption_goes_but_a_lead_in_stays() -> None:
    """A short line under a picture goes when nothing carries it on."""
    assert texts("甲。\n\n![](a.png)\n\n群里的招募广告\n\n**第一类：甲。**乙。") == ["甲。", "第一类：甲。乙。"]
    assert texts("甲。\n\n![](a.png)\n\n在此强调\n\n不要借卡。") == ["甲。", "在此强调", "不要借卡。"]


def test_a_credit_glued_to_the_end_goes() -> None:
    """The words before it stay."""
    assert texts("不要做骗子的帮手来源：某地反诈中心![](a.png)") == ["不要做骗子的帮手"]


def test_the_page_is_over_where_the_page_says_so() -> None:
    """What follows the article is never read."""
    assert texts("正文。\n\n预览时标签不可点\n\n别处的一句话。") == ["正文。"]


def test_emphasis_headings_and_bullets_are_noted() -> None:
    """A line knows whether it is emphasised as a whole, a heading, an item."""
    bold, part, heading, bullet = clean("**甲****乙**\n**丙**丁。\n## 戊\n*己庚。", 1).lines
    assert (bold.bold, part.bold, heading.level, bullet.bullet) == (True, False, 2, True)
    assert bullet.text == "己庚。"


def test_a_name_with_the_day_of_publication_is_the_pages() -> None:
    """「某账号 2024-05-06 发布」 says nothing of the matter; a sentence with a day in it does."""
    assert texts("平安某地 2024-05-06 10:20 发布\n正文。") == ["正文。"]
    assert texts("截至2024-05-06抓获三人。") == ["截至2024-05-06抓获三人。"]
