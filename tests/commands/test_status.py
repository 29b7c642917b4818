"""`duanka status`, as an operator runs it: one line for each thing, and exit 1 when one is not as it should be."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands.status import reading_by_meaning
from bot.keeping.events import EventStore, TurnEvent
from bot.keeping.switches import Switches
from bot.processes.loopback import HOST, free_port

ROOT = Path(__file__).parents[2]
GOOD = {
    "read_at": "2026-11-24T09:30:00+08:00",
    "failed": None,
    "bulletins": 11,
    "in_force": 10,
    "passages": 230,
    "meaning": 1.0,
}


class Service(BaseHTTPRequestHandler):
    """Answers like both programs, on one port; `missing` are the channels' paths that are not there."""

    missing: tuple[str, ...] = ()

    def do_GET(self) -> None:
        self._say(b"{}")

    def do_PUT(self) -> None:
        self.send_error(404 if self.path in self.missing else 405)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self._say(json.dumps([{"text": "通报里是这样说的"}]).encode())

    def _say(self, body: bytes) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal."""


@pytest.fixture
def port() -> Iterator[int]:
    """Where a service runs."""
    with ThreadingHTTPServer((HOST, 0), Service) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@dataclass(frozen=True)
class Kept:
    """What lies beside the database."""

    folder: Path

    @property
    def database(self) -> str:
        """The database's address."""
        return f"sqlite:///{self.folder}/duanka.db"

    def say(self, **changes: object) -> None:
        """Write what the process that answers says of its knowledge."""
        (self.folder / "knowledge.json").write_text(json.dumps({**GOOD, "problems": [], **changes}), "utf-8")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """The settings point to a folder of this test's own, where all is well."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("DUANKA_DATABASE", f"sqlite:///{tmp_path}/duanka.db")
    made = Kept(tmp_path)
    made.say()
    return made


def status(port: int, action_port: int | None = None) -> Result:
    words = ["status", "--port", str(port), *(["--action-port", str(action_port)] if action_port else [])]
    return CliRunner().invoke(app, words)


@pytest.mark.usefixtures("kept")
def test_all_is_well(port: int) -> None:
    """Exit 0, and a line for each thing."""
    result = status(port)
    assert result.exit_code == 0, result.output
    assert "✗" not in result.output
    assert f"✓ 对话服务（端口 {port}）：在" in result.output
    assert "动作服务" not in result.output
    assert "✓ 试问一句：有答复" in result.output
    assert "✓ 知识：11 份通报（10 份使用中），230 个段落，11月24日" in result.output
    assert "✓ 渠道：网页开放，微信公众号开放" in result.output
    assert "✓ 今天：提问 0" in result.output


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("missing", ["对话服务", "动作服务"])
def test_a_program_is_not_there(port: int, missing: str) -> None:
    """Exit 1, and which one; no question is tried."""
    result = status(*((free_port(), port) if missing == "对话服务" else (port, free_port())))
    assert result.exit_code == 1
    wrong = next(line for line in result.output.splitlines() if line.startswith("✗"))
    assert wrong.startswith(f"✗ {missing}（端口")
    assert "没有试" in result.output
    assert ("（换过端口？加 --port，或设 DUANKA_PORT）" in wrong) == (missing == "对话服务")


def test_no_bulletin_in_force_is_not_well(kept: Kept, port: int) -> None:
    """Everything is abstained from then: the exit code says so."""
    kept.say(bulletins=3, in_force=0)
    result = CliRunner().invoke(app, ["status", "--port", str(port)])
    assert result.exit_code == 1
    assert "✗ 知识：3 份通报（0 份使用中）" in result.output


def test_the_knowledge_has_problems(port: int, kept: Kept) -> None:
    """Each problem of a bulletin, and the folder that could not be read, are named."""
    kept.say(failed="topics.yml:3: 没有写完", problems=["knowledge/bulletins/guilin.md:1: 不是 UTF-8", "另一个"])
    result = status(port)
    assert result.exit_code == 1
    assert "✗ 知识：最近一次没有读成，仍用上次读好的：topics.yml:3: 没有写完" in result.output
    assert "✗ 通报：knowledge/bulletins/guilin.md:1: 不是 UTF-8" in result.output
    assert "✗ 通报：另一个" in result.output


@pytest.mark.parametrize("written", [None, "", "{}", "[]", '{"read_at": "gestern"}'])
def test_nobody_has_said_anything_yet(port: int, kept: Kept, written: str | None) -> None:
    """No file, or half a file: it is not known, which is not well."""
    file = kept.folder / "knowledge.json"
    file.unlink() if written is None else file.write_text(written, "utf-8")
    result = status(port)
    assert (result.exit_code, "✗ 知识：还不知道" in result.output) == (1, True)


@pytest.mark.usefixtures("kept")
def test_a_channel_that_is_not_connected_is_not_open(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service has no such channel; that is as it should be where nobody named an account."""
    monkeypatch.setattr(Service, "missing", ("/webhooks/wechat/webhook",))
    monkeypatch.setenv("WECHAT_TOKEN", "this terminal's, not the service's")
    result = status(port)
    assert result.exit_code == 0, result.output
    assert "✓ 渠道：网页开放，微信公众号没有接通" in result.output


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(("token", "said"), [("abc", "微信公众号开放"), ("", "微信公众号没有接通")])
def test_without_a_service_the_settings_tell(token: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `duanka run` would open from here."""
    monkeypatch.setenv("WECHAT_TOKEN", token)
    assert said in status(free_port()).output


def test_a_door_is_off(port: int, kept: Kept) -> None:
    """It is named, with since when; it was switched off on purpose, so the exit is 0."""
    switches = Switches(kept.database)
    switches.turn_off("wechat", time.time())
    switches.close()
    result = status(port)
    assert result.exit_code == 0
    assert "网页开放，微信公众号已关闭（" in result.output


def test_today(port: int, kept: Kept) -> None:
    """Turns by outcome; yesterday's do not count; one that got no reply is wrong."""
    store = EventStore(kept.database)
    for at, outcome in ((time.time(), "answer"), (time.time(), "abstain"), (time.time() - 2 * 86400, "silent")):
        store.add(TurnEvent(at, "web-1", "web", "问", "penalty", 0.9, outcome))
    result = status(port)
    assert (result.exit_code, "今天：提问 2（引用通报回答 1，没有答案 1）" in result.output) == (0, True)
    store.add(TurnEvent(time.time(), "web-1", "web", "问", "penalty", 0.9, "silent"))
    store.close()
    result = status(port)
    assert (result.exit_code, "✗ 今天：提问 3" in result.output) == (1, True)


def test_the_database_is_ill(port: int, kept: Kept) -> None:
    """It is said, and the rest is shown all the same."""
    (kept.folder / "duanka.db").write_bytes(b"not a database at all, only long enough " * 40)
    result = status(port)
    assert result.exit_code == 1
    assert result.output.count("读不到数据库（DatabaseError）") == 2
    assert "✓ 知识" in result.output


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (None, "只按字词：没有按意思检索的模型"),
        (1.0, "按字词，也按意思"),
        (0.5, "按字词；50% 的段落也按意思，其余正在补"),
    ],
)
def test_how_passages_are_found(share: float | None, said: str) -> None:
    """Without the dense reader it still answers, and the operator reads that it does so by words alone."""
    assert reading_by_meaning(share).startswith(said)
