"""From the lines of an article to its passages: paragraphs made whole again, lists kept with what introduces them.

A mirror breaks lines anywhere: in mid-sentence, in mid-number, before a comma. What belongs together is told from the
words: a piece that does not end a sentence goes on in the next line, unless both are lines that stand by themselves -
headings, verse, the items of a list. Every passage stands word for word in the file; what cannot stand in one is
listed. A law is cut by its articles.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.reading.chrome import is_call, is_list_number, is_number
from bot.reading.cleaning import Line, followed
from bot.reading.numbering import article_of, is_chapter, rank_of, statute_of
from bot.reading.records import Dropped
from bot.text.squeezing import LINK, Verbatim

_CLOSERS = "”’」』）)】》\"'"
_SENTENCE = re.compile(
    rf"(?:[。！？]|……|[!?](?![\w/&=.]))+[{_CLOSERS}]*(?![，、；：。！？!?的{_CLOSERS}])\n*|：\n+", re.ASCII
)
_ITEM_END = re.compile(r"[；;]\s*\n?|\n")
_ENDED = re.compile(rf"([。！？!?]|……|[A-Za-z)]\.)[{_CLOSERS}]*$")
_STOP = re.compile(r"[，。；：！？、…,;:!?]")
_GOES_ON = re.compile(r"^[，、；：。！？）”’》】,;:!?)…]")
# A sentence that stops here goes on in the next line, also over a blank one: after a comma, an opening bracket.
_OPEN = re.compile(r"[，、,；;“‘（《【(]$")
# In the very next line it also goes on after a word that wants another.
_WANTS = re.compile(r"(的|在|将|和|与|及|被|把|对|从|向|为|是|以|由|于|约|近|达|超|共|至|第|或)$")
# 「抓获嫌疑人」/「43名」: a count goes on with what was counted before it.
_COUNT = re.compile(
    r"^[\d.,一二三四五六七八九十百千]+(余|多)?(名|人|个|起|宗|张|部|台|套|处|条|万|亿|元|户|次|件|家|岁|%)"
)
_QUESTION_QUOTED = re.compile(r"^“.*？”$", re.DOTALL)
_ASKED = re.compile(r"^(问|提问|Q\s*\d*)\s*[:：]|^\d{1,2}[、.．]?\s*问\s*[:：]")
_ANSWERED = re.compile(r"^(答|回答|A\s*\d*)\s*[:：]")
_INTERROGATIVE = re.compile(
    r"什么|怎么|怎样|如何|哪些|哪里|哪个|为何|何为|是否|多久|多少|谁|能不能|会不会|可不可以|有没有|几|吗|呢"
)
_NUMERAL = "一二三四五六七八九十"
_ITEM = re.compile(
    rf"^(\d{{1,2}}[、．)）]|\d{{1,2}}\.(?!\d)|[（(][{_NUMERAL}\d]{{1,3}}[)）]|[①-⑳]|第[{_NUMERAL}百\d]+[，,、：]"
    rf"|第[{_NUMERAL}]+[类种步条]|[{_NUMERAL}]{{1,3}}[是、]|其[{_NUMERAL}]|[{_NUMERAL}]不[^，]{{0,6}}："
    rf"|(特点|问题)[{_NUMERAL}]：|案例\d|[-–•·●▲◆■※👉✅✔☑]\s*)"
)
# An emphasised line that is really the beginning of the sentence under it: a date, a source.
_LEAD_IN = re.compile(
    r"^(截[止至]|据(统计|悉|了解|介绍|报道|初步)|\d{4}年|\d{1,2}月|近日|目前|同时|为此|对此|其中|此外|另外|今年|去年|在此)"
)
# What opens a formal notice: its articles are paragraphs that stand alone, no items of one list.
_PREAMBLE = re.compile(r"(通告|公告|通知|提示|提醒|事项|意见)[^，。；：]{0,6}如下[：:]$")
_CASE_NAME = re.compile(r"^案例[一二三四五六七八九十\d]{0,3}[：:]")
_SALUTATION = re.compile(r"^(各位|尊敬的|亲爱的|广大|全[市县区省]|致)[^，。；]{1,24}[：:]$")
_SECTION = re.compile(r"(案例|案例回顾|案例分析)$")
_LEADING_DASH = re.compile(r"^[-–•·●▲◆■※]\s*")
_HEADING_LENGTH = 30
_HEADINGS_LENGTH = 60
_QUESTION_LENGTH = 40
_TITLE_LENGTH = 50
_LABEL_LENGTH = 15
_LONE_LENGTH = 25
_LIST_LENGTH = 600
# The items of a list that are longer than this are paragraphs.
_ITEM_LENGTH = 80
_LINE_LENGTH = 40
# Lines broken at a width are at least so wide, and so many.
_NARROWEST = 24
_FEWEST_BROKEN = 4
_LONGEST_DRAFT = 4_000
# A quote can carry about this much, and a reader for meaning takes in no more.
_PASSAGE_LENGTH = 280
# Emphasised lines of more than this number in a row are verse or slogans, no heading.
_HEADING_LINES = 3
_LONGEST_RUN = 60
_FEWEST_CHARACTERS = 4


@dataclass(frozen=True)
class Piece:
    """A passage before it has a kind: its words, its sentences, its lines in the file and the heading over it.

    `article` is the number it has in a law.
    """

    text: str
    sentences: tuple[str, ...]
    lines: tuple[int, int]
    heading: str
    article: str | None = None


@dataclass(frozen=True)
class Cut:
    """The passages of an article, and the lines that stand in none."""

    pieces: tuple[Piece, ...]
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True)
class _Draft:
    """A passage in the making. `listing` is how the items of its list begin, or "" where there is no list yet.

    `marks`: from which character on the text stands on which line.
    """

    text: str
    marks: tuple[tuple[int, int], ...]
    heading: str
    bold: bool
    listing: str = ""
    numbered: bool = False
    article: str | None = None
    lone: bool = False
    closes: bool = False

    @property
    def ended(self) -> bool:
        return bool(_ENDED.search(self.text))

    @property
    def introduces(self) -> bool:
        return self.text.endswith(("：", ":")) and not _PREAMBLE.search(self.text) and not _SALUTATION.match(self.text)

    @property
    def open(self) -> bool:
        return bool(_OPEN.search(self.text))

    @property
    def bare(self) -> bool:
        """Whether it has the looks of a title or a name: short, and without any stop."""
        return _is_bare(self.text)

    def lines_of(self, begin: int, end: int) -> tuple[int, int]:
        """Return the first and the last line of a stretch of the text."""
        numbers = [number for at, number in self.marks if at < end]
        inside = [number for at, number in self.marks if begin <= at < end]
        before = [number for at, number in self.marks if at <= begin]
        return (before or inside or numbers)[-1] if before else numbers[0], numbers[-1]

    def with_words(self, joint: str, line: Line, listing: str, numbered: bool = False) -> _Draft:
        at = len(self.text) + len(joint)
        text = f"{self.text}{joint}{line.text}" + (" " if numbered else "")
        bold = self.bold and (line.bold or numbered)
        marks = (*self.marks, (at, line.number))
        closes = line.closes
        return replace(self, text=text, marks=marks, bold=bold, listing=listing, numbered=numbered, closes=closes)

    @property
    def last(self) -> str:
        """The words of its last line."""
        return self.text[self.marks[-1][0] :]


def _is_bare(text: str) -> bool:
    words = text if rank_of(text) is None else re.sub(r"^[^、．.)）]{1,8}[、．.)）]", "", text).replace("、", "")
    return len(text) <= _LONE_LENGTH and not _STOP.search(words) and not _LEAD_IN.match(text)


@dataclass(frozen=True)
class _Head:
    """A heading: its lines, joined; how deep it stands (None without number or level); whether words stood under it.

    `before` are the headings that it came after.
    """

    lines: tuple[Line, ...]
    rank: int | None
    text: str
    used: bool = False
    before: tuple[_Head, ...] = ()


def _heading_of(path: Sequence[_Head]) -> str:
    return " ".join(head.text for head in path[-2:])


@dataclass
class _Cutter:
    """Folds lines into drafts. `open`: the last line was a heading that the next heading line may go on.

    `path` are the headings the next words stand under, the outermost first; `opened` is what it was before the draft.
    `apart`: something stands between the last passage and the next words. `table`: the last line was a row of one.
    """

    statute: frozenset[int] = frozenset()
    width: int = 0
    path: tuple[_Head, ...] = ()
    open: bool = False
    draft: _Draft | None = None
    drafts: list[_Draft] = field(default_factory=list)
    opened: tuple[_Head, ...] = ()
    apart: bool = True
    table: bool = False
    idle: list[Dropped] = field(default_factory=list)

    @property
    def heading(self) -> str:
        return _heading_of(self.path)

    def take(self, at: int, line: Line, following: Line | None) -> None:
        if line.wall:
            self.finish()
        if self.table and not line.row:
            self._leave_table()
        draft = self.draft
        if at in self.statute or (article_of(line.text) and not _holds_open(draft)):
            self._begin(line, article=article_of(line.text))
        elif line.row and not self.table and following is not None and following.row:
            self._close()
            self._put_under(_Head((line,), _TABLE_RANK, line.text))
            self.table = True
        elif draft is not None and draft.article and self._goes_on_in_article(draft, line):
            goes_on = rank_of(line.text) is None and (draft.open or _GOES_ON.match(line.text))
            joint = " " if draft.text == draft.article else "" if goes_on else "\n"
            self.draft = draft.with_words(joint, line, draft.listing)
        elif is_list_number(line.text) and line.level == 0:
            self._take_number(line)
        elif _is_heading(line, following, draft, self.width):
            self._take_heading(line)
        else:
            self._take_words(line, following)

    def _goes_on_in_article(self, draft: _Draft, line: Line) -> bool:
        """Whether the line is a further paragraph or an item of the article."""
        if line.level or is_chapter(line.text) or len(draft.text) > _LONGEST_DRAFT:
            return False
        if _joint(draft, line, None, self.width) is not None or rank_of(line.text) == _ITEM_RANK:
            return True
        return self.in_statute and not line.bold

    @property
    def in_statute(self) -> bool:
        return bool(self.statute)

    def finish(self, over: bool = False) -> None:
        """Close what is open; a heading that heads nothing, and calls or is the last, was a line of the text."""
        self._close()
        idle = [head for head in self.path if not head.used]
        if idle and (over or idle[-1].text.endswith(("！", "!"))):
            self._use_idle(0)
            self.path = idle[0].before
        self.open = False
        self.apart = True

    def _leave_table(self) -> None:
        self._close()
        self._use_idle(0)
        self.path = tuple(head for head in self.path if head.rank != _TABLE_RANK)
        self.table = False

    def _use_idle(self, depth: int) -> None:
        """Make passages of the innermost headings, from `depth` on, under which nothing stood."""
        idle = [head for head in self.path[depth:] if not head.used]
        for head in idle:
            outer = _heading_of(head.before)
            text = "\n".join(line.text for line in head.lines)
            marks, at = [], 0
            for line in head.lines:
                marks.append((at, line.number))
                at += len(line.text) + 1
            self.drafts.append(_Draft(text, tuple(marks), outer, bold=True, listing="label", lone=True))
        self.path = tuple(replace(head, used=True) for head in self.path)

    def _close(self) -> None:
        """Put the draft away; a word or two that follow a passage of the same part stand in it, on their own line."""
        draft = self.draft
        self.draft = None
        if draft is None:
            return
        last = self.drafts[-1] if self.drafts and not self.apart else None
        if last is not None and not _says_something(draft.text) and last.heading == draft.heading:
            marks = tuple((at + len(last.text) + 1, number) for at, number in draft.marks)
            self.drafts[-1] = replace(last, text=f"{last.text}\n{draft.text}", marks=(*last.marks, *marks))
        else:
            self.drafts.append(draft)
        self.apart = False

    def _begin(self, line: Line, article: str | None = None) -> None:
        self._close()
        self.open = False
        self.opened = self.path
        self.path = tuple(replace(head, used=True) for head in self.path)
        text = line.text
        if article is not None:
            text = f"{article} {text.removeprefix(article).lstrip()}".strip()
        marks = ((0, line.number),)
        self.draft = _Draft(text, marks, self.heading, line.bold, article=article, closes=line.closes)

    def _take_number(self, line: Line) -> None:
        """A number on its own line is kept in a list that a sentence introduced; elsewhere it only counts the cases."""
        draft = self.draft
        if draft is None or not (draft.introduces or draft.listing == "number"):
            self._close()
            self.apart = True
            self.idle.append(Dropped((line.number, line.number), line.text, "只有编号"))
            return
        self.draft = draft.with_words("\n", line, "number", numbered=True)

    def _take_heading(self, line: Line) -> None:
        self._close()
        self.apart = True
        last = self.path[-1] if self.path else None
        apart = line.image or line.wall or line.level or (last and (last.lines[-1].level or _closes(last.text)))
        alike = last is not None and _rank(line) is None and last.rank is None
        if self.open and last is not None and alike and not apart and len(last.lines) < _LONGEST_RUN:
            joined = replace(last, lines=(*last.lines, line), text=_joined_heading(last.text, line.text))
            self.path = (*self.path[:-1], joined)
        else:
            self._put_under(_Head((line,), _rank(line), line.text))
        self.open = True

    def _put_under(self, head: _Head) -> None:
        depth = _depth(self.path, head)
        before = self.path
        idle = [each for each in before[depth:] if not each.used]
        text = " ".join(each.text for each in (*idle, head))
        if idle and len(text) <= _HEADINGS_LENGTH and None in (head.rank, idle[-1].rank):
            # What heads nothing but a heading is said with it.
            head = replace(head, lines=tuple(line for each in (*idle, head) for line in each.lines), text=text)
        else:
            self._use_idle(depth)
        self.path = (*self.path[:depth], replace(head, before=before[: depth + 1]))

    def _take_words(self, line: Line, following: Line | None) -> None:
        draft = self.draft
        joint = None if draft is None else _joint(draft, line, following, self.width)
        if draft is not None and joint is not None:
            self.draft = draft.with_words(joint, line, _listing(draft, line, joint))
            return
        if draft is not None and _heads(draft, line):
            self.draft = None
            self.path = self.opened
            number = draft.marks[0][1]
            self._put_under(_Head((Line(number, draft.text),), rank_of(draft.text), draft.text))
        if self.open and self.path and len(self.path[-1].lines) > _HEADING_LINES:
            self._use_idle(len(self.path) - 1)
            self.path = self.path[:-1]
        if _ASKED.match(line.text):
            # The answer stands with its question; what follows stands under it.
            head = _Head((line,), _QUESTION_RANK, line.text, used=True)
            self.path = self.path[: _depth(self.path, head)]
            self._begin(line)
            self.path = (*self.path, head)
        else:
            self._begin(line)


_ITEM_RANK = 4
# The head of a table stands under every other heading.
_TABLE_RANK = 100
_QUESTION_RANK = 50


def _rank(line: Line) -> int | None:
    """Return how deep a heading stands: Markdown levels first, then numbers; None for one with neither."""
    if line.level:
        return line.level - 10
    return rank_of(line.text)


def _depth(path: Sequence[_Head], head: _Head) -> int:
    """Return how many of the headings stay above the new one."""
    if head.rank is None:
        # One without a number stands beside the last such, else within the numbered part.
        same = [at for at, each in enumerate(path) if each.rank is None]
        if not same and path and path[-1].used and (path[-1].rank or 0) < 0:
            return len(path) - 1
        return same[-1] if same else len(path)
    outer = [at for at, each in enumerate(path) if (head.rank >= 0 if each.rank is None else each.rank < head.rank)]
    kept = 0
    for at in outer:
        if at == kept:
            kept += 1
    return kept


def _closes(text: str) -> bool:
    return text.endswith(("！", "？", "!", "?"))


def _heads(draft: _Draft, line: Line) -> bool:
    """Whether the draft is a line of its own that heads the words in the next: bare, and those are not."""
    if line.wall or draft.article or draft.listing or "\n" in draft.text:
        return False
    if _is_question(draft.text):
        return not _is_question(line.text)
    outer, inner = rank_of(draft.text), rank_of(line.text)
    if outer is not None and (line.gap or inner is not None) and _is_title(draft.text):
        return inner is None or inner > outer
    if not draft.bare or draft.open or len(draft.text) < _FEWEST_CHARACTERS:
        return False
    return not _is_bare(line.text) or (outer is not None and inner is not None and outer < inner)


def _is_question(text: str) -> bool:
    """Whether a line asks one thing, in a few words."""
    return (
        len(text) <= _QUESTION_LENGTH
        and text.endswith(("？", "?"))
        and not re.search(r"[。！；]|[？?].", text)
        and bool(_INTERROGATIVE.search(text))
    )


def _is_title(text: str) -> bool:
    """Whether a numbered line names what stands under it: no sentence ends or is left open in it."""
    name = _CASE_NAME.sub("", text)
    return len(text) <= _TITLE_LENGTH and not re.search(r"[。！？；;!?，,：:]|[的、]$", name)


def _holds_open(draft: _Draft | None) -> bool:
    return draft is not None and draft.open and not draft.text.endswith(("；", ";"))


def cut(lines: Sequence[Line], source: Verbatim, keep: Collection[int] = ()) -> Cut:
    """Return the passages in `lines`, each word for word in `source`, and what of the lines stands in none.

    What only asks to share is left out, but for the lines with a number in `keep`.
    """
    cutter = _Cutter(statute_of([line.text for line in lines]), _width_of(lines))
    for at, (line, following) in enumerate(followed(lines)):
        cutter.take(at, line, following)
    cutter.finish(over=True)
    pieces: list[Piece] = []
    dropped = list(cutter.idle)
    for draft in cutter.drafts:
        for each in _pieces(draft, source, keep):
            if isinstance(each, Piece):
                pieces.append(each)
            else:
                dropped.append(each)
    return Cut(tuple(pieces), tuple(dropped))


def sentences_of(text: str) -> tuple[str, ...]:
    """Return the sentences of `text`; joined they are `text`. In a list, 「；」 and a line break end a piece too."""
    ends = {match.end() for match in _SENTENCE.finditer(text)}
    if "\n" in text:
        ends |= {match.end() for match in _ITEM_END.finditer(text)}
    inside = [match.span() for match in LINK.finditer(text)] if "](" in text else []
    marks = sorted(end for end in ends if 0 < end < len(text) and not any(a < end < b for a, b in inside))
    return tuple(text[begin:end] for begin, end in zip((0, *marks), (*marks, len(text)), strict=True))


def _width_of(lines: Sequence[Line]) -> int:
    """Return the width at which the lines were broken, wherever a sentence stood; 0 where they were not."""
    broken = [len(line.text) for line in lines if not line.bold and not _ENDED.search(line.text)]
    widest = max(broken, default=0)
    at_width = sum(length >= widest - 2 for length in broken)
    return widest if widest >= _NARROWEST and at_width >= max(_FEWEST_BROKEN, len(lines) / 4) else 0


def _joint(draft: _Draft, line: Line, following: Line | None, width: int) -> str | None:
    """Return what joins the line to the draft: nothing, a space, a line break; None when a new passage begins."""
    if draft.numbered:
        return ""
    if line.row or len(draft.text) > _LONGEST_DRAFT:
        return None
    if _ASKED.match(draft.text) and "\n" not in draft.text:
        return "\n" if not _ASKED.match(line.text) else None
    if _is_next_item(draft, line):
        return "\n"
    if _GOES_ON.match(line.text):
        return ""
    if _ITEM.match(line.text) or line.bullet or line.level or _ASKED.match(line.text) or _ANSWERED.match(line.text):
        return "\n" if _is_short_item(draft, line) else None
    if _goes_on_in(draft, line, width):
        return _space(draft.text, line.text)
    return "\n" if _is_line_of_list(draft, line) or _is_verse(draft, line, following) else None


def _is_next_item(draft: _Draft, line: Line) -> bool:
    """Whether the line is an item of the list the draft has, or introduces."""
    if not (draft.introduces or draft.listing) or len(draft.text) > _LIST_LENGTH:
        return False
    begins = _item_form(line)
    return bool(begins) and draft.listing in ("", begins)


def _is_short_item(draft: _Draft, line: Line) -> bool:
    """Whether draft and line are items of one list, numbered alike, that are no sentences: names, key words."""
    last = draft.text.rpartition("\n")[2]
    if not (_is_bare(last) and _is_bare(line.text)) or line.level or line.gap != (draft.listing == "gaps"):
        return False
    return rank_of(last) is not None and rank_of(last) == rank_of(line.text)


def _is_line_of_list(draft: _Draft, line: Line) -> bool:
    """Whether the line stands under the draft's last one, both short and with no stop between them; or the draft
    introduces it."""
    if draft.introduces:
        return len(line.text) <= _LINE_LENGTH or not line.gap
    near = not line.gap and not line.image and line.bold == draft.bold
    return near and not draft.ended and not draft.bare and len(draft.last) <= _LINE_LENGTH >= len(line.text)


def _is_verse(draft: _Draft, line: Line, following: Line | None) -> bool:
    """Whether draft and line are lines that stand by themselves, one under the other: verse, names, key words."""
    last = draft.text.rpartition("\n")[2]
    if line.image or line.bold != draft.bold or not (_is_bare(last) and _is_bare(line.text)):
        return False
    # A heading keeps its place above a paragraph, also under a list.
    if following is None or following.wall or following.image or _is_bare(following.text):
        return True
    return following.gap and not line.gap


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


def _goes_on_in(draft: _Draft, line: Line, width: int) -> bool:
    """Whether the line carries on the sentence the draft is in."""
    if draft.ended:
        if _QUESTION_QUOTED.match(draft.text):
            return True
        return draft.bold and line.bold and not line.image and draft.text.endswith(("？", "！", "?", "!"))
    if draft.open or _COUNT.match(line.text) or (len(draft.marks) > 1 and _is_label(draft.last)):
        return True
    if _LEAD_IN.match(draft.text) and len(draft.marks) == 1 and not _STOP.search(draft.text):
        return len(draft.text) <= _LABEL_LENGTH
    if line.gap or line.image:
        return False
    # In the very next line: a mirror breaks where emphasis begins or ends, a text file at a width.
    at_emphasis = (draft.closes or line.opens) and not draft.bare and bool(_STOP.search(draft.text))
    return _wants(draft.text) or at_emphasis or (width > 0 and len(draft.last) >= width - 2)


def _wants(text: str) -> bool:
    return rank_of(text) is None and bool(_WANTS.search(text))


def _space(before: str, after: str) -> str:
    return " " if re.search(r"[A-Za-z0-9.,]$", before) and re.match(r"[A-Za-z]", after) else ""


def _is_heading(line: Line, following: Line | None, draft: _Draft | None, width: int) -> bool:
    """Whether the line heads what follows: a Markdown heading, or emphasised as a whole, short, and no sentence."""
    if line.level:
        return len(line.text) <= 2 * _HEADING_LENGTH or not _ENDED.search(line.text)
    if is_chapter(line.text):
        return True
    if not re.search(r"\w.*\w", line.text):
        return False
    if not line.bold or len(line.text) > _HEADING_LENGTH or _GOES_ON.match(line.text) or _LEAD_IN.match(line.text):
        return False
    if re.search(r"[。；，、：;,:]$|[。！？!?](?=.)|，.*，.*！$", line.text):
        return False
    if draft is not None and not line.image and not line.wall and _holds(draft, line, width):
        return False
    return following is None or following.wall or not _GOES_ON.match(following.text)


def _holds(draft: _Draft, line: Line, width: int) -> bool:
    """Whether the draft is in the middle of something the emphasised line belongs to."""
    if draft.numbered or (_goes_on_in(draft, line, width) and not draft.ended):
        return True
    if _QUESTION_QUOTED.match(draft.text):
        return line.text.endswith(("！", "。"))
    return draft.bold and draft.text.endswith(("？", "！")) and line.text.endswith(("？", "！"))


def _joined_heading(before: str, after: str) -> str:
    """Join two heading lines; a section's name stays apart from what it heads."""
    return f"{before} {after}" if _SECTION.search(before) else before + after


def _pieces(draft: _Draft, source: Verbatim, keep: Collection[int]) -> Iterator[Piece | Dropped]:
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


def _sized(draft: _Draft, run: Sequence[tuple[int, int]], source: Verbatim) -> Iterator[Piece | Dropped]:
    """Yield the run of sentences as pieces of about the size a quote can carry, each word for word in the file."""
    if not run:
        return
    whole = run[-1][1] - run[0][0]
    items = draft.text.count("\n")
    limit = _LIST_LENGTH if items and whole / (items + 1) <= _ITEM_LENGTH else _PASSAGE_LENGTH
    parts = -(-whole // limit)
    aim = whole / parts
    begin = run[0][0]
    for at, (_, end) in enumerate(run):
        last = at == len(run) - 1
        nearer = not last and run[at + 1][1] - begin > aim * 1.15 and end - begin >= aim / 2
        if last or (parts > 1 and nearer and not draft.text[:end].rstrip().endswith(("：", ":"))):
            yield from _verbatim(draft, begin, end, source)
            begin = end


def _verbatim(draft: _Draft, begin: int, end: int, source: Verbatim) -> Iterator[Piece | Dropped]:
    """Yield the stretch as one piece where it stands in the file as a whole, else in the longest runs that do."""
    whole = source.has(draft.text[begin:end])
    spans: Iterable[tuple[int, int]] = ((begin, end),) if whole else _runs(draft.text, begin, end, source)
    for first, last in spans:
        words = draft.text[first:last].strip()
        lines = draft.lines_of(first, last)
        if not source.has(words):
            yield Dropped(lines, words, "与原文对不上，不能逐字引用")
        elif _says_something(words) or draft.article:
            yield Piece(words, sentences_of(words), lines, draft.heading, draft.article)
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


def _says_something(text: str) -> bool:
    """Whether the text has words enough to be quoted, and is not the debris of a page."""
    characters = len(re.findall(r"[\u4e00-\u9fff]", text))
    return characters >= _FEWEST_CHARACTERS or (characters > 0 and is_number(re.sub(r"[\u4e00-\u9fff]", "", text)))
