"""`duanka knowledge add`, `withdraw`, `supersede`: bulletins come in and go out of answers without an engineer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import typer

from bot.commands.adding import Desk, Wishes
from bot.commands.dialog import LeftError, Questions, Unattended
from bot.commands.printing import (
    FolderOption,
    TopicsOption,
    console,
    read_all,
    read_topics_and_problems,
    stem_argument,
    stem_of,
    stop,
)
from bot.editing.archive import locked, set_entry
from bot.editing.drafting import Details, Reader, parse_day
from bot.editing.receiving import ALLOWED as ALLOWED_FILES
from bot.reading.article import PAGES, is_article
from bot.reading.naming import ALLOWED, is_stem
from bot.reading.records import Bulletin, Library

_Sources = typer.Argument(..., metavar="文件或文件夹...", help="保存下来的文章：.docx、.pdf、.html、.txt、.md")
_Supersede = typer.Option([], "--supersede", help="收进后取代哪一份通报（文件名，可以写几次）")


def add(
    sources: list[Path] = _Sources,
    title: str = typer.Option("", "--title", help="题目"),
    publisher: str = typer.Option("", "--publisher", help="发布单位"),
    place: str = typer.Option("", "--place", help="地方：市、省，或 全国"),
    published: str = typer.Option("", "--published", help="发布日期，如 2021-06-20；不知道就不写"),
    stem: str = typer.Option("", "--stem", help=f"文件名，不带 .md：{ALLOWED}"),
    supersede: list[str] = _Supersede,
    yes: bool = typer.Option(False, "--yes", "-y", help="不提问：缺的留空，近似和矛盾只显示，照样收进"),
    folder: Path = FolderOption,
    topics: Path = TopicsOption,
) -> None:
    """收进保存下来的文章：显示读出了什么，问缺的，提醒近似和矛盾的通报，确认后才写。"""
    today = date.today()
    wishes = _wishes(Details(title or None, publisher or None, place or None), published, stem, supersede, today)
    files = _files(sources)
    if len(files) > 1 and wishes != Wishes(Details(), None, ()):
        stop("--title、--publisher、--place、--published、--stem、--supersede 只能用于一个文件")
    read_all(folder, topics)
    sound, _ = read_topics_and_problems(topics)
    out = console()
    desk = Desk(folder, topics, Reader(sound, today), Unattended() if yes else Questions(out), out)
    taken = tuple(_taken(desk, files, wishes))
    left = "、".join(file.name for file in files if file not in taken)
    if len(files) > 1:
        told = f"\n收进 {len(taken)} 份，没有收进 {len(files) - len(taken)} 份"
        out.print(told + (f"：{left}" if left else ""), style="bold", markup=False)
    raise typer.Exit(1 if left else 0)


def _taken(desk: Desk, files: Sequence[Path], wishes: Wishes) -> Iterator[Path]:
    """Take in one file after the other, until the editor leaves; yield those that went in."""
    with suppress(LeftError):
        yield from (file for file in files if desk.take(file, wishes))


def _wishes(details: Details, published: str, stem: str, supersede: list[str], today: date) -> Wishes:
    try:
        day = parse_day(published, today) if published else None
    except ValueError as error:
        stop(f"--published：{error}")
    if stem and not is_stem(stem):
        stop(f"--stem：文件名 '{stem}' 不行；{ALLOWED}")
    return Wishes(replace(details, published=day), stem or None, tuple(dict.fromkeys(map(stem_of, supersede))))


def _files(sources: list[Path]) -> list[Path]:
    """Return the files named, and all those in the folders named: what cannot be taken in says so when its turn comes.

    What a browser saved beside a page (`页面_files`) is no article of its own.
    """
    found: list[Path] = []
    for source in sources:
        if source.is_dir():
            inside = (path for path in source.rglob("*") if path.is_file() and not path.name.startswith("."))
            found += sorted(path for path in inside if not _beside_a_page(path))
        elif not source.is_file():
            stop(f"没有文件 {source}")
        else:
            found.append(source)
    if not any(is_article(path) for path in found) and len(found) != 1:
        stop(f"文件夹里没有能收进的文件；可以是 {ALLOWED_FILES}")
    return found


def _beside_a_page(path: Path) -> bool:
    """Whether a browser saved this with a page that stands beside its folder."""
    folders = (each for each in path.parents if each.name.endswith("_files"))
    return any(each.with_name(each.name.removesuffix("_files") + end).is_file() for each in folders for end in PAGES)


def withdraw(
    stem: str = stem_argument("要撤回的通报"),
    day: str = typer.Option("", "--date", help="撤回的日期，如 2021-06-20；不写就是今天"),
    folder: Path = FolderOption,
    topics: Path = TopicsOption,
) -> None:
    """撤回一份通报：不再引用，文件留着，旧的引用仍能打开。"""
    library, _ = read_all(folder, topics)
    _known(stem, library)
    try:
        chosen = parse_day(day, date.today()) if day else date.today()
    except ValueError as error:
        stop(f"--date：{error}")
    _set(folder, stem, "withdrawn", chosen)
    console().print(f"{stem} 已撤回（{chosen}），不再引用", style="green", markup=False)


def supersede(
    old: str = stem_argument("旧的通报"),
    new: str = stem_argument("取代它的通报"),
    folder: Path = FolderOption,
    topics: Path = TopicsOption,
) -> None:
    """用一份通报取代另一份：旧的不再引用，文件留着，旧的引用仍能打开。"""
    library, _ = read_all(folder, topics)
    successor = _known(new, library)
    _known(old, library)
    if old == new:
        stop("两份是同一份；一份通报不能取代自己")
    if not successor.in_force:
        stop(f"{new} 已经撤回或被取代，不能用它取代别的通报")
    _set(folder, old, "superseded_by", new)
    console().print(f"{old} 已由 {new} 取代，不再引用", style="green", markup=False)


def _known(stem: str, library: Library) -> Bulletin:
    if stem not in library.bulletins:
        stop(f"没有通报 {stem}；现有：{'、'.join(library.bulletins)}")
    return library.bulletins[stem]


def _set(folder: Path, stem: str, key: str, value: str | date) -> None:
    try:
        with locked(folder):
            set_entry(folder, stem, key, value)
    except ValueError as error:
        stop(f"{folder / stem}.yml {error}，没有改；先用 duanka knowledge check 看看")


def register(app: typer.Typer) -> None:
    """Add the three verbs to `duanka knowledge`."""
    for verb in (add, withdraw, supersede):
        app.command()(verb)
