"""What we replace in Rasa, Sanic and logging: as docs/rasa-patches.md lists it, and in no other version."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import rasa
import sanic

from bot.doors.http.connections import cap_connections
from bot.rasa.action_endpoint import allow_beside
from bot.rasa.patches.intake import guard_every_door
from bot.rasa.patches.message_path import be_thrifty
from bot.rasa.patches.stage_timing import time_stages
from bot.rasa.patches.terminal import tell_in_one_line

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rasa-patches.md").read_text("utf-8")


def replaced(path: Path) -> Iterator[str]:
    """Yield what a file sets of things that it imported from elsewhere: `Agent.handle_message`."""
    tree = ast.parse(path.read_text("utf-8"))
    theirs: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and node.module.split(".")[0] != "bot"):
            theirs.update({alias.asname or alias.name: alias.name for alias in node.names})
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        known = {name: each for name, each in theirs.items() if name not in {one.arg for one in function.args.args}}
        for node in function.body:  # `protocol: Any = HttpProtocol`: the same by another name
            if (
                isinstance(node, ast.AnnAssign)
                and isinstance(node.target, ast.Name)
                and isinstance(node.value, ast.Name)
            ):
                known.update({node.target.id: known[node.value.id]} if node.value.id in known else {})
        for target in (each for node in ast.walk(function) for each in _targets(node)):
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id in known:
                yield f"{known[target.value.id]}.{target.attr}"


def _targets(node: ast.AST) -> list[ast.expr]:
    found = node.targets if isinstance(node, ast.Assign) else []
    return [each for target in found for each in (target.elts if isinstance(target, ast.Tuple) else [target])]


def test_the_page_lists_what_is_replaced_and_nothing_else() -> None:
    """Whatever a module of ours sets on somebody else's class or module has a row, with the file that does it."""
    rows = re.findall(r"^\| (`.*?) \| `([^`]+)` \| ", PAGE, re.M)
    told = {(each, file) for names, file in rows for each in re.findall(r"`([\w.]+)`", names)}
    done = {
        (each, path.relative_to(ROOT).as_posix())
        for folder in ("bot", "actions")
        for path in (ROOT / folder).rglob("*.py")
        for each in replaced(path)
    }
    assert {row for row in told if row[0] != "logging.setLogRecordFactory"} == done
    assert "logging.setLogRecordFactory(" in (ROOT / "bot/rasa/patches/logs.py").read_text("utf-8")


@pytest.mark.parametrize("apply", [guard_every_door, be_thrifty, time_stages, allow_beside, tell_in_one_line])
def test_another_rasa_is_refused(apply: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """A version the patches were not written for is not changed by half; the file to look into is named."""
    monkeypatch.setattr(rasa, "__version__", "3.6.22")
    with pytest.raises(RuntimeError, match=r"3\.6\.22; 3\.6\.21 is allowed: bot/rasa/\w+") as refused:
        apply()
    assert (ROOT / re.findall(r"bot/\S+\.py", str(refused.value))[0]).is_file()


def test_another_sanic_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """So with the server."""
    monkeypatch.setattr(sanic, "__version__", "22.3.0")
    with pytest.raises(RuntimeError, match=r"Sanic is 22\.3\.0"):
        cap_connections(sanic.Sanic("another"), 1, 1.0)
