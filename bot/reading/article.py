"""From a saved article - Markdown, plain text, a web page, a Word file, a PDF - to the file the library keeps.

Knows what an Official Account's page looks like, and finds the article in any other; opens no files and asks nobody.
Text is kept byte for byte as received. Anything else is rewritten as Markdown: the words of the article, and of a page
only title, account, date and address. See docs/decisions/0010-adding-articles.md and 0037-what-offices-send.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import yaml
from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from bot.reading.dates import CHINA
from bot.reading.header import UTF_16, decode, parse_date
from bot.reading.office import DOCX, PDF, docx_page, is_docx, is_pdf, pdf_text
from bot.reading.pictures import PICTURES
from bot.reading.records import Problem
from bot.reading.webpage import DAY, article_of, said_of
from bot.text.squeezing import IMAGE

TEXTS = (".md", ".markdown", ".txt")
PAGES = (".html", ".htm")
OFFICE = (DOCX, PDF)
# What is sent often and cannot be read, and what to do instead.
_UNREADABLE = {
    ".doc": ("旧的 Word 文件（.doc）读不了", "用 Word 或 WPS 打开，另存为 .docx"),
    ".wps": ("WPS 文件（.wps）读不了", "用 WPS 打开，另存为 .docx"),
    ".ofd": ("OFD 文件读不了", "用阅读软件把文字复制出来，另存为 .txt"),
    ".mht": ("单个文件的网页（.mht）读不了", "保存网页时选“网页，仅 HTML”或“全部”（.html）"),
    ".mhtml": ("单个文件的网页（.mhtml）读不了", "保存网页时选“网页，仅 HTML”或“全部”（.html）"),
    **dict.fromkeys((".gif", ".webp", ".bmp", ".tif", ".heic"), ("这种图片读不了", "另存为 .jpg 或 .png")),
    **dict.fromkeys((".zip", ".rar", ".7z"), ("压缩包不打开", "先解开，把里面的文件一份一份收进")),
    **dict.fromkeys((".xls", ".xlsx", ".ppt", ".pptx"), ("表格和演示文稿读不了", "把要发布的文字另存为 .txt 或 .docx")),
}
_PAGE_START = re.compile(r"\A\s*(?:<!--(?:(?!-->).)*-->\s*)*<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_ACCOUNT = re.compile(r"""\bvar\s+nickname\s*=\s*(?:htmlDecode\()?["']([^"'\n]{1,40})["']""")
_STAMP = re.compile(r"""\bvar\s+(?:ct|oriCreateTime|createTime)\s*=\s*["'](\d{9,10})["']""")
# What names an article in its address; the rest says who opened it, and when.
_ADDRESS = ("__biz", "mid", "idx", "sn", "chksm")
_BOLD = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)", re.IGNORECASE)
_BLOCKS = ("p", "div", "section", "br", "table", "ul", "ol", "li", "blockquote", "h1", "h2", "h3", "h4", "img")
_UNSEEN = ("script", "style", "noscript", "iframe", "svg", "mp-common-profile", "mpvoice", "button", "input")
_LONGEST_TITLE = 60
# What makes a file in UTF-16 a text that is worth rewriting in UTF-8.
_LANGUAGE = re.compile(r"[\u4e00-\u9fff]|[A-Za-z]{2}")


@dataclass(frozen=True)
class Article:
    """A saved article, ready to be kept: `data` are the bytes to write as `<stem>.md`, `text` the same as text.

    `rewritten`: `data` is Markdown made from a page or an office's file, no longer the file as received; that one is
    then `received`. `recognised`: its words were read off a picture, and somebody has to hold them against it.
    """

    data: bytes
    text: str
    rewritten: bool
    received: bytes = field(default=b"", repr=False, compare=False)
    recognised: bool = False


def is_article(path: Path) -> bool:
    """Whether the name is one a saved article may have; files that begin with a dot are not."""
    return path.suffix.lower() in TEXTS + PAGES + OFFICE + PICTURES and not path.name.startswith(".")


def not_readable(path: Path) -> Problem | None:
    """Return what to do with a file whose name says that it cannot be read; None for one that may be."""
    wrong, allowed = _UNREADABLE.get(path.suffix.lower(), ("", ""))
    return Problem(path, 1, wrong, allowed) if wrong else None


def take_in(path: Path, data: bytes) -> Article | Problem:
    """Return the article in the bytes of `path`; a Problem for what is no text, or a page without an article in it.

    What a file is, its first bytes say, whatever its name.
    """
    if is_pdf(data):
        found = pdf_text(path, data)
        return found if isinstance(found, Problem) else _article(found + "\n")
    if is_docx(data):
        page = docx_page(path, data)
        if isinstance(page, Problem):
            return page
        words = _markdown(BeautifulSoup(page, "html.parser"))
        allowed = "把文字录成 .txt"
        return _article(words + "\n") if _has_words(words) else Problem(path, 1, "这个 Word 文件里没有文字", allowed)
    text = decode(path, data)
    if isinstance(text, Problem):
        return not_readable(path) or text
    if path.suffix.lower() not in PAGES and not _PAGE_START.match(text):
        wide = data.startswith(UTF_16) and bool(_LANGUAGE.search(text))
        return Article(text.encode() if wide else data, text, rewritten=wide)
    try:
        written = _rewritten(text)
    except RecursionError:
        return Problem(path, 1, "网页的标签一层套一层，太深了，读不了", "在浏览器里复制正文，另存为 .txt")
    if written is None:
        wrong = "网页里没有找到文章的文字（也许全是图片，也许不是文章的页面）"
        return Problem(path, 1, wrong, "保存文章的页面，或把正文另存为 .txt")
    return _article(written)


def _article(written: str) -> Article:
    return Article(written.encode(), written, rewritten=True)


def _has_words(text: str) -> bool:
    return bool(re.search(r"\w", IMAGE.sub("", text)))


def first_line(text: str) -> str | None:
    """Return the first line with words when it looks like a title: short, and no sentence; None otherwise."""
    line = next((line.strip().strip("*# ").strip() for line in text.split("\n") if line.strip()), "")
    return line if line and len(line) <= _LONGEST_TITLE and not re.search(r"[。；，,：:]$", line) else None


def _rewritten(html: str) -> str | None:
    page = BeautifulSoup(html, "html.parser")
    fields = dict(_fields(page, html))
    body = page.select_one("#js_content") or article_of(page, html, fields.get("title", ""))
    if body is None:
        return None
    words = _markdown(body)
    if not _has_words(words):
        return None
    title = f"# {fields['title']}\n\n" if "title" in fields else ""
    header = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=10_000) if fields else ""
    return f"---\n{header}---\n\n{title}{words}\n"


def _fields(page: BeautifulSoup, html: str) -> Iterator[tuple[str, str]]:
    """Yield what the page says of itself, under the names a bulletin's header has; nothing for what it does not say."""
    said = said_of(page)
    found = (
        ("title", _words(page, "#activity-name") or said.title or _property(page, "og:title") or _words(page, "title")),
        ("url", _address(_property(page, "og:url") or _canonical(page))),
        ("source", _words(page, "#js_name") or _found(_ACCOUNT, html) or said.source),
        ("date", _published(page, html) or said.date),
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
    shown = DAY.search(_words(page, "#publish_time"))
    if shown:
        day = parse_date("-".join(shown.groups()))
        return str(day) if day else ""
    # The account's clock: an article of 23:30 is of that day in China, whatever the machine's zone.
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
