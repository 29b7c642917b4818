"""From the lines of an article to its passages: paragraphs made whole again, lists kept with what introduces them.

Knows the headings that a line stands under. What belongs together is told in `drafts`, what of it may be quoted in
`pieces`: every passage stands word for word in the file, and what cannot stand in one is listed. A law is cut by its
articles.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from bot.reading.chrome import is_list_number
from bot.reading.cleaning import Line, followed
from bot.reading.numbering import article_of, rank_of, statute_of
from bot.reading.passage_drafts import ASKED, Draft, heads, is_heading, joint_of, listing_of, longer_article, width_of
from bot.reading.pieces import Piece, pieces_of, says_something
from bot.reading.records import Dropped
from bot.text.squeezing import Verbatim

_SECTION = re.compile(r"(案例|案例回顾|案例分析)$")
_HEADINGS_LENGTH = 60
# Emphasised lines of more than this number in a row are verse or slogans, no heading.
_HEADING_LINES = 3
_LONGEST_RUN = 60
# The head of a table stands under every other heading.
_TABLE_RANK = 100
_QUESTION_RANK = 50


@dataclass(frozen=True)
class Cut:
    """The passages of an article, and the lines that stand in none."""

    pieces: tuple[Piece, ...]
    dropped: tuple[Dropped, ...] = ()


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
    draft: Draft | None = None
    drafts: list[Draft] = field(default_factory=list)
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
        elif article := longer_article(draft, line, self.width, in_statute=bool(self.statute)):
            self.draft = article
        elif is_list_number(line.text) and line.level == 0:
            self._take_number(line)
        elif is_heading(line, following, draft, self.width):
            self._take_heading(line)
        else:
            self._take_words(line, following)

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
            self.drafts.append(Draft(text, tuple(marks), outer, bold=True, listing="label"))
        self.path = tuple(replace(head, used=True) for head in self.path)

    def _close(self) -> None:
        """Put the draft away; a word or two that follow a passage of the same part stand in it, on their own line."""
        draft = self.draft
        self.draft = None
        if draft is None:
            return
        last = self.drafts[-1] if self.drafts and not self.apart else None
        if last is not None and not says_something(draft.text) and last.heading == draft.heading:
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
        self.draft = Draft(text, marks, self.heading, line.bold, article=article, closes=line.closes)

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
        joint = None if draft is None else joint_of(draft, line, following, self.width)
        if draft is not None and joint is not None:
            self.draft = draft.with_words(joint, line, listing_of(draft, line, joint))
            return
        if draft is not None and heads(draft, line):
            self.draft = None
            self.path = self.opened
            number = draft.marks[0][1]
            self._put_under(_Head((Line(number, draft.text),), rank_of(draft.text), draft.text))
        if self.open and self.path and len(self.path[-1].lines) > _HEADING_LINES:
            self._use_idle(len(self.path) - 1)
            self.path = self.path[:-1]
        if ASKED.match(line.text):
            # The answer stands with its question; what follows stands under it.
            head = _Head((line,), _QUESTION_RANK, line.text, used=True)
            self.path = self.path[: _depth(self.path, head)]
            self._begin(line)
            self.path = (*self.path, head)
        else:
            self._begin(line)


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


def _holds_open(draft: Draft | None) -> bool:
    return draft is not None and draft.open and not draft.text.endswith(("；", ";"))


def cut(lines: Sequence[Line], source: Verbatim, keep: Collection[int] = ()) -> Cut:
    """Return the passages in `lines`, each word for word in `source`, and what of the lines stands in none.

    What only asks to share is left out, but for the lines with a number in `keep`.
    """
    cutter = _Cutter(statute_of([line.text for line in lines]), width_of(lines))
    for at, (line, following) in enumerate(followed(lines)):
        cutter.take(at, line, following)
    cutter.finish(over=True)
    pieces: list[Piece] = []
    dropped = list(cutter.idle)
    for draft in cutter.drafts:
        for each in pieces_of(draft, source, keep):
            if isinstance(each, Piece):
                pieces.append(each)
            else:
                dropped.append(each)
    return Cut(tuple(pieces), tuple(dropped))


def _joined_heading(before: str, after: str) -> str:
    """Join two heading lines; a section's name stays apart from what it heads."""
    return f"{before} {after}" if _SECTION.search(before) else before + after
