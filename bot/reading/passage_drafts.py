"""A passage in the making, and what the next line is to it: more of it, its heading, or the beginning of another.

A mirror breaks lines anywhere: in mid-sentence, in mid-number, before a comma. So it is told from the words: a piece
that does not end a sentence goes on in the next line, unless both are lines that stand by themselves - headings, verse,
the items of a list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.reading.cleaning import Line
from bot.reading.numbering import is_chapter, rank_of

CLOSERS = "”’」』）)】》\"'"
_ENDED = re.compile(rf"([。！？!?]|……|[A-Za-z)]\.)[{CLOSERS}]*$")
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
ASKED = re.compile(r"^(问|提问|Q\s*\d*)\s*[:：]|^\d{1,2}[、.．]?\s*问\s*[:：]")
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
_HEADING_LENGTH = 30
_QUESTION_LENGTH = 40
_TITLE_LENGTH = 50
_LABEL_LENGTH = 15
_LONE_LENGTH = 25
LIST_LENGTH = 600
_LINE_LENGTH = 40
# Lines broken at a width are at least so wide, and so many.
_NARROWEST = 24
_FEWEST_BROKEN = 4
_LONGEST_DRAFT = 4_000
FEWEST_CHARACTERS = 4
_ITEM_RANK = 4


@dataclass(frozen=True)
class Draft:
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
        before = [number for at, number in self.marks if at <= begin]
        return before[-1] if before else numbers[0], numbers[-1]

    def with_words(self, joint: str, line: Line, listing: str, numbered: bool = False) -> Draft:
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


def width_of(lines: Sequence[Line]) -> int:
    """Return the width at which the lines were broken, wherever a sentence stood; 0 where they were not."""
    broken = [len(line.text) for line in lines if not line.bold and not _ENDED.search(line.text)]
    widest = max(broken, default=0)
    at_width = sum(length >= widest - 2 for length in broken)
    return widest if widest >= _NARROWEST and at_width >= max(_FEWEST_BROKEN, len(lines) / 4) else 0


def joint_of(draft: Draft, line: Line, following: Line | None, width: int) -> str | None:
    """Return what joins the line to the draft: nothing, a space, a line break; None when a new passage begins."""
    if draft.numbered:
        return ""
    if line.row or len(draft.text) > _LONGEST_DRAFT:
        return None
    if ASKED.match(draft.text) and "\n" not in draft.text:
        return "\n" if not ASKED.match(line.text) else None
    if _is_next_item(draft, line):
        return "\n"
    if _GOES_ON.match(line.text):
        return ""
    if _ITEM.match(line.text) or line.bullet or line.level or ASKED.match(line.text) or _ANSWERED.match(line.text):
        return "\n" if _is_short_item(draft, line) else None
    if _goes_on_in(draft, line, width):
        return _space(draft.text, line.text)
    return "\n" if _is_line_of_list(draft, line) or _is_verse(draft, line, following) else None


def longer_article(draft: Draft | None, line: Line, width: int, in_statute: bool) -> Draft | None:
    """Return an article of a law with the line as a further paragraph or item; None when it is neither."""
    if draft is None or not draft.article or line.level or is_chapter(line.text) or len(draft.text) > _LONGEST_DRAFT:
        return None
    is_item = rank_of(line.text) == _ITEM_RANK
    if not is_item and joint_of(draft, line, None, width) is None and (line.bold or not in_statute):
        return None
    goes_on = rank_of(line.text) is None and (draft.open or _GOES_ON.match(line.text))
    joint = " " if draft.text == draft.article else "" if goes_on else "\n"
    return draft.with_words(joint, line, draft.listing)


def _is_next_item(draft: Draft, line: Line) -> bool:
    """Whether the line is an item of the list the draft has, or introduces."""
    if not (draft.introduces or draft.listing) or len(draft.text) > LIST_LENGTH:
        return False
    begins = _item_form(line)
    return bool(begins) and draft.listing in ("", begins)


def _is_short_item(draft: Draft, line: Line) -> bool:
    """Whether draft and line are items of one list, numbered alike, that are no sentences: names, key words."""
    last = draft.text.rpartition("\n")[2]
    if not (_is_bare(last) and _is_bare(line.text)) or line.level or line.gap != (draft.listing == "gaps"):
        return False
    return rank_of(last) is not None and rank_of(last) == rank_of(line.text)


def _is_line_of_list(draft: Draft, line: Line) -> bool:
    """Whether the line stands under the draft's last one, both short and with no stop between them; or the draft
    introduces it."""
    if draft.introduces:
        return len(line.text) <= _LINE_LENGTH or not line.gap
    near = not line.gap and not line.image and line.bold == draft.bold
    return near and not draft.ended and not draft.bare and len(draft.last) <= _LINE_LENGTH >= len(line.text)


def _is_verse(draft: Draft, line: Line, following: Line | None) -> bool:
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


def listing_of(draft: Draft, line: Line, joint: str) -> str:
    return _item_form(line) if joint == "\n" else draft.listing


def _is_label(text: str) -> bool:
    """Whether the line names what the next one says, as in 「在手机卡方面：」."""
    return text.endswith(("：", ":")) and len(text) <= _LABEL_LENGTH and not re.search(r"[，。；！？]", text)


def _goes_on_in(draft: Draft, line: Line, width: int) -> bool:
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


def heads(draft: Draft, line: Line) -> bool:
    """Whether the draft is a heading of the line that follows: a single short line, above a longer or a lower one."""
    if line.wall or draft.article or draft.listing or "\n" in draft.text:
        return False
    if _is_question(draft.text):
        return not _is_question(line.text)
    outer, inner = rank_of(draft.text), rank_of(line.text)
    if outer is not None and (line.gap or inner is not None) and _is_title(draft.text):
        return inner is None or inner > outer
    if not draft.bare or draft.open or len(draft.text) < FEWEST_CHARACTERS:
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


def is_heading(line: Line, following: Line | None, draft: Draft | None, width: int) -> bool:
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


def _holds(draft: Draft, line: Line, width: int) -> bool:
    """Whether the draft is in the middle of something the emphasised line belongs to."""
    if draft.numbered or (_goes_on_in(draft, line, width) and not draft.ended):
        return True
    if _QUESTION_QUOTED.match(draft.text):
        return line.text.endswith(("！", "。"))
    return draft.bold and draft.text.endswith(("？", "！")) and line.text.endswith(("？", "！"))
