"""`duanka knowledge`: what the bulletins say after reading, and what is wrong with them. For editors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console

from bot.reading.library import read_library
from bot.reading.records import Bulletin, Library, Passage, Problem, Topic
from bot.reading.topics import parse_topics

app = typer.Typer(help="查看和检查通报。", no_args_is_help=True)

FOLDER = Path("knowledge/bulletins")
TOPICS = Path("knowledge/topics.yml")
_KINDS = {"advice": "提示", "case": "案例", "figures": "数字", "background": "背景"}

_Folder = typer.Option(FOLDER, "--folder", help="通报所在的文件夹")
_Topics = typer.Option(TOPICS, "--topics", help="话题表")


@app.command()
def show(
    stem: str = typer.Argument(..., help="通报的文件名，不带 .md"), folder: Path = _Folder, topics: Path = _Topics
) -> None:
    """显示一份通报：题目、来源，以及每个段落的编号、行号、类别、话题、小标题和原文。"""
    library, _ = _read(folder, topics)
    bulletin = library.bulletins.get(stem)
    if bulletin is None:
        _refuse(stem, library)
    console = _console()
    _print_bulletin(console, bulletin)
    for passage in library.passages:
        if passage.bulletin == stem:
            _print_passage(console, passage)


@app.command()
def check(folder: Path = _Folder, topics: Path = _Topics) -> None:
    """检查全部通报和话题表：列出每个问题，一行一个；有问题时以 1 退出。"""
    library, wrong_topics = _read(folder, topics)
    problems = (*wrong_topics, *library.problems)
    console = _console()
    for problem in problems:
        console.print(str(problem), markup=False)
    if problems:
        console.print(f"共 {len(problems)} 个问题", style="bold red")
        raise typer.Exit(1)
    count = f"{len(library.bulletins)} 份通报，{len(library.passages)} 个段落"
    console.print(f"{count}，没有问题", style="green")


def _read(folder: Path, topics: Path) -> tuple[Library, tuple[Problem, ...]]:
    """Return the library with the topics that can be read, and what is wrong with the others."""
    if not folder.is_dir():
        _stop(f"没有文件夹 {folder}；用 --folder 指明通报所在的文件夹")
    if not topics.is_file():
        _stop(f"没有话题表 {topics}；用 --topics 指明")
    entries = parse_topics(topics, topics.read_bytes())
    sound = [entry for entry in entries if isinstance(entry, Topic)]
    return read_library(folder, sound, date.today()), tuple(e for e in entries if isinstance(e, Problem))


def _refuse(stem: str, library: Library) -> NoReturn:
    """Say why there is nothing to show: the bulletin's problems, or which stems there are."""
    console = _console(stderr=True)
    problems: Sequence[Problem] = [problem for problem in library.problems if problem.path.stem == stem]
    for problem in problems:
        console.print(str(problem), markup=False)
    if not problems:
        console.print(f"没有通报 {stem}；现有：{'、'.join(library.bulletins)}", markup=False)
    raise typer.Exit(1)


def _stop(message: str) -> NoReturn:
    _console(stderr=True).print(message, markup=False)
    raise typer.Exit(1)


def _print_bulletin(console: Console, bulletin: Bulletin) -> None:
    console.print(bulletin.title, style="bold", markup=False)
    rows = (
        ("发布", bulletin.publisher),
        ("原作者", bulletin.origin),
        ("地方", bulletin.place),
        ("日期", bulletin.published or "未注明日期"),
        ("网址", bulletin.url),
        ("撤回", bulletin.withdrawn),
        ("被取代", bulletin.superseded_by),
    )
    for name, value in rows:
        if value is not None:
            console.print(f"{name}：{value}", markup=False)


def _print_passage(console: Console, passage: Passage) -> None:
    first, last = passage.lines
    number = passage.id.partition("#")[2]
    lines = f"第 {first} 行" if first == last else f"第 {first}-{last} 行"
    kind = f"{passage.kind}（{_KINDS[passage.kind]}）：{passage.reason}"
    console.print(f"\n{number}  {lines}  {kind}", style="cyan", markup=False)
    console.print(f"话题：{'、'.join(passage.topics) or '无'}", markup=False)
    if passage.heading:
        console.print(f"小标题：{passage.heading}", markup=False)
    console.print(passage.text, markup=False)


def _console(stderr: bool = False) -> Console:
    """Return a console that colours on a terminal only and breaks no line on its own."""
    return Console(stderr=stderr, highlight=False, soft_wrap=True, emoji=False)
