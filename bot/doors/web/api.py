"""The JSON calls: parse, call the exchange, translate. The forms are in `schema`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from sanic import Request
from sanic.response import HTTPResponse, empty, json

from bot.conversation.exchange import Exchange, OtherTextError, UnknownMessageError, UnknownSessionError
from bot.conversation.ledger_thread import LedgerError
from bot.conversation.limits import Limits, everyone, hold
from bot.doors.http.routing import RefusedError, Routes, read_body
from bot.doors.http.server import address_of
from bot.doors.web.openapi import document
from bot.doors.web.schema import MalformedError, parse_empty, parse_erase, parse_feedback, parse_message
from bot.keeping.retention import Forget, NotForgottenError
from bot.keeping.web_sessions import Turn
from bot.knowledge.catalogue import Catalogue
from bot.reading.dates import CHINA

DOOR = "web"


def api_routes(exchange: Exchange, catalogue: Catalogue, limits: Limits, forget: Forget) -> Routes:
    """Return the calls by path and method."""
    api = Api(exchange, catalogue, limits, forget)
    return {
        "/session": {"POST": api.session},
        "/message": {"POST": api.message},
        "/history": {"GET": api.history},
        "/feedback": {"POST": api.feedback},
        "/erase": {"POST": api.erase},
        "/topics": {"GET": api.topics},
        "/openapi.json": {"GET": api.openapi},
    }


@dataclass(frozen=True)
class Api:
    """One method a call."""

    exchange: Exchange
    catalogue: Catalogue
    limits: Limits
    forget: Forget

    async def session(self, request: Request) -> HTTPResponse:
        """Begin a session."""
        with refusing():
            parse_empty(await read_body(request))
        seconds = await self.limits.wait(("opening", address_of(request)))
        if seconds:
            raise too_many(seconds)
        return _json({"session": await self.exchange.open()}, 201)

    async def message(self, request: Request) -> HTTPResponse:
        """Answer a message; beyond the limits a victim still reads the emergency reply, and anyone else waits."""
        with refusing():
            asked = parse_message(await read_body(request))
            # Who asks comes before what is asked: a token of nobody's costs its address, and nobody else, anything.
            seconds = await self.limits.wait(("address", address_of(request)))
            if not seconds and not await self.exchange.knows(asked.session):
                raise UnknownSessionError
            admitted = self.exchange.admit(asked.session, asked.text)
            held = hold(admitted.message, seconds)
            held = held or await self.limits.held(admitted.message, ("session", asked.session), everyone(DOOR))
            if held and held.answer.outcome != "emergency":
                raise too_many(held.seconds)
            turn = await self.exchange.message(asked.session, asked.id, admitted, held.answer if held else None)
        return _json(render_turn(turn))

    async def history(self, request: Request) -> HTTPResponse:
        """Return what was said."""
        with refusing():
            turns = await self.exchange.history(_token(request))
        return _json({"turns": [render_turn(turn) for turn in turns]})

    async def feedback(self, request: Request) -> HTTPResponse:
        """Keep what a person thinks of a reply."""
        with refusing():
            given = parse_feedback(await read_body(request))
            await self.exchange.judge(given.session, given.message, given.helpful, given.comment)
        return empty()

    async def erase(self, request: Request) -> HTTPResponse:
        """Forget a session and everything said in it."""
        with refusing():
            await self.exchange.erase(parse_erase(await read_body(request)), self.forget)
        return empty()

    async def topics(self, _request: Request) -> HTTPResponse:
        """Return what one may ask about, and which places published."""
        shown = await self.catalogue.take()
        topics = [{"slug": each.slug, "name": each.name, "ask": each.asks[0]} for each in shown.topics if each.asks]
        in_force = (each for each in shown.library.bulletins.values() if each.in_force)
        places = dict.fromkeys(each.place for each in in_force if each.place)
        return _json({"topics": topics, "places": list(places)})

    async def openapi(self, _request: Request) -> HTTPResponse:
        """Return the description of these calls."""
        return _json(document(version("duanka")))


def too_many(seconds: int) -> RefusedError:
    """Return the refusal of one who has to wait so long."""
    return RefusedError(429, "现在问得太多、太快了，请过一会儿再问", {"Retry-After": str(seconds)})


@contextmanager
def refusing() -> Iterator[None]:
    """Within the block, what the exchange and the parsers raise becomes a refusal."""
    try:
        yield
    except MalformedError as malformed:
        raise RefusedError(400, str(malformed)) from None
    except UnknownSessionError:
        raise RefusedError(401, "会话不存在或已失效，请重新开始") from None
    except UnknownMessageError:
        raise RefusedError(404, "没有找到这条消息") from None
    except OtherTextError:
        raise RefusedError(409, "这个 id 已经用于另一句话，请换一个 id") from None
    except (LedgerError, NotForgottenError):
        raise RefusedError(503, "数据库暂时不可用，请稍后再试", {"Retry-After": "5"}) from None


def render_turn(turn: Turn) -> Mapping[str, Any]:
    """Return a turn in its JSON form; the time is China's."""
    reply = {"text": turn.reply.text, "custom": turn.reply.custom} if turn.reply else None
    at = datetime.fromtimestamp(turn.at, CHINA).isoformat(timespec="seconds")
    return {"id": turn.id, "text": turn.text, "at": at, "reply": reply, "helpful": turn.helpful}


def _token(request: Request) -> str:
    scheme, _, token = (request.headers.get("authorization") or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _json(value: object, status: int = 200) -> HTTPResponse:
    return json(value, status, ensure_ascii=False)
