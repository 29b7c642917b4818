"""`duanka staff password`: bot/commands/staff.py."""

from __future__ import annotations

from click.testing import Result
from typer.testing import CliRunner

from bot.commands import staff
from bot.doors.desk.access import matches

GOOD = "correct horse"


def typed(*lines: str) -> Result:
    """Run the command and type these lines."""
    return CliRunner().invoke(staff.app, ["password"], input="".join(f"{line}\n" for line in lines))


def test_a_hash_and_what_comes_next() -> None:
    """The line for the environment is the last that goes out; beside it stands what to do with it."""
    done = typed(GOOD, GOOD)
    name, _, hashed = done.stdout.splitlines()[-1].partition("=")
    assert (done.exit_code, name) == (0, "DUANKA_STAFF_PASSWORD")
    assert matches(GOOD, hashed.strip("'"))
    assert "重启服务" in done.stderr
    assert "/webhooks/staff/" in done.stderr


def test_a_short_one_is_refused_at_once() -> None:
    """Nobody types it a second time to be told."""
    done = typed("short")
    assert (done.exit_code, done.stderr) == (1, "太短：至少10个字符\n")
    assert "再输一次" not in done.stdout
