"""The page without JavaScript: a form, the same exchange, the session in a cookie that no script can read."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sanic import Request
from sanic.response import HTTPResponse, html, redirect

from bot.answering import sentences
from bot.answering.reply import Reply
from bot.conversation.admission import Admitted
from bot.conversation.exchange import Exchange, OtherTextError, UnknownSessionError
from bot.conversation.ledger_thread import LedgerError
from bot.conversation.limits import Held, Limits, Who, everyone
from bot.doors.http.routing import RefusedError, Routes, fields_of, is_elder, read_body
from bot.doors.http.server import address_of, cookie_of, end_cookie, give_cookie
from bot.doors.web import api, pages
from bot.keeping.retention import Forget, NotForgottenError
from bot.keeping.web_sessions import Turn
from bot.knowledge.catalogue import Catalogue

COOKIE = "duanka_plain"
COOKIE_PATH = "/webhooks/web/plain"
NOT_KEPT = f"记录暂时取不到，下面只有刚才这一句。{sentences.HOTLINES}"
ERASED = "这次对话已经全部删除。"
NOT_ERASED = f"暂时没能删除，请稍后再试一次。{sentences.HOTLINES}"
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def plain_routes(exchange: Exchange, catalogue: Catalogue, limits: Limits, forget: Forget) -> Routes:
    """Return the path and its two methods."""
    plain = Plain(exchange, catalogue, limits, forget)
    return {"/plain": {"GET": plain.show, "POST": plain.ask}}


@dataclass(frozen=True)
class Form:
    """What the form sends; `id` is made anew where it is not one of ours; `erase`: forget all."""

    text: str
    id: str
    erase: bool = False


@dataclass(frozen=True)
class Plain:
    """Shows the conversation, and takes the next question."""

    exchange: Exchange
    catalogue: Catalogue
    limits: Limits
    forget: Forget

    async def show(self, request: Request) -> HTTPResponse:
        """Show what was said; whoever comes without a session gets one."""
        token = cookie_of(request, COOKIE)
        try:
            return await self._page(request, await self.exchange.history(token))
        except UnknownSessionError:
            if await self.limits.wait(("opening", address_of(request))):
                return await self._page(request, (), sentences.BUSY, 429)
            return _with_session(request, await self._page(request, ()), await self.exchange.open())
        except LedgerError:
            return await self._page(request, (), NOT_KEPT)

    async def ask(self, request: Request) -> HTTPResponse:
        """Answer the question, and lead back to the page: loading that again asks nothing twice.

        Where that page could not show it (no cookies, no database), the answer comes at once.
        """
        try:
            form = _parse(await read_body(request))
        except RefusedError as refused:
            return await self._page(request, (), f"{refused.sentence}。{sentences.HOTLINES}", refused.status)
        token = cookie_of(request, COOKIE)
        if form.erase:
            return await self._erase(request, token)
        known = await self.exchange.knows(token)
        opening: tuple[Who, ...] = () if known else (("opening", address_of(request)),)
        session: tuple[Who, ...] = (("session", token),) if known else ()
        admitted = self.exchange.admit(token, form.text)
        held = await self.limits.held(
            admitted.message, ("address", address_of(request)), *opening, *session, everyone(api.DOOR)
        )
        if held:
            return await self._held(request, form.id, admitted, held)
        try:
            turn = await self._turn(token if known else "", form.id, admitted)
        except UnknownSessionError:
            token = await self.exchange.open()
            turn = await self._turn(token, form.id, admitted)
            return _with_session(request, await self._page(request, (turn,)), token)
        if await self._kept(token, turn):
            return redirect(f"plain{pages.ELDER if is_elder(request) else ''}#latest", status=303)
        return await self._page(request, (turn,), NOT_KEPT)

    async def _held(self, request: Request, id: str, admitted: Admitted, held: Held) -> HTTPResponse:
        """Answer beyond the limits, where nothing is kept: a victim reads the emergency reply, anyone else waits."""
        turn = Turn(id, admitted.text, time.time(), Reply.of(held.answer))
        status = 200 if held.answer.outcome == "emergency" else 429
        return _waiting(await self._page(request, (turn,), None, status), held.seconds)

    async def _erase(self, request: Request, token: str) -> HTTPResponse:
        """Forget the session; its cookie goes too."""
        try:
            await self.exchange.erase(token, self.forget)
        except UnknownSessionError:  # gone before
            pass
        except (LedgerError, NotForgottenError):
            return await self._page(request, (), NOT_ERASED, 503)
        response = await self._page(request, (), ERASED)
        end_cookie(response, COOKIE, COOKIE_PATH)
        return response

    async def _turn(self, token: str, id: str, admitted: Admitted) -> Turn:
        try:
            return await self.exchange.message(token, id, admitted)
        except OtherTextError:  # the browser's way back, and another question in the old form
            return await self.exchange.message(token, _new_id(), admitted)

    async def _page(
        self, request: Request, turns: Sequence[Turn], notice: str | None = None, status: int = 200
    ) -> HTTPResponse:
        topics = (await self.catalogue.take()).topics
        return html(pages.plain_page(turns, _new_id(), notice, topics, is_elder(request)), status)

    async def _kept(self, token: str, turn: Turn) -> bool:
        try:
            return turn.id in {each.id for each in await self.exchange.history(token)}
        except (LedgerError, UnknownSessionError):
            return False


def _parse(body: bytes) -> Form:
    fields = fields_of(body, 8)
    given = fields.get("id", [""])[0]
    id = given if _ID.fullmatch(given) else _new_id()
    return Form(fields.get("text", [""])[0], id, fields.get("erase") == ["yes"])


def _waiting(response: HTTPResponse, seconds: int) -> HTTPResponse:
    response.headers["Retry-After"] = str(seconds)
    return response


def _new_id() -> str:
    return secrets.token_urlsafe(16)


def _with_session(request: Request, response: HTTPResponse, token: str) -> HTTPResponse:
    give_cookie(request, response, COOKIE, token, COOKIE_PATH)
    return response
