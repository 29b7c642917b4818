"""From a passage in the making to what of it may be quoted: whole sentences, in stretches that a quote can carry.

Each stands word for word in the file; what does not is listed with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.reading.chrome import is_call, is_number
from bot.reading.passage_drafts import CLOSERS, FEWEST_CHARACTERS, LIST_LENGTH, Draft
from bot.reading.records import Dropped
from bot.text.squeezing import LINK, Verbatim

_SENTENCE = re.compile(
    rf"(?:[。！？]|……|[!?](?![\w/&=.]))+[{CLOSERS}]*(?![，、；：。！？!?的{CLOSERS}])\n*|：\n+", re.ASCII
)
_ITEM_END = re.compile(r"[；;]\s*\n?|\n")
_LEADING_DASH = re.compile(r"^[-–•·●▲◆■※]\s*")
# The items of a list that are longer than this are paragraphs.
_ITEM_LENGTH = 80
# A quote can carry about this much, and a reader for meaning takes in no more.
_PASSAGE_LENGTH = 280


@dataclass(frozen=True)
class Piece:
    """A passage before it has a kind: its words, its sentences, its lines in the file and the heading over it.

    `article` is the number it has in a law. `marks`: from which character on the text stands on which line.
    """

    text: str
    sentences: tuple[str, ...]
    lines: tuple[int, int]
    heading: str
    article: str | None = None
    marks: tuple[tuple[int, int], ...] = ()

    def line_at(self, place: int) -> int:
        """Return the line of the file that a character of the text stands on."""
        return next((line for at, line in reversed(self.marks) if at <= place), self.lines[0])


def sentences_of(text: str) -> tuple[str, ...]:
    """Return the sentences of `text`; joined they are `text`. In a list, 「；」 and a line break end a piece too."""
    ends = {match.end() for match in _SENTENCE.finditer(text)}
    if "\n" in text:
        ends |= {match.end() for match in _ITEM_END.finditer(text)}
    inside = [match.span() for match in LINK.finditer(text)] if "](" in text else []
    marks = sorted(end for end in ends if 0 < end < len(text) and not any(a < end < b for a, b in inside))
    return tuple(text[begin:end] for begin, end in zip((0, *marks), (*marks, len(text)), strict=True))


def pieces_of(draft: Draft, source: Verbatim, keep: Collection[int]) -> Iterator[Piece | Dropped]:
    """Yield what of the draft may be quoted, in stretches of a size a quote can carry, and what may not be."""
    text = draft.text.rstrip()
    offset = len(text) - len(_LEADING_DASH.sub("", text).lstrip())
    run: list[tuple[int, int]] = []
    at = offset
    for sentence in sentences_of(text[offset:]):
        span = (at, at + len(sentence))
        at = span[1]
        reason = None if draft.lines_of(*span)[0] in keep else _why_not(sentence)
        if reason is not None:
            yield from _sized(draft, run, source)
            run = []
            yield Dropped(draft.lines_of(*span), sentence.strip(), reason)
        else:
            run.append(span)
    yield from _sized(draft, run, source)


def _why_not(sentence: str) -> str | None:
    """Return why a sentence in the midst of the article stands in no passage; None when it does."""
    if "](" in sentence and not re.search(r"\w", LINK.sub("", sentence)):
        return "只有链接"
    return "请人关注、转发" if is_call(sentence) else None


def _sized(draft: Draft, run: Sequence[tuple[int, int]], source: Verbatim) -> Iterator[Piece | Dropped]:
    """Yield the run of sentences as pieces of about the size a quote can carry, each word for word in the file."""
    if not run:
        return
    whole = run[-1][1] - run[0][0]
    items = draft.text.count("\n")
    limit = LIST_LENGTH if items and whole / (items + 1) <= _ITEM_LENGTH else _PASSAGE_LENGTH
    parts = -(-whole // limit)
    aim = whole / parts
    begin = run[0][0]
    for at, (_, end) in enumerate(run):
        last = at == len(run) - 1
        nearer = not last and run[at + 1][1] - begin > aim * 1.15 and end - begin >= aim / 2
        if last or (parts > 1 and nearer and not draft.text[:end].rstrip().endswith(("：", ":"))):
            yield from _verbatim(draft, begin, end, source)
            begin = end


def _verbatim(draft: Draft, begin: int, end: int, source: Verbatim) -> Iterator[Piece | Dropped]:
    """Yield the stretch as one piece where it stands in the file as a whole, else in the longest runs that do."""
    whole = source.has(draft.text[begin:end])
    spans: Iterable[tuple[int, int]] = ((begin, end),) if whole else _runs(draft.text, begin, end, source)
    for first, last in spans:
        words = draft.text[first:last].strip()
        lines = draft.lines_of(first, last)
        if not source.has(words):
            yield Dropped(lines, words, "与原文对不上，不能逐字引用")
        elif says_something(words) or draft.article:
            begins = draft.text.index(words, first)
            inside = ((at - begins, line) for at, line in draft.marks if begins < at < begins + len(words))
            marks = ((0, draft.lines_of(begins, begins + 1)[0]), *inside)
            yield Piece(words, sentences_of(words), lines, draft.heading, draft.article, marks)
        else:
            yield Dropped(lines, words, "只有几个字")


def _runs(text: str, begin: int, end: int, source: Verbatim) -> Iterator[tuple[int, int]]:
    """Yield runs of sentences that stand in the file, one after the other; a sentence that does not, alone."""
    at = begin
    first = begin
    for sentence in sentences_of(text[begin:end]):
        after = at + len(sentence)
        if first < at and not source.has(text[first:after]):
            yield first, at
            first = at
        at = after
    yield first, end


def says_something(text: str) -> bool:
    """Whether the text has words enough to be quoted, and is not the debris of a page."""
    characters = len(re.findall(r"[\u4e00-\u9fff]", text))
    return characters >= FEWEST_CHARACTERS or (characters > 0 and is_number(re.sub(r"[\u4e00-\u9fff]", "", text)))
