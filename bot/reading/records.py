"""The records every room passes on: Bulletin, Passage, Problem, Library.

Lines count from 1 in the file as received. `text` is cleaned text: word for word the bulletin's, without emphasis
marks, images and the white space that line breaks left behind. This module knows no files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Literal, get_args

Kind = Literal["advice", "case", "figures", "background"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# What editors read for each kind.
KIND_NAMES: Mapping[Kind, str] = MappingProxyType(
    {"advice": "提示", "case": "案例", "figures": "数字", "background": "背景"}
)
# What stands over words that were read off a picture, until somebody has held them against it.
UNCHECKED_NAME = "识别文字，待核对"
# Who lays down what a bulletin says, the highest first.
Authority = Literal["law", "national", "provincial", "city", "other"]
AUTHORITIES: tuple[Authority, ...] = get_args(Authority)
AUTHORITY_NAMES: Mapping[Authority, str] = MappingProxyType(
    {"law": "法律", "national": "全国", "provincial": "省", "city": "市、县", "other": "其他"}
)


@dataclass(frozen=True)
class Dropped:
    """What of the file stands in no passage: the first and the last line, the words, and why, for editors."""

    lines: tuple[int, int]
    text: str
    reason: str


@dataclass(frozen=True)
class Bulletin:
    """One published notice. `published` is None when the text gives no date: it is never guessed.

    `origin` is who wrote it when `publisher` reprinted it. `body` are the lines of the file as received. `held_back`:
    its sidecar says something of being withdrawn or superseded that cannot be understood; `unchecked`: its words were
    read off a picture, and nobody has held them against it yet. `authority`, `in_force_from`
    and `in_force_until` (its last day) say how high and how new what it lays down is. `dropped` is what of the file no
    passage holds. `settled` is, by stem, what an editor no longer wants to be told of it beside that bulletin.
    """

    stem: str
    title: str
    publisher: str | None
    origin: str | None
    place: str | None
    published: date | None
    url: str | None
    withdrawn: date | None
    superseded_by: str | None
    body: tuple[str, ...]
    held_back: bool = False
    unchecked: bool = False
    authority: Authority = "other"
    in_force_from: date | None = None
    in_force_until: date | None = None
    dropped: tuple[Dropped, ...] = ()
    settled: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def in_force(self) -> bool:
        """Whether an answer may cite it."""
        return self.withdrawn is None and self.superseded_by is None and not (self.held_back or self.unchecked)


@dataclass(frozen=True)
class Passage:
    """A paragraph, or a list with the sentence that introduces it: what the retriever finds and an answer quotes.

    `sentences` are whole sentences; joined they are `text`. `topics` are slugs of knowledge/topics.yml.
    `lines` are the first and the last line in the file. `reason` says why it has its kind, for editors. `article` is
    the number it has in a law, 「第三十一条」. `superseded_by` names what came in its place, since `superseded_since`.
    `starts` are the lines its sentences begin on.
    """

    id: str
    bulletin: str
    heading: str
    text: str
    sentences: tuple[str, ...]
    kind: Kind
    topics: tuple[str, ...]
    lines: tuple[int, int]
    reason: str
    article: str | None = None
    superseded_by: str | None = None
    superseded_since: date | None = None
    starts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Topic:
    """One entry of knowledge/topics.yml: `marks` are regular expressions; a passage or heading with one is on it.

    So is a passage with a sentence that does one of what the topic `says`. `cases` are what somebody may mean whose
    question does not say what it is about.
    """

    slug: str
    name: str
    asks: tuple[str, ...]
    marks: tuple[str, ...]
    cases: tuple[str, ...] = ()
    says: tuple[str, ...] = ()


@dataclass(frozen=True)
class LaterRule:
    """One entry of knowledge/later.yml: a rule that came after bulletins and is none of them; `topics` are slugs.

    `short` is how people call it; "" where it has no other name.
    """

    name: str
    since: date
    topics: tuple[str, ...]
    short: str = ""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in the knowledge folder: where, what, and what is allowed."""

    path: Path
    line: int
    wrong: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.wrong}; {self.allowed}"


@dataclass(frozen=True)
class Library:
    """All bulletins that could be read, their passages in order, and what was wrong with the others.

    `reading` is what `read_library` keeps for itself, to take only what has changed apart again.
    """

    bulletins: Mapping[str, Bulletin] = field(default_factory=lambda: MappingProxyType({}))
    passages: tuple[Passage, ...] = ()
    problems: tuple[Problem, ...] = ()
    reading: object = field(default=None, repr=False, compare=False)

    def may_quote(self, passage: Passage) -> bool:
        """Whether an answer may cite the passage: neither it nor its bulletin is out of force."""
        return passage.superseded_by is None and self.bulletins[passage.bulletin].in_force
