"""What we ask of the loopback: bot/processes/loopback.py."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bot.answering import sentences
from bot.processes import loopback
from bot.processes.programs import CommandError


@contextmanager
def listening() -> Iterator[int]:
    """A port that somebody holds."""
    with socket.socket() as one:
        one.bind((loopback.HOST, 0))
        one.listen()
        yield one.getsockname()[1]


class Assistant(BaseHTTPRequestHandler):
    """Answers GET /health, and POST with the bubbles its server was given."""

    bubbles: object = []

    def do_GET(self) -> None:
        self._send(200 if self.path == "/health" else 404, {})

    def do_PUT(self) -> None:
        self._send(405 if self.path == "/webhook" else 404, {})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._send(200, self.bubbles)

    def _send(self, status: int, content: object) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def serving(bubbles: object) -> Iterator[str]:
    """A server that replies with these bubbles; its address."""
    handler = type("Handler", (Assistant,), {"bubbles": bubbles})
    with HTTPServer((loopback.HOST, 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://{loopback.HOST}:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_free_port_is_given_once() -> None:
    """Two programs that are started together do not fight for one."""
    assert len({loopback.free_port() for _ in range(500)}) == 500


def test_free_ports_pass() -> None:
    """Nothing is said about ports that can be had, and asking does not take them."""
    ports = ((loopback.free_port(), "DUANKA_PORT"), (loopback.free_port(), "DUANKA_ACTION_PORT"))
    loopback.expect_free(ports)
    loopback.expect_free(ports)


def test_a_taken_port_is_named_with_a_free_one() -> None:
    """One line says which port, and a command that would work."""
    with listening() as port:
        with pytest.raises(CommandError) as raised:
            loopback.expect_free(((port, "DUANKA_PORT"),))
        said = re.fullmatch(
            rf"端口 {port} 已被占用：请先关掉占用它的程序，或换一个端口，例如 make run DUANKA_PORT=(\d+)",
            raised.value.sentence,
        )
        assert said
        loopback.expect_free(((int(said[1]), "DUANKA_PORT"),))


def test_one_port_for_both_is_refused() -> None:
    """The two services would fight for it."""
    port = loopback.free_port()
    with pytest.raises(CommandError, match=f"两个服务不能共用端口 {port}"):
        loopback.expect_free(((port, "DUANKA_PORT"), (port, "DUANKA_ACTION_PORT")))


def test_a_server_answers_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only success counts; a proxy named in the environment is not asked."""
    monkeypatch.setenv("http_proxy", f"http://{loopback.HOST}:{loopback.free_port()}")
    with serving([]) as url:
        assert loopback.answers(f"{url}/health")
        assert not loopback.answers(f"{url}/missing")
    assert not loopback.answers(f"{url}/health")


@pytest.mark.parametrize(
    ("bubbles", "says_something"),
    [
        ([{"text": "出借银行卡……"}], True),
        ([{"custom": {"kind": "answer"}}], True),
        ([], False),
        ([{"text": ""}], False),
        ([{"text": sentences.UNAVAILABLE}, {"custom": {"kind": "abstain"}}], False),
    ],
)
def test_a_reply_must_say_something(bubbles: object, says_something: bool) -> None:
    """Rasa answers 200 with nothing in it when the action server is down: that is not ready, nor is an apology."""
    with serving(bubbles) as url:
        assert loopback.replies(url) is says_something


@pytest.mark.parametrize(
    ("said", "says_something"),
    [
        ({"session": "a", "reply": {"text": "出借银行卡……"}}, True),
        ({"session": "a", "reply": {"text": ""}}, False),
        ({"session": "a", "reply": {"text": f"请不要发送验证码。\n{sentences.UNAVAILABLE}"}}, False),
        ({"session": "a", "reply": None}, False),
        ({"error": "没有这个网址"}, False),
        ([], False),
    ],
)
def test_a_reply_on_the_web_must_say_something(said: object, says_something: bool) -> None:
    """Where there is no REST, a question goes the way people's do."""
    with serving(said) as url:
        assert loopback.replies_on_the_web(f"{url}/") is says_something


def test_nobody_there_is_no_reply() -> None:
    """A server that is not there is no error."""
    assert not loopback.replies_on_the_web(f"http://{loopback.HOST}:{loopback.free_port()}/")


def test_a_route_is_known_by_its_refusal() -> None:
    """A path that is there allows other methods only; one that is not is not found; nobody there has none."""
    with serving([]) as url:
        assert loopback.has_route(f"{url}/webhook")
        assert not loopback.has_route(f"{url}/missing")
    assert not loopback.has_route(f"{url}/webhook")
