"""What an editor is shown of an article, and asked about it, in the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

import typer
from rich.console import Console

from bot.commands.printing import number_of, print_bulletin
from bot.editing.conflicts import told_lines
from bot.editing.drafting import Details, Draft, parse_day
from bot.reading.naming import ALLOWED, is_stem
from bot.reading.records import KIND_NAMES, Kind, Passage

_SHOWN_CHARACTERS = 48
_NAMES = {"title": "题目", "publisher": "发布", "place": "地方", "published": "日期"}
_MISSING = {
    "title": "题目",
    "publisher": "发布单位（公众号的名字；文中没有、也不知道，就直接回车）",
    "place": "地方（市、省，或 全国；不知道就直接回车）",
    "published": "发布日期（如 2021-06-20；没有注明就直接回车，不要猜）",
}


class CancelledError(Exception):
    """The article does not go in; the text says why, "" when the editor knows."""


class LeftError(CancelledError):
    """The editor goes: this article does not go in, and no other is asked about."""


@dataclass(frozen=True)
class Unattended:
    """Nobody is asked: what is missing stays so, the proposed name is taken, nothing is replaced."""

    def details(self, details: Details, today: date) -> Details:
        """Return the details as they are. Raises CancelledError without a title."""
        del today
        if details.title is None:
            raise CancelledError("文中没有题目；用 --title 写明")
        return details

    def stem(self, proposed: str, taken: Collection[str]) -> str:
        """Return the name proposed."""
        del taken
        return proposed

    def replaced(self, stems: Sequence[str]) -> tuple[str, ...]:
        """Return none."""
        del stems
        return ()


@dataclass(frozen=True)
class Questions:
    """Asks in the terminal. Every question may be left with Ctrl-C: then nothing is written."""

    out: Console

    def details(self, details: Details, today: date) -> Details:
        """Ask for what is missing, then for what is wrong, until all is right."""
        for name, question in _MISSING.items():
            if getattr(details, name) is None:
                details = self._filled(details, name, question, today)
        while True:
            self.out.print("　".join(f"{_NAMES[name]}：{_shown(details, name)}" for name in _NAMES), markup=False)
            answer = _ask("对不对？直接回车表示都对；要改就写 题目、发布、地方 或 日期")
            wrong = next((name for name, said in _NAMES.items() if said == answer), None)
            if not answer or answer == "对":
                return details
            if wrong is None:
                self.out.print(f"'{answer}' 不是其中一项", markup=False)
            else:
                details = self._filled(details, wrong, f"{_NAMES[wrong]}改成", today)

    def stem(self, proposed: str, taken: Collection[str]) -> str:
        """Ask for a free and allowed name."""
        while True:
            answer = _ask(f"文件名，定了就不要再改（直接回车就用 {proposed}）") or proposed
            if not is_stem(answer):
                self.out.print(f"'{answer}' 不行：{ALLOWED}", markup=False)
            elif answer in taken:
                self.out.print(f"'{answer}' 已经有了，另起一个", markup=False)
            else:
                return answer

    def replaced(self, stems: Sequence[str]) -> tuple[str, ...]:
        """Ask for each of the bulletins whether the new one replaces it, or stands beside it, or does not go in."""
        chosen = tuple(stem for stem in stems if self._replaces(stem))
        if not stems and choose("收进吗？1 收进  2 不收", "12") == "2":
            raise CancelledError
        return chosen

    def _replaces(self, stem: str) -> bool:
        answer = choose(f"{stem} 怎么办？1 两份都留着引用  2 新的取代它  3 新的不收了", "123")
        if answer == "3":
            raise CancelledError
        return answer == "2"

    def _filled(self, details: Details, name: str, question: str, today: date) -> Details:
        while True:
            answer = _ask(question)
            if not answer:
                if name != "title" or details.title:
                    return details
                self.out.print("题目不能空着", markup=False)
                continue
            try:
                return _with(details, name, answer, today)
            except ValueError as error:
                self.out.print(str(error), markup=False)


def print_draft(out: Console, draft: Draft) -> None:
    """Print what was read: title and source, then each passage on one line."""
    out.print(f"\n{draft.source.name}", style="dim", markup=False)
    print_bulletin(out, draft.bulletin)
    for name, wanting in (("发布", draft.details.publisher), ("地方", draft.details.place)):
        if wanting is None:
            out.print(f"{name}：（文中没有）", style="yellow", markup=False)
    counts = Counter(passage.kind for passage in draft.passages)
    sums = "、".join(f"{KIND_NAMES[kind]} {counts[kind]}" for kind in KIND_NAMES if counts[kind])
    out.print(f"读出 {len(draft.passages)} 个段落：{sums}", style="cyan", markup=False)
    for passage in draft.passages:
        out.print(_line(passage), markup=False)
    doubt = _doubt([passage.kind for passage in draft.passages])
    if doubt:
        out.print(doubt, style="yellow", markup=False)


def _doubt(kinds: Sequence[Kind]) -> str:
    """Return what an editor should look at where little or nothing would answer residents; "" where enough would.

    Cases and figures are what they are: only background may be advice that was not recognised.
    """
    advice, background = kinds.count("advice"), kinds.count("background")
    if not background or advice * 3 > advice + background:
        return ""
    told = "没有一段是“提示”" if not advice else f"只有 {advice} 段是“提示”，{background} 段是“背景”"
    return (
        f"请留意：{told}。居民问起时，先引用的是“提示”，“背景”很少引用。"
        "要居民知道的段落（怎么做、有什么后果、不准做什么）如果读成了“背景”，"
        "收进后照 knowledge/README.md 第三节改过来。"
    )


def _line(passage: Passage) -> str:
    text = passage.text.replace("\n", " ")
    short = text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}……"
    return f"  {number_of(passage)} {KIND_NAMES[passage.kind]} {told_lines(passage.lines)}：{short}"


def _with(details: Details, name: str, answer: str, today: date) -> Details:
    """Return the details with one answered. Raises ValueError for a date that is none."""
    if name == "published":
        return replace(details, published=parse_day(answer, today))
    if name == "title":
        return replace(details, title=answer)
    return replace(details, publisher=answer) if name == "publisher" else replace(details, place=answer)


def _shown(details: Details, name: str) -> str:
    value = getattr(details, name)
    return str(value) if value is not None else ("未注明日期" if name == "published" else "（空）")


def choose(question: str, allowed: str, unsaid: str = "") -> str:
    """Return one of the allowed digits, or `unsaid`, if given, for an empty answer. Raises LeftError as `_ask` does."""
    while True:
        answer = _ask(question)
        if (len(answer) == 1 and answer in allowed) or (unsaid and not answer):
            return answer or unsaid
        typer.echo(f"请写 {' 或 '.join(allowed)}")


def _ask(question: str) -> str:
    """Return one line, "" for none. Raises LeftError for Ctrl-C and when there is nobody to answer."""
    try:
        return str(typer.prompt(question, default="", show_default=False)).strip()
    except typer.Abort:
        raise LeftError from None
