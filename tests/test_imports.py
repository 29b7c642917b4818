"""Imports point one way: reading ← retrieval ← answering ← everything else; the core knows no engine and no clock."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("reading", "retrieval", "answering")
FILES = [path for room in ROOMS for path in sorted((ROOT / "bot" / room).rglob("*.py"))]
ENGINES = {"rasa", "rasa_sdk", "sanic", "typer", "rich", "requests", "wechatpy"}


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


def test_every_room_has_files() -> None:
    """A rule that looks at nothing keeps nothing."""
    assert {path.parent.name for path in FILES} == set(ROOMS)
    assert "bot.reading.records.Passage" in imported(ROOT / "bot" / "retrieval" / "index.py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_room_imports_only_from_rooms_before_it(path: Path) -> None:
    """Of our own code: itself and the rooms that come before; no settings, no channels, no actions."""
    room = path.relative_to(ROOT / "bot").parts[0]
    allowed = tuple(f"bot.{each}." for each in ROOMS[: ROOMS.index(room) + 1])
    ours = [name for name in imported(path) if name.split(".")[0] in ("bot", "actions", "tests")]
    assert [name for name in ours if not f"{name}.".startswith(allowed)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_core_knows_no_engine(path: Path) -> None:
    """No Rasa, no web server, no terminal: what it needs of them comes in as arguments."""
    assert ENGINES & {name.split(".")[0] for name in imported(path)} == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_core_asks_nobody_what_day_it_is(path: Path) -> None:
    """Today's date, the environment and chance are arguments: no clock, no os.environ, no random."""
    tree = ast.parse(path.read_text("utf-8"))
    calls = {f"{node.value.id}.{node.attr}" for node in ast.walk(tree)
             if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)}  # fmt: skip
    assert calls & {"date.today", "datetime.now", "datetime.today", "time.time", "os.environ", "os.getenv"} == set()
    assert {"random", "secrets"} & {name.split(".")[0] for name in imported(path)} == set()
