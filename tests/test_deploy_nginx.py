"""deploy/nginx.conf in a real nginx, before programs that only say who they are."""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from bot.processes.loopback import HOST, free_port
from tests.nginx_program import NginxProgram, checked, nginx_program

TIMEOUT = 60


class Echo(BaseHTTPRequestHandler):
    """Says at which port it listens and what it was sent."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer."""
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        told = {"port": self.server.server_address[1], "headers": dict(self.headers), "path": self.path}
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 the name that is called

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def programs() -> Iterator[list[ThreadingHTTPServer]]:
    """Two replicas, two action servers."""
    servers = [ThreadingHTTPServer((HOST, 0), Echo) for _ in range(4)]
    threads = [threading.Thread(target=each.serve_forever, kwargs={"poll_interval": 0.05}) for each in servers]
    for thread in threads:
        thread.start()
    yield servers
    for server in servers:
        server.shutdown()
        server.server_close()
    for thread in threads:
        thread.join()


@pytest.fixture(scope="module")
def nginx(programs: list[ThreadingHTTPServer]) -> Iterator[NginxProgram]:
    """nginx before them."""
    first, second, third, fourth = (each.server_address[1] for each in programs)
    with nginx_program((first, second), (third, fourth)) as started:
        yield started


def get(nginx: NginxProgram, path: str, **options: object) -> requests.Response:
    """GET a path as a browser would."""
    url = f"https://{HOST}:{nginx.port}{path}"
    return requests.get(url, verify=nginx.certificate, timeout=TIMEOUT, **options)  # type: ignore[arg-type]


def post(nginx: NginxProgram, path: str, size: int) -> requests.Response:
    """POST a body of so many bytes."""
    url = f"https://{HOST}:{nginx.port}{path}"
    return requests.post(url, data=b"x" * size, verify=nginx.certificate, timeout=TIMEOUT)


def test_nginx_finds_no_fault(nginx: NginxProgram) -> None:
    """`nginx -t` is content, and warns of nothing."""
    said = checked(nginx)
    assert said.returncode == 0, said.stderr
    assert "[warn]" not in said.stderr.replace('the "user" directive', "")


def test_requests_alternate(nginx: NginxProgram) -> None:
    """Both replicas get requests of one person; the staff page stays with one; actions go to both action servers."""
    assert len({get(nginx, "/webhooks/web/topics").json()["port"] for _ in range(8)}) == 2
    assert len({get(nginx, "/webhooks/staff/").json()["port"] for _ in range(8)}) == 1
    action = f"http://{HOST}:{nginx.action_port}/webhook"
    assert len({requests.post(action, json={}, timeout=TIMEOUT).json()["port"] for _ in range(8)}) == 2


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/webhooks/rest/webhook",
        "/webhooks/health/ready",
        "/webhooks/health/metrics",
        "/webhooks/web/../health/metrics",
        "/webhooks/wechat/",
        "/model",
        "/version",
        "/conversations/someone/tracker",
        "/webhooks",
    ],
)
def test_nothing_else_is_there(nginx: NginxProgram, path: str) -> None:
    """What is not for the public is not passed on, and the person reads where to call."""
    response = get(nginx, path)
    assert response.status_code == 404
    assert "96110" in response.json()["error"]


def test_the_file_by_which_wechat_knows_the_name(nginx: NginxProgram) -> None:
    """What is put there for it is given as it is; nothing beside it is, and where none is, nothing is there."""
    folder = nginx.folder / "verification"
    folder.mkdir(mode=0o755)
    nginx.folder.chmod(0o755)
    (folder / "a1B2c3D4e5.txt").write_text("5f4dcc3b5aa765d61d8327deb882cf99")
    (folder / "notes.md").write_text("no")
    given = get(nginx, "/a1B2c3D4e5.txt")
    assert (given.status_code, given.text) == (200, "5f4dcc3b5aa765d61d8327deb882cf99")
    assert given.headers["Content-Type"] == "text/plain"
    for path in ("/notes.md", "/other12345.txt", "/..%2fprivkey.txt", "/a.txt", "/x/a1B2c3D4e5.txt", "/privkey.pem"):
        response = get(nginx, path)
        assert (response.status_code in (400, 404), "96110" in response.json()["error"]) == (True, True), path


def test_a_client_does_not_choose_its_address(nginx: NginxProgram) -> None:
    """What it says of where it comes from is replaced by where it comes from."""
    told = get(nginx, "/webhooks/web/topics", headers={"X-Forwarded-For": "1.2.3.4"}).json()["headers"]
    assert told["X-Forwarded-For"] == "127.0.0.1"
    assert told["X-Forwarded-Proto"] == "https"


@pytest.mark.parametrize(
    ("path", "most"),
    [("/webhooks/web/message", 8), ("/webhooks/wechat/webhook", 64), ("/webhooks/staff/try", 2048)],
)
def test_bodies_have_a_size(nginx: NginxProgram, path: str, most: int) -> None:
    """What docs/limits.md allows passes, a byte more does not, and is told in words."""
    assert post(nginx, path, most * 1024).status_code == 200
    refused = post(nginx, path, most * 1024 + 1)
    assert refused.status_code == 413
    assert "96110" in refused.json()["error"]


def test_too_many_requests(nginx: NginxProgram) -> None:
    """Far beyond what the programs allow, nginx itself says no, and where to call; WeChat's address is not held up."""
    with requests.Session() as session:

        def ask(path: str) -> requests.Response:
            url = f"https://{HOST}:{nginx.port}/webhooks/{path}"
            return session.get(url, verify=nginx.certificate, timeout=TIMEOUT)

        held = next(each for each in (ask("web/topics") for _ in range(3000)) if not each.ok)
        assert held.status_code == 429
        assert "110" in held.json()["error"]
        assert all(ask("wechat/webhook").ok for _ in range(50))


def test_logs_hold_no_query(nginx: NginxProgram) -> None:
    """WeChat's openid stands in its query."""
    get(nginx, "/webhooks/wechat/webhook?openid=ONE-OF-MANY")
    assert "/webhooks/wechat/webhook" in nginx.log()
    assert "ONE-OF-MANY" not in nginx.log()


def said(nginx: NginxProgram, sent: bytes) -> str:
    """Send bytes as they are by TLS and return all that comes back."""
    context = ssl.create_default_context(cafile=nginx.certificate)
    plain = socket.create_connection((HOST, nginx.port), TIMEOUT)
    with plain, context.wrap_socket(plain, server_hostname=HOST) as secure:
        secure.sendall(sent)
        parts = []
        while part := secure.recv(65536):
            parts.append(part)
    return b"".join(parts).decode("utf-8")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x00\x01\x02\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        (f"GET /{'a' * 9000} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode(), 414),
        (f"POST /webhooks/web/message HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: made-up\r\n\r\n".encode(), 501),
        (b"GET / HTTP/9.1\r\nHost: x\r\n\r\n", 505),
        (b"GET / HTTP/1.1\r\nHost: somebody.else\r\nConnection: close\r\n\r\n", 404),
    ],
)
def test_what_nobody_understands_is_told_where_help_is(nginx: NginxProgram, sent: bytes, status: int) -> None:
    """Whatever the bytes, and whatever name is asked for: the hotlines, and nothing of us."""
    answer = said(nginx, sent)
    assert f" {status} " in answer.splitlines()[0]
    assert "96110" in answer
    assert "拨打110" in answer
    assert not re.search(r"nginx/[0-9]", answer)


def test_errors_hold_no_query() -> None:
    """With every replica down the error log says so for the web; of WeChat's openid and signature it says nothing."""
    nowhere = free_port(), free_port()
    with nginx_program(nowhere, nowhere) as nginx:
        assert get(nginx, "/webhooks/wechat/webhook?openid=ONE-OF-MANY&signature=OF-SOMEBODY").status_code == 503
        assert get(nginx, "/webhooks/web/topics").status_code == 503
        written = {file.name: file.read_text("utf-8", "replace") for file in nginx.folder.glob("*.log")}
    assert "/webhooks/web/topics" in written["error.log"]
    assert not [name for name, log in written.items() if "ONE-OF-MANY" in log or "OF-SOMEBODY" in log]


def test_a_replica_that_hangs_is_routed_around(programs: list[ThreadingHTTPServer]) -> None:
    """It takes connections and says nothing: the other is asked in time."""
    silent = socket.create_server((HOST, 0), backlog=64)
    replicas = silent.getsockname()[1], programs[0].server_address[1]
    with silent, nginx_program(replicas, (free_port(), free_port())) as nginx:
        begun = time.monotonic()
        asked = [post(nginx, "/webhooks/web/message", 10) for _ in range(2)]
        assert [each.status_code for each in asked] == [200, 200]
        assert time.monotonic() - begun < 16


def test_no_program_answers() -> None:
    """Every replica down: the person reads 96110 and 110."""
    nowhere = free_port(), free_port()
    with nginx_program(nowhere, nowhere) as nginx:
        response = get(nginx, "/webhooks/web/topics")
    assert response.status_code == 503
    assert "110" in response.json()["error"]
