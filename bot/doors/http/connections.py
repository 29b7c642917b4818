"""What one connection may cost, where Sanic has no setting for it. Knows the protocol of one version of Sanic.

Sanic takes any number of connections, counts a request's time anew with every byte of it, hangs for ever on a body of
negative length, and says nothing to an address that is none. `cap_connections` cures all four in the running process.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import resource
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import wraps
from typing import Any

import sanic
from sanic import Request, Sanic
from sanic.exceptions import InvalidUsage, RequestTimeout
from sanic.http import Http, Stage
from sanic.server.protocols.http_protocol import HttpProtocol

from bot.answering import sentences

SANIC = "21.12."
MOST_CONNECTIONS = 1000
# Files that stay free for what is opened meanwhile: database, knowledge. Where so many are left, none is counted.
SPARE, PLENTY = 12, 256
CHECK_SECONDS = 1.0
_SENTENCE = f"现在使用的人太多，请过一会儿再试。{sentences.HOTLINES}"
_BODY = json.dumps({"error": _SENTENCE}, ensure_ascii=False).encode()
FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nX-Content-Type-Options: nosniff\r\n"
    b"Cache-Control: no-store\r\nRetry-After: 10\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
) % (len(_BODY), _BODY)
# The method Sanic gives a request whose first line could not be read.
UNREADABLE = "NONE"
_LENGTH = re.compile("[0-9]{1,12}")
_WATCH, _CAPPED = "duanka_connections", "_duanka_capped"


class Watch:
    """Keeps the connections of one server within `most`, and each request's arrival within `seconds`."""

    def __init__(self, most: int, seconds: float) -> None:
        """Begin with none."""
        self._most, self._seconds = most, seconds
        self._connections: Collection[Any] = ()
        self._arriving: dict[Any, float] = {}

    def has_room(self, connections: Collection[Any]) -> bool:
        """Whether one more fits, of files this process may open too; when full, the longest idle goes for it."""
        self._connections = connections
        most = min(self._most, max(1, _room(self._most, len(connections))))
        if len(connections) < most:
            return True
        staying = [each for each in connections if each.transport and not each.transport.is_closing()]
        if len(staying) < most:
            return True
        idle = [each for each in staying if _stage(each) is Stage.IDLE]
        if idle:
            min(idle, key=lambda each: float(each._time)).close()
        return bool(idle)

    async def run(self) -> None:
        """Look at all of them every second, until cancelled."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            self.end_slow(time.monotonic())

    def end_slow(self, now: float) -> None:
        """End each whose request has been arriving for too long, however busily it trickles."""
        arriving = [each for each in self._connections if _arrives(each)]
        self._arriving = {each: self._arriving.get(each, now) for each in arriving}
        for each, since in self._arriving.items():
            if now - since > self._seconds and each._task:
                each._http.exception = RequestTimeout("Request Timeout")
                each._task.cancel()


def cap_connections(app: Sanic, most: int, seconds: float) -> Watch:
    """Have the server of `app` keep the caps. Raises RuntimeError for another version of Sanic."""
    if not sanic.__version__.startswith(SANIC):
        raise RuntimeError(f"Sanic is {sanic.__version__}; {SANIC}* is allowed: bot/doors/http/connections.py needs it")
    protocol: Any = HttpProtocol
    http: Any = Http
    if not getattr(protocol.connection_made, _CAPPED, False):
        protocol.connection_made = _counted(protocol.connection_made)
        http.create_empty_request = _tolerant(http.create_empty_request)
    watch = Watch(most, seconds)
    setattr(app.ctx, _WATCH, watch)
    return watch


async def expect_sound(request: Request, **_: Any) -> None:
    """Raise InvalidUsage for a request whose end is unclear: two servers could disagree about where it is."""
    lengths = request.headers.getall("content-length", [])
    codings = request.headers.getall("transfer-encoding", [])
    sound = (
        len(lengths) + len(codings) <= 1
        and all(_LENGTH.fullmatch(each) for each in lengths)
        and all(each == "chunked" for each in codings)
    )
    if not sound:
        raise InvalidUsage("Bad Request")


def _room(most: int, held: int) -> int:
    """Return how many connections there may be beside whatever else this process has open; `held` are there."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= most + PLENTY:
        return most
    return soft - (len(os.listdir("/proc/self/fd")) - held) - SPARE


def _stage(connection: Any) -> Stage | None:
    return None if connection._http is None else connection._http.stage


def _arrives(connection: Any) -> bool:
    http = connection._http  # false while nothing is handled: Sanic says so
    return http is not None and bool(http.stage is Stage.REQUEST or http.request_body)


def _counted(made: Callable[..., None]) -> Callable[..., None]:
    """Return Sanic's `connection_made` for as many as may be; the next reads a sentence and is closed."""

    @wraps(made)
    def connection_made(protocol: Any, transport: Any) -> None:
        watch: Watch | None = getattr(protocol.app.ctx, _WATCH, None)
        if watch and not watch.has_room(protocol.connections):
            transport.write(FULL)
            transport.close()
            return
        made(protocol, transport)

    setattr(connection_made, _CAPPED, True)
    return connection_made


def _tolerant(create: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return a `create_empty_request` that also works where the address cannot be read: Sanic's own fails there."""

    @wraps(create)
    def create_empty_request(http: Any) -> None:
        with suppress(Exception):
            create(http)
            return
        http.url = None
        create(http)

    return create_empty_request
