"""What the running programs offer to whom: on which addresses they listen, and what is there to be asked for."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from service import Client, complaints, descendants, service

from bot.processes.loopback import HOST

LOOPBACK = {"0100007F", "00000000000000000000000001000000"}  # as /proc/net/tcp and tcp6 write them
LISTENS = "0A"
# What Rasa serves when its HTTP API or one of its own doors is open.
RASAS = (
    ("GET", "/"),
    ("GET", "/version"),
    ("GET", "/status"),
    ("GET", "/domain"),
    ("GET", "/conversations/default/tracker"),
    ("POST", "/conversations/default/messages"),
    ("POST", "/conversations/default/execute"),
    ("POST", "/model/parse"),
    ("POST", "/model/train"),
    ("PUT", "/model"),
    ("DELETE", "/model"),
    ("POST", "/webhooks/rest/webhook"),
    ("POST", "/webhooks/callback/webhook"),
    ("GET", "/webhooks/rasa/"),
    ("GET", "/socket.io/"),
    ("GET", "/webhooks/staff/"),  # no password is set
    ("GET", "/webhooks/wechat/webhook"),  # no account is named
)


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Path]]:
    """The assistant with the doors of production, and its log."""
    log = tmp_path_factory.mktemp("production") / "run.log"
    with service(log, {"DUANKA_CREDENTIALS": "deploy/credentials.yml"}) as started:
        yield started, log


def test_everything_listens_on_loopback_alone(client: Client, production: tuple[Client, Path]) -> None:
    """Every program started, in production and otherwise: no socket of theirs can be reached from elsewhere."""
    listening = {row for number in descendants(os.getpid()) for row in _listening(number)}
    ports = {int(port, 16) for _, port in listening}
    assert {_port(client), _port(production[0])} <= ports
    assert {address for address, _ in listening} <= LOOPBACK


def test_nothing_of_rasas_is_open_in_production(production: tuple[Client, Path]) -> None:
    """Neither its HTTP API nor a door of its own nor the page that tells its version; no origin is let in."""
    server = f"http://{HOST}:{_port(production[0])}"
    headers = {"Origin": "http://evil.example"}
    for method, path in RASAS:
        response = requests.request(method, server + path, json={"sender": "x", "message": "你好"}, headers=headers)
        assert response.status_code == 404, (method, path)
        assert "96110" in response.json()["error"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Security-Policy" in response.headers
        assert not {"Server", "Access-Control-Allow-Origin"} & set(response.headers)
        assert "rasa" not in response.text.lower()


@pytest.mark.parametrize("path", ["live", "ready", "metrics"])
def test_what_is_for_operators_is_for_this_machine(production: tuple[Client, Path], path: str) -> None:
    """Whoever comes through a proxy finds no such place, whatever the proxy passes on."""
    url = f"http://{HOST}:{_port(production[0])}/webhooks/health/{path}"
    assert requests.get(url).status_code == 200
    assert requests.get(url, headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 404


def test_residents_are_answered_in_production(production: tuple[Client, Path]) -> None:
    """The web door answers; the assistant was asked a question before it said that it is ready, and said which way."""
    client, log = production
    web = client.url.replace("/rest/webhook", "/web/")
    session = requests.post(f"{web}session", json={}).json()["session"]
    message = {"session": session, "id": uuid.uuid4().hex, "text": "卖银行卡会怎么样"}
    reply = requests.post(f"{web}message", json=message).json()["reply"]
    assert reply["custom"]["kind"] == "answer"
    start = requests.get(web)
    assert (start.status_code, start.url) == (200, f"{web}plain")
    assert "演示页" not in start.text
    assert "没有开放 HTTP 提问" in log.read_text("utf-8")
    assert complaints(log) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'"text"', b"null"])
def test_what_rasas_own_door_cannot_read(client: Client, body: bytes) -> None:
    """Where plain REST is open, on loopback, a body that is none gets a sentence, no page of Sanic's and no trace."""
    response = requests.post(client.url, data=body, headers={"Content-Type": "application/json"})
    assert response.status_code in (400, 500)
    assert "96110" in response.json()["error"]
    assert not re.search("Traceback|sanic|rasa|\\.py", response.text)


def _port(client: Client) -> int:
    found = re.search(r":(\d+)/", client.url)
    assert found
    return int(found[1])


def _listening(number: int) -> Iterator[tuple[str, str]]:
    """Yield address and port, in hexadecimal, of each socket on which a process waits for connections."""
    try:
        held = {os.readlink(each) for each in Path(f"/proc/{number}/fd").iterdir()}
        tables = [Path(f"/proc/{number}/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    except FileNotFoundError:  # it has ended meanwhile
        return
    for line in (line.split() for table in tables for line in table):
        if line[3] == LISTENS and f"socket:[{line[9]}]" in held:
            address, port = line[1].split(":")
            yield address, port
