"""The README tells a newcomer the truth: every command that exists stands in it, and nothing that does not."""

from __future__ import annotations

import re
from pathlib import Path

import typer
from typer.main import get_command

from bot.__main__ import app

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def targets() -> set[str]:
    """The make targets that `make help` lists, without the one that the others call."""
    return set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)) - {
        "setup"
    }


def verbs(command: typer.core.TyperGroup | typer.core.TyperCommand, before: str = "duanka") -> set[str]:
    """Every verb of the command line, in full: duanka knowledge show."""
    commands = getattr(command, "commands", {})
    return {verb for name, each in commands.items() for verb in verbs(each, f"{before} {name}")} or {before}


def test_every_make_target_stands_in_the_readme() -> None:
    """A newcomer finds each target, and only targets that exist."""
    found = set(re.findall(r"`make ([a-z]+)", README))
    assert targets()
    assert found == targets()


def test_every_verb_stands_on_the_page_of_commands() -> None:
    """So with the verbs of `duanka`."""
    assert {verb for verb in verbs(get_command(app)) if f"`{verb}" not in COMMANDS} == set()
    said = set(re.findall(r"`(?:\.venv/bin/)?(duanka(?: [a-z]+)+)", COMMANDS))
    assert {
        each for each in said if not any(verb.startswith(each) or each == verb for verb in verbs(get_command(app)))
    } == set()


def test_the_reply_to_the_readme_s_question_can_be_read() -> None:
    """What comes back is Chinese, not escapes."""
    asked = re.search(r"curl -s (?:.*\\\n)*.*", README)
    assert asked
    assert asked[0].endswith("| python3 -m json.tool --no-ensure-ascii")
