"""The HTTP server as our doors need it: caps on what a connection may cost, whose word counts for an address, and
nothing told to who asks for what is not there. Knows Sanic; sets what `rasa run` has no option for.
"""

from __future__ import annotations

from typing import Any

from sanic import Blueprint, Request, Sanic
from sanic.exceptions import SanicException
from sanic.response import BaseHTTPResponse, HTTPResponse, text

from bot.channels.limits import network_of
from bot.settings import Settings

# Seconds in which a request must be here whole; a slow telephone sends its 8 KB in that time.
REQUEST_SECONDS = 15
# Seconds a reply may take: WeChat's requests are held for 6, a turn has 10.
RESPONSE_SECONDS = 60
KEEP_ALIVE_SECONDS = 15
# Doors that read their own body allow less; this is what anything else may send.
MOST_BODY = 1024 * 1024
MOST_HEADERS = 8 * 1024
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_SERVED = "duanka_served"


def serve_with(blueprint: Blueprint, settings: Settings) -> None:
    """Have the server a door is opened on set up so, once, however many doors there are."""

    @blueprint.listener("before_server_start")
    async def set_up(app: Sanic, *_: Any) -> None:
        if getattr(app.ctx, _SERVED, False):
            return
        setattr(app.ctx, _SERVED, True)
        app.config.update(
            PROXIES_COUNT=settings.trusted_proxies or None,
            REQUEST_TIMEOUT=REQUEST_SECONDS,
            RESPONSE_TIMEOUT=RESPONSE_SECONDS,
            KEEP_ALIVE_TIMEOUT=KEEP_ALIVE_SECONDS,
            REQUEST_MAX_SIZE=MOST_BODY,
            REQUEST_MAX_HEADER_SIZE=MOST_HEADERS,
        )
        app.error_handler.add(SanicException, _refuse)


def address_of(request: Request) -> str:
    """Return what counts as the client's address; what a proxy says of it is believed only when we trust one."""
    return network_of(request.remote_addr or request.ip or "unknown")


async def add_headers(_request: Request, response: BaseHTTPResponse) -> None:
    """Add the headers of what is no page; for a door that has none of its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def _refuse(_request: Request, error: SanicException) -> HTTPResponse:
    """Return the status and nothing that was sent: Sanic's own page repeats the path."""
    status = getattr(error, "status_code", None) or 500
    return text(f"{status}", status=status, headers={**HEADERS, **(getattr(error, "headers", None) or {})})
