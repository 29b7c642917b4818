"""What a form of the desk sends, and how a page of it answers. Knows Sanic; nothing of who sends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from sanic import Request
from sanic.request import parse_multipart_form
from sanic.response import HTTPResponse, html

from bot.doors.desk import pages
from bot.doors.desk.access import Visitor
from bot.doors.http.routing import BROKEN_FORM, MOST_BYTES, RefusedError, fields_of, read_body
from bot.editing.gaps import MOST_WORDINGS


@dataclass(frozen=True)
class Upload:
    """A file that came with a form; its name is only what somebody wrote."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Form:
    """A form's fields, each with all its values, and its files."""

    fields: Mapping[str, list[str]]
    files: tuple[Upload, ...] = ()

    def first(self, name: str) -> str:
        """Return a field's first value, "" without one."""
        return self.fields.get(name, [""])[0]

    def all(self, name: str) -> list[str]:
        """Return all its values."""
        return self.fields.get(name, [])


async def read_form(request: Request, most: int = MOST_BYTES) -> Form:
    """Return a form of at most `most` bytes. Raises RefusedError, for a form of another site too."""
    origin = request.headers.get("origin")
    # `null` is what browsers send from our own pages, because they tell no referrer.
    if origin and origin != "null" and urlsplit(origin).netloc != request.headers.get("host"):
        raise RefusedError(403, "请从本页提交")
    body = await read_body(request, most)
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return Form(MappingProxyType(fields_of(body, MOST_WORDINGS + 10)))
    try:
        return _multipart(body, kind)
    except (ValueError, LookupError, TypeError):
        raise RefusedError(400, BROKEN_FORM) from None


def _multipart(body: bytes, kind: str) -> Form:
    boundary = kind.partition("boundary=")[2].strip().strip('"')
    if not boundary:
        raise ValueError
    fields, files = parse_multipart_form(body, boundary.encode())  # type: ignore[no-untyped-call]
    uploads = tuple(Upload(str(each.name or ""), each.body) for each in files.getlist("file", []) if each.name)
    return Form(MappingProxyType({name: list(values) for name, values in fields.items()}), uploads)


def show(template: str, visitor: Visitor | None, here: str, status: int = 200, **values: Any) -> HTTPResponse:
    """Return a page as a response."""
    csrf = visitor.csrf if visitor else ""
    return html(pages.render(template, visitor=visitor, csrf=csrf, here=here, **values), status)


def number_of(request: Request, name: str) -> int:
    """Return a number of the address, from 1 on; 1 for what is none."""
    return max(1, number_in(request.args.get(name, "")))


def number_in(written: str) -> int:
    """Return the whole number somebody wrote, 0 for what is none."""
    return int(written) if written.isdecimal() and len(written) < 10 else 0


def page_of(request: Request, count: int, on_a_page: int) -> tuple[int, int]:
    """Return which page of so many things the address asks for, at most the last, and how many pages there are."""
    pages = max(1, -(-count // on_a_page))
    return min(number_of(request, "page"), pages), pages


def words_of(request: Request) -> str:
    """Return the words the address looks for, "" for none."""
    return " ".join(request.args.get("q", "").split())[:60]
