"""From a saved article - Markdown, plain text, or the web page of an Official Account - to the file the library keeps.

Knows what such a page looks like; opens no files and asks nobody. Text is kept byte for byte as received. A page is
rewritten as Markdown: the words of the article, and of the page only title, account, date and address. See
docs/decisions/0010-adding-articles.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import yaml
from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from bot.reading.dates import CHINA
from bot.reading.header import decode, parse_date
from bot.reading.records import Problem
from bot.text.squeezing import IMAGE

TEXTS = (".md", ".markdown", ".txt")
PAGES = (".html", ".htm")
_PAGE_START = re.compile(r"\A\s*(?:<!--(?:(?!-->).)*-->\s*)*<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_ACCOUNT = re.compile(r"""\bvar\s+nickname\s*=\s*(?:htmlDecode\()?["']([^"'\n]{1,40})["']""")
_STAMP = re.compile(r"""\bvar\s+(?:ct|oriCreateTime|createTime)\s*=\s*["'](\d{9,10})["']""")
_DAY = re.compile(r"(\d{4})\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})")
# What names an article in its address; the rest says who opened it, and when.
_ADDRESS = ("__biz", "mid", "idx", "sn", "chksm")
_BOLD = re.compile(r"font-weight\s*:\s*(bold|bolder|[6-9]00)", re.IGNORECASE)
_BLOCKS = ("p", "div", "section", "br", "table", "ul", "ol", "li", "blockquote", "h1", "h2", "h3", "h4", "img")
_UNSEEN = ("script", "style", "noscript", "iframe", "svg", "mp-common-profile", "mpvoice", "button", "input")
# The account's clock: an article of 23:30 is of that day in China, whatever the machine's zone.
_LONGEST_TITLE = 60


@dataclass(frozen=True)
class Article:
    """A saved article, ready to be kept: `data` are the bytes to write as `<stem>.md`, `text` the same as text.

    `rewritten`: `data` is Markdown made from a page, no longer the file as received.
    """

    data: bytes
    text: str
    rewritten: bool


def is_article(path: Path) -> bool:
    """Whether the name is one a saved article may have; files that begin with a dot are not."""
    return path.suffix.lower() in TEXTS + PAGES and not path.name.startswith(".")


def take_in(path: Path, data: bytes) -> Article | Problem:
    """Return the article in the bytes of `path`; a Problem for what is no text, or a page without an article in it."""
    text = decode(path, data)
    if isinstance(text, Problem):
        return text
    if path.suffix.lower() not in PAGES and not _PAGE_START.match(text):
        return Article(data, text, rewritten=False)
    try:
        written = _rewritten(text)
    except RecursionError:
        return Problem(path, 1, "网页的标签一层套一层，太深了，读不了", "在浏览器里复制正文，另存为 .txt")
    if written is None:
        wrong = "网页里没有找到文章的文字（也许全是图片，也许不是文章的页面）"
        return Problem(path, 1, wrong, "保存公众号文章的页面，或把正文另存为 .txt")
    return Article(written.encode(), written, rewritten=True)


def first_line(text: str) -> str | None:
    """Return the first line with words when it looks like a title: short, and no sentence; None otherwise."""
    line = next((line.strip().strip("*# ").strip() for line in text.split("\n") if line.strip()), "")
    return line if line and len(line) <= _LONGEST_TITLE and not re.search(r"[。；，,：:]$", line) else None


def _rewritten(html: str) -> str | None:
    page = BeautifulSoup(html, "html.parser")
    body = page.select_one("#js_content") or page.select_one("article")
    if body is None:
        return None
    fields = dict(_fields(page, html))
    words = _markdown(body)
    if not re.search(r"\w", IMAGE.sub("", words)):
        return None
    title = f"# {fields['title']}\n\n" if "title" in fields else ""
    header = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=10_000) if fields else ""
    return f"---\n{header}---\n\n{title}{words}\n"


def _fields(page: BeautifulSoup, html: str) -> Iterator[tuple[str, str]]:
    """Yield what the page says of itself, under the names a bulletin's header has; nothing for what it does not say."""
    found = (
        ("title", _words(page, "#activity-name") or _property(page, "og:title") or _words(page, "title")),
        ("url", _address(_property(page, "og:url") or _canonical(page))),
        ("source", _words(page, "#js_name") or _found(_ACCOUNT, html)),
        ("date", _published(page, html)),
    )
    yield from ((name, value) for name, value in found if value)


def _words(page: BeautifulSoup, selector: str) -> str:
    tag = page.select_one(selector)
    return " ".join(tag.get_text().split()) if tag is not None else ""


def _property(page: BeautifulSoup, name: str) -> str:
    tag = page.find("meta", attrs={"property": name})
    return " ".join(str(tag.get("content", "")).split()) if isinstance(tag, Tag) else ""


def _canonical(page: BeautifulSoup) -> str:
    tag = page.select_one('link[rel="canonical"]')
    return str(tag.get("href", "")) if tag is not None else ""


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1].strip() if match else ""


def _address(url: str) -> str:
    """Return the article's address without what is only the saver's: their session, the way they came."""
    if not url.startswith(("http://", "https://")):
        return ""
    parts = urlsplit(url)
    if not (parts.hostname or "").endswith("weixin.qq.com"):
        return url
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key in _ADDRESS]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept), ""))


def _published(page: BeautifulSoup, html: str) -> str:
    """Return the day of publication as YYYY-MM-DD: the one shown, else the account's time stamp; "" without either."""
    shown = _DAY.search(_words(page, "#publish_time"))
    if shown:
        day = parse_date("-".join(shown.groups()))
        return str(day) if day else ""
    stamp = _found(_STAMP, html)
    return str(datetime.fromtimestamp(int(stamp), CHINA).date()) if stamp else ""


def _markdown(body: Tag) -> str:
    for tag in body.find_all(_UNSEEN):
        tag.decompose()
    for tag in body.find_all("img"):
        # A page loads its pictures late: the address waits in data-src.
        tag["src"] = str(tag.get("data-src") or tag.get("src") or "")
        tag.attrs.pop("alt", None)
    for tag in body.find_all("span", style=_BOLD):
        if not tag.find(_BLOCKS):
            tag.name = "strong"
    for tag in body.select("strong strong, strong b, b strong, b b"):
        tag.unwrap()
    return _WORDS.convert_soup(body).strip()


# Nothing is escaped: a backslash is no word of the bulletin's.
_WORDS = MarkdownConverter(
    heading_style="ATX",
    bullets="*",
    strip=["a", "em", "i"],
    escape_asterisks=False,
    escape_underscores=False,
    escape_misc=False,
)
