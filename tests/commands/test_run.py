"""The commands run, shell and train: bot/commands/run.py, up to where Rasa would start."""

from __future__ import annotations

import io
import shutil
import socket
from pathlib import Path

import pytest
import typer
import yaml
from rich.console import Console
from typer.testing import CliRunner

from bot.commands import run
from bot.doors.desk.access import hash_password
from bot.processes.loopback import free_port

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    """The command with only our verbs; the folder one was in comes back after the test."""
    monkeypatch.chdir(ROOT)
    app = typer.Typer()
    run.register(app)
    return app


def test_without_an_action_server_no_copy_is_needed() -> None:
    """endpoints.yml as it stands is what a plain `rasa shell` reads: Rasa starts the action beside itself."""
    assert run.endpoints_for(ROOT, None) == ROOT / "endpoints.yml"
    assert yaml.safe_load((ROOT / "endpoints.yml").read_text(encoding="utf-8"))["action_endpoint"] == {"type": "beside"}


def test_the_endpoint_follows_the_action_port(tmp_path: Path) -> None:
    """The port goes into a copy; the rest, the environment's names in it too, stays word for word."""
    given = {"action_endpoint": {"type": "beside"}, "tracker_store": {"url": "${DB_URL}"}}
    (tmp_path / "endpoints.yml").write_text(yaml.safe_dump(given), encoding="utf-8")
    copy = yaml.safe_load(run.endpoints_for(tmp_path, 5056).read_text(encoding="utf-8"))
    assert copy == {**given, "action_endpoint": {"url": "http://127.0.0.1:5056/webhook"}}


def test_every_service_listens_on_loopback_only() -> None:
    """Neither the actions, which have no authentication, nor Rasa can be reached from elsewhere."""
    model = Path("models/duanka-0123456789ab.tar.gz")
    assert run.action_server(5055).environment["SANIC_HOST"] == "127.0.0.1"
    for program in (
        run.rasa_server(5005, 5055, model),
        run.rasa_server(5005, None, model),
        run.rasa_shell(model),
    ):
        assert "-i 127.0.0.1" in " ".join(program.command)
        assert "--enable-api" not in program.command


@pytest.mark.parametrize(("variable", "option"), [("DUANKA_PORT", "--port"), ("DUANKA_ACTION_PORT", "--action-port")])
def test_a_taken_port_stops_before_anything_starts(
    app: typer.Typer, variable: str, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 1 and one line, whether the port came as an option or from the environment."""
    monkeypatch.setenv("DUANKA_PORT", str(free_port()))  # the usual one may be taken by a service that runs here
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        by_option = CliRunner().invoke(app, ["run", option, port])
        by_environment = CliRunner().invoke(app, ["run"], env={variable: port})
    for result in (by_option, by_environment):
        assert result.exit_code == 1
        assert len(result.output.splitlines()) == 1
        assert result.output.startswith(f"端口 {port} 已被占用：")


def test_what_is_out_of_force_is_counted_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six bulletins of which one is withdrawn are not six that answer."""
    knowledge = Path(shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge"))
    count = len(list((knowledge / "bulletins").glob("*.md")))
    monkeypatch.setenv("DUANKA_KNOWLEDGE", str(knowledge))
    out = Console(file=io.StringIO(), width=200)
    run.check_knowledge(out)
    (knowledge / "bulletins" / "linyi-duanka.yml").write_text("withdrawn: 2026-01-01\n", "utf-8")
    run.check_knowledge(out)
    assert isinstance(out.file, io.StringIO)
    before, after = out.file.getvalue().splitlines()
    assert before.startswith(f"通报：{count} 份，可引用 ")
    assert after.startswith(f"通报：{count} 份（1 份已撤回、被取代或待改正，不引用），可引用 ")


def test_no_bulletin_left_is_an_end(app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An assistant with nothing to quote is not started: exit 1, and what to put where."""
    (tmp_path / "bulletins").mkdir()
    for name in ("topics.yml", "synonyms.yml", "stopwords.txt"):
        (tmp_path / name).write_bytes((ROOT / "knowledge" / name).read_bytes())
    monkeypatch.setenv("DUANKA_KNOWLEDGE", str(tmp_path))
    result = CliRunner().invoke(app, ["shell"])
    assert result.exit_code == 1
    assert result.output == f"{tmp_path / 'bulletins'} 里没有可以引用的段落：请放入至少一份有效的通报（.md 文件）\n"


def test_a_wrong_setting_is_one_line(app: typer.Typer, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the variable and what is allowed; no stack of calls."""
    monkeypatch.setenv("DUANKA_OLD_AFTER_YEARS", "two")
    result = CliRunner().invoke(app, ["shell"])
    assert result.exit_code == 1
    assert result.output.startswith("DUANKA_OLD_AFTER_YEARS is 'two'; ")


def test_a_database_that_cannot_be_is_one_line(
    app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where its folder cannot be made nothing is started: exit 1, and the setting is named."""
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("DUANKA_DATABASE", f"sqlite:///{tmp_path}/file/web.db")
    ports = ["--port", str(free_port()), "--action-port", str(free_port())]
    result = CliRunner().invoke(app, ["run", *ports])
    assert result.exit_code == 1
    assert "DUANKA_DATABASE：不能建立数据库所在的文件夹" in result.output.splitlines()[-1]


def test_the_page_is_named_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who started it reads where to open it in a browser, then how to ask by HTTP and read the reply in Chinese."""
    monkeypatch.chdir(ROOT)
    for name in ("DUANKA_STAFF_PASSWORD", "DUANKA_WEB_ORIGINS", "WECHAT_TOKEN", "DUANKA_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    lines = run._welcome(5006, 1.0, "rasa.log").splitlines()
    assert lines[1].endswith("http://127.0.0.1:5006/webhooks/web/")
    assert any("curl" in line and line.endswith("| python3 -m json.tool --no-ensure-ascii") for line in lines[2:])
    assert not any(word in line for line in lines for word in ("工作页", "微信", "网站"))


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("DUANKA_STAFF_PASSWORD", hash_password("long enough"), "  工作页：http://127.0.0.1:5006/webhooks/staff/"),
        ("WECHAT_TOKEN", "token", "  微信公众号：http://127.0.0.1:5006/webhooks/wechat/webhook（"),
        ("DUANKA_WEB_ORIGINS", "http://a.cn, http://b.cn", "  可以放聊天窗的网站：http://a.cn、http://b.cn"),
    ],
    ids=["staff", "wechat", "elsewhere"],  # a hash is never twice the same
)
def test_what_is_set_up_is_named(variable: str, value: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The staff page, the Official Account and the pages that may hold the chat: each when it is there."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv(variable, value)
    assert any(each.startswith(line) for each in run._welcome(5006, 1.0, "rasa.log").splitlines())
