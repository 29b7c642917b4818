"""Where an editor has a passage begin, or go on: in the sidecar, by line and first words, as `split` and `join`.

Works on pieces, after the reader has cut them as it thinks right. What an editor joins must still stand word for word
in the file: nothing that was left out, and no heading, may stand between.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from bot.reading.pieces import Piece, sentences_of
from bot.text.squeezing import Verbatim, squeeze

# What is longer is no passage any more: nobody would be shown the part that answers.
LONGEST_JOINED = 1_000


@dataclass(frozen=True)
class Start:
    """A sentence, by the line it begins on and its first words; `at` is the line of the sidecar that names it."""

    line: int
    words: str
    at: int = 1

    def begins(self, text: str, line: int) -> bool:
        """Whether a text that stands from that line on begins so."""
        return line == self.line and squeeze(text).startswith(squeeze(self.words))


def bounded(
    pieces: Sequence[Piece], split: Sequence[Start], join: Sequence[Start], source: Verbatim
) -> tuple[Piece, ...]:
    """Return the pieces, cut before each sentence of `split`, and with each that begins as one of `join` put to the
    one before it, where both together stand in the file and are no longer than LONGEST_JOINED."""
    found: list[Piece] = []
    for piece in (part for each in pieces for part in _parts(each, split)):
        joined = _joined(found[-1], piece) if found and _begins(piece, join) else None
        if joined and len(joined.text) <= LONGEST_JOINED and source.has(joined.text):
            found[-1] = joined
        else:
            found.append(piece)
    return tuple(found)


def sentence_starts(piece: Piece) -> tuple[tuple[int, int], ...]:
    """Return for each sentence where in the text it begins, and on which line of the file."""
    places = accumulate((len(sentence) for sentence in piece.sentences[:-1]), initial=0)
    return tuple((place, piece.line_at(place)) for place in places)


def _parts(piece: Piece, split: Sequence[Start]) -> Iterator[Piece]:
    starts = sentence_starts(piece)
    cuts = [
        place
        for sentence, (place, line) in zip(piece.sentences, starts, strict=True)
        if place and any(each.begins(sentence, line) for each in split)
    ]
    for begin, end in zip((0, *cuts), (*cuts, len(piece.text)), strict=True):
        yield piece if not cuts else _part(piece, begin, end)


def _part(piece: Piece, begin: int, end: int) -> Piece:
    text = piece.text[begin:end]
    begin += len(text) - len(text.lstrip())
    text = text.strip()
    marks = (
        (0, piece.line_at(begin)),
        *((at - begin, line) for at, line in piece.marks if begin < at < begin + len(text)),
    )
    return replace(piece, text=text, sentences=sentences_of(text), lines=(marks[0][1], marks[-1][1]), marks=marks)


def _begins(piece: Piece, join: Sequence[Start]) -> bool:
    return any(each.begins(piece.text, piece.lines[0]) for each in join)


def _joined(one: Piece, other: Piece) -> Piece:
    joint = "" if one.lines[1] == other.lines[0] else "\n"
    text = f"{one.text}{joint}{other.text}"
    marks = (*one.marks, *((at + len(one.text) + len(joint), line) for at, line in other.marks))
    lines = (one.lines[0], max(one.lines[1], other.lines[1]))
    return replace(one, text=text, sentences=sentences_of(text), lines=lines, marks=marks)
