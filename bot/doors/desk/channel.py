"""The staff door: /webhooks/staff/, off while there is neither an account nor a password. Thin:
what it shows is made in bot/doors/desk/views.py."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Request, Sanic
from sanic.response import HTTPResponse, raw, redirect

from bot.answering.records import Understanding
from bot.conversation.admission import admit
from bot.doors.desk import pages
from bot.doors.desk.access import Visitor
from bot.doors.desk.bulletins import Bulletins
from bot.doors.desk.entrance import Entrance
from bot.doors.desk.forms import Form, number_of, page_of, show, words_of
from bot.doors.desk.people import People
from bot.doors.desk.views import Desk
from bot.doors.http.headers import Headers
from bot.doors.http.routing import MOST_BYTES, RefusedError, Routes, add_routes, closed, to
from bot.doors.http.server import serve_with
from bot.keeping.accounts import ROLE_NAMES, Role
from bot.keeping.audit import Entry
from bot.keeping.events import TurnEvent
from bot.settings import Settings, read_settings

logger = logging.getLogger(__name__)
NAME = "staff"
FIRST_DAY = date(2020, 1, 1)
ON_A_PAGE, MOST_DAYS, MOST_COMINGS = 50, 180, 30
TABLES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


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
        """Return the routes; while there is neither an account nor a password, all are refused."""
        blueprint = Blueprint("duanka_staff", strict_slashes=True)
        door = StaffDoor(self._settings, Desk(self._settings))
        add_routes(blueprint, door.routes())
        blueprint.listener("after_server_start")(door.start)
        blueprint.listener("after_server_stop")(door.close)
        closed(blueprint)
        serve_with(blueprint, self._settings)
        blueprint.middleware("response")(Headers(()).add)
        return blueprint


class StaffDoor:
    """Hands each request to the desk."""

    def __init__(self, settings: Settings, desk: Desk) -> None:
        """Begin with nobody logged in."""
        self._desk = desk
        self._entrance = Entrance(settings)
        self._people = People(self._entrance, desk.titles)
        self._bulletins = Bulletins(settings, self._entrance, desk)

    def routes(self) -> Routes:
        """Return the paths, each with the role it needs."""
        page, form, to_start = self._entrance.page, self._entrance.form, to("./", 303)
        return {
            "/": {"GET": page(self._today)},
            "/login": {"GET": to_start, "POST": self._entrance.log_in},
            "/logout": {"GET": to_start, "POST": form(self._entrance.log_out, "reader", MOST_BYTES)},
            "/gaps": {"GET": page(self._gaps), "POST": form(self._settle, "reader")},
            "/try": {"GET": page(self._try), "POST": form(self._tried, "reader", MOST_BYTES)},
            "/doors": {"GET": page(self._doors), "POST": form(self._switch, "reader", MOST_BYTES)},
            "/questions": {"GET": page(self._questions)},
            "/questions.csv": {"GET": page(self._export)},
            "/questions.xlsx": {"GET": page(self._export_book)},
            "/chart/<name:str>": {"GET": self._chart},
            "/staff.css": {"GET": self._style_sheet},
            **self._people.routes(),
            **self._bulletins.routes(),
        }

    async def start(self, *_: Any) -> None:
        """Begin what the desk does by itself."""
        await self._bulletins.start()

    async def close(self, *_: Any) -> None:
        """Leave the database."""
        self._bulletins.close()
        self._desk.close()
        self._entrance.close()

    async def _today(self, request: Request, visitor: Visitor) -> HTTPResponse:
        day, today = _day_of(request), date.today()
        seen = await asyncio.to_thread(self._desk.glance, day)
        after = day + timedelta(days=1) if day < today else None
        notices = await asyncio.to_thread(self._desk.notices)
        scenes, entries = await asyncio.to_thread(self._desk.comings, day)
        values: dict[str, Any] = {
            "day": day,
            "before": day - timedelta(days=1) if day > FIRST_DAY else None,
            "after": after,
            "glance": seen,
            "notices": notices,
            "scenes": scenes,
            "entries": entries,
            "most": MOST_COMINGS,
        }
        return show("today", visitor, "./", **values)

    async def _gaps(self, _request: Request, visitor: Visitor) -> HTTPResponse:
        return show("gaps", visitor, "gaps", **await asyncio.to_thread(self._desk.gaps))

    async def _settle(self, _request: Request, visitor: Visitor, form: Form) -> HTTPResponse:
        _expect(visitor, "editor")
        wordings = form.all("wording")
        if form.first("act") == "undo":
            await asyncio.to_thread(self._desk.unsettle, wordings)
            await self._entrance.note(visitor, "unsettled", why=(wordings or [""])[0][:100])
        else:
            await asyncio.to_thread(self._desk.settle, wordings, time.time())
            await self._entrance.note(visitor, "settled", why=(wordings or [""])[0][:100])
        return redirect("gaps", status=303)

    async def _try(self, _request: Request, visitor: Visitor) -> HTTPResponse:
        versions = await asyncio.to_thread(self._desk.versions)
        return show("try", visitor, "try", question="", said="", versions=versions, chosen="", tried=())

    async def _tried(self, request: Request, visitor: Visitor, form: Form) -> HTTPResponse:
        admitted, chosen = admit(form.first("q")), form.first("with")
        question = admitted.text
        understood = await _understand(request, question)
        said = form.first("said")[:2000]
        before = [line.strip()[:300] for line in said.splitlines() if line.strip()]
        tried = await asyncio.to_thread(self._desk.attempt, admitted.message, understood, chosen, date.today(), before)
        versions = await asyncio.to_thread(self._desk.versions)
        return show("try", visitor, "try", question=question, said=said, versions=versions, chosen=chosen, tried=tried)

    async def _doors(self, request: Request, visitor: Visitor) -> HTTPResponse:
        off = await asyncio.to_thread(self._desk.switches.off)
        connected = {channel for channel in self._desk.channels if _is_served(request.app, channel)}
        last = {channel: await asyncio.to_thread(self._last, channel) for channel in off}
        values: dict[str, Any] = {"channels": self._desk.channels, "off": off, "connected": connected, "last": last}
        return show("doors", visitor, "doors", **values)

    def _last(self, channel: str) -> Entry | None:
        """Return who closed a door, and why."""
        return next((each for each in self._entrance.audit.latest(9, about=channel) if each.what == "door_off"), None)

    async def _switch(self, _request: Request, visitor: Visitor, form: Form) -> HTTPResponse:
        _expect(visitor, "approver")
        channel, to = form.first("channel"), form.first("to")
        if channel not in self._desk.channels or to not in ("on", "off"):
            raise RefusedError(400, "没有这个渠道")
        if to == "off" and visitor.account and not form.first("why").strip():
            raise RefusedError(400, "请写一句为什么关闭")
        await asyncio.to_thread(self._desk.switch, channel, to == "off", time.time())
        await self._entrance.note(visitor, f"door_{to}", channel, form.first("why").strip())
        logger.warning("the door %s was switched %s", channel, to)
        return redirect("doors", status=303)

    async def _questions(self, request: Request, visitor: Visitor) -> HTTPResponse:
        days, wanted, turns = await self._asked(request)
        at, pages = page_of(request, len(turns), ON_A_PAGE)
        rows = turns[(at - 1) * ON_A_PAGE : at * ON_A_PAGE]
        values: dict[str, Any] = {
            "days": days,
            "q": wanted,
            "rows": rows,
            "count": len(turns),
            "pages": pages,
            "at": at,
            "trends": await asyncio.to_thread(self._desk.trends, days, date.today()),
            "titles": await asyncio.to_thread(self._desk.titles),
        }
        return show("questions", visitor, "questions", **values)

    async def _export(self, request: Request, visitor: Visitor) -> HTTPResponse:
        return await self._exported(request, visitor, "csv")

    async def _export_book(self, request: Request, visitor: Visitor) -> HTTPResponse:
        return await self._exported(request, visitor, "xlsx")

    async def _exported(self, request: Request, visitor: Visitor, form: str) -> HTTPResponse:
        days, _, turns = await self._asked(request)
        await self._entrance.note(visitor, "exported", why=f"{days} 天，{len(turns)} 条")
        headers = {"Content-Disposition": f"attachment; filename=questions-{date.today()}-{days}.{form}"}
        written = await asyncio.to_thread(self._desk.exported, turns, days, date.today(), form)
        return raw(written, content_type=TABLES[form], headers=headers)

    async def _asked(self, request: Request) -> tuple[int, str, tuple[TurnEvent, ...]]:
        days = min(number_of(request, "days"), MOST_DAYS)
        wanted = words_of(request)
        begin = date.today() - timedelta(days=days - 1)
        return days, wanted, await asyncio.to_thread(self._desk.questions, begin, date.today(), wanted)

    async def _chart(self, request: Request, name: str) -> HTTPResponse:
        await self._entrance.expect_open()
        if await self._entrance.visitor(request) is None:
            raise RefusedError(403, "请先登录")
        drawn = await asyncio.to_thread(self._desk.draw, name, _day_of(request))
        if drawn is None:
            raise RefusedError(404, "没有这张图")
        # An image by its own rules: matplotlib writes styles into it; it can load and run nothing.
        policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
        return raw(drawn, content_type="image/svg+xml", headers=policy)

    async def _style_sheet(self, _request: Request) -> HTTPResponse:
        await self._entrance.expect_open()
        return raw(pages.style_sheet(), content_type="text/css; charset=utf-8")


def _expect(visitor: Visitor, role: Role) -> None:
    """Raise RefusedError for a person whose role does not reach; the shared password opens what it always opened."""
    if visitor.account and not visitor.may(role):
        raise RefusedError(403, f"这一项要“{ROLE_NAMES[role]}”以上的角色")


async def _understand(request: Request, question: str) -> Understanding:
    """Return what the classifier in this process makes of a question; without a classifier it is the fallback."""
    agent = getattr(request.app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        return Understanding("nlu_fallback", 0.0)
    parsed = await agent.parse_message(question or "？")
    ranking = {each["name"]: float(each["confidence"]) for each in parsed.get("intent_ranking", []) if each.get("name")}
    intent = parsed.get("intent") or {}
    return Understanding(intent.get("name") or "nlu_fallback", float(intent.get("confidence") or 0.0), ranking)


def _is_served(app: Sanic, channel: str) -> bool:
    """Whether this server has paths of that channel."""
    return any(route.path.startswith(f"webhooks/{channel}/") for route in app.router.routes)


def _day_of(request: Request) -> date:
    try:
        day = datetime.strptime(request.args.get("day", ""), "%Y-%m-%d").date()
        return max(FIRST_DAY, min(day, date.today()))
    except ValueError:
        return date.today()
