"""The article in a page of a government site or a newspaper: every paragraph, and nothing that stands around it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from government_pages import FURNITURE, LAYOUTS, NOTICES, Notice

from bot.reading.article import Article, take_in
from bot.reading.header import decode, take_apart
from bot.reading.records import Problem

PAGES = [(layout, notice) for layout in LAYOUTS for notice in NOTICES]


@pytest.mark.parametrize(
    ("layout", "notice"), PAGES, ids=[f"{layout.__name__}-{notice.date}" for layout, notice in PAGES]
)
def test_all_of_the_article_and_nothing_else(layout: Callable[[Notice], str], notice: Notice) -> None:
    """Each paragraph on a line of its own, none of the site's furniture; title, source and date as the page says."""
    taken = take_in(Path("page.html"), layout(notice).encode())
    assert isinstance(taken, Article), taken
    lines = [line.strip(" 　*#") for line in taken.text.splitlines()]
    assert [each for each in notice.paragraphs if each not in lines] == []
    assert [each for each in FURNITURE if each in taken.text] == []
    text = decode(Path("x"), taken.data)
    assert isinstance(text, str)
    apart = take_apart(Path("x"), text)
    assert not isinstance(apart, Problem)
    said = {name: field.value for name, field in apart.fields.items()}
    assert (said["title"].startswith(notice.title), said["source"], said["date"]) == (True, notice.source, notice.date)


def test_a_page_of_links_is_no_article() -> None:
    """A list of headlines, a form to log in: refused in words."""
    links = "".join(f"<li><a href='/{number}'>第{number}号新闻标题</a></li>" for number in range(30))
    for body in (f"<ul>{links}</ul>", "<form><p>账号</p><p>密码</p></form>"):
        taken = take_in(Path("page.html"), f"<html><body>{body}</body></html>".encode())
        assert isinstance(taken, Problem), taken
        assert "没有找到文章的文字" in taken.wrong


def test_no_script_comes_along() -> None:
    """Of a page that attacks whoever opens it, the words stay and nothing that runs."""
    words = "".join(f"<p>{each}</p>" for each in NOTICES[0].paragraphs)
    hostile = (
        "<script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>"
        "<a href='javascript:alert(4)'>点这里</a>"
    )
    taken = take_in(Path("page.html"), f"<html><body><div>{words}{hostile}</div></body></html>".encode())
    assert isinstance(taken, Article)
    assert not any(word in taken.text for word in ("alert", "javascript", "onerror", "<script", "<svg"))
