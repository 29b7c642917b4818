"""One bulletin as it would be: its file and the sidecar beside it, as they are read, and two readings compared.

Pure: writes nothing. How the sidecar is changed is in bot/editing/corrections.py.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bot.editing.conflicts import told_lines
from bot.reading.library import read_bulletin, strangers
from bot.reading.records import KIND_NAMES, UNCHECKED_NAME, Bulletin, Passage, Problem, Topic
from bot.reading.sidecar import Sidecar, read_sidecar

FIELDS: Mapping[str, str] = {
    "title": "题目",
    "publisher": "发布单位",
    "origin": "原作者（转载时）",
    "place": "地方",
    "published": "发布日期",
    "authority": "由谁规定",
    "in_force_from": "施行日期",
    "in_force_until": "有效期到",
    "url": "原文网址",
}


@dataclass(frozen=True)
class Revision:
    """What would stand in the folder: `<stem>.md` and `<stem>.yml`."""

    stem: str
    data: bytes = field(repr=False)
    sidecar: str = field(repr=False)

    @property
    def digest(self) -> str:
        """A fingerprint of both."""
        return hashlib.sha256(self.data + b"\0" + self.sidecar.encode()).hexdigest()


@dataclass(frozen=True)
class Read:
    """A revision as it is read: the bulletin, its passages, and what is wrong in the sidecar."""

    bulletin: Bulletin
    passages: tuple[Passage, ...]
    sidecar: Sidecar
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Value:
    """One field for the form: its value as written, and where it was found, in words."""

    name: str
    called: str
    value: str
    found: str


@dataclass(frozen=True)
class Difference:
    """One thing that is other in the second of two readings; "" for what is not there."""

    what: str
    before: str
    after: str


class UnfitError(Exception):
    """What an editor wrote cannot be; the text says why and what may be."""


def read(revision: Revision, topics: Sequence[Topic], today: date) -> Read | Problem:
    """Return the revision as the service would read it; a Problem when it would not."""
    path = Path(f"{revision.stem}.md")
    sidecar, problems = read_sidecar(
        path.with_suffix(".yml"), revision.sidecar.encode() or b"{}", [topic.slug for topic in topics], today
    )
    found = read_bulletin(path, revision.data, sidecar, topics, today)
    if isinstance(found, Problem):
        return found
    problems = (*problems, *strangers(path.with_suffix(".yml"), sidecar, found[1]))
    return Read(found[0], found[1], sidecar, problems)


def values_of(known: Read) -> tuple[Value, ...]:
    """Return every field with where it was found."""
    return tuple(Value(name, called, plain_value(known, name), _found(known, name)) for name, called in FIELDS.items())


def differences(before: Read | None, after: Read) -> tuple[Difference, ...]:
    """Return what is other in `after`: fields, whether it is in force, then passages as they stand in the file."""
    found = [
        Difference(called, plain_value(before, name) if before else "", plain_value(after, name))
        for name, called in FIELDS.items()
        if (plain_value(before, name) if before else "") != plain_value(after, name)
    ]
    if before and _state(before) != _state(after):
        found.append(Difference("状态", _state(before), _state(after)))
    ours = {passage.text: passage for passage in before.passages} if before else {}
    theirs = {passage.text: passage for passage in after.passages}
    for text, passage in theirs.items():
        then = _told(ours[text]) if text in ours else ""
        if then != _told(passage):
            found.append(Difference(told_lines(passage.lines), then, _told(passage)))
    gone = (passage for text, passage in ours.items() if text not in theirs)
    found += [Difference(told_lines(passage.lines), _told(passage), "") for passage in gone]
    return tuple(found)


def _told(passage: Passage) -> str:
    since = f"，{passage.superseded_since}起" if passage.superseded_since else ""
    out = f"（不再引用：{passage.superseded_by}{since}）" if passage.superseded_by else ""
    return f"【{KIND_NAMES[passage.kind]}】{out}{passage.text}"


def _state(known: Read) -> str:
    bulletin = known.bulletin
    if bulletin.unchecked:
        return UNCHECKED_NAME
    if bulletin.withdrawn:
        return f"已撤回（{bulletin.withdrawn}）"
    return f"已由 {bulletin.superseded_by} 取代" if bulletin.superseded_by else "使用中"


def in_order(known: Read) -> list[tuple[str, Any]]:
    """Return passages and what was left out as they stand in the file."""
    parts: list[tuple[str, Any]] = [("passage", passage) for passage in known.passages]
    parts += [("dropped", dropped) for dropped in known.bulletin.dropped]
    return sorted(parts, key=lambda part: part[1].lines)


def plain_value(known: Read, name: str) -> str:
    """Return a field's value as it stands in the form; "" without one."""
    value = getattr(known.bulletin, name)
    return "" if value is None else str(value)


def _found(known: Read, name: str) -> str:
    value = getattr(known.bulletin, name)
    if name in known.sidecar.lines:
        return "编辑填写"
    if value is None:
        return "文中没有"
    if name == "authority":
        return "由题目和发布单位看出"
    for number, line in enumerate(known.bulletin.body, start=1):
        if _tells_day(line, value) if isinstance(value, date) else str(value) in line:
            return f"文中第 {number} 行"
    return "由题目和发布单位看出" if name == "place" else "文中读出"


def _tells_day(line: str, day: date) -> bool:
    plain = unicodedata.normalize("NFKC", line)
    return bool(re.search(rf"(?<!\d){day.year}\D{{1,3}}0?{day.month}\D{{1,3}}0?{day.day}(?!\d)", plain))
