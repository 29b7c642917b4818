"""Saved articles: text is kept byte for byte, a page becomes Markdown with every word of the article and none other."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from bot.reading.article import Article, first_line, is_article, take_in
from bot.reading.library import read_bulletin
from bot.reading.records import Bulletin, Passage, Problem
from bot.reading.sidecar import Sidecar

PAGES = Path(__file__).parents[1] / "articles"
TODAY = date(2025, 1, 1)


def taken(name: str, data: bytes) -> Article:
    article = take_in(Path(name), data)
    assert isinstance(article, Article), article
    return article


def page(name: str) -> Article:
    return taken(name, (PAGES / name).read_bytes())


def read(article: Article) -> tuple[Bulletin, tuple[Passage, ...]]:
    found = read_bulletin(Path("one.md"), article.data, Sidecar(), (), TODAY)
    assert not isinstance(found, Problem), found
    return found


def bare(text: str) -> str:
    return re.sub(r"[\s*#>|\-\d.]+", "", text)


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.markdown"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_is_kept_byte_for_byte(name: str, encoding: str) -> None:
    """Whatever the encoding and the line ends, not one byte changes."""
    data = "# 示例\r\n\r\n借出账户可能要坐牢。\r\n".encode(encoding)
    article = taken(name, data)
    assert (article.data, article.rewritten) == (data, False)


def test_an_official_accounts_page_says_who_what_and_where() -> None:
    """Title, account, address and day come from the page; the day is China's, from the account's time stamp."""
    bulletin, _ = read(page("official-account.html"))
    assert bulletin.title == '示范县警方提醒：买卖"两卡"要担责'
    assert bulletin.publisher == "平安示范"
    assert bulletin.published == date(2022, 5, 1)


def test_the_savers_session_does_not_stay_in_the_address() -> None:
    """Only what names the article is kept: nobody's ticket or number goes into the library."""
    article = page("official-account.html")
    bulletin, _ = read(article)
    assert bulletin.url == (
        "http://mp.weixin.qq.com/s?__biz=MzExample%3D%3D&mid=2247480001&idx=1&sn=0123456789abcdef&chksm=00ff"
    )
    assert "readers-own" not in article.text
    assert "OTk5" not in article.text


def test_a_page_keeps_every_word_of_the_article_and_none_of_the_page() -> None:
    """The visible words of the article's element stand in the Markdown in their order; scripts and frames do not."""
    article = page("official-account.html")
    soup = BeautifulSoup((PAGES / "official-account.html").read_text("utf-8"), "html.parser")
    body = soup.select_one("#js_content")
    assert body is not None
    for script in body.find_all("script"):
        script.decompose()
    written = article.text.partition("要担责\n\n")[2]
    assert bare(re.sub(r"!\[[^\]]*\]\([^)]*\)", "", written)) == bare(body.get_text())
    for foreign in ("脚本里的话", "微信扫一扫", "var ct", "别的号", "base64"):
        assert foreign not in article.text


def test_what_is_emphasised_on_a_page_heads_what_follows() -> None:
    """Bold by style counts like bold by tag; headings and lists keep their form; pictures their address."""
    article = page("official-account.html")
    _, passages = read(article)
    assert "**卖卡有何后果？**" in article.text
    assert "![](https://mmbiz.qpic.cn/mmbiz_png/example/640?wx_fmt=png)" in article.text
    assert [each.heading for each in passages][:2] == ["卖卡有何后果？", "怎样防范"]
    assert passages[0].text == "把银行卡、电话卡卖给别人，3年内暂停银行账户非柜面业务，支付账户也不能用。"


def test_nothing_is_escaped() -> None:
    """A backslash would be a letter the bulletin does not have."""
    assert "收到<验证码>，a*b_c 这样的话也不要告诉别人。" in page("official-account.html").text


def test_a_page_in_gb18030_is_read_and_dated_as_shown() -> None:
    """The date the page shows is taken, the address that the page gives for itself too."""
    bulletin, passages = read(page("dated-page-gb18030.html"))
    assert (bulletin.publisher, bulletin.published) == ("示范市反诈中心", date(2022, 3, 5))
    assert bulletin.url == "https://police.example.com/notices/17?from=home"
    assert passages[0].text == "借出电话卡可能要承担刑事责任。"


def test_a_page_is_told_by_what_it_is() -> None:
    """A page saved under another name is no plain text."""
    assert taken("a.txt", (PAGES / "official-account.html").read_bytes()).rewritten


def test_a_page_that_says_nothing_of_itself_gets_nothing_invented() -> None:
    """No title, no account, no date: none is made up."""
    article = taken("a.html", b"<html><body><div id=js_content><p>words</p></div></body></html>")
    assert article.text == "---\n---\n\nwords\n"


@pytest.mark.parametrize("day", ["2022年13月40日", "昨天", ""])
def test_a_date_that_is_none_is_left_out(day: str) -> None:
    """Better undated than wrong."""
    html = f"<html><body><em id=publish_time>{day}</em><div id=js_content>甲乙丙丁。</div></body></html>"
    assert "date" not in taken("a.html", html.encode()).text


@pytest.mark.parametrize(
    ("name", "data", "wrong"),
    [
        ("a.md", b"\xff\xff\x00\x01", "既不是 UTF-8 也不是 GB18030"),
        ("a.md", b"PX\x03\x04\x00\x00", "不是文本文件"),
        ("a.html", b"", "没有找到文章的文字"),
        ("a.html", "<html><body><p>登录后查看</p></body></html>".encode(), "没有找到文章的文字"),
        ("a.html", b"<html><body><div id=js_content><img></div>", "没有找到文章的文字"),
        ("a.html", b"<html><div id=js_content>" + b"<section>" * 5000 + b"x", "太深"),
    ],
)
def test_what_is_no_article_is_named(name: str, data: bytes, wrong: str) -> None:
    """A Problem with the path, what is wrong and what is allowed; never an exception."""
    problem = take_in(Path(name), data)
    assert isinstance(problem, Problem)
    assert wrong in problem.wrong
    assert problem.path == Path(name)


def test_a_page_cut_short_is_still_read() -> None:
    """Whatever of the article is there is kept."""
    whole = (PAGES / "official-account.html").read_text("utf-8")
    article = taken("a.html", whole[: whole.index("怎样防范")].encode())
    assert "3年内暂停银行账户非柜面业务" in article.text


def test_only_a_short_line_that_is_no_sentence_may_be_a_title() -> None:
    """The first line with words; nothing when that is a sentence."""
    assert first_line("\n  \n# **示例通报**\n正文。") == "示例通报"
    assert first_line("借出账户可能要坐牢。\n示例通报") is None
    assert first_line("") is None


def test_only_articles_are_taken_from_a_folder() -> None:
    """By their names; hidden files are not."""
    names = ["a.md", "a.TXT", "a.html", "a.htm", "a.docx", "a.PDF", "a.doc", ".a.md", "a"]
    assert [name for name in names if is_article(Path(name))] == names[:6]
