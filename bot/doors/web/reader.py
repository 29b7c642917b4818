"""The pages to read: the bulletins, the demo page, and what all pages of `pages` need."""

from __future__ import annotations

from datetime import date
from functools import cache

from sanic import Request
from sanic.response import HTTPResponse, html

from bot.doors.http.routing import RefusedError, Routes, is_elder, to
from bot.doors.web import pages
from bot.doors.web.files import make_file
from bot.doors.web.widget import ASK_AGAIN, serve
from bot.knowledge.catalogue import Catalogue

# The files of a closed list: each is packed once.
_packed = cache(make_file)


def reader_routes(catalogue: Catalogue, old_after_years: int, with_demo: bool) -> Routes:
    """Return the paths of the pages; a bulletin older than `old_after_years` says so.

    Without the demo page, which looks like a centre's own, the root leads to the page to ask on.
    """

    async def bulletins(request: Request) -> HTTPResponse:
        shown = await catalogue.take()
        return html(pages.bulletin_list(shown.library, date.today(), is_elder(request)))

    async def bulletin(request: Request, stem: str) -> HTTPResponse:
        shown = await catalogue.take()
        page = pages.bulletin_page(shown.library, stem, date.today(), old_after_years, is_elder(request))
        return html(page) if page is not None else html(pages.not_found_page(), 404)

    async def demo(_request: Request) -> HTTPResponse:
        return html(pages.demo_page((await catalogue.take()).library))

    async def asset(request: Request, name: str) -> HTTPResponse:
        found = pages.asset(name)
        if found is None:
            raise RefusedError(404, "没有这个文件")
        return serve(request, _packed(name, found), ASK_AGAIN)

    return {
        "": {"GET": to("web/")},
        # Not for good: the demo page may come back; and `duanka run`, which waits for this path, follows no 308.
        "/": {"GET": demo if with_demo else to("plain", 302)},
        "/bulletins": {"GET": to("bulletins/")},
        "/bulletins/": {"GET": bulletins},
        "/bulletins/<stem:str>": {"GET": bulletin},
        "/pages/<name:str>": {"GET": asset},
    }
