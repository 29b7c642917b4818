"""`<stem>.yml` beside a bulletin: corrects or adds what the text does not say. Its keys are closed.

Every problem carries the line of the key or value it is about. What is sound in a sidecar still counts when another
entry is not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import yaml

from bot.reading.bounds import Start
from bot.reading.header import parse_date, problem_at, root_of
from bot.reading.records import AUTHORITIES, KINDS, Authority, Kind, Passage, Problem
from bot.text.squeezing import squeeze

_TEXTS = ("title", "publisher", "origin", "place", "url", "superseded_by")
_DATES = ("published", "withdrawn")
# Days that may lie ahead.
_TERMS = ("in_force_from", "in_force_until")
KEYS = (
    *("title", "publisher", "origin", "place", "published", "url", "authority", "in_force_from", "in_force_until"),
    *("withdrawn", "superseded_by", "recognised", "keep", "split", "join", "passages", "outdates", "settled"),
)
# What `recognised` says before somebody has held the words against the picture; afterwards it says the day.
UNCHECKED = "unchecked"
_PASSAGE_KEYS = ("kind", "topics", "superseded_by", "since")
_PASSAGE = re.compile(r"p\d{2,4}")
_SPAN = re.compile(r"(\d{1,6})(?:\s*-\s*(\d{1,6}))?")
# A passage by the line it begins on and its first words: where several stand on the same lines.
_START = re.compile(r"(\d{1,6})\s+(\S.{0,80})")
_LONGEST_SPAN = 10_000
_NOT_TEXT = ("tag:yaml.org,2002:null",)
_Name = TypeVar("_Name", bound=str)


@dataclass(frozen=True)
class Correction:
    """What a sidecar says of one passage; None for what it leaves as it is. `line` is where it says so.

    It means the passage `name`, all that stand on the lines `span` of the bulletin, or the one that begins at `start`.
    """

    line: int
    kind: Kind | None = None
    topics: tuple[str, ...] | None = None
    superseded_by: str | None = None
    since: date | None = None
    name: str = ""
    span: tuple[int, int] | None = None
    start: Start | None = None

    def means(self, passage: Passage) -> bool:
        """Whether this is said of the passage."""
        if self.start is None and self.span is None:
            return passage.id.endswith(f"#{self.name}")
        return _stands(passage, self.span, self.start)


def _stands(passage: Passage, span: tuple[int, int] | None, start: Start | None) -> bool:
    """Whether a passage begins at `start`, or has one of the lines `span`."""
    if start is not None:
        return start.begins(passage.text, passage.lines[0])
    return span is not None and span[0] <= passage.lines[1] and passage.lines[0] <= span[1]


@dataclass(frozen=True)
class Outdated:
    """Passages of another bulletin that a rule takes the place of: all that stand on the lines `span`, or the one that
    begins at `start`; `line` is where the sidecar says so."""

    line: int
    bulletin: str
    span: tuple[int, int] | None = None
    start: Start | None = None

    def means(self, passage: Passage) -> bool:
        """Whether this is said of the passage."""
        return passage.bulletin == self.bulletin and _stands(passage, self.span, self.start)


@dataclass(frozen=True)
class Sidecar:
    """The corrections to one bulletin; None for what it leaves as it is. `passages` go by "p07".

    `unchecked`: its words were read off a picture, and nobody has said yet that they are the picture's.
    `keep` are lines of the bulletin that are never left out; a passage begins at each sentence of `split`, and one that
    begins as one of `join` goes on the one before. `outdates` are passages of other bulletins that this one takes the
    place of; `settled`, by stem, what an editor no longer wants to be told of this one beside another.
    `lines` tells on which of the sidecar's each key stands.
    """

    title: str | None = None
    publisher: str | None = None
    origin: str | None = None
    place: str | None = None
    published: date | None = None
    url: str | None = None
    authority: Authority | None = None
    in_force_from: date | None = None
    in_force_until: date | None = None
    withdrawn: date | None = None
    superseded_by: str | None = None
    unchecked: bool = False
    keep: frozenset[int] = frozenset()
    split: tuple[Start, ...] = ()
    join: tuple[Start, ...] = ()
    passages: Mapping[str, Correction] = field(default_factory=lambda: MappingProxyType({}))
    outdates: tuple[Outdated, ...] = ()
    settled: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    lines: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def corrections(self, passage: Passage) -> tuple[Correction, ...]:
        """Return what is said of a passage, in the order it is written."""
        return tuple(each for each in self.passages.values() if each.means(passage))


@dataclass(frozen=True)
class _Reading:
    """One sidecar being read: what is allowed, and what was found wrong so far."""

    path: Path
    slugs: tuple[str, ...]
    today: date
    problems: list[Problem]

    def report(self, node: yaml.Node, wrong: str, allowed: str) -> None:
        self.problems.append(problem_at(self.path, node, wrong, allowed))


def read_sidecar(path: Path, data: bytes, slugs: Collection[str], today: date) -> tuple[Sidecar, tuple[Problem, ...]]:
    """Return the sidecar's sound entries, and a Problem for every other. `slugs` are those of the topics."""
    reading = _Reading(path, tuple(slugs), today, [])
    root = _root(reading, data)
    entries = dict(_entries(reading, root, KEYS)) if root is not None else {}
    lines = {key: node.start_mark.line + 1 for key, node in entries.items()}
    texts = {key: _text(reading, key, entries.get(key)) for key in _TEXTS}
    days = {key: _day(reading, key, entries.get(key)) for key in _DATES}
    terms = {key: _day(reading, key, entries.get(key), ahead=True) for key in _TERMS}
    settled = _by_bulletin(reading, "settled", entries.get("settled"), "写成 `别的通报: [什么]`")
    sidecar = Sidecar(
        title=texts["title"],
        publisher=texts["publisher"],
        origin=texts["origin"],
        place=texts["place"],
        published=days["published"],
        url=_url(reading, texts["url"], entries.get("url")),
        authority=_one_of(reading, "authority", entries.get("authority"), AUTHORITIES),
        in_force_from=terms["in_force_from"],
        in_force_until=terms["in_force_until"],
        withdrawn=days["withdrawn"],
        superseded_by=texts["superseded_by"],
        unchecked=_unchecked(reading, entries.get("recognised")),
        keep=_lines(reading, entries.get("keep")),
        split=tuple(_starts(reading, "split", entries.get("split"))),
        join=tuple(_starts(reading, "join", entries.get("join"))),
        passages=MappingProxyType(dict(_passages(reading, entries.get("passages")))),
        outdates=tuple(_outdates(reading, entries.get("outdates"))),
        settled=MappingProxyType({stem: tuple(what for what, _ in said) for stem, said in settled.items()}),
        lines=MappingProxyType(lines),
    )
    return sidecar, tuple(reading.problems)


def _root(reading: _Reading, data: bytes) -> yaml.Node | None:
    root = root_of(reading.path, data, "不是合格的 YAML，整个文件没有采用", allowed="每行写 `名称: 值`")
    if isinstance(root, Problem):
        reading.problems.append(root)
        return None
    return root


def _entries(reading: _Reading, node: yaml.Node, keys: tuple[str, ...]) -> Iterator[tuple[str, yaml.Node]]:
    """Yield the node's entries whose key is one of `keys`, each key once; report the others."""
    allowed = f"只能是 {'、'.join(keys)}"
    if not isinstance(node, yaml.MappingNode):
        reading.report(node, "不是一组 `名称: 值`", allowed)
        return
    seen: set[str] = set()
    for key, value in node.value:
        name = str(key.value)
        if name not in keys:
            reading.report(key, f"不认识的项 '{name}'", allowed)
        elif name in seen:
            reading.report(key, f"'{name}' 写了两次", "每项只写一次")
        else:
            seen.add(name)
            yield name, value


def _text(reading: _Reading, key: str, node: yaml.Node | None) -> str | None:
    if node is None:
        return None
    if not isinstance(node, yaml.ScalarNode) or node.tag in _NOT_TEXT or not node.value.strip():
        reading.report(node, f"'{key}' 不是文字", "写一行文字，或者删去这一项")
        return None
    return str(node.value).strip()


def _day(reading: _Reading, key: str, node: yaml.Node | None, ahead: bool = False) -> date | None:
    """Return the day of an entry; one that lies ahead of today only with `ahead`."""
    if node is None:
        return None
    day = parse_date(node.value) if isinstance(node, yaml.ScalarNode) else None
    if day is None:
        reading.report(node, f"'{key}' 不是日期", "写成 2021-06-20 这样")
        return None
    if day > reading.today and not ahead:
        reading.report(node, f"'{key}' 的日期 {day} 在将来", f"不得晚于今天（{reading.today}）")
        return None
    return day


def _unchecked(reading: _Reading, node: yaml.Node | None) -> bool:
    """Whether nobody has checked yet what was recognised; what cannot be understood is no check."""
    if node is None:
        return False
    if node.value != UNCHECKED and not (isinstance(node, yaml.ScalarNode) and parse_date(node.value)):
        reading.report(node, f"'recognised' {_shown(node)} 看不懂", f"只能是 {UNCHECKED}（待核对），或核对的日期")
        return True
    return bool(node.value == UNCHECKED)


def _url(reading: _Reading, url: str | None, node: yaml.Node | None) -> str | None:
    if url is None or node is None or url.startswith(("http://", "https://")):
        return url
    reading.report(node, f"'url' 不是网址：{url}", "以 http:// 或 https:// 开头")
    return None


def _lines(reading: _Reading, node: yaml.Node | None) -> frozenset[int]:
    """Return the lines of the bulletin that the node lists, one by one or from and to."""
    if node is None:
        return frozenset()
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    found: set[int] = set()
    for item in items:
        span = _span(str(item.value)) if isinstance(item, yaml.ScalarNode) else None
        if span is None:
            reading.report(item, f"'keep' 里的 {_shown(item)} 不是行号", "写成 [12, 15-20]，行号从 1 数起")
        else:
            found.update(range(span[0], span[1] + 1))
    return frozenset(found)


def _starts(reading: _Reading, key: str, node: yaml.Node | None) -> Iterator[Start]:
    """Yield the sentences that a node names: by line, the first words of one or of several."""
    if node is None:
        return
    allowed = "写成 `12: 句子开头的几个字`，行号从 1 数起"
    if not isinstance(node, yaml.MappingNode):
        reading.report(node, f"'{key}' 不是一组 `行号: 句子开头的几个字`", allowed)
        return
    for name, value in node.value:
        span = _span(str(name.value))
        words = value.value if isinstance(value, yaml.SequenceNode) else [value]
        sound = [each for each in words if isinstance(each, yaml.ScalarNode) and squeeze(str(each.value))]
        if span is None or span[0] != span[1] or len(sound) != len(words):
            reading.report(name, f"'{key}' 里的 {_shown(name)} 看不懂", allowed)
        else:
            yield from (Start(span[0], str(each.value).strip(), each.start_mark.line + 1) for each in sound)


def _outdates(reading: _Reading, node: yaml.Node | None) -> Iterator[Outdated]:
    """Yield the passages that a node names, by bulletin, then by lines or by line and first words."""
    allowed = "写成 `别的通报: [45-46]`，或 `[45 开头的几个字]`"
    for stem, said in _by_bulletin(reading, "outdates", node, allowed).items():
        for written, value in said:
            span, start = _span(written), _START.fullmatch(written)
            line = value.start_mark.line + 1
            if span is None and start is None:
                reading.report(value, f"'outdates' 里的 {_shown(value)} 不是段落", allowed)
            else:
                yield Outdated(line, stem, span, Start(int(start[1]), start[2], line) if start else None)


def _by_bulletin(
    reading: _Reading, key: str, node: yaml.Node | None, allowed: str
) -> dict[str, list[tuple[str, yaml.Node]]]:
    """Return by bulletin what a node lists of it: each as written, with where."""
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode):
        reading.report(node, f"'{key}' 看不懂", allowed)
        return {}
    found: dict[str, list[tuple[str, yaml.Node]]] = {}
    for name, value in node.value:
        items = value.value if isinstance(value, yaml.SequenceNode) else [value]
        if all(isinstance(item, yaml.ScalarNode) and item.value.strip() for item in items):
            found[str(name.value)] = [(str(item.value).strip(), item) for item in items]
        else:
            reading.report(name, f"'{key}' 里的 {_shown(name)} 看不懂", allowed)
    return found


def _passages(reading: _Reading, node: yaml.Node | None) -> Iterator[tuple[str, Correction]]:
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        reading.report(node, "'passages' 不是一组段落", "写成 `p07: {kind: advice}`")
        return
    for key, value in node.value:
        name = str(key.value)
        span, start = _span(name), _START.fullmatch(name)
        if span is None and start is None and not _PASSAGE.fullmatch(name):
            allowed = "写成 p07 这样（`duanka knowledge show` 会列出编号），或写行号 45-46，或 `45 开头的几个字`"
            reading.report(key, f"'{name}' 不是段落的编号", allowed)
            continue
        entries = dict(_entries(reading, value, _PASSAGE_KEYS))
        yield (
            name,
            Correction(
                line=key.start_mark.line + 1,
                kind=_one_of(reading, "kind", entries.get("kind"), KINDS),
                topics=_topics(reading, entries.get("topics")),
                superseded_by=_text(reading, "superseded_by", entries.get("superseded_by")),
                since=_since(reading, entries),
                name=name,
                span=span,
                start=Start(int(start[1]), start[2], key.start_mark.line + 1) if start else None,
            ),
        )


def _since(reading: _Reading, entries: Mapping[str, yaml.Node]) -> date | None:
    since = entries.get("since")
    if since is not None and "superseded_by" not in entries:
        reading.report(since, "写了 'since'，没有写 'superseded_by'", "写明被什么取代：`superseded_by: 名称`")
    return _day(reading, "since", since)


def _span(text: str) -> tuple[int, int] | None:
    """Return the first and the last line that 「12」 or 「15-20」 means; None for anything else."""
    found = _SPAN.fullmatch(text)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    return (first, last) if 1 <= first <= last < first + _LONGEST_SPAN else None


def _one_of(reading: _Reading, key: str, node: yaml.Node | None, allowed: tuple[_Name, ...]) -> _Name | None:
    if node is None:
        return None
    for name in allowed:
        if node.value == name:
            return name
    reading.report(node, f"{key} {_shown(node)} 不存在", f"只能是 {'、'.join(allowed)}")
    return None


def _topics(reading: _Reading, node: yaml.Node | None) -> tuple[str, ...] | None:
    if node is None:
        return None
    if not isinstance(node, yaml.SequenceNode):
        reading.report(node, "'topics' 不是列表", "写成 [penalty, report]")
        return None
    unknown = [item for item in node.value if item.value not in reading.slugs]
    for item in unknown:
        reading.report(item, f"话题 {_shown(item)} 不存在", f"只能是 {'、'.join(reading.slugs)}")
    return None if unknown else tuple(str(item.value) for item in node.value)


def _shown(node: yaml.Node) -> str:
    return f"'{node.value}'" if isinstance(node, yaml.ScalarNode) else "（不是文字）"
