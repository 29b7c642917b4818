"""`duanka knowledge`: what the bulletins say after reading, and what is wrong with them. For editors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import typer

from bot.commands import publishing
from bot.commands.printing import (
    FolderOption,
    TopicsOption,
    console,
    print_bulletin,
    print_dropped,
    print_passage,
    read_all,
    read_topics_and_problems,
    stem_argument,
    stop,
)
from bot.editing.archive import RECEIVED
from bot.editing.conflicts import standing_concerns
from bot.reading.header import cut_values
from bot.reading.later import parse_later
from bot.reading.records import Library, Problem

app = typer.Typer(help="收进、查看、检查、撤回通报。", no_args_is_help=True)
publishing.register(app)


@app.command()
def show(
    stem: str = stem_argument("通报"),
    folder: Path = FolderOption,
    topics: Path = TopicsOption,
    dropped: bool = typer.Option(False, "--dropped", help="改为列出没有读进段落的文字：在第几行，为什么"),
) -> None:
    """显示一份通报：题目、来源，以及每个段落的编号、行号、类别、话题、小标题和原文。"""
    library, _ = read_all(folder, topics)
    bulletin = library.bulletins.get(stem)
    if bulletin is None:
        _refuse(stem, library)
    out = console()
    print_bulletin(out, bulletin)
    if dropped:
        for each in bulletin.dropped:
            print_dropped(out, each)
        out.print(f"\n共 {len(bulletin.dropped)} 处。要读进来的，在 {stem}.yml 里写 `keep: [行号]`", style="bold")
        return
    for passage in library.passages:
        if passage.bulletin == stem:
            print_passage(out, passage)


@app.command()
def check(folder: Path = FolderOption, topics: Path = TopicsOption) -> None:
    """检查全部通报、话题表和后来的规定：列出每个问题；有问题时以 1 退出。近似和矛盾的通报只提醒，不算问题。"""
    library, wrong_topics = read_all(folder, topics)
    problems = (*wrong_topics, *_wrong_later(topics), *library.problems)
    warnings = tuple(_warnings(library, folder))
    out = console()
    for line in (*map(str, problems), *warnings):
        out.print(line, markup=False)
    noted = f"；{len(warnings)} 处需要留意" if warnings else ""
    if problems:
        out.print(f"共 {len(problems)} 个问题{noted}", style="bold red")
        raise typer.Exit(1)
    if not library.bulletins:
        stop(f"{folder} 里一份通报也没有：所有问题都答不上来")
    count = f"{len(library.bulletins)} 份通报，{len(library.passages)} 个段落"
    out.print(f"{count}，没有问题{noted}", style="green")


def _wrong_later(topics: Path) -> Iterator[Problem]:
    """Yield what is wrong in later.yml, which stands beside the topics."""
    path = topics.with_name("later.yml")
    if path.is_file():
        slugs = [topic.slug for topic in read_topics_and_problems(topics)[0]]
        yield from (each for each in parse_later(path, path.read_bytes(), slugs) if isinstance(each, Problem))


def _warnings(library: Library, folder: Path) -> Iterator[str]:
    """Yield what is not wrong but should be looked at; only bulletins in force are compared."""
    yield from (f"留意：{each.text}" for each in standing_concerns(library))
    for path in sorted(folder.iterdir()):
        if path.suffix == ".md" and path.is_file():
            yield from (f"留意：{cut}" for cut in cut_values(path, path.read_bytes()))
        if path.suffix not in (".md", ".yml") and path.name != RECEIVED and not path.name.startswith("."):
            yield f"留意：{path} 不是 .md 文件，不会被读到；用 duanka knowledge add {path} 收进来，再删去它"


def _refuse(stem: str, library: Library) -> NoReturn:
    """Say why there is nothing to show: the bulletin's problems, or which stems there are."""
    err = console(stderr=True)
    problems: Sequence[Problem] = [problem for problem in library.problems if problem.path.stem == stem]
    for problem in problems:
        err.print(str(problem), markup=False)
    if not problems:
        err.print(f"没有通报 {stem}；现有：{'、'.join(library.bulletins)}", markup=False)
    raise typer.Exit(1)
