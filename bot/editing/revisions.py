"""One bulletin as it would be: its file and the sidecar beside it, read, changed entry by entry, and compared.

Pure: writes nothing. Changes go into the sidecar; the file stays as received.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.editing.conflicts import told_lines
from bot.reading import amending
from bot.reading.bounds import Start
from bot.reading.dates import written_day
from bot.reading.library import read_bulletin, strangers
from bot.reading.records import (
    AUTHORITIES,
    AUTHORITY_NAMES,
    KIND_NAMES,
    KINDS,
    UNCHECKED_NAME,
    Bulletin,
    Passage,
    Problem,
    Topic,
)
from bot.reading.sidecar import UNCHECKED, Sidecar, read_sidecar
from bot.text.squeezing import squeeze

DAYS = ("published", "in_force_from", "in_force_until")
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
WITHDRAWN = "撤回"
# How many characters name a sentence, at least.
_FEWEST_WORDS = 8
_LONGEST = 200


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
    return tuple(Value(name, called, _plain(known, name), _found(known, name)) for name, called in FIELDS.items())


def with_fields(revision: Revision, known: Read, said: Mapping[str, str], today: date) -> Revision:
    """Return the revision with the fields an editor changed. Raises UnfitError for a value that is none."""
    text = revision.sidecar
    for name in FIELDS:
        value = " ".join(said.get(name, "").split())[:_LONGEST]
        if name not in said or value == _plain(known, name):
            continue
        text = _amended(text, name, _fit(name, value, today) if value else None)
    return replace(revision, sidecar=text)


def with_kept(revision: Revision, known: Read, lines: tuple[int, int]) -> Revision:
    """Return the revision with these lines put back, whatever the reading thinks of them."""
    kept = sorted({*known.sidecar.keep, *range(lines[0], lines[1] + 1)})
    return with_entry(_by_place(revision, known), "keep", list(_spans(kept)))


def with_passage(revision: Revision, known: Read, passage: Passage, **said: str | date | list[str] | None) -> Revision:
    """Return the revision with kind, superseded_by or since said of a passage; None unsays it."""
    entries, name = _said_of_passages(revision), name_of(known, passage)
    entry = {**entries.get(name, {}), **said}
    entries[name] = {key: value for key, value in entry.items() if value is not None}
    entries = {name: entry for name, entry in entries.items() if entry}
    return with_entry(revision, "passages", entries or None)


def with_kind(revision: Revision, known: Read, passage: Passage, kind: str) -> Revision:
    """Return the revision with a passage of that kind. Raises UnfitError for a word that is none."""
    if kind not in KINDS:
        raise UnfitError(f"没有类别“{kind[:20]}”")
    return with_passage(revision, known, passage, kind=kind)


def with_split(revision: Revision, known: Read, passage: Passage, sentence: int) -> Revision:
    """Return the revision in which a passage of its own begins at a sentence, counted from 0, of this one.

    What was said of the passage by its lines stays said of both parts.
    """
    if not 0 < sentence < len(passage.sentences):
        raise UnfitError("没有这一句")
    return _bounded(revision, known, "split", _start_of(passage, sentence))


def with_joined(revision: Revision, known: Read, passage: Passage) -> Revision:
    """Return the revision in which a passage goes on the one before it; what was said of it alone is unsaid."""
    if passage.id == known.passages[0].id:
        raise UnfitError("前面没有段落")
    revision = _by_place(revision, known)
    entries = _said_of_passages(revision)
    if entries.pop(name_of(known, passage), None):
        revision = with_entry(revision, "passages", entries or None)
    return _bounded(revision, known, "join", _start_of(passage, 0))


def with_words(revision: Revision, words: str) -> Revision:
    """Return the revision with other words: what was recognised, as an editor mends it. It is to be checked again.

    What was said of its lines is unsaid: they may be others now. Raises UnfitError for none.
    """
    lines = [line.rstrip() for line in words.replace("\r\n", "\n").split("\n")]
    text = "\n".join(lines).strip()
    if not text:
        raise UnfitError("文字不能空着")
    revision = replace(revision, data=f"{text}\n".encode())
    for key in ("keep", "split", "join", "passages"):
        revision = with_entry(revision, key, None)
    return with_entry(revision, "recognised", UNCHECKED)


def with_settled(revision: Revision, known: Read, stem: str, what: str) -> Revision:
    """Return the revision of which nobody is told any more that it is, beside another bulletin, what this is called."""
    settled = {each: list(said) for each, said in known.sidecar.settled.items()}
    if what not in settled.setdefault(stem, []):
        settled[stem].append(what)
    return with_entry(revision, "settled", settled)


def with_outdated(revision: Revision, known: Read, stem: str, name: str, outdated: bool = True) -> Revision:
    """Return the revision as one that takes, or no longer takes, the place of a passage of another bulletin."""
    named: dict[str, list[str]] = {}
    for each in known.sidecar.outdates:
        here = f"{each.start.line} {each.start.words}" if each.start else "{}-{}".format(*(each.span or (0, 0)))
        named.setdefault(each.bulletin, []).append(here)
    there = named.setdefault(stem, [])
    if outdated and name not in there:
        there.append(name)
    elif not outdated and name in there:
        there.remove(name)
    return with_entry(revision, "outdates", {each: names for each, names in named.items() if names} or None)


def with_checked(revision: Revision, today: date) -> Revision:
    """Return the revision as one whose words somebody has held against the picture."""
    return with_entry(revision, "recognised", today)


def name_of(known: Read, passage: Passage) -> str:
    """Return how a sidecar names a passage, so that it means no other and still holds when they are counted anew."""
    return name_among(known.passages, passage)


def name_among(passages: Sequence[Passage], passage: Passage) -> str:
    """Return how a sidecar names a passage among those of its bulletin."""
    first, last = passage.lines
    if any(each.id != passage.id and each.lines[0] <= last and first <= each.lines[1] for each in passages):
        start = _start_of(passage, 0)
        return f"{start.line} {start.words}"
    return f"{first}-{last}"


def passage_of(known: Read, id: str) -> Passage:
    """Return a passage by its id or its number, p07. Raises UnfitError for one there is not."""
    wanted = id.rpartition("#")[2]
    for passage in known.passages:
        if passage.id.endswith(f"#{wanted}"):
            return passage
    raise UnfitError("没有这一段")


def _said_of_passages(revision: Revision) -> dict[str, dict[str, Any]]:
    root: Any = _loaded(revision.sidecar)
    return {str(name): dict(entry) for name, entry in (root.get("passages") or {}).items()}


def _start_of(passage: Passage, sentence: int) -> Start:
    """Return a sentence of a passage by its line and as many of its first words as no other one there begins with."""
    line = passage.lines[0] if sentence == 0 else passage.starts[sentence]
    text = (passage.text if sentence == 0 else passage.sentences[sentence]).strip()
    others = [each for at, each in enumerate(passage.sentences) if at != sentence and passage.starts[at] == line]
    for length in range(_FEWEST_WORDS, len(text)):
        words = text[:length]
        if not any(squeeze(each).startswith(squeeze(words)) for each in others):
            return Start(line, " ".join(words.split()))
    return Start(line, " ".join(text[:80].split()))


def _bounded(revision: Revision, known: Read, key: str, start: Start) -> Revision:
    """Return the revision with one more place to split or to join at; where an editor said the contrary before, with
    that unsaid."""
    revision = _by_place(revision, known)
    contrary = {"split": "join", "join": "split"}[key]
    said: tuple[Start, ...] = getattr(known.sidecar, contrary)
    left = [each for each in said if not (each.line == start.line and _same_words(each.words, start.words))]
    if len(left) < len(said):
        return with_entry(revision, contrary, _places(left))
    return with_entry(revision, key, _places([*getattr(known.sidecar, key), start]))


def _by_place(revision: Revision, known: Read) -> Revision:
    """Return the revision with what is said of p07 said of its lines: passages are about to be counted anew."""
    entries = _said_of_passages(revision)
    numbered = {each.id.rpartition("#")[2]: name_of(known, each) for each in known.passages}
    named: dict[str, dict[str, Any]] = {}
    for name, entry in entries.items():
        named[numbered.get(name, name)] = {**named.get(numbered.get(name, name), {}), **entry}
    return with_entry(revision, "passages", named) if named.keys() != entries.keys() else revision


def _places(starts: Sequence[Start]) -> Mapping[int, Sequence[str]] | None:
    found: dict[int, list[str]] = {}
    for each in starts:
        found.setdefault(each.line, []).append(each.words)
    return found or None


def _same_words(one: str, other: str) -> bool:
    return squeeze(one).startswith(squeeze(other)) or squeeze(other).startswith(squeeze(one))


def with_entry(revision: Revision, key: str, value: amending.Value | None) -> Revision:
    """Return the revision with one entry of the sidecar set, or taken out with None. Raises UnfitError."""
    return replace(revision, sidecar=_amended(revision.sidecar, key, value))


def lines_of(written: str) -> tuple[int, int]:
    """Return the lines written as 12-14. Raises UnfitError otherwise."""
    match = re.fullmatch(r"(\d{1,6})-(\d{1,6})", written)
    if not match or not 1 <= int(match[1]) <= int(match[2]) < int(match[1]) + 10_000:
        raise UnfitError("没有这几行")
    return int(match[1]), int(match[2])


def differences(before: Read | None, after: Read) -> tuple[Difference, ...]:
    """Return what is other in `after`: fields, whether it is in force, then passages as they stand in the file."""
    found = [
        Difference(called, _plain(before, name) if before else "", _plain(after, name))
        for name, called in FIELDS.items()
        if (_plain(before, name) if before else "") != _plain(after, name)
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


def _plain(known: Read, name: str) -> str:
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


def _amended(text: str, key: str, value: amending.Value | None) -> str:
    """Return a sidecar's text with an entry set, or taken out with None. Raises UnfitError where it must not."""
    try:
        return amending.without(text, key) if value is None else amending.amend(text, key, value)
    except ValueError as error:
        raise UnfitError(f"旁边的 .yml {error}，请先改正它") from None


def _loaded(sidecar: str) -> Any:
    try:
        return yaml.safe_load(sidecar) or {}
    except yaml.YAMLError:
        raise UnfitError("旁边的 .yml 不是合格的 YAML，请先改正它") from None


def _fit(name: str, value: str, today: date) -> str | date:
    """Return a field's value as the sidecar takes it. Raises UnfitError."""
    called = FIELDS[name]
    if name in DAYS:
        day: date | None = written_day(value)
        if day is None:
            raise UnfitError(f"{called}“{value}”读不懂；写成 2026-03-01 这样，没有就留空")
        if name == "published" and day > today:
            raise UnfitError(f"{called} {day} 在将来；不得晚于今天（{today}）")
        return day
    if name == "authority" and value not in AUTHORITIES:
        allowed = "、".join(AUTHORITY_NAMES.values())
        raise UnfitError(f"{called}只能是 {allowed}")
    if name == "url" and not value.startswith(("http://", "https://")):
        raise UnfitError(f"{called}要以 http:// 或 https:// 开头")
    return value


def _spans(lines: Sequence[int]) -> Iterator[int | str]:
    first = last = lines[0]
    for line in (*lines[1:], 0):
        if line == last + 1:
            last = line
            continue
        yield first if first == last else f"{first}-{last}"
        first = last = line
