"""From the lines of an article to its passages: paragraphs made whole again, lists kept with what introduces them.

A mirror breaks lines anywhere: in mid-sentence, in mid-number, before a comma. What belongs together is told from the
words: a piece that does not end a sentence goes on in the next line. Every passage stands word for word in the file;
one that would not is cut down to the sentences that do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from bot.reading.chrome import is_call, is_list_number
from bot.reading.cleaning import Line, followed
from bot.reading.squeezing import is_verbatim

_CLOSERS = "”’」』）)】》\"'"
_SENTENCE = re.compile(
    rf"(?:[。！？]|…{{2,}}|[!?](?![\w/&=.]))+[{_CLOSERS}]*(?![，、；：。！？!?的{_CLOSERS}])\n*|：\n+", re.ASCII
)
_ITEM_END = re.compile(r"[；;]\s*\n?|\n")
_ENDED = re.compile(rf"([。！？!?]|…{{2,}}|[A-Za-z)]\.)[{_CLOSERS}]*$")
_STOP = re.compile(r"[，。；：！？、…,;:!?]")
_GOES_ON = re.compile(r"^[，、；：。！？）”’》】,;:!?)…]")
_QUESTION_QUOTED = re.compile(r"^“.*？”$", re.DOTALL)
_NUMERAL = "一二三四五六七八九十"
_ITEM = re.compile(
    rf"^(\d{{1,2}}[、．)）]|\d{{1,2}}\.(?!\d)|[（(][{_NUMERAL}\d]{{1,3}}[)）]|[①-⑳]|第[{_NUMERAL}百\d]+[，,、：]"
    rf"|第[{_NUMERAL}]+[类种步条]|[{_NUMERAL}]{{1,3}}[是、]|其[{_NUMERAL}]|[{_NUMERAL}]不[^，]{{0,6}}："
    rf"|(特点|问题)[{_NUMERAL}]：|案例\d|[-–•·●▲◆■※👉]\s*)"
)
# An emphasised line that is really the beginning of the sentence under it: a date, a source.
_LEAD_IN = re.compile(
    r"^(截[止至]|据(统计|悉|了解|介绍|报道|初步)|\d{4}年|\d{1,2}月|近日|目前|同时|为此|对此|其中|此外|另外|今年|去年)"
)
# What opens a formal notice: its articles are paragraphs that stand alone, no items of one list.
_PREAMBLE = re.compile(r"(通告|公告|通知|提示|提醒|事项)[^，。；：]{0,6}如下[：:]$")
_SECTION = re.compile(r"(案例|案例回顾|案例分析)$")
_LEADING_DASH = re.compile(r"^[-–•·●▲◆■※]\s*")
_HEADING_LENGTH = 30
_LABEL_LENGTH = 15
_LONE_LENGTH = 25
_LIST_LENGTH = 900


@dataclass(frozen=True)
class Piece:
    """A passage before it has a kind: its words, its sentences, its lines in the file and the heading over it."""

    text: str
    sentences: tuple[str, ...]
    lines: tuple[int, int]
    heading: str


@dataclass(frozen=True)
class _Draft:
    """A passage in the making. `listing` is how the items of its list begin, or "" where there is no list yet."""

    text: str
    first: int
    last: int
    heading: str
    bold: bool
    listing: str = ""
    numbered: bool = False

    @property
    def ended(self) -> bool:
        return bool(_ENDED.search(self.text))

    @property
    def introduces(self) -> bool:
        return self.text.endswith(("：", ":")) and not _PREAMBLE.search(self.text)

    @property
    def bare(self) -> bool:
        """Whether it has the looks of a title or a name: short, and without any stop."""
        return len(self.text) <= _LONE_LENGTH and not _STOP.search(self.text) and not _LEAD_IN.match(self.text)


@dataclass
class _Cutter:
    """Folds lines into drafts. `topic_open`: the last line was a heading that the next heading line may go on.

    `above` is the heading before the last one.
    """

    heading: str = ""
    above: str = ""
    heading_line: int = 0
    heading_level: int = 0
    topic_open: bool = False
    draft: _Draft | None = None
    drafts: list[_Draft] = field(default_factory=list)

    def take(self, line: Line, following: Line | None) -> None:
        if line.wall:
            self.finish()
        if is_list_number(line.text) and line.level == 0:
            self._take_number(line)
        elif _is_heading(line, following, self.draft):
            self._take_heading(line)
        else:
            self._take_words(line)

    def finish(self) -> None:
        """Close what is open; a heading that ends like a sentence and heads nothing was one."""
        if self.topic_open and self.heading.endswith(("！", "!")):
            self.draft = _Draft(self.heading, self.heading_line, self.heading_line, self.above, bold=True)
            self.heading = self.above
        self._close()
        self.topic_open = False

    def _close(self) -> None:
        if self.draft is not None:
            self.drafts.append(self.draft)
        self.draft = None

    def _take_number(self, line: Line) -> None:
        """A number on its own line is kept in a list that a sentence introduced; elsewhere it only counts the cases."""
        draft = self.draft
        if draft is None or not (draft.introduces or draft.listing == "number"):
            self._close()
            return
        text = f"{draft.text}\n{line.text} "
        self.draft = replace(draft, text=text, last=line.number, listing="number", numbered=True)

    def _take_heading(self, line: Line) -> None:
        self._close()
        apart = line.image or line.wall or line.level or re.search(r"[！？!?]$", self.heading)
        goes_on = self.topic_open and not self.heading_level and not apart
        if goes_on:
            self.heading = _joined_heading(self.heading, line.text)
        else:
            self.above, self.heading = self.heading, line.text
        self.heading_line, self.heading_level = line.number, line.level
        self.topic_open = True

    def _take_words(self, line: Line) -> None:
        self.topic_open = False
        joint = None if self.draft is None else _joint(self.draft, line)
        if self.draft is None or joint is None:
            self._close()
            self.draft = _Draft(line.text, line.number, line.number, self.heading, line.bold)
            return
        self.draft = replace(
            self.draft,
            text=self.draft.text + joint + line.text,
            last=line.number,
            bold=self.draft.bold and line.bold,
            listing=_listing(self.draft, line, joint),
            numbered=False,
        )


def cut(lines: Sequence[Line], squeezed: str) -> tuple[Piece, ...]:
    """Return the passages in `lines`, each word for word in `squeezed`, the squeezed text of the file."""
    cutter = _Cutter()
    for line, following in followed(lines):
        cutter.take(line, following)
    cutter.finish()
    return tuple(piece for draft in cutter.drafts for piece in _pieces(draft, squeezed))


def sentences_of(text: str) -> tuple[str, ...]:
    """Return the sentences of `text`; joined they are `text`. In a list, 「；」 and a line break end a piece too."""
    ends = {match.end() for match in _SENTENCE.finditer(text)}
    if "\n" in text:
        ends |= {match.end() for match in _ITEM_END.finditer(text)}
    marks = sorted(end for end in ends if 0 < end < len(text))
    return tuple(text[begin:end] for begin, end in zip((0, *marks), (*marks, len(text)), strict=True))


def _joint(draft: _Draft, line: Line) -> str | None:
    """Return what joins the line to the draft: nothing, a space, a line break; None when a new passage begins."""
    if draft.numbered:
        return ""
    if _is_next_item(draft, line):
        return "\n"
    if _GOES_ON.match(line.text):
        return ""
    if _ITEM.match(line.text) or line.bullet or line.level:
        return None
    return _space(draft.text, line.text) if _goes_on_in(draft, line) else None


def _is_next_item(draft: _Draft, line: Line) -> bool:
    """Whether the line is an item of the list the draft has, or introduces."""
    if not (draft.introduces or draft.listing) or len(draft.text) > _LIST_LENGTH:
        return False
    begins = _item_form(line)
    return bool(begins) and draft.listing in ("", begins)


def _item_form(line: Line) -> str:
    """Return how an item begins: "bullet", "mark", "label"; "" for a line that is no item."""
    if line.bullet:
        return "bullet"
    if _ITEM.match(line.text):
        return "mark"
    return "label" if _is_label(line.text) else ""


def _listing(draft: _Draft, line: Line, joint: str) -> str:
    return _item_form(line) if joint == "\n" else draft.listing


def _is_label(text: str) -> bool:
    """Whether the line names what the next one says, as in 「在手机卡方面：」."""
    return text.endswith(("：", ":")) and len(text) <= _LABEL_LENGTH and not re.search(r"[，。；！？]", text)


def _goes_on_in(draft: _Draft, line: Line) -> bool:
    """Whether the line carries on what the draft says."""
    if not draft.ended:
        return not (line.gap and draft.bare and not draft.bold and len(line.text) > _LONE_LENGTH)
    if _QUESTION_QUOTED.match(draft.text):
        return True
    return draft.bold and line.bold and not line.image and draft.text.endswith(("？", "！", "?", "!"))


def _space(before: str, after: str) -> str:
    return " " if re.search(r"[A-Za-z0-9.,]$", before) and re.match(r"[A-Za-z]", after) else ""


def _is_heading(line: Line, following: Line | None, draft: _Draft | None) -> bool:
    """Whether the line heads what follows: a Markdown heading, or emphasised as a whole, short, and no sentence."""
    if line.level:
        return True
    if not line.bold or len(line.text) > _HEADING_LENGTH or _GOES_ON.match(line.text) or _LEAD_IN.match(line.text):
        return False
    if re.search(r"[。；，、：;,:]$|[。！？!?](?=.)|，.*，.*！$", line.text):
        return False
    if draft is not None and not line.image and not line.wall and _holds(draft, line):
        return False
    return following is None or following.wall or not _GOES_ON.match(following.text)


def _holds(draft: _Draft, line: Line) -> bool:
    """Whether the draft is in the middle of something the emphasised line belongs to."""
    if draft.numbered or (not draft.ended and not (line.gap and draft.bare and not draft.bold)):
        return True
    if _QUESTION_QUOTED.match(draft.text):
        return line.text.endswith(("！", "。"))
    return draft.bold and draft.text.endswith(("？", "！")) and line.text.endswith(("？", "！"))


def _joined_heading(before: str, after: str) -> str:
    """Join two heading lines; a section's name stays apart from what it heads."""
    return f"{before} {after}" if _SECTION.search(before) else before + after


def _pieces(draft: _Draft, squeezed: str) -> Iterator[Piece]:
    """Yield what of the draft may be quoted: its sentences that are verbatim and say something, in unbroken runs."""
    text = _LEADING_DASH.sub("", draft.text).strip()
    for good, run in groupby(sentences_of(text), key=lambda each: is_verbatim(each, squeezed) and not is_call(each)):
        if good:
            yield from _whole(draft, "".join(run).strip(), squeezed)


def _whole(draft: _Draft, text: str, squeezed: str) -> Iterator[Piece]:
    """Yield the text as one piece where it stands in the file as a whole, else its sentences one by one."""
    parts: Iterable[str] = [text] if is_verbatim(text, squeezed) else sentences_of(text)
    for part in map(str.strip, parts):
        if _says_something(part) and is_verbatim(part, squeezed):
            yield Piece(part, sentences_of(part), (draft.first, draft.last), draft.heading)


def _says_something(text: str) -> bool:
    """Whether the text is a sentence, not the debris of a page: words, and a stop."""
    return len(re.findall(r"[\u4e00-\u9fff]", text)) >= 6 and bool(re.search(r"[，。；：！？!?]", text))
