"""From a table of paths to Sanic routes: one way of saying no, whatever the path and method.

What goes wrong is a sentence in Chinese that names the hotlines; nobody sees a traceback, and no log a person's words.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs

from sanic import Blueprint, Request
from sanic.exceptions import InvalidUsage, PayloadTooLarge
from sanic.response import HTTPResponse, empty, json, redirect

from bot.answering import sentences
from bot.conversation.faults import describe

logger = logging.getLogger(__name__)

Handler = Callable[..., Coroutine[Any, Any, HTTPResponse]]
# By path below /webhooks/web, then by method. GET also serves HEAD.
Routes = Mapping[str, Mapping[str, Handler]]

MOST_BYTES = 8 * 1024
BROKEN_FORM = "表单的内容不完整，请再填一次"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class RefusedError(Exception):
    """A request that gets no more than a status and a sentence; the hotlines are added to it."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = headers


def add_routes(blueprint: Blueprint, routes: Routes) -> None:
    """Add every path with every method: what the table does not have is refused in words."""
    for number, (path, handlers) in enumerate(routes.items()):
        _add(blueprint, path, f"route_{number}", _dispatcher(handlers))


def closed(blueprint: Blueprint) -> None:
    """Refuse every other path below ours."""

    async def nothing_here(_request: Request, rest: str) -> HTTPResponse:  # noqa: ARG001 Sanic passes it
        return refusal(RefusedError(404, "没有这个网址"))

    _add(blueprint, "/<rest:path>", "nothing_here", nothing_here)


async def read_body(request: Request, most: int = MOST_BYTES) -> bytes:
    """Return the body; no more of it is read than may be sent, `most` bytes. Raises RefusedError."""
    if request.stream and request.stream.request_body:
        request.stream.request_max_size = most
        try:
            await request.receive_body()  # type: ignore[no-untyped-call]
        except PayloadTooLarge:
            raise RefusedError(413, f"内容太长，一次最多 {most // 1024} KB") from None
        except InvalidUsage:
            raise RefusedError(400, "请求没有完整地送到") from None
    return bytes(request.body or b"")


def fields_of(body: bytes, most: int) -> dict[str, list[str]]:
    """Return the fields of a form, at most so many, each with all its values. Raises RefusedError."""
    try:
        return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=most)
    except ValueError:
        raise RefusedError(400, BROKEN_FORM) from None


def is_elder(request: Request) -> bool:
    """Whether the address asks for large letters."""
    return bool(request.args.get("elder") == "1")


def to(place: str, status: int = 308) -> Handler:
    """Return the handler that leads to another path, relative to its own: for good, unless `status` says otherwise."""

    async def lead(_request: Request) -> HTTPResponse:
        return redirect(place, status=status)

    return lead


def refusal(refused: RefusedError) -> HTTPResponse:
    """Return it as a response."""
    return json(
        {"error": f"{refused.sentence}。{sentences.HOTLINES}"},
        refused.status,
        dict(refused.headers),
        ensure_ascii=False,
    )


def _add(blueprint: Blueprint, path: str, name: str, handler: Handler) -> None:
    # A streaming route: Sanic leaves the body to us, instead of reading up to 100 MB before it calls.
    blueprint.add_route(handler, path, METHODS, name=name, stream=True, unquote=True)


def _dispatcher(handlers: Mapping[str, Handler]) -> Handler:
    allowed = ", ".join(dict.fromkeys([*handlers, *(["HEAD"] if "GET" in handlers else []), "OPTIONS"]))

    async def dispatch(request: Request, **parts: Any) -> HTTPResponse:
        if request.method == "OPTIONS":
            return empty(headers={"Allow": allowed})
        handler = handlers.get("GET" if request.method == "HEAD" else request.method)
        try:
            if handler is None:
                raise RefusedError(405, f"这个网址不接受 {request.method}", {"Allow": allowed})
            return await handler(request, **parts)
        except RefusedError as refused:
            return refusal(refused)
        except Exception as error:  # values may be a person's words: the log gets type and place only
            logger.error("a request failed: %s", describe(error))
            return json({"error": sentences.UNAVAILABLE}, 500, ensure_ascii=False)

    return dispatch
