"""Judging replies to golden questions: what a right reply to each kind of question must be, and the promises all keep.

Knows the reply's form (text bubbles and one `custom` object) and the form of the question files. Opens no file and
asks no server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from bot.answering.records import CUT, OUTCOMES, QUOTING
from bot.answering.sentences import NEAR
from bot.reading.header import decode, error_line
from bot.reading.records import Library, Problem
from bot.text.squeezing import is_verbatim, squeeze

# What a golden question may ask for; a reply may also be another of OUTCOMES.
KINDS = ("answer", "abstain", "emergency", "refuse", "chat")
MOST_QUOTES = 3
# Within how many characters a victim must have read a hotline.
FIRST_WORDS = 80
HOTLINE = "96110"

_KEYS = ("id", "q", "expect", "evidence", "city")
_ALLOWED = "每题一行，有 id、q、expect；expect 是 answer 的还要有 evidence，可以有 city"
_EXPECTED = f"expect 是 {'、'.join(KINDS)} 之一"
_EVIDENCE = "evidence 是 [通报文件名, 原文] 的列表，至少一条"


@dataclass(frozen=True)
class Question:
    """One golden question. `evidence` are (bulletin, words): one of them must stand in the first quote.

    `topic` is the stem of the file it stands in, `line` its line there.
    """

    id: str
    text: str
    expect: str
    topic: str
    line: int
    evidence: tuple[tuple[str, str], ...] = ()
    city: str | None = None


@dataclass(frozen=True)
class Quoted:
    """What a reply says stands in a bulletin."""

    text: str
    bulletin: str
    point: str


@dataclass(frozen=True)
class Cited:
    """The bulletin a reply names, as it names it."""

    bulletin: str
    title: str
    url: str | None


@dataclass(frozen=True)
class Reply:
    """What came back over a channel. `kind` is empty when there was no `custom` object."""

    text: str
    kind: str = ""
    quotes: tuple[Quoted, ...] = ()
    citations: tuple[Cited, ...] = ()


@dataclass(frozen=True)
class Source:
    """A bulletin to hold quotes against: its text as received, squeezed, and the place it is for."""

    squeezed: str
    place: str | None


@dataclass(frozen=True)
class Verdict:
    """`first`: right as it is; `any`: right if every quote counts, not the first alone; `problems`: broken promises."""

    question: Question
    reply: Reply
    first: bool
    any: bool
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Tally:
    """How many questions there were, and how many of them were right in either sense."""

    count: int
    first: int
    any: int


def parse_questions(path: Path, data: bytes) -> tuple[Question | Problem, ...]:
    """Return each entry of a file of golden questions, or what is wrong with it."""
    text = decode(path, data)
    if isinstance(text, Problem):
        return (text,)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        entries = yaml.safe_load(text)
    except yaml.YAMLError as error:
        return (Problem(path, error_line(error), "不是合格的 YAML", _ALLOWED),)
    if not isinstance(root, yaml.SequenceNode) or not entries:
        return (Problem(path, 1, "不是题目的列表", _ALLOWED),)
    lines = (node.start_mark.line + 1 for node in root.value)
    return tuple(_question(path, line, entry) for line, entry in zip(lines, entries, strict=True))


def parse_reply(messages: object) -> Reply:
    """Read what the REST channel returned. Anything that has not the form of a reply is an empty one."""
    bubbles = [bubble for bubble in messages if isinstance(bubble, dict)] if isinstance(messages, list) else []
    text = "\n".join(str(bubble["text"]) for bubble in bubbles if bubble.get("text"))
    custom: dict[str, Any] = next(
        (bubble["custom"] for bubble in bubbles if isinstance(bubble.get("custom"), dict)), {}
    )
    return Reply(
        text=text,
        kind=str(custom.get("kind") or ""),
        quotes=tuple(
            Quoted(*(str(quote.get(key, "")) for key in ("text", "bulletin", "point")))
            for quote in _objects(custom, "quotes")
        ),
        citations=tuple(
            Cited(str(c.get("bulletin", "")), str(c.get("title", "")), c.get("url"))
            for c in _objects(custom, "citations")
        ),
    )


def sources_of(library: Library) -> Mapping[str, Source]:
    """Return what quotes are held against, by the bulletins' stems."""
    return MappingProxyType(
        {
            stem: Source(squeeze("\n".join(bulletin.body)), bulletin.place)
            for stem, bulletin in library.bulletins.items()
        }
    )


def judge(question: Question, reply: Reply, sources: Mapping[str, Source]) -> Verdict:
    """Return whether `reply` is what `question` asks for, and every promise it breaks."""
    first, any_ = _JUDGES[question.expect](question, reply, sources)
    return Verdict(question, reply, first, any_, broken_promises(reply, sources))


def broken_promises(reply: Reply, sources: Mapping[str, Source]) -> tuple[str, ...]:
    """Return what is wrong with a reply whatever was asked, in Chinese; nothing when all is well."""
    return tuple(_broken(reply, sources))


def tally(verdicts: Sequence[Verdict], key: Callable[[Question], str]) -> Mapping[str, Tally]:
    """Count the verdicts by what `key` returns, in the order in which that first comes up."""
    groups: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(key(verdict.question), []).append(verdict)
    return {
        name: Tally(len(group), sum(verdict.first for verdict in group), sum(verdict.any for verdict in group))
        for name, group in groups.items()
    }


def _broken(reply: Reply, sources: Mapping[str, Source]) -> Iterator[str]:
    if not reply.text.strip():
        yield "回复是空的"
    if reply.kind not in OUTCOMES:
        yield f"回复的 kind 是「{reply.kind}」，只能是 {'、'.join(OUTCOMES)}"
    if len(reply.quotes) > MOST_QUOTES:
        yield f"有 {len(reply.quotes)} 条引文，最多 {MOST_QUOTES} 条"
    if reply.kind in QUOTING and not reply.quotes:
        yield f"kind 是 {reply.kind}，却没有引文"
    if {quote.bulletin for quote in reply.quotes} != {citation.bulletin for citation in reply.citations}:
        yield "引文和出处说的不是同样的通报"
    said = squeeze(reply.text)
    titles = {citation.bulletin: citation.title for citation in reply.citations}
    for quote in reply.quotes:
        if quote.bulletin not in sources:
            yield f"没有通报 {quote.bulletin}"
        elif not is_verbatim(quote.text, sources[quote.bulletin].squeezed):
            yield f"{quote.bulletin} 里没有这句原话：{quote.text}"
        if not is_verbatim(quote.point.strip(CUT), squeeze(quote.text)):
            yield f"要点不是引文里的原话：{quote.point}"
        if is_verbatim(quote.point.strip(CUT), said):
            told = titles.get(quote.bulletin)
            yield from () if told and is_verbatim(told, said) else (f"文字里没有出处的题目：{told or ''}",)
    if reply.quotes and not is_verbatim(reply.quotes[0].point.strip(CUT), said):
        yield f"文字里没有第一条引文的要点：{reply.quotes[0].point}"


def _answered(question: Question, reply: Reply, sources: Mapping[str, Source]) -> tuple[bool, bool]:
    if reply.kind != "answer" or not reply.quotes:
        return False, False
    hits = [_holds(quote, question.evidence) for quote in reply.quotes[:MOST_QUOTES]]
    of_the_city = question.city is None or _place(reply.quotes[0], sources) == question.city
    return hits[0] and of_the_city, any(hits)


def _abstained(_question: Question, reply: Reply, _sources: Mapping[str, Source]) -> tuple[bool, bool]:
    """Nothing is quoted, or what is nearest is said to be no answer; either way one reads whom to ask."""
    silent = reply.kind == "abstain" and not reply.citations
    return ((silent or (reply.kind == "near" and NEAR in reply.text)) and HOTLINE in reply.text,) * 2


def _sent_for_help(_question: Question, reply: Reply, _sources: Mapping[str, Source]) -> tuple[bool, bool]:
    return (reply.kind == "emergency" and "110" in reply.text[:FIRST_WORDS],) * 2  # 96110 ends in it


def _refused(_question: Question, reply: Reply, _sources: Mapping[str, Source]) -> tuple[bool, bool]:
    return (reply.kind == "refuse" and bool(reply.citations),) * 2


def _chatted(_question: Question, reply: Reply, _sources: Mapping[str, Source]) -> tuple[bool, bool]:
    return (reply.kind == "chat" and not reply.citations,) * 2


_JUDGES = MappingProxyType(
    {"answer": _answered, "abstain": _abstained, "emergency": _sent_for_help, "refuse": _refused, "chat": _chatted}
)


def _holds(quote: Quoted, evidence: Sequence[tuple[str, str]]) -> bool:
    return any(quote.bulletin == bulletin and is_verbatim(words, squeeze(quote.text)) for bulletin, words in evidence)


def _place(quote: Quoted, sources: Mapping[str, Source]) -> str | None:
    source = sources.get(quote.bulletin)
    return source.place if source else None


def _objects(custom: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = custom.get(name)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _question(path: Path, line: int, entry: object) -> Question | Problem:
    if not isinstance(entry, dict):
        return Problem(path, line, "题目不是一组 `名称: 值`", _ALLOWED)
    for key in entry:
        if key not in _KEYS:
            return Problem(path, line, f"不认识的项 '{key}'", _ALLOWED)
    for key in ("id", "q", "expect"):
        if not entry.get(key) or not isinstance(entry[key], str):
            return Problem(path, line, f"缺少 '{key}'", _ALLOWED)
    if entry["expect"] not in KINDS:
        return Problem(path, line, f"expect '{entry['expect']}' 不合格", _EXPECTED)
    evidence = _evidence(entry.get("evidence", []))
    if evidence is None or (entry["expect"] == "answer" and not evidence):
        return Problem(path, line, "evidence 缺少或不合格", _EVIDENCE)
    return Question(entry["id"], entry["q"], entry["expect"], path.stem, line, evidence, entry.get("city"))


def _evidence(found: object) -> tuple[tuple[str, str], ...] | None:
    """Return pairs of bulletin and words, or None when it is not a list of such."""
    pairs = [_pair(entry) for entry in found] if isinstance(found, list) else [None]
    return tuple(pair for pair in pairs if pair) if all(pairs) else None


def _pair(entry: object) -> tuple[str, str] | None:
    match entry:
        case [str(bulletin), str(words)] if bulletin and words:
            return bulletin, words
    return None
