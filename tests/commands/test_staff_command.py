"""`duanka staff`: bot/commands/staff.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.commands import staff
from bot.doors.desk.access import matches
from bot.keeping.accounts import Accounts

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


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The service's database, in the environment."""
    url = f"sqlite:///{tmp_path}/duanka.db"
    monkeypatch.setenv("DUANKA_DATABASE", url)
    monkeypatch.setenv("DUANKA_KNOWLEDGE", str(Path(__file__).parents[2] / "knowledge"))
    return url


def run(*words: str, typed: str = "") -> Result:
    """Run a verb of `duanka staff`."""
    return CliRunner().invoke(staff.app, list(words), input=typed)


def test_accounts_in_the_terminal(database: str) -> None:
    """Added, listed, given another role and password, closed; each stands in the log, and what cannot be says why."""
    twice = f"{GOOD}\n{GOOD}\n"
    first = run("add", "li", "--name", "李四", typed=twice)
    assert (first.exit_code, "第一个账号要是管理员" in first.stderr) == (1, True)
    assert run("add", "zhang", "--role", "administrator", "--name", "张三", typed=twice).exit_code == 0
    assert run("add", "li", "--role", "编辑", "--name", "李四", typed=twice).exit_code == 0
    assert run("list").stdout.splitlines() == ["li（李四）：编辑", "zhang（张三）：管理员"]
    assert run("role", "li", "approver").exit_code == 0
    assert run("reset", "li", typed="another pass\nanother pass\n").exit_code == 0
    account = Accounts(database).find("li")
    assert account
    assert matches("another pass", account.password)
    assert run("close", "li").exit_code == 0
    assert "至少要留一个管理员" in run("close", "zhang").stderr
    assert "没有账号" in run("role", "nobody", "editor").stderr
    told = run("log")
    assert (told.exit_code, len(told.stdout.splitlines())) == (0, 5)
    assert "命令行  停用账号 li" in told.stdout
    assert not any(word in told.stdout for word in (GOOD, "another pass", "scrypt"))
