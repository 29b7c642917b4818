"""The HTTP server as our doors need it: caps on what a connection may cost, whose word counts for an address, and
nothing told to who asks for what is not there. Knows Sanic; sets what `rasa run` has no option for.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any

from sanic import Blueprint, Request, Sanic
from sanic.exceptions import NotFound, SanicException
from sanic.response import BaseHTTPResponse, HTTPResponse, json

from bot.answering import sentences
from bot.conversation.limits import network_of
from bot.doors.http.connections import MOST_CONNECTIONS, UNREADABLE, cap_connections, expect_sound
from bot.knowledge.messages import read_message
from bot.processes.watchdog import beat
from bot.settings import Settings

logger = logging.getLogger(__name__)

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
SENTENCES = {
    400: "请求不完整或格式不对",
    404: "没有这个网址",
    405: "这个网址不接受这种请求",
    408: "请求没有在规定的时间内送到",
    413: "内容太长",
    503: "暂时没能答复，请稍后再试",
}
# The blueprints of our doors.
_OURS: set[str] = set()
_SERVED, _WATCHING, _LIVING = "duanka_served", "duanka_watching", "duanka_living"


def serve_with(blueprint: Blueprint, settings: Settings) -> None:
    """Have the server a door is opened on set up so, once, however many doors there are."""
    _OURS.add(blueprint.name)
    blueprint.signal("http.lifecycle.request")(expect_sound)

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
        app.error_handler.add(Exception, _fail)
        app.register_middleware(_hide_root, "request")
        app.register_middleware(_add_outside, "response")
        watch = cap_connections(app, MOST_CONNECTIONS, REQUEST_SECONDS)
        setattr(app.ctx, _WATCHING, asyncio.get_running_loop().create_task(watch.run()))
        # Made by the first message, what reads messages would hold the loop for so long on a busy machine that the
        # watchdog ends the process. What is wrong in it is told with each message.
        with suppress(ValueError):
            read_message("")

    # Not before: the models are read meanwhile, at one go.
    @blueprint.listener("after_server_start")
    async def live(app: Sanic, *_: Any) -> None:
        if not hasattr(app.ctx, _LIVING):
            setattr(app.ctx, _LIVING, asyncio.get_running_loop().create_task(beat()))

    @blueprint.listener("after_server_stop")
    async def end(app: Sanic, *_: Any) -> None:
        for name in (_WATCHING, _LIVING):
            task: asyncio.Task[None] | None = getattr(app.ctx, name, None)
            if task:
                task.cancel()


def address_of(request: Request) -> str:
    """Return what counts as the client's address; what a proxy says of it is believed only when we trust one."""
    return network_of(request.remote_addr or request.ip or "unknown")


def cookie_of(request: Request, name: str) -> str:
    """Return the value of a cookie of ours, "" without one.

    Sanic reads all cookies with http.cookies, which needs half a second for 8 KB of backslashes (CVE-2024-7592).
    """
    parts = (part.strip().partition("=") for line in request.headers.getall("cookie", []) for part in line.split(";"))
    return next((value for found, _, value in parts if found == name), "")


def give_cookie(request: Request, response: HTTPResponse, name: str, value: str, path: str) -> None:
    """Set a cookie of ours: no script reads it, no other site sends it, and one given by https goes by https only."""
    response.cookies[name] = value
    response.cookies[name].update({"path": path, "httponly": True, "samesite": "Strict"})
    if "https" in (request.scheme, (request.headers.get("x-forwarded-proto") or "").lower()):
        response.cookies[name]["secure"] = True


def end_cookie(response: HTTPResponse, name: str, path: str) -> None:
    """Have the browser forget a cookie of ours."""
    response.cookies[name] = ""
    response.cookies[name].update({"path": path, "max-age": 0})


async def add_headers(_request: Request, response: BaseHTTPResponse) -> None:
    """Add the headers of what is no page; for a door that has none of its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


async def _add_outside(request: Request, response: BaseHTTPResponse) -> None:
    """Add the headers outside our doors; each door adds its own, after this."""
    parts = request.route.name.split(".") if request.route else ()
    if not _OURS.intersection(parts):
        await add_headers(request, response)


async def _hide_root(request: Request) -> None:
    """Raise NotFound for Rasa's own page at /, which tells its version."""
    if request.path == "/" and request.route is not None:  # without a route it is an error already
        raise NotFound("Not Found")


def _refuse(_request: Request, error: SanicException) -> HTTPResponse:
    """Return the status, a sentence, and nothing that was sent: Sanic's own page repeats the path."""
    status = getattr(error, "status_code", None) or 500
    return _said(status, {**HEADERS, **(getattr(error, "headers", None) or {})})


def _fail(request: Request, error: Exception) -> HTTPResponse:
    if request.method == UNREADABLE:
        return _said(400, HEADERS)
    logger.error("a request failed: %s", type(error).__name__)  # what it says may be a person's words
    return _said(500, HEADERS)


def _said(status: int, headers: dict[str, str]) -> HTTPResponse:
    sentence = SENTENCES.get(status) or SENTENCES.get(503 if status >= 500 else 400, "")
    text = sentences.UNAVAILABLE if status == 500 else f"{sentence}。{sentences.HOTLINES}"
    return json({"error": text}, status, headers, ensure_ascii=False)
