"""The article in a web page that is no Official Account's: of a government site, a newspaper, anybody.

trafilatura tells which words are the article's; of the page, the part that holds them is then kept whole: it drops
short paragraphs and marks, which a notice needs, and we drop nothing between the article's first word and its last.
What the page says of itself stands in its `meta` (the names that the State Council's rules for government sites lay
down: ArticleTitle, PubDate, ContentSource) or in a line under the title. Nothing is guessed.
"""

from __future__ import annotations

import copy
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

_TITLE = ("articletitle", "article:title")
_DATE = ("pubdate", "publishdate", "article:published_time", "publishedtime")
_SOURCE = ("contentsource", "source")
DAY = re.compile(r"(\d{4})\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})")
_SHOWN_DAY = re.compile(r"(?:时间|日期)\s*[:：]\s*" + DAY.pattern)
_SHOWN_SOURCE = re.compile(r"来\s*源\s*[:：]\s*([^\s|｜【】:：<>]{2,30})")
_BLOCKS = re.compile(r"^(?:p|div|section|table|ul|ol|blockquote|h[1-6]|pre|center|article|main|header|footer|aside)$")
_CELLS = ("td", "th")
_FURNITURE = ("script", "style", "noscript", "iframe", "form", "button", "input", "select", "nav", "svg")
_NO_WORD = re.compile(r"[\W_]+")
_SPAN = 12
# A block between the article's first and last that is mostly links leads away from it.
_MOSTLY_LINKS = 0.6


@dataclass(frozen=True)
class Said:
    """What a page says of itself; "" for what it does not. `date` is YYYY-MM-DD."""

    title: str
    source: str
    date: str


def said_of(page: BeautifulSoup) -> Said:
    """Return title, source and date as the page's head or the line under its title gives them."""
    told = {
        str(tag.get("name") or tag.get("property") or "").lower(): " ".join(str(tag.get("content") or "").split())
        for tag in page.find_all("meta")
    }

    def first(names: tuple[str, ...]) -> str:
        return next((told[name] for name in names if told.get(name)), "")

    heading = page.find("h1")
    title = first(_TITLE) or (" ".join(heading.get_text(" ").split()) if isinstance(heading, Tag) else "")
    text = page.get_text("\n")
    shown_source = _SHOWN_SOURCE.search(text)
    day = DAY.search(first(_DATE)) or _SHOWN_DAY.search(text)
    return Said(title, first(_SOURCE) or (shown_source[1] if shown_source else ""), _iso(day) if day else "")


def article_of(page: BeautifulSoup, html: str, title: str) -> Tag | None:
    """Return the part of the page that holds the article, without what stands around it; None without one."""
    import trafilatura  # half a second: not at every start of the service

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    found = trafilatura.extract(
        html, include_comments=False, include_tables=True, favor_precision=True, deduplicate=False, include_links=False
    )
    words = _bare(found or "")
    if len(words) < _SPAN:
        return None
    page = copy.copy(page)
    for tag in page.find_all(_FURNITURE):
        tag.decompose()
    blocks = [block for block in _leaves(page) if _bare(block.get_text())]
    ours = [block for block in blocks if _stands_in(_bare(block.get_text()), words) and not _is_furniture(block, title)]
    if not ours:
        return None
    body = _holding(ours)
    first, last = ours[0], ours[-1]
    inside = [block for block in blocks if body in block.parents or block is body]
    begin, end = _place(inside, first), _place(inside, last)
    for at, block in enumerate(inside):
        if block is not body and (not begin <= at <= end or (not _is_in(block, ours) and _leads_away(block))):
            block.decompose()
    return body


def _leaves(page: Tag) -> Iterator[Tag]:
    """Yield the blocks that hold words of their own, in order: no block inside one is yielded too."""
    for tag in page.find_all(_BLOCKS):
        inside = tag.find_parent(["ul", "ol"]) or (tag.find_parent("table") and not tag.find_parent(_CELLS))
        whole = tag.name in ("ul", "ol") or (tag.name == "table" and not tag.find(_BLOCKS))
        if not inside and (whole or tag.find(_BLOCKS) is None or _own_words(tag)):
            yield tag


def _own_words(tag: Tag) -> bool:
    """Whether words stand directly in a block that holds others too."""
    return any(isinstance(child, str) and _bare(child) for child in tag.children)


def _stands_in(block: str, words: str) -> bool:
    """Whether a block's words are the article's: all of a short one, and of a long one most of its runs."""
    if len(block) <= 2 * _SPAN:
        return block in words
    runs = [block[at : at + _SPAN] for at in range(0, len(block) - _SPAN + 1, _SPAN)]
    return sum(run in words for run in runs) >= 0.6 * len(runs)


def _is_furniture(block: Tag, title: str) -> bool:
    """Whether a block only repeats the title, or tells of source and date: what stands before an article's words."""
    text = block.get_text(" ")
    return bool(_bare(text) == _bare(title) or (len(text) < 120 and _SHOWN_DAY.search(text)))


def _holding(blocks: list[Tag]) -> Tag:
    """Return the smallest tag that holds nearly all of the words of these blocks."""
    total = sum(len(_bare(block.get_text())) for block in blocks)
    body = blocks[0]
    longest = max(blocks, key=lambda block: len(_bare(block.get_text())))
    for body in (longest, *longest.parents):
        held = sum(len(_bare(block.get_text())) for block in blocks if block is body or body in block.parents)
        if held >= 0.9 * total:
            break
    return body


def _place(blocks: list[Tag], wanted: Tag) -> int:
    return next((at for at, block in enumerate(blocks) if block is wanted), 0)


def _is_in(block: Tag, blocks: list[Tag]) -> bool:
    return any(each is block for each in blocks)


def _leads_away(block: Tag) -> bool:
    text = _bare(block.get_text())
    linked = sum(len(_bare(link.get_text())) for link in block.find_all("a"))
    return linked > _MOSTLY_LINKS * len(text)


def _iso(day: re.Match[str]) -> str:
    year, month, of_month = (int(part) for part in day.groups()[-3:])
    return f"{year:04d}-{month:02d}-{of_month:02d}" if 1 <= month <= 12 and 1 <= of_month <= 31 else ""


def _bare(text: str) -> str:
    return _NO_WORD.sub("", text)
