"""Whatever bytes reach the port: an answer or a closed connection, never a 5xx, and nobody else waits."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from fuzz_times import times
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.processes.loopback import HOST

sys.path.append(str(Path(__file__).parents[1] / "doors"))
from door import Door, door

fuzzed = settings(
    max_examples=times(120),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ODD = st.binary(max_size=12)
METHODS = st.sampled_from([b"GET", b"POST", b"HEAD", b"OPTIONS", b"PROPFIND", b"get", b""]) | ODD
PATHS = st.sampled_from([b"/", b"/webhooks/web/message", b"/webhooks/web/plain", b"*", b"http://[", b"//a@b:c/"]) | ODD
VERSIONS = st.sampled_from([b"HTTP/1.1", b"HTTP/1.0", b"HTTP/2", b""]) | ODD
NAMES = st.sampled_from(
    b"Host|Content-Length|Transfer-Encoding|Expect|Connection|Upgrade|Cookie|Origin|X-Forwarded-For|Content-Type|Range|"
    b"If-None-Match|Accept-Encoding|Authorization|".split(b"|")
)
VALUES = (
    st.sampled_from([b"0", b"-1", b"-5", b"+3", b"3", b"0x3", b"99999999999999", b"chunked", b"websocket", b"close"])
    | st.sampled_from([b"100-continue", b"a=b; c", b"\xff", b"1.2.3.4, ::1", b"bytes=0-", b"gzip;q=0", b"Bearer "])
    | ODD
)
HEADERS = st.lists(st.tuples(NAMES, VALUES), max_size=5)
BODIES = st.sampled_from([b"", b"abc", b"{}", b"-5\r\nabc\r\n", b"3\r\nabc\r\n0\r\n\r\n", b"\r\n\r\n"]) | st.binary(
    max_size=80
)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A door that lets as many in as come."""
    folder = tmp_path_factory.mktemp("wire")
    with door(folder) as opened:
        yield opened
    logs = "".join(path.read_text("utf-8", errors="replace") for path in folder.glob("*.log"))
    assert "Traceback" not in logs


def answered(web: Door, sent: bytes) -> bytes:
    """Send bytes, and return what comes back at once; who waits for more of a request says nothing yet."""
    with socket.create_connection((HOST, web.port), timeout=60) as opened, suppress(OSError):
        opened.sendall(sent)
        opened.settimeout(0.05)
        return opened.recv(65536)
    return b""


def is_there(web: Door) -> bool:
    """Whether the next one is served."""
    return web.http.get(web.url + "topics", timeout=60).status_code == 200


@fuzzed
@given(METHODS, PATHS, VERSIONS, HEADERS, BODIES)
def test_any_request(
    web: Door, method: bytes, path: bytes, version: bytes, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    """However it contradicts itself, it is answered with less than 500 or not at all, and the next one is served."""
    lines = [b" ".join((method, path, version)), *(b": ".join(header) for header in headers), b"", body]
    reply = answered(web, b"\r\n".join(lines))
    assert not reply or reply.startswith((b"HTTP/1.1 2", b"HTTP/1.1 3", b"HTTP/1.1 4")), reply[:200]
    assert is_there(web)


@fuzzed
@given(st.binary(max_size=400))
def test_any_bytes(web: Door, sent: bytes) -> None:
    """Nor does what is no HTTP at all."""
    reply = answered(web, sent)
    assert not reply or reply.startswith(b"HTTP/1.1 4"), reply[:200]
    assert is_there(web)
