"""The widget as Vite built it: the loader, its looks for old browsers, the chat's page, its assets."""

from __future__ import annotations

from sanic import Request
from sanic.response import HTTPResponse, empty, html, raw

from bot.doors.http.routing import RefusedError, Routes
from bot.doors.web.files import File, Files

# A hashed name never gets another content; the loader and the page are looked at again each time, by their tag.
FOR_GOOD = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
NOT_BUILT = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>断卡问答</title>
<h1>聊天窗口还没有构建</h1>
<p>请在项目文件夹里运行 make run：它会先构建聊天窗口，再启动服务。</p>
<p>现在可以使用<a href="plain">不需要脚本的页面</a>提问。咨询请拨打96110，紧急情况请拨打110。</p>
</html>
"""


def widget_routes(files: Files) -> Routes:
    """Return the paths of the built files."""

    async def loader(request: Request) -> HTTPResponse:
        file = files.find("widget.js")
        if file is None:
            raise RefusedError(503, "聊天窗口还没有构建，请先运行 make run")
        return serve(request, file, ASK_AGAIN)

    async def sheet(request: Request) -> HTTPResponse:
        file = files.find("widget.css")
        if file is None:
            raise RefusedError(404, "没有这个文件")
        return serve(request, file, ASK_AGAIN)

    async def chat(request: Request) -> HTTPResponse:
        file = files.find("chat.html")
        return serve(request, file, ASK_AGAIN) if file else html(NOT_BUILT, 503)

    async def asset(request: Request, name: str) -> HTTPResponse:
        file = files.find("assets", name)
        if file is None:
            raise RefusedError(404, "没有这个文件")
        return serve(request, file, FOR_GOOD)

    return {
        "/widget.js": {"GET": loader},
        "/widget.css": {"GET": sheet},
        "/chat": {"GET": chat},
        "/assets/<name:str>": {"GET": asset},
    }


def serve(request: Request, file: File, cache: str) -> HTTPResponse:
    """Return a file: packed where the client takes that, nothing at all where it has it already."""
    headers = {"ETag": file.tag, "Cache-Control": cache, "Vary": "Accept-Encoding"}
    if file.tag in _tags(request.headers.get("if-none-match") or ""):
        return empty(304, headers)
    if file.packed is not None and _takes_gzip(request.headers.get("accept-encoding") or ""):
        return raw(file.packed, headers={**headers, "Content-Encoding": "gzip"}, content_type=file.type)
    return raw(file.plain, headers=headers, content_type=file.type)


def _tags(listed: str) -> tuple[str, ...]:
    return tuple(tag.strip().removeprefix("W/") for tag in listed.split(","))


def _takes_gzip(listed: str) -> bool:
    for entry in listed.split(","):
        coding, _, quality = entry.replace(" ", "").partition(";q=")
        if coding in ("gzip", "*"):
            return quality not in ("0", "0.0", "0.00", "0.000")
    return False
