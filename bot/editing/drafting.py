"""An article on its way into the library: what it says of itself, what the editor adds, how it will be read.

Asks nobody and writes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path

from bot.reading.amending import compose
from bot.reading.article import Article, first_line
from bot.reading.dates import written_day
from bot.reading.header import decode, take_apart
from bot.reading.library import read_bulletin
from bot.reading.records import Bulletin, Passage, Problem, Topic
from bot.reading.sidecar import UNCHECKED, Sidecar

UNTITLED = "（没有题目）"


@dataclass(frozen=True)
class Details:
    """What a citation says of a bulletin; None for what nobody has said."""

    title: str | None = None
    publisher: str | None = None
    place: str | None = None
    published: date | None = None

    def over(self, other: Details) -> Details:
        """Return these details, and the other's where these say nothing."""
        return Details(*(getattr(self, each.name) or getattr(other, each.name) for each in fields(self)))

    def without(self, other: Details) -> dict[str, str | date]:
        """Return by name what is said here and not, or otherwise, by the other."""
        pairs = ((each.name, getattr(self, each.name), getattr(other, each.name)) for each in fields(self))
        return {name: mine for name, mine, theirs in pairs if mine is not None and mine != theirs}


@dataclass(frozen=True)
class Draft:
    """An article as it would be read under `stem`: `told` is what its text says, `details` is what is to be used."""

    source: Path
    article: Article
    stem: str
    told: Details
    details: Details
    bulletin: Bulletin
    passages: tuple[Passage, ...]

    @property
    def comment(self) -> str:
        """The sidecar's first comment: the file it came from, and its fingerprint, by which to know it again."""
        how = "，由图片识别" if self.article.recognised else "，由网页转写" if self.article.rewritten else ""
        digest = hashlib.sha256(self.article.data).hexdigest()
        return f"由 duanka knowledge add 收进：{self.source.name}{how}；sha256 {digest}"

    @property
    def sidecar(self) -> str:
        """The text of its sidecar: where it came from, and what its text does not say."""
        unchecked = {"recognised": UNCHECKED} if self.article.recognised else {}
        return compose([self.comment], {**self.details.without(self.told), **unchecked})


@dataclass(frozen=True)
class Reader:
    """What reading an article takes besides the article."""

    topics: Sequence[Topic]
    today: date

    def draft(self, source: Path, article: Article, given: Details) -> Draft | Problem:
        """Return the article read with the details given; a Problem when it can be no bulletin.

        Without any title it is read as UNTITLED, and `details.title` is None.
        """
        told = self._told(source, article)
        if isinstance(told, Problem):
            return told
        offered = Details(title=offered_title(article)) if told.title is None else Details()
        return self.read(source, article, "new", told, given.over(told).over(offered))

    def read(self, source: Path, article: Article, stem: str, told: Details, details: Details) -> Draft | Problem:
        """Return the article read as it would be under `stem` with `details`."""
        sidecar = Sidecar(
            title=details.title or UNTITLED,
            publisher=details.publisher,
            place=details.place,
            published=details.published,
            unchecked=article.recognised,
        )
        read = read_bulletin(source.with_name(f"{stem}.md"), article.data, sidecar, self.topics, self.today)
        if isinstance(read, Problem):
            return replace(read, path=source)
        bulletin, passages = read
        # A title that was given may name the place.
        known = replace(details, place=bulletin.place)
        return Draft(source, article, stem, told, known, bulletin, passages)

    def _told(self, source: Path, article: Article) -> Details | Problem:
        """Return what the text itself says: read once with its own title, or with none if it has none."""
        read = read_bulletin(source, article.data, Sidecar(), self.topics, self.today)
        titled = not isinstance(read, Problem)
        if not titled:
            read = read_bulletin(source, article.data, Sidecar(title=UNTITLED), self.topics, self.today)
        if isinstance(read, Problem):
            return read
        bulletin, _ = read
        title = bulletin.title if titled else None
        return Details(title, bulletin.publisher, bulletin.place, bulletin.published)


def offered_title(article: Article) -> str | None:
    """Return the first line of the body, when it looks like a title."""
    nameless = Path()
    text = decode(nameless, article.data)
    apart = text if isinstance(text, Problem) else take_apart(nameless, text)
    return None if isinstance(apart, Problem) else first_line(apart.body)


def parse_day(text: str, today: date) -> date:
    """Return the day written as 2021-06-20, 2021年6月20日, 2021.6.20 or 2021/6/20. Raises ValueError otherwise."""
    day = written_day(text)
    if day is None:
        raise ValueError(f"日期 '{text}' 读不懂；写成 2021-06-20 这样，没有日期就留空")
    if day > today:
        raise ValueError(f"日期 {day} 在将来；不得晚于今天（{today}）")
    return day
