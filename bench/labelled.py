"""Questions with what answers them, as the matcher learns from them, and the bulletins that they were written over."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.reading.library import read_library
from bot.reading.records import Library, Passage
from bot.reading.topics import read_topics
from bot.text.squeezing import squeeze

ROOT = Path(__file__).parents[1]
# A library, the questions that were written together over it, and the name of their file.
World = tuple[Library, list[dict[str, Any]], str]


def questions_and_folders(argument: str) -> tuple[Path, tuple[Path, ...]]:
    """Read QUESTIONS.yml:FOLDER:FOLDER…"""
    questions, *folders = (Path(each) for each in argument.split(":"))
    return questions, tuple(folders)


def read_rows(path: Path, folders: Sequence[Path] = ()) -> list[dict[str, Any]]:
    """Read labelled questions, or foreign ones, a line each.

    Evidence that is given by its place, [stem, line, first character, behind the last one] of the line without white
    space, is looked up in the bulletins of `folders` and of our own.
    """
    text = path.read_text("utf-8")
    if path.suffix == ".txt":
        return [
            {"id": f"foreign-{at}", "q": line, "expect": "foreign"} for at, line in enumerate(text.split("\n")) if line
        ]
    rows = [row for row in yaml.safe_load(text) if row.get("expect") in ("answer", "abstain") and "turns" not in row]
    for row in rows:
        row["evidence"] = [_words_at(*each, folders=folders) for each in row.get("evidence") or ()]
    return rows


def _words_at(stem: str, *place: Any, folders: Sequence[Path]) -> tuple[str, str]:
    if len(place) == 1:
        return stem, place[0]
    line, start, end = place
    return stem, _squeezed_lines(stem, tuple(folders))[line - 1][start:end]


@cache
def _squeezed_lines(stem: str, folders: tuple[Path, ...]) -> list[str]:
    path = next(path for folder in (*folders, ROOT / "knowledge/bulletins") if (path := folder / f"{stem}.md").exists())
    return [squeeze(line) for line in path.read_text("utf-8").split("\n")]


def library_of(folders: Sequence[Path], stems: frozenset[str] | None) -> Library:
    """Read the bulletins of our own folder and those `stems` (all when None) of others."""
    with tempfile.TemporaryDirectory() as folder:
        for source in (ROOT / "knowledge/bulletins", *folders):
            for path in source.iterdir():
                if path.suffix in (".md", ".yml") and (
                    stems is None or source == ROOT / "knowledge/bulletins" or path.stem in stems
                ):
                    shutil.copy(path, folder)
        return read_library(Path(folder), read_topics(ROOT / "knowledge/topics.yml"), date.today())


def answers_in(row: Mapping[str, Any], passage: Passage, squeezed: str) -> bool:
    """Whether the words of a text of a passage, white space aside, answer a labelled question."""
    return any(passage.bulletin == stem and squeeze(words) in squeezed for stem, words in row.get("evidence") or ())


def worlds(sets: Sequence[tuple[Path, Sequence[Path]]], asked: Mapping[Path, list[dict[str, Any]]]) -> list[World]:
    """Return a library for each group of questions that were written together, with those questions."""
    found = []
    for path, folders in sets:
        groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in asked[path]:
            groups[row["id"].split("-")[0]].append(row)
        for rows in groups.values():
            stems = {stem for row in rows for stem, _ in row.get("evidence") or ()} | {
                row["near"] for row in rows if row.get("near")
            }
            found.append((library_of(folders, frozenset(stems)), rows, path.stem))
    return found
