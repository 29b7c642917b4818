"""Imports point one way, down the list of rooms; the core knows no engine and no clock; CONTRIBUTING tells the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# A room imports from itself and from rooms below it.
ROOMS = (
    "commands",
    "doors",
    "editing",
    "evaluation",
    "rasa",
    "processes",
    "conversation",
    "keeping",
    "knowledge",
    "answering",
    "retrieval",
    "reading",
    "text",
)
CORE = ROOMS[ROOMS.index("answering") :]
FILES = [path for room in ROOMS for path in sorted((ROOT / "bot" / room).rglob("*.py"))]
OF_THE_CORE = [path for path in FILES if path.relative_to(ROOT / "bot").parts[0] in CORE]
# Beside the rooms: the settings, which the core gets as arguments, and the widget, which is no Python.
BESIDE = {"widget"}
ENGINES = {"rasa", "rasa_sdk", "sanic", "sqlalchemy", "redis", "typer", "rich", "requests", "wechatpy"}


def imported(path: Path) -> Iterator[str]:
    """Yield the full name of everything a file imports, inside functions and for types too."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


@cache
def ours(path: Path) -> frozenset[Path]:
    """Return the files of ours that a file imports from; a name that is no module stands for the file that has it."""
    return frozenset(found for name in imported(path) if (found := _file_of(name)) and found != path)


def _file_of(name: str) -> Path | None:
    parts = name.split(".")
    for end in range(len(parts), 0, -1) if parts[0] in ("bot", "actions", "tests") else ():
        stem = ROOT.joinpath(*parts[:end])
        for path in (stem.with_suffix(".py"), stem / "__init__.py"):
            if path.exists():
                return path
    return None


def names(paths: list[Path]) -> list[str]:
    """Return how the cases of a test are called."""
    return [path.relative_to(ROOT / "bot").as_posix() for path in paths]


def test_every_room_is_in_the_list() -> None:
    """A rule that looks at nothing keeps nothing, and a new room takes its place among the others."""
    folders = {path.relative_to(ROOT / "bot").parts[0] for path in (ROOT / "bot").rglob("*/*.py")}
    assert folders == set(ROOMS)
    assert ROOT / "bot" / "reading" / "records.py" in ours(ROOT / "bot" / "retrieval" / "index.py")


@pytest.mark.parametrize("path", FILES, ids=names(FILES))
def test_a_room_imports_only_from_rooms_below_it(path: Path) -> None:
    """Of our own code: itself, the rooms below, and, but for the core, the settings; no actions and no tests."""
    place = ROOMS.index(path.relative_to(ROOT / "bot").parts[0])
    allowed = {ROOT / "bot" / room for room in ROOMS[place:]}
    if ROOMS[place] not in CORE:
        allowed.add(ROOT / "bot" / "settings.py")
    assert [str(found) for found in ours(path) if not allowed & {found, *found.parents}] == []


def test_no_circle_of_files() -> None:
    """Each file can be read before those that import it."""
    everything = sorted((ROOT / "bot").rglob("*.py"))
    order = list(TopologicalSorter({path: ours(path) for path in everything}).static_order())
    assert len(order) >= len(everything) > 100


@pytest.mark.parametrize("path", OF_THE_CORE, ids=names(OF_THE_CORE))
def test_the_core_knows_no_engine(path: Path) -> None:
    """No Rasa, no web server, no database, no terminal: what it needs of them comes in as arguments."""
    assert ENGINES & {name.split(".")[0] for name in imported(path)} == set()


@pytest.mark.parametrize("path", OF_THE_CORE, ids=names(OF_THE_CORE))
def test_the_core_asks_nobody_what_day_it_is(path: Path) -> None:
    """Today's date, the environment and chance are arguments: no clock, no os.environ, no random."""
    tree = ast.parse(path.read_text("utf-8"))
    calls = {f"{node.value.id}.{node.attr}" for node in ast.walk(tree)
             if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)}  # fmt: skip
    assert calls & {"date.today", "datetime.now", "datetime.today", "time.time", "os.environ", "os.getenv"} == set()
    assert {"random", "secrets"} & {name.split(".")[0] for name in imported(path)} == set()


def test_the_table_of_rooms_is_true() -> None:
    """CONTRIBUTING.md names the rooms in this order, each with every room it imports from, and no other."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    rows = re.findall(r"^\| `bot/(\w+)/` \|[^|]*\| ([^|]*) \|$", text, re.M)
    told = {room: set(re.findall(r"\w+", uses)) for room, uses in rows if room not in BESIDE}
    assert tuple(told) == ROOMS
    assert told == {room: _uses(room) for room in ROOMS}


def _uses(room: str) -> set[str]:
    found = {other for path in FILES if path.relative_to(ROOT / "bot").parts[0] == room for other in ours(path)}
    return {other.relative_to(ROOT / "bot").parts[0].removesuffix(".py") for other in found} - {room, "__init__"}
