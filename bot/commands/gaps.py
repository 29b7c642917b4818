"""`duanka gaps`, `duanka questions suggest`: what could not be answered, for editors who decide what comes next."""

from __future__ import annotations

import csv
import json
import re
import time
import uuid
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot.commands.dialog import LeftError, choose
from bot.commands.errors import shorten, telling
from bot.commands.evaluate import read_questions
from bot.editing.explaining import file_of, nearest_of, reasons, weigh_by
from bot.editing.gaps import Gap, find_gaps
from bot.editing.tables import cell
from bot.keeping.events import EventStore, wording_of
from bot.knowledge.loading import load_answerer
from bot.retrieval.search import Searcher
from bot.settings import Settings, read_settings

MOST_WORDINGS = 3
QUESTIONS, NO_TOPIC = Path("tests/questions"), "out_of_scope"
_DAYS = re.compile(r"(\d{1,4})d")

questions = typer.Typer(help="金题：从没答好的问题里挑。", no_args_is_help=True)

Since = Annotated[str, typer.Option("--since", help="从哪天起：日期（2026-11-01）或天数（7d）")]
Done = Annotated[list[int] | None, typer.Option("--done", min=1, help="把这一组标为已处理；再有人问，会重新出现")]
Csv = Annotated[Path | None, typer.Option("--csv", help="另存为表格文件（可用 Excel 打开）")]
Most = Annotated[int, typer.Option("--most", min=1, help="列出多少组")]


def register(app: typer.Typer) -> None:
    """Add `gaps` and `questions` to the `duanka` command."""
    app.command(help="没答上来、依据薄弱、居民说没帮助的问题，相近的归为一组，最多的在前。")(gaps)
    app.add_typer(questions, name="questions")


def gaps(since: Since = "30d", table: Csv = None, done: Done = None, most: Most = 20) -> None:
    """Print the gaps, or mark some as dealt with. Exits with 1, and a sentence, when the database cannot be read."""
    console = Console()
    with telling(console):
        settings = read_settings()
        searcher = load_answerer(settings, date.today()).searcher
        found = read_gaps(settings, searcher, since)
        if done:
            _settle(settings, found, done, console)
            return
        if table:
            _write_csv(table, found, searcher, settings)
            console.print(f"已写入 {table}：{len(found)} 组", markup=False, highlight=False, soft_wrap=True)
            return
        _print(console, found[:most], searcher, settings)
        console.print(
            f"共 {len(found)} 组，{sum(gap.times for gap in found)} 次提问（{_period(since)}）", highlight=False
        )


@questions.command()
def suggest(since: Since = "30d", most: Most = 10) -> None:
    """从没答好的问题里提出金题，逐条由编辑确认；确认的写入 tests/questions/ 里该话题的文件。"""
    console = Console()
    with telling(console):
        settings = read_settings()
        searcher = load_answerer(settings, date.today()).searcher
        offers = _offers(read_gaps(settings, searcher, since))[:most]
        paths = []
        with suppress(LeftError):
            for number, offer in enumerate(offers, start=1):
                paths.append(_confirm(console, number, offer, searcher))
        written = [path for path in paths if path]
        where = "、".join(sorted({str(path) for path in written}))
        _say(console, f"\n确认了 {len(written)} 条" + (f"，写在 {where}" if where else ""))


@dataclass(frozen=True)
class Offer:
    """A question that might become a golden one, and the group it is of."""

    question: str
    gap: Gap


def _offers(found: Sequence[Gap]) -> list[Offer]:
    """Return of each group the most typical question that is no golden one yet."""
    golden = {wording_of(question.text) for question in read_questions([QUESTIONS])}
    fresh = ((gap, [each for each, _ in gap.wordings if wording_of(each) not in golden]) for gap in found)
    return [Offer(wordings[0], gap) for gap, wordings in fresh if wordings]


def read_gaps(settings: Settings, searcher: Searcher, since: str) -> tuple[Gap, ...]:
    """Return the gaps since a day. Raises ValueError for what is no day, and when the database cannot be read."""
    with closing(EventStore(settings.database)) as store:
        try:
            events, settled = store.since(begin_of(since, datetime.now())), store.settled()
        except (SQLAlchemyError, OSError) as error:
            raise ValueError(f"读不到记录（{type(error).__name__}）：请检查 DUANKA_DATABASE 和数据库") from error
    return find_gaps(events, weigh_by(searcher), settled)


def begin_of(since: str, now: datetime) -> float:
    """Return the moment, in seconds since 1970, that `2026-11-01` or `7d` (so many days ago) names."""
    days = _DAYS.fullmatch(since)
    try:
        begin = now - timedelta(days=int(days[1])) if days else datetime.fromisoformat(since)
    except ValueError:
        raise ValueError(f"--since 是 {since!r}；可以写日期（2026-11-01）或天数（7d）") from None
    return begin.timestamp()


def _period(since: str) -> str:
    days = _DAYS.fullmatch(since)
    return f"最近 {days[1]} 天" if days else f"{since} 以来"


def _print(console: Console, found: Sequence[Gap], searcher: Searcher, settings: Settings) -> None:
    for number, gap in enumerate(found, start=1):
        back = "  （处理过，又有人问）" if gap.returned else ""
        last = datetime.fromtimestamp(gap.last).strftime("%m-%d %H:%M")
        _say(console, f"\n{number}. {gap.times} 次  最近 {last}  {reasons(gap)}{back}", style="bold")
        for wording, times in gap.wordings[:MOST_WORDINGS]:
            _say(console, f"   · {shorten(wording)}" + (f"（{times} 次）" if times > 1 else ""))
        if len(gap.wordings) > MOST_WORDINGS:
            _say(console, f"   · ……另有 {len(gap.wordings) - MOST_WORDINGS} 种问法")
        passage = nearest_of(gap, searcher)
        if passage and gap.nearest:
            _say(
                console, f"   最接近：{passage.id}（答得上的可能 {gap.nearest.probability:.0%}）{shorten(passage.text)}"
            )
        else:
            _say(console, "   没有相近的段落：要答上来，需要一份新通报")
        _say(console, f"   可看：{file_of(passage, settings)}")


def _settle(settings: Settings, found: Sequence[Gap], numbers: Sequence[int], console: Console) -> None:
    wrong = [number for number in numbers if number > len(found)]
    if wrong:
        raise ValueError(f"--done 是 {wrong[0]}；现在只有 1 到 {len(found)} 组")
    with closing(EventStore(settings.database)) as store:
        for number in numbers:
            store.settle(found[number - 1].settles, time.time())
            _say(console, f"已处理：{shorten(found[number - 1].wordings[0][0])}")


def _write_csv(path: Path, found: Sequence[Gap], searcher: Searcher, settings: Settings) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # Excel tells UTF-8 by the mark
        rows = csv.writer(file)
        rows.writerow(["次数", "原因", "问法", "最近一次", "最接近的段落", "答得上的可能", "段落原文", "可看的文件"])
        for gap in found:
            passage = nearest_of(gap, searcher)
            last = datetime.fromtimestamp(gap.last).strftime("%Y-%m-%d %H:%M")
            wordings = "\n".join(wording for wording, _ in gap.wordings)
            near = (
                (passage.id, f"{gap.nearest.probability:.2f}", passage.text)
                if passage and gap.nearest
                else ("", "", "")
            )
            row = (gap.times, reasons(gap), wordings, last, *near, file_of(passage, settings))
            rows.writerow([cell(str(value)) for value in row])


def _confirm(console: Console, number: int, offer: Offer, searcher: Searcher) -> Path | None:
    """Ask the editor about one question, and write it down if it is confirmed; return the file. Raises LeftError."""
    question, gap, passage = offer.question, offer.gap, nearest_of(offer.gap, searcher)
    _say(console, f"\n{number}. {question}（这一组 {gap.times} 次，{reasons(gap)}）", style="bold")
    if passage:
        _say(console, f"   最接近：{passage.id} {passage.text}")
    answers = "[1] 该引用上面这段  [2] 该说没有答案" if passage else "[2] 该说没有答案"
    choice = choose(f"   怎样才对？{answers}  直接回车跳过", "12" if passage else "2", unsaid="0")
    if choice == "1" and passage:
        evidence = [[passage.bulletin, passage.sentences[0].strip()]]
        topic = next(iter(passage.topics), NO_TOPIC)
        return _append(topic, {"q": question, "expect": "answer", "evidence": evidence})
    return _append(NO_TOPIC, {"q": question, "expect": "abstain"}) if choice == "2" else None


def _append(topic: str, row: dict[str, Any]) -> Path:
    """Add a golden question to its topic's file, under an id of its own."""
    path = QUESTIONS / f"{topic}.yml"
    with path.open("a", encoding="utf-8") as file:
        name = f"{topic}-{uuid.uuid4().hex[:8]}"
        file.write(f"- {json.dumps({'id': name, **row}, ensure_ascii=False)}\n")
    return path


def _say(console: Console, text: str, style: str | None = None) -> None:
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
