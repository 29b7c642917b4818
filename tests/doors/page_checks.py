"""A page taken apart, and small libraries and turns to make pages of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.answering.reply import Reply
from bot.reading.library import read_library
from bot.reading.records import Bulletin, Library, Passage
from bot.reading.topics import read_topics

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
TODAY = date(2025, 11, 1)
DOOR = "https://centre.example/any/prefix/webhooks/web/"
VOID = frozenset({"meta", "link", "br", "img", "input"})


@dataclass
class Element:
    """One element of a page, with all the text below it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    inside: tuple[str, ...] = ()


@dataclass
class Page(HTMLParser):
    """A page taken apart; it must be well-formed: everything opened is closed in order."""

    source: str
    elements: list[Element] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.source)
        self.close()
        assert [element.tag for element in self.open] == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"{tag} has an attribute twice"
        element = Element(
            tag, {name: value or "" for name, value in attrs}, inside=tuple(each.tag for each in self.open)
        )
        self.elements.append(element)
        if tag == "br":
            self.handle_data("\n")
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Return the elements of that tag that have these attributes."""
        return [each for each in self.elements if each.tag == tag and attributes.items() <= each.attributes.items()]

    def one(self, tag: str, **attributes: str) -> Element:
        """Return the only such element."""
        (found,) = self.all(tag, **attributes)
        return found

    def by_id(self, name: str) -> Element:
        """Return the only element with this id."""
        (found,) = [each for each in self.elements if each.attributes.get("id") == name]
        return found

    @property
    def text(self) -> str:
        """All text of the body."""
        return self.one("body").text


@dataclass(frozen=True)
class Asked:
    """A turn."""

    text: str
    reply: Reply | None


def bulletin(stem: str = "notice", **changes: Any) -> Bulletin:
    """Return a bulletin of 1 October 2025."""
    plain = Bulletin(stem, "通报的标题", "平安某地", None, "某地", date(2025, 10, 1), None, None, None, ())
    return replace(plain, **changes)


def passage(number: int = 1, stem: str = "notice", text: str = "不得出租银行卡。", heading: str = "") -> Passage:
    """Return a passage of that bulletin."""
    return Passage(f"{stem}#p{number:02d}", stem, heading, text, (text,), "advice", (), (1, 1), "")


def library(*bulletins: Bulletin, passages: tuple[Passage, ...] = ()) -> Library:
    """Return a library of these."""
    return Library(MappingProxyType({each.stem: each for each in bulletins}), passages)


def reply(**changes: Any) -> Reply:
    """Return an answer with one quote, as the channel keeps it."""
    custom: dict[str, Any] = {
        "kind": "answer",
        "lead": "通报里是这样说的：",
        "quotes": [{"text": "不得出租。\n不得出借。", "bulletin": "a", "passage": "a#p02", "citation": 1}],
        "citations": [
            {"number": 1, "bulletin": "a", "title": "标题甲", "publisher": "平安某地", "place": "某地",
             "published": "2021-06-20", "url": "https://origin.example/a", "reader": "bulletins/a#p02"}
        ],
        "caution": "该通报发布于2021年6月20日。",
        "close": None,
        "suggestions": ["去哪里举报？"],
        "hotlines": ["96110", "110"],
    }  # fmt: skip
    return Reply("一段文字", {**custom, **changes})


def addresses(page: Page) -> Iterator[str]:
    """Yield every address a page names."""
    for element in page.elements:
        for name in ("href", "src", "action"):
            if name in element.attributes:
                yield element.attributes[name]


@cache
def shipped() -> Library:
    """Return the bulletins we ship."""
    return read_library(KNOWLEDGE / "bulletins", read_topics(KNOWLEDGE / "topics.yml"), TODAY)
