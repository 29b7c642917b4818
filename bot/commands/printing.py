"""How the commands for editors print bulletins and passages, and what they all read first."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import typer
from rich.console import Console

from bot.editing.conflicts import told_lines
from bot.reading.library import read_library
from bot.reading.records import (
    AUTHORITY_NAMES,
    KIND_NAMES,
    UNCHECKED_NAME,
    Bulletin,
    Dropped,
    Library,
    Passage,
    Problem,
    Topic,
)
from bot.reading.topics import parse_topics
from bot.retrieval.word_lists import LEXICON, read_word_lists
from bot.settings import Settings


def _of_the_service(name: str) -> Callable[[], Path]:
    """Return what finds this part of the knowledge where the service reads it, whether or not anything is there."""
    return lambda: Path(os.environ.get("DUANKA_KNOWLEDGE") or Settings.knowledge, name)


def _option(name: str, part: str, says: str) -> Any:
    return typer.Option(_of_the_service(part), name, help=says, show_default=f"服务所用知识文件夹里的 {part}")


FolderOption = _option("--folder", "bulletins", "通报所在的文件夹")
TopicsOption = _option("--topics", "topics.yml", "话题表")


def stem_of(written: str) -> str:
    """Return a bulletin's name: what an editor typed, who may have let the shell complete it to the file's."""
    return Path(written).name.removesuffix(".md")


def stem_argument(says: str) -> Any:
    """Return an argument that names a bulletin, with or without .md."""
    return typer.Argument(..., callback=stem_of, help=f"{says}的文件名，带不带 .md 都行")


def console(stderr: bool = False) -> Console:
    """Return a console that colours on a terminal only and breaks no line on its own."""
    return Console(stderr=stderr, highlight=False, soft_wrap=True, emoji=False)


def stop(message: str) -> NoReturn:
    """Say why the command cannot go on, and exit with 1."""
    console(stderr=True).print(message, markup=False)
    raise typer.Exit(1)


def read_topics_and_problems(topics: Path) -> tuple[tuple[Topic, ...], tuple[Problem, ...]]:
    """Return the topics that can be read, and what is wrong with the others."""
    if not topics.is_file():
        stop(f"没有话题表 {topics}；用 --topics 指明")
    entries = parse_topics(topics, topics.read_bytes())
    sound = tuple(entry for entry in entries if isinstance(entry, Topic))
    return sound, tuple(entry for entry in entries if isinstance(entry, Problem))


def read_all(folder: Path, topics: Path) -> tuple[Library, tuple[Problem, ...]]:
    """Return the library with the topics that can be read, and what is wrong with the others and the word lists."""
    if not folder.is_dir():
        stop(f"没有文件夹 {folder}；用 --folder 指明通报所在的文件夹")
    sound, wrong = read_topics_and_problems(topics)
    knowledge = topics.parent
    words = read_word_lists(knowledge).problems if (knowledge / LEXICON).is_dir() else ()
    return read_library(folder, sound, date.today()), (*wrong, *words)


def print_bulletin(out: Console, bulletin: Bulletin) -> None:
    """Print title and source; the date always, the rest where there is something."""
    out.print(bulletin.title, style="bold", markup=False)
    rows = (
        ("发布", bulletin.publisher),
        ("原作者", bulletin.origin),
        ("地方", bulletin.place),
        ("日期", bulletin.published or "未注明日期"),
        ("网址", bulletin.url),
        ("效力", AUTHORITY_NAMES[bulletin.authority]),
        ("施行", bulletin.in_force_from),
        ("有效到", bulletin.in_force_until),
        ("撤回", bulletin.withdrawn),
        ("被取代", bulletin.superseded_by),
        ("留意", UNCHECKED_NAME if bulletin.unchecked else None),
    )
    for name, value in rows:
        if value is not None:
            out.print(f"{name}：{value}", markup=False)


def print_passage(out: Console, passage: Passage) -> None:
    """Print a passage whole, with all an editor may want to correct."""
    kind = f"{passage.kind}（{KIND_NAMES[passage.kind]}）：{passage.reason}"
    out.print(f"\n{number_of(passage)}  {told_lines(passage.lines)}  {kind}", style="cyan", markup=False)
    out.print(f"话题：{'、'.join(passage.topics) or '无'}", markup=False)
    for name, value in (("小标题", passage.heading), ("第几条", passage.article), ("被取代", _superseded(passage))):
        if value:
            out.print(f"{name}：{value}", markup=False)
    out.print(passage.text, markup=False)


def print_dropped(out: Console, dropped: Dropped) -> None:
    """Print what stands in no passage, where, and why."""
    out.print(f"\n{told_lines(dropped.lines)}  {dropped.reason}", style="cyan", markup=False)
    out.print(dropped.text, markup=False)


def _superseded(passage: Passage) -> str | None:
    if passage.superseded_by is None:
        return None
    return (
        f"{passage.superseded_by}（{passage.superseded_since} 起）"
        if passage.superseded_since
        else passage.superseded_by
    )


def number_of(passage: Passage) -> str:
    """Return the passage's number within its bulletin: p07."""
    return passage.id.partition("#")[2]
