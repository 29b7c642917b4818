"""What one connection may cost, over real sockets: how many, how slow, how broken; and what is said to each."""

from __future__ import annotations

import os
import resource
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import SimpleNamespace

import pytest
import requests
from door import Door, door
from sanic import Request
from sanic.compat import Header

from bot.doors.http.connections import SPARE, Watch
from bot.doors.http.server import cookie_of
from bot.processes.loopback import HOST

MOST, SECONDS = 6, 2
# The door of all tests here, with caps that a test reaches.
PROGRAM = f"""
import sys
from bot.doors.http import server
server.MOST_CONNECTIONS, server.REQUEST_SECONDS = {MOST}, {SECONDS}
import door
door.main(*sys.argv[1:])
"""
BROKEN = (
    b"GARBAGE\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
    b"GET \xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nbroken\r\n\r\n",
    b"POST /webhooks/web/message HTTP/1.1\r\nContent-Length: x\r\n\r\nabc",
    b"POST /webhooks/web/message HTTP/1.1\r\nContent-Length: -5\r\n\r\nabc",
    b"POST /webhooks/web/message HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
    b"POST /webhooks/web/message HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
    b"POST /webhooks/web/message HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\nabc",
)
REFUSED = (
    (b"PROPFIND / HTTP/1.1\r\nHost: a\r\n\r\n", 405),
    (b"TRACE /webhooks/web/ HTTP/1.1\r\nHost: a\r\n\r\n", 405),
    (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 404),
    (b"GET /version HTTP/1.1\r\nHost: a\r\n\r\n", 404),
    (b"POST /model/parse HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", 404),
    (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 413),
    (b"POST / HTTP/1.1\r\nHost: a\r\nExpect: nothing\r\nContent-Length: 2\r\n\r\n{}", 417),
)


@pytest.fixture(scope="module")
def capped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """The web door with room for six connections, two seconds for a request each."""
    with door(tmp_path_factory.mktemp("capped"), program=("-c", PROGRAM)) as opened:
        yield opened


def connect(door: Door) -> socket.socket:
    """Open a connection; what never comes fails the test."""
    opened = socket.create_connection((HOST, door.port))
    opened.settimeout(60)
    return opened


def said(door: Door, sent: bytes) -> str:
    """Send bytes and return what comes back, as far as its first part."""
    with connect(door) as opened:
        opened.sendall(sent)
        return opened.recv(65536).decode("utf-8")


def is_there(door: Door) -> bool:
    """Whether somebody else is answered."""
    return requests.get(door.url + "topics", timeout=60).status_code == 200


def rest_of(opened: socket.socket) -> bytes:
    """Return all that still comes, until the other side closes."""
    found = b""
    while part := opened.recv(65536):
        found += part
    return found


@pytest.mark.parametrize("sent", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_request_is_refused_and_nobody_else_waits(capped: Door, sent: bytes) -> None:
    """400 with a sentence; a body of negative length once stopped the whole server for good."""
    reply = said(capped, sent)
    assert reply.startswith("HTTP/1.1 400 ")
    _expect_sentence(reply)
    assert is_there(capped)


@pytest.mark.parametrize(("sent", "status"), REFUSED, ids=range(len(REFUSED)))
def test_a_refusal_is_a_sentence(capped: Door, sent: bytes, status: int) -> None:
    """Chinese, with the hotlines and the security headers; no name, no version and nothing of what was sent."""
    reply = said(capped, sent)
    assert reply.startswith(f"HTTP/1.1 {status} ")
    _expect_sentence(reply)


def _expect_sentence(reply: str) -> None:
    head, _, body = reply.partition("\r\n\r\n")
    assert body.startswith('{"error":"')
    assert "96110" in body
    assert "拨打110" in body
    for name in ("X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer", "Content-Security-Policy: default"):
        assert name in head
    assert not [word for word in ("sanic", "rasa", "python", "server:", "3.6", "21.12") if word in reply.lower()]


def test_asking_what_is_allowed_tells_nothing(capped: Door) -> None:
    """OPTIONS gets the headers too, and no origin is let in."""
    asked = "Origin: http://evil.example\r\nAccess-Control-Request-Method: GET\r\n\r\n"
    for path in ("*", "/version", "/webhooks/web/message"):
        reply = said(capped, f"OPTIONS {path} HTTP/1.1\r\nHost: a\r\n{asked}".encode())
        assert "X-Content-Type-Options: nosniff" in reply
        assert "Access-Control-Allow-Origin" not in reply
        assert "Access-Control-Allow-Credentials" not in reply


@pytest.mark.parametrize(
    "head",
    [
        b"GET /webhooks/web/topics HTTP/1.1\r\nHost: a\r\nX: ",
        b"POST /webhooks/web/message HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n",
        b"POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n",
    ],
    ids=["headers", "body", "unread body"],
)
def test_trickling_gains_nothing(capped: Door, head: bytes) -> None:
    """A byte at a time, in the headers or in the body: the request's time is up all the same."""
    with connect(capped) as slow:
        slow.sendall(head)
        assert trickles(slow, seconds=150) < 150
    assert is_there(capped)


def trickles(slow: socket.socket, seconds: float) -> float:
    """Send a byte ten times a second, `seconds` at most; return when the other side had enough."""
    begun = time.monotonic()
    while (passed := time.monotonic() - begun) < seconds:
        try:
            slow.sendall(b"a")
        except OSError:
            break
        time.sleep(0.1)
    return passed


def test_where_few_files_may_be_open_fewer_connections_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process needs for itself stays free, however low the limit is."""
    watch = Watch(1000, SECONDS)
    connections = [Staying() for _ in range(20)]
    ours = len(os.listdir("/proc/self/fd"))  # with the twenty, if they were real
    monkeypatch.setattr(resource, "getrlimit", lambda _: (ours + SPARE + 5, 4096))
    assert watch.has_room(connections)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (ours + SPARE - 5, 4096))
    assert not watch.has_room(connections)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert watch.has_room(connections)


class Staying:
    """A connection that is busy."""

    transport = SimpleNamespace(is_closing=lambda: False)
    _http = SimpleNamespace(stage=None)


def test_who_is_idle_longest_makes_room(capped: Door) -> None:
    """Many who connect and say nothing keep nobody out, and the first of them goes first."""
    idle = [connect(capped) for _ in range(MOST)]
    try:
        assert is_there(capped)
        assert rest_of(idle[0]) == b""
    finally:
        for each in idle:
            each.close()


def test_when_all_are_busy_the_next_reads_a_sentence(capped: Door) -> None:
    """Busy are those who are sending or waiting for a reply; when they have gone there is room again."""
    tokens = [capped.session() for _ in range(MOST)]
    capped.http.close()
    busy = [connect(capped) for _ in tokens]
    try:
        for each, token in zip(busy, tokens, strict=True):
            body = f'{{"session": "{token}", "id": "message-1", "text": "等900"}}'.encode()
            head = f"POST /webhooks/web/message HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n"
            each.sendall(head.encode() + body)
        until(lambda: len(capped.turns()) == MOST)
        with connect(capped) as late:
            reply = rest_of(late).decode("utf-8")
        assert reply.startswith("HTTP/1.1 503 ")
        assert "Retry-After" in reply
        assert "96110" in reply
    finally:
        for each in busy:
            each.close()
    until(lambda: is_there(capped))


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(requests.RequestException):
            if holds():
                return
        time.sleep(0.1)
    raise AssertionError


@pytest.mark.parametrize(
    ("cookies", "value"),
    [
        (["duanka_plain=abc"], "abc"),
        (["a=1; duanka_plain=abc; b=2"], "abc"),
        (["a=1", "duanka_plain=abc"], "abc"),
        (["xduanka_plain=abc; duanka_plain"], ""),
        (['a="' + "\\0" * 500_000 + '"; duanka_plain=abc'], "abc"),  # minutes, for http.cookies
        ([], ""),
    ],
    ids=range(6),
)
def test_a_cookie_of_ours(cookies: list[str], value: str) -> None:
    """It is found among those of others, however these are written, at once."""
    headers = Header([("cookie", each) for each in cookies])
    request = Request(b"/", headers, "1.1", "GET", None, None)  # type: ignore[arg-type]
    assert cookie_of(request, "duanka_plain") == value
