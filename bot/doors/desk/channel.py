"""The staff door: /webhooks/staff/, off unless a password is set. Thin: what it shows is made in bot/doors/desk."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, timedelta
from hmac import compare_digest
from typing import Any
from urllib.parse import parse_qs, urlsplit

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Request, Sanic
from sanic.response import HTTPResponse, html, raw, redirect
from sqlalchemy.exc import SQLAlchemyError

from bot.answering.records import Understanding
from bot.conversation.admission import admit
from bot.doors.desk import pages
from bot.doors.desk.access import Attempts, Session, Sessions, matches
from bot.doors.desk.views import Desk
from bot.doors.http.headers import Headers
from bot.doors.http.routing import MOST_BYTES, Handler, RefusedError, Routes, add_routes, closed, read_body
from bot.doors.http.server import address_of, cookie_of, serve_with
from bot.editing.gaps import MOST_WORDINGS
from bot.settings import Settings, read_settings

logger = logging.getLogger(__name__)
NAME = "staff"
COOKIE, COOKIE_PATH = "duanka_staff", "/webhooks/staff"
WRONG = "密码不对。"
LOCKED = "密码错了太多次，请15分钟后再试。"
ILL = "数据库暂时不可用：请看服务日志，稍后再试。"
UNREADABLE = "知识文件夹或数据库文件暂时读不到：请看服务日志，稍后再试。"
FIRST_DAY = date(2020, 1, 1)
# A form names every wording of a group, each up to 400 characters.
MOST_FORM = 2 * 1024 * 1024

# A page for who is logged in: (request, the csrf token of its forms) → the response.
Page = Callable[[Request, str], Awaitable[HTTPResponse]]
Fields = Mapping[str, list[str]]


class StaffInput(InputChannel):
    """Rasa's view of the door: it takes no messages."""

    def __init__(self, settings: Settings | None = None) -> None:
        """Read the settings, unless they are given."""
        self._settings = settings or read_settings()

    @classmethod
    def name(cls) -> str:
        """Return the part of the path that is ours."""
        return NAME

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:  # noqa: ARG002
        """Return the routes; without a password there are none but refusals."""
        blueprint = Blueprint("duanka_staff", strict_slashes=True)
        if self._settings.staff_password:
            door = StaffDoor(self._settings, Desk(self._settings))
            add_routes(blueprint, door.routes())
            blueprint.listener("after_server_stop")(door.close)
        closed(blueprint)
        serve_with(blueprint, self._settings)
        blueprint.middleware("response")(Headers(()).add)
        return blueprint


class StaffDoor:
    """Lets in who knows the password, and hands each request to the desk."""

    def __init__(self, settings: Settings, desk: Desk) -> None:
        """Begin with nobody logged in."""
        self._hashed = settings.staff_password
        self._desk = desk
        self._sessions, self._attempts = Sessions(), Attempts()

    def routes(self) -> Routes:
        """Return the paths."""
        return {
            "/": {"GET": self._page(self._today)},
            "/login": {"GET": _to_start, "POST": self._login},
            "/logout": {"GET": _to_start, "POST": self._form(self._logout)},
            "/gaps": {"GET": self._page(self._gaps), "POST": self._form(self._settle)},
            "/try": {"GET": self._page(self._try), "POST": self._form(self._tried)},
            "/bulletins": {"GET": self._page(self._bulletins)},
            "/doors": {"GET": self._page(self._doors), "POST": self._form(self._switch)},
            "/chart/<name:str>": {"GET": self._chart},
            "/staff.css": {"GET": _style_sheet},
        }

    async def close(self, *_: Any) -> None:
        """Leave the database."""
        self._desk.close()

    async def _login(self, request: Request) -> HTTPResponse:
        fields = await _fields(request)
        address = address_of(request)
        if not self._attempts.begin(address):
            return _login_page(LOCKED, 429)
        if not await asyncio.to_thread(matches, fields.get("password", [""])[0], self._hashed):
            self._attempts.failed()
            logger.warning("a wrong password at the staff page")
            return _login_page(LOCKED if self._attempts.locked(address) else WRONG, 403)
        self._attempts.succeeded(address)
        response = redirect("./", status=303)
        response.cookies[COOKIE] = self._sessions.open(time.monotonic())
        response.cookies[COOKIE].update({"path": COOKIE_PATH, "httponly": True, "samesite": "Strict"})
        if "https" in (request.scheme, (request.headers.get("x-forwarded-proto") or "").lower()):
            response.cookies[COOKIE]["secure"] = True
        return response

    async def _logout(self, request: Request, _fields: Fields) -> HTTPResponse:
        self._sessions.close(cookie_of(request, COOKIE))
        response = redirect("./", status=303)
        response.cookies[COOKIE] = ""
        response.cookies[COOKIE].update({"path": COOKIE_PATH, "max-age": 0})
        return response

    async def _today(self, request: Request, csrf: str) -> HTTPResponse:
        day, today = _day_of(request), date.today()
        seen = await asyncio.to_thread(self._desk.glance, day)
        after = day + timedelta(days=1) if day < today else None
        notices = await asyncio.to_thread(self._desk.notices)
        values: dict[str, Any] = {
            "day": day,
            "before": day - timedelta(days=1) if day > FIRST_DAY else None,
            "after": after,
            "glance": seen,
            "notices": notices,
        }
        return _html("today", csrf, "./", **values)

    async def _gaps(self, _request: Request, csrf: str) -> HTTPResponse:
        return _html("gaps", csrf, "gaps", **await asyncio.to_thread(self._desk.gaps))

    async def _settle(self, _request: Request, fields: Fields) -> HTTPResponse:
        await asyncio.to_thread(self._desk.settle, fields.get("wording", []), time.time())
        return redirect("gaps", status=303)

    async def _try(self, _request: Request, csrf: str) -> HTTPResponse:
        versions = await asyncio.to_thread(self._desk.versions)
        return _html("try", csrf, "try", question="", versions=versions, chosen="", tried=())

    async def _tried(self, request: Request, fields: Fields) -> HTTPResponse:
        session = self._session(request)
        question, chosen = admit(fields.get("q", [""])[0]).text, fields.get("with", [""])[0]
        text, understood = await _understand(request, question)
        tried = await asyncio.to_thread(self._desk.attempt, text, understood, chosen, date.today())
        versions = await asyncio.to_thread(self._desk.versions)
        csrf = session.csrf if session else ""
        return _html("try", csrf, "try", question=question, versions=versions, chosen=chosen, tried=tried)

    async def _bulletins(self, _request: Request, csrf: str) -> HTTPResponse:
        return _html("bulletins", csrf, "bulletins", **await asyncio.to_thread(self._desk.bulletins, date.today()))

    async def _doors(self, request: Request, csrf: str) -> HTTPResponse:
        off = await asyncio.to_thread(self._desk.switches.off)
        connected = {channel for channel in self._desk.channels if _is_served(request.app, channel)}
        return _html("doors", csrf, "doors", channels=self._desk.channels, off=off, connected=connected)

    async def _switch(self, _request: Request, fields: Fields) -> HTTPResponse:
        channel, to = fields.get("channel", [""])[0], fields.get("to", [""])[0]
        if channel not in self._desk.channels or to not in ("on", "off"):
            raise RefusedError(400, "没有这个渠道")
        await asyncio.to_thread(self._desk.switch, channel, to == "off", time.time())
        logger.warning("the door %s was switched %s", channel, to)
        return redirect("doors", status=303)

    async def _chart(self, request: Request, name: str) -> HTTPResponse:
        if self._session(request) is None:
            raise RefusedError(403, "请先登录")
        drawn = await asyncio.to_thread(self._desk.draw, name, _day_of(request))
        if drawn is None:
            raise RefusedError(404, "没有这张图")
        # An image by its own rules: matplotlib writes styles into it; it can load and run nothing.
        policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
        return raw(drawn, content_type="image/svg+xml", headers=policy)

    def _page(self, page: Page) -> Handler:
        """Return the handler that shows a page to who is logged in, and the login form to others."""

        async def show(request: Request) -> HTTPResponse:
            session = self._session(request)
            if session is None:
                return _login_page(None, 200)
            try:
                return await page(request, session.csrf)
            except (SQLAlchemyError, OSError, ValueError) as error:
                return _trouble(session, "暂时看不到", error)

        return show

    def _form(self, act: Callable[[Request, Fields], Awaitable[HTTPResponse]]) -> Handler:
        """Return the handler that acts on a form of ours: of someone logged in, with the token of this session."""

        async def take(request: Request) -> HTTPResponse:
            session = self._session(request)
            fields = await _fields(request, MOST_FORM if session else MOST_BYTES)
            if session is None or not compare_digest(fields.get("csrf", [""])[0].encode(), session.csrf.encode()):
                return _login_page("登录已过期，请重新登录。", 403)
            try:
                return await act(request, fields)
            except (SQLAlchemyError, OSError, ValueError) as error:
                return _trouble(session, "没有办成", error)

        return take

    def _session(self, request: Request) -> Session | None:
        return self._sessions.find(cookie_of(request, COOKIE), time.monotonic())


async def _to_start(_request: Request) -> HTTPResponse:
    return redirect("./", status=303)


async def _style_sheet(_request: Request) -> HTTPResponse:
    return raw(pages.style_sheet(), content_type="text/css; charset=utf-8")


async def _fields(request: Request, most: int = MOST_BYTES) -> Fields:
    """Return a form's fields; a form of another site is refused."""
    origin = request.headers.get("origin")
    # `null` is what browsers send from our own pages, because they tell no referrer.
    if origin and origin != "null" and urlsplit(origin).netloc != request.headers.get("host"):
        raise RefusedError(403, "请从本页提交")
    body = await read_body(request, most)
    try:
        return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_WORDINGS + 10)
    except ValueError:
        raise RefusedError(400, "表单的内容不完整，请再填一次") from None


async def _understand(request: Request, question: str) -> tuple[str, Understanding]:
    """Return a question as the answerer gets it, and what the classifier in this process makes of it.

    Without a classifier it is the fallback.
    """
    agent = getattr(request.app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        return question, Understanding("nlu_fallback", 0.0)
    parsed = await agent.parse_message(question or "？")
    ranking = {each["name"]: float(each["confidence"]) for each in parsed.get("intent_ranking", []) if each.get("name")}
    intent = parsed.get("intent") or {}
    understood = Understanding(intent.get("name") or "nlu_fallback", float(intent.get("confidence") or 0.0), ranking)
    return str(parsed.get("text") or question), understood


def _trouble(session: Session, title: str, error: Exception) -> HTTPResponse:
    logger.error("the staff page failed: %s", type(error).__name__)
    sentence = ILL if isinstance(error, SQLAlchemyError) else UNREADABLE
    return _html("trouble", session.csrf, "", 503, title=title, sentence=sentence)


def _login_page(wrong: str | None, status: int) -> HTTPResponse:
    return html(pages.render("login", csrf="", here="", wrong=wrong), status)


def _html(template: str, csrf: str, here: str, status: int = 200, **values: Any) -> HTTPResponse:
    return html(pages.render(template, csrf=csrf, here=here, **values), status)


def _is_served(app: Sanic, channel: str) -> bool:
    """Whether this server has paths of that channel."""
    return any(route.path.startswith(f"webhooks/{channel}/") for route in app.router.routes)


def _day_of(request: Request) -> date:
    try:
        day = datetime.strptime(request.args.get("day", ""), "%Y-%m-%d").date()
        return max(FIRST_DAY, min(day, date.today()))
    except ValueError:
        return date.today()
