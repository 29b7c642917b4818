"""From the folder of bulletins to the Library: every file is read or reported, and one bad file never stops another.

The only module of this room that opens files, but for the topics.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from bot.reading.bounds import LONGEST_JOINED, bounded, sentence_starts
from bot.reading.cleaning import clean
from bot.reading.colophon import without
from bot.reading.cutting import Cut, cut
from bot.reading.force import force_of
from bot.reading.header import Header, Source, decode, no_title, read_header, take_apart
from bot.reading.kinds import kind_of, topics_of
from bot.reading.pieces import Piece
from bot.reading.places import place_of
from bot.reading.records import Bulletin, Dropped, Library, Passage, Problem, Topic
from bot.reading.sidecar import Correction, Sidecar, read_sidecar
from bot.text.squeezing import Verbatim

# Of one file, before it is read: the longest code of law has a tenth of it.
MOST_BYTES = 2_000_000
_OUT_OF_FORCE = re.compile("withdr|supersed|撤回|取代|作废".encode())


@dataclass(frozen=True)
class _Entry:
    """One bulletin as read, with its sidecar and what was wrong; without a bulletin when it could not be read."""

    problems: tuple[Problem, ...]
    bulletin: Bulletin | None = None
    passages: tuple[Passage, ...] = ()
    sidecar: Sidecar = field(default_factory=Sidecar)
    held_back: bool = False


@dataclass(frozen=True)
class _Reading:
    """What was read of each stem, and of which content; `topics` and `today` went into it too."""

    topics: tuple[Topic, ...]
    today: date
    entries: Mapping[str, tuple[bytes, _Entry]]

    def again(self, stem: str, content: bytes) -> _Entry | None:
        """Return what was read of this content; what had a problem then may have none on another day."""
        known, entry = self.entries.get(stem, (b"", None))
        return entry if entry and known == content and not entry.problems else None


def read_library(folder: Path, topics: Sequence[Topic], today: date, before: Library | None = None) -> Library:
    """Return all bulletins in `folder` (`<stem>.md`, with `<stem>.yml` beside them) and every problem found.

    A bulletin with a broken header, no title, no body or a date after `today` is left out; of a broken sidecar only the
    broken entries are; where one of them was to say that it is out of force, the bulletin is held back. With `before`,
    what was read last, a bulletin that has a problem now stays as it was then, and only what has changed since is taken
    apart again.
    Problems come sorted by path and line, with paths as `folder` was given.
    """
    before = before or Library()
    reading = _read(folder, topics, today, before)
    entries = {stem: _last_good(stem, entry, before) for stem, (_, entry) in reading.entries.items()}
    problems = [problem for entry in entries.values() for problem in entry.problems]
    problems += _orphans(folder, entries)
    kept = {stem: _checked(entry, folder, entries, problems) for stem, entry in entries.items()}
    bulletins = {stem: bulletin for stem, bulletin in kept.items() if bulletin is not None}
    read = tuple(passage for stem in bulletins for passage in entries[stem].passages)
    passages = tuple(_outdated(folder, bulletins, read, entries, problems))
    return Library(
        bulletins=MappingProxyType(bulletins),
        passages=passages,
        problems=tuple(sorted(problems, key=lambda problem: (str(problem.path), problem.line, problem.wrong))),
        reading=reading,
    )


def _outdated(
    folder: Path,
    bulletins: Mapping[str, Bulletin],
    passages: Sequence[Passage],
    entries: Mapping[str, _Entry],
    problems: list[Problem],
) -> Iterator[Passage]:
    """Yield the passages; those that a bulletin in force says it takes the place of are out of force since then.

    What it names and what is not there is a problem of its sidecar.
    """
    newer = [(bulletins[stem], each) for stem in bulletins for each in entries[stem].sidecar.outdates]
    met: set[int] = set()
    for passage in passages:
        for number, (bulletin, outdated) in enumerate(newer):
            if outdated.means(passage) and bulletin.stem != passage.bulletin:
                met.add(number)
                if bulletin.in_force and passage.superseded_by is None:
                    since = bulletin.in_force_from or bulletin.published
                    passage = replace(passage, superseded_by=bulletin.title, superseded_since=since)
        yield passage
    for number, (bulletin, outdated) in enumerate(newer):
        if number not in met:
            wrong = f"没有 outdates 里写的段落：{outdated.bulletin}"
            allowed = "写另一份通报的文件名，和它的段落所在的行（`duanka knowledge show` 会列出）"
            problems.append(Problem(folder / f"{bulletin.stem}.yml", outdated.line, wrong, allowed))


def _read(folder: Path, topics: Sequence[Topic], today: date, before: Library) -> _Reading:
    known = before.reading
    # A date that was not after that day is not after this one.
    if not isinstance(known, _Reading) or known.topics != tuple(topics) or known.today > today:
        known = _Reading((), today, {})
    entries = {path.stem: _read_entry(path, topics, today, known) for path in _files(folder, ".md")}
    return _Reading(tuple(topics), today, entries)


def read_bulletin(
    path: Path, data: bytes, sidecar: Sidecar, topics: Sequence[Topic], today: date
) -> tuple[Bulletin, tuple[Passage, ...]] | Problem:
    """Return the bulletin in `data`, as `sidecar` corrects it, and its passages; or why it cannot be read."""
    text = decode(path, data)
    source = text if isinstance(text, Problem) else take_apart(path, text)
    if isinstance(source, Problem):
        return source
    header = read_header(source, today)
    if isinstance(header, Problem):
        return header
    bulletin = _bulletin(source, header, sidecar)
    if not bulletin.title:
        return no_title(path)
    found = _cut(source, header, bulletin, sidecar)
    if not found.pieces:
        return Problem(path, source.first, "没有正文：清理之后一句话也没有剩下", "标题之后要有通报的正文")
    bulletin = _placed(bulletin, sidecar, found.pieces)
    return replace(bulletin, dropped=found.dropped), tuple(_passages(bulletin, found.pieces, sidecar, topics))


def _cut(source: Source, header: Header, bulletin: Bulletin, sidecar: Sidecar) -> Cut:
    """Return the passages of the source, and all that stands in none."""
    names = [name for name in (header.title, bulletin.title, header.publisher, header.origin) if name]
    if "title" in source.fields:
        names.insert(1, source.fields["title"].value)
    cleaned = clean(without(source.body, header.signed), source.first, names, sidecar.keep)
    verbatim = Verbatim("\n".join(source.lines))
    found = cut(cleaned.lines, verbatim, sidecar.keep)
    if sidecar.split or sidecar.join:
        found = replace(found, pieces=bounded(found.pieces, sidecar.split, sidecar.join, verbatim))
    body = source.body.split("\n")
    signed = [
        Dropped((source.first + at, source.first + at), body[at].strip(), "落款：发布者和日期")
        for at in header.signed.lines
    ]
    return replace(found, dropped=tuple(sorted((*signed, *cleaned.dropped, *found.dropped), key=_by_lines)))


def _by_lines(dropped: Dropped) -> tuple[int, int]:
    return dropped.lines


def _files(folder: Path, suffix: str) -> list[Path]:
    found = (path for path in folder.iterdir() if path.suffix == suffix and not path.name.startswith("."))
    return sorted(path for path in found if path.is_file())


def _read_entry(path: Path, topics: Sequence[Topic], today: date, known: _Reading) -> tuple[bytes, _Entry]:
    beside = path.with_suffix(".yml")
    try:
        for each in (path, beside):
            if each.is_file() and (size := each.stat().st_size) > MOST_BYTES:
                wrong = f"文件有 {size / 1e6:.0f} MB，太大，没有读"
                return b"", _Entry((Problem(each, 1, wrong, f"最多 {MOST_BYTES / 1e6:.0f} MB 文字"),))
        data = path.read_bytes()
        written = beside.read_bytes() if beside.is_file() else b"{}"
    except OSError as error:  # taken away, or closed to us, between our look at the folder and now
        return b"", _Entry((Problem(path, 1, f"读不出来（{error.strerror}）", "文件要在，并且允许读取"),))
    content = hashlib.blake2b(data).digest() + hashlib.blake2b(written).digest()
    return content, known.again(path.stem, content) or _entry_of(path, data, written, topics, today)


def _entry_of(path: Path, data: bytes, written: bytes, topics: Sequence[Topic], today: date) -> _Entry:
    beside = path.with_suffix(".yml")
    sidecar, problems = read_sidecar(beside, written, [topic.slug for topic in topics], today)
    out = sidecar.withdrawn or sidecar.superseded_by
    # Who wrote that it is withdrawn meant it, however it was spelt: an answer must not cite it.
    held_back = bool(problems and not out and _OUT_OF_FORCE.search(written))
    if held_back:
        wrong = "看不清这份通报是否已撤回或被取代；在改正之前不引用"
        problems = (*problems, Problem(beside, 1, wrong, "请先改正本文件的其他问题"))
    read = read_bulletin(path, data, sidecar, topics, today)
    if isinstance(read, Problem):
        return _Entry((*problems, read), None, (), sidecar, held_back)
    bulletin, passages = replace(read[0], held_back=held_back), read[1]
    return _Entry((*problems, *strangers(beside, sidecar, passages)), bulletin, passages, sidecar, held_back)


def _last_good(stem: str, entry: _Entry, before: Library) -> _Entry:
    """Return the entry, or, when it has problems now, what was read of it before with these problems.

    What is sound in its sidecar about being out of force counts all the same; what was out of force stays so.
    """
    if not entry.problems or stem not in before.bulletins:
        return entry
    last = before.bulletins[stem]
    bulletin = replace(
        last,
        withdrawn=entry.sidecar.withdrawn or last.withdrawn,
        superseded_by=entry.sidecar.superseded_by or last.superseded_by,
        held_back=entry.held_back or last.held_back,
        unchecked=entry.sidecar.unchecked or last.unchecked,
    )
    passages = tuple(passage for passage in before.passages if passage.bulletin == stem)
    return replace(entry, bulletin=bulletin, passages=passages)


def strangers(path: Path, sidecar: Sidecar, passages: Sequence[Passage]) -> Iterator[Problem]:
    """Yield a problem for each passage the sidecar corrects and the bulletin does not have, and for each place where
    it has one begin or go on and the bulletin cannot."""
    for name, correction in sidecar.passages.items():
        if not any(correction.means(passage) for passage in passages):
            where = f"第 {name} 行没有段落" if correction.span else f"没有段落 '{name}'"
            allowed = f"这份通报的段落是 p01 到 p{len(passages):02d}（`duanka knowledge show` 会列出编号和行号）"
            yield Problem(path, correction.line, where, allowed)
    begun = [(passage.text, passage.lines[0]) for passage in passages]
    for start in sidecar.split:
        if not any(start.begins(*each) for each in begun):
            where = f"第 {start.line} 行没有以“{start.words}”开头的一句，分不开"
            yield Problem(path, start.at, where, "写一句话开头的几个字，在段落里要有这一句")
    for start in sidecar.join:
        if any(start.begins(*each) for each in begun):
            where = f"第 {start.line} 行“{start.words}”开头的一段合不到上一段"
            allowed = f"两段要紧挨着，中间没有小标题和没有读进来的行（可以先放回），合起来不超过 {LONGEST_JOINED} 字"
            yield Problem(path, start.at, where, allowed)


def _orphans(folder: Path, stems: Iterable[str]) -> list[Problem]:
    known = set(stems)
    orphans = (path for path in _files(folder, ".yml") if path.stem not in known)
    return [Problem(path, 1, "旁边没有同名的通报", f"需要 {path.stem}.md") for path in orphans]


def _checked(entry: _Entry, folder: Path, entries: dict[str, _Entry], problems: list[Problem]) -> Bulletin | None:
    """Return the bulletin; a successor that does not exist is reported, and the bulletin stays out of force."""
    bulletin = entry.bulletin
    if bulletin is None or bulletin.superseded_by is None:
        return bulletin
    successor = bulletin.superseded_by
    wrong = ""
    if successor not in entries or successor == bulletin.stem:
        wrong = f"superseded_by '{successor}' 不是另一份通报；在改正之前，本通报仍不引用"
    elif bulletin.stem in _successors(successor, entries):
        wrong = f"superseded_by '{successor}' 又被本通报取代，绕成一圈；在改正之前，哪一份都不引用"
    if wrong:
        path = folder / f"{bulletin.stem}.yml"
        line = entry.sidecar.lines.get("superseded_by", 1)
        problems.append(Problem(path, line, wrong, "写另一份通报的文件名，不带 .md"))
    return bulletin


def _successors(stem: str, entries: dict[str, _Entry]) -> tuple[str, ...]:
    """Return the bulletin, who replaces it, who replaces that one, and so on, each once."""
    found: dict[str, None] = {}
    following: str | None = stem
    while following in entries and following not in found:
        found[following] = None
        following = entries[following].sidecar.superseded_by
    return tuple(found)


def _bulletin(source: Source, header: Header, sidecar: Sidecar) -> Bulletin:
    title = sidecar.title or header.title
    publisher = sidecar.publisher or header.publisher
    origin = sidecar.origin or header.origin
    return Bulletin(
        stem=source.path.stem,
        title=title,
        publisher=publisher,
        origin=origin,
        place=None,
        published=sidecar.published or header.published,
        url=sidecar.url or header.url,
        withdrawn=sidecar.withdrawn,
        superseded_by=sidecar.superseded_by,
        unchecked=sidecar.unchecked,
        settled=sidecar.settled,
        body=source.lines,
    )


def _placed(bulletin: Bulletin, sidecar: Sidecar, pieces: Sequence[Piece]) -> Bulletin:
    """Return the bulletin with its place, and with how high and how new what it lays down is."""
    text = "\n".join(piece.text for piece in pieces)
    articles = len({piece.article for piece in pieces if piece.article})
    names = (bulletin.publisher, bulletin.origin)
    place = sidecar.place or place_of(bulletin.title, *names, text=text)
    force = force_of(bulletin.title, *names, place, bulletin.published, text, articles)
    return replace(
        bulletin,
        place=place,
        authority=sidecar.authority or force.authority,
        in_force_from=sidecar.in_force_from or force.since,
        in_force_until=sidecar.in_force_until or force.until,
    )


def _passages(
    bulletin: Bulletin, pieces: Sequence[Piece], sidecar: Sidecar, topics: Sequence[Topic]
) -> Iterable[Passage]:
    for number, piece in enumerate(pieces, start=1):
        found = kind_of(piece)
        passage = Passage(
            id=f"{bulletin.stem}#p{number:02d}",
            bulletin=bulletin.stem,
            heading=piece.heading,
            text=piece.text,
            sentences=piece.sentences,
            kind=found.kind,
            topics=topics_of(piece, topics),
            lines=piece.lines,
            reason=found.reason,
            article=piece.article,
            starts=tuple(line for _, line in sentence_starts(piece)),
        )
        for correction in sidecar.corrections(passage):
            passage = _corrected(passage, correction)
        yield passage


def _corrected(passage: Passage, correction: Correction) -> Passage:
    if correction.topics is not None:
        passage = replace(passage, topics=correction.topics)
    if correction.kind is not None:
        passage = replace(passage, kind=correction.kind, reason="编辑在通报旁的 .yml 里写明")
    if correction.superseded_by is not None:
        passage = replace(passage, superseded_by=correction.superseded_by, superseded_since=correction.since)
    return passage
