"""What an editor corrects of a bulletin: each a change of an entry in its sidecar; and how passages are named there.

Pure: writes nothing. Every function returns another revision; the file stays as received, but for words that were read
off a picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import yaml

from bot.editing.revisions import FIELDS, Read, Revision, UnfitError, plain_value
from bot.reading import amending
from bot.reading.bounds import Start
from bot.reading.dates import written_day
from bot.reading.records import AUTHORITIES, AUTHORITY_NAMES, KINDS, Passage
from bot.reading.sidecar import UNCHECKED
from bot.text.squeezing import squeeze

DAYS = ("published", "in_force_from", "in_force_until")
WITHDRAWN = "撤回"
# How many characters name a sentence, at least.
_FEWEST_WORDS = 8
_LONGEST = 200


def with_fields(revision: Revision, known: Read, said: Mapping[str, str], today: date) -> Revision:
    """Return the revision with the fields an editor changed. Raises UnfitError for a value that is none."""
    text = revision.sidecar
    for name in FIELDS:
        value = " ".join(said.get(name, "").split())[:_LONGEST]
        if name not in said or value == plain_value(known, name):
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
