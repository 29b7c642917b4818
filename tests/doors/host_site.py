"""A centre's site around the chat, with a page for each policy it may have, and the service behind it."""

from __future__ import annotations

import http.server
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from door import ROOT, Door, door
from rich.console import Console

from bot.commands.widget import build_widget
from bot.processes.loopback import HOST, free_port

# Where pictures of what is tested go, if anywhere.
PICTURES = os.environ.get("DUANKA_PICTURES", "")
# What a page around the chat may allow; {0} is where the service is.
POLICIES = {
    "none": "",
    "own": "default-src 'self'; script-src 'self' {0}; frame-src {0}",
    "styles": "default-src 'self'; script-src {0}; style-src 'self' {0}; frame-src {0}",
    "nonce": "default-src 'none'; script-src {0}; style-src 'nonce-abc'; frame-src {0}",
    "strict": "default-src 'none'; script-src {0}; style-src 'none'; frame-src {0}; base-uri 'none'",
    "loose": "default-src 'self' 'unsafe-inline' {0}",
}
LAUNCHER = "document.querySelector('duanka-widget').shadowRoot.querySelector('.launcher')"
BOX = "getBoundingClientRect()"
PANEL = "document.querySelector('duanka-widget').shadowRoot.querySelector('.panel')"


class Site(http.server.ThreadingHTTPServer):
    """A centre's site: a page for each policy, long enough to be scrolled, with a link to another page."""

    daemon_threads = True

    def __init__(self, port: int, service: str, host: str) -> None:
        super().__init__((HOST, port), _Served)
        self.service = service
        self.url = f"http://{host}:{port}/"


class _Served(http.server.BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        name = self.path.strip("/").partition("?")[0]
        rows = "".join(f"<p>第{number}行</p>" for number in range(80))
        body = (
            f"<!doctype html><html lang=zh><meta charset=utf-8><meta name=viewport content='width=device-width'>"
            f"<title>{name}</title><h1>{name}</h1><p><a id=other href=/other>另一页</a> <a href=#end>到页尾</a></p>"
            f"{rows}<p id=end>页尾</p><script src='{self.server.service}widget.js'></script></html>"
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if policy := POLICIES.get(name):
            self.send_header("Content-Security-Policy", policy.format(self.server.service.partition("/webhooks")[0]))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        pass


@contextmanager
def host_site(folder: Path, host: str = HOST) -> Iterator[Site]:
    """A site that may hold the chat, and the service behind it, with what it keeps in `folder`.

    At HOST it is the same site to a browser, whatever the port; at `localhost` it is another one's.
    """
    build_widget(ROOT, Console(quiet=True))
    port = free_port()
    (folder / "dist").symlink_to(ROOT / "bot/widget/dist")
    with (
        door(folder, {"DUANKA_WEB_ORIGINS": f"http://{host}:{port}"}) as opened,
        _serving(port, opened, host) as served,
    ):
        yield served


@contextmanager
def _serving(port: int, opened: Door, host: str) -> Iterator[Site]:
    served = Site(port, opened.url, host)
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    try:
        yield served
    finally:
        served.shutdown()
        thread.join()
        served.server_close()


def keep(name: str, picture: bytes) -> None:
    """Keep a picture of a window, where somebody wants to see them."""
    if PICTURES:
        Path(PICTURES, f"{name}.png").write_bytes(picture)
