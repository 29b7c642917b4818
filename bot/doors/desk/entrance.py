"""Who gets in at the desk: the login form, sessions, and pages and forms that need a role. Knows Sanic."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from hmac import compare_digest

from sanic import Request
from sanic.response import HTTPResponse, redirect
from sqlalchemy.exc import SQLAlchemyError

from bot.doors.desk.access import NOBODYS, Visitor, fits, matches
from bot.doors.desk.forms import Form, read_form, show
from bot.doors.http.routing import MOST_BYTES, Handler, RefusedError
from bot.doors.http.server import address_of, cookie_of, end_cookie, give_cookie
from bot.keeping.accounts import ROLE_NAMES, Account, Accounts, Role
from bot.keeping.audit import AuditLog, Entry
from bot.keeping.staff_sessions import LOCKED_MINUTES, Attempts, Sessions
from bot.settings import Settings

logger = logging.getLogger(__name__)
COOKIE, COOKIE_PATH = "duanka_staff", "/webhooks/staff"
WRONG, WRONG_NAMED = "密码不对。", "账号、密码或验证码不对。"
LOCKED = f"密码错了太多次，请{LOCKED_MINUTES}分钟后再试。"
ILL = "数据库暂时不可用：请看服务日志，稍后再试。"
UNREADABLE = "知识文件夹或数据库文件暂时读不到：请看服务日志，稍后再试。"
# A form names every wording of a group, each up to 400 characters.
MOST_FORM = 2 * 1024 * 1024

Page = Callable[[Request, Visitor], Awaitable[HTTPResponse]]
Act = Callable[[Request, Visitor, Form], Awaitable[HTTPResponse]]


class Entrance:
    """The accounts and sessions of the desk. Until there is an account, the shared password opens it."""

    def __init__(self, settings: Settings) -> None:
        """Keep where things are; open nothing."""
        self._shared = settings.staff_password
        self.accounts = Accounts(settings.database)
        self.audit = AuditLog(settings.database)
        self.sessions = Sessions(settings.database)
        self._attempts = Attempts(settings.database)

    def close(self) -> None:
        """Leave the database."""
        for each in (self.accounts, self.audit, self.sessions, self._attempts):
            each.close()

    def names(self) -> dict[str, str]:
        """Return how others read each account, by its name."""
        return {account.name: account.shown for account in self.accounts.all()}

    async def note(self, visitor: Visitor, what: str, about: str = "", why: str = "") -> None:
        """Write down what somebody did."""
        entry = Entry(time.time(), visitor.name, what, about, why)
        await asyncio.to_thread(self.audit.add, entry)

    async def log_in(self, request: Request) -> HTTPResponse:
        """Let in who knows a password."""
        form = await read_form(request)
        try:
            return await self._log_in(request, form)
        except (SQLAlchemyError, OSError) as error:
            logger.error("nobody can log in at the desk: %s", type(error).__name__)
            return show("login", None, "", 503, wrong=ILL, named=not self._shared, name="")

    async def _log_in(self, request: Request, form: Form) -> HTTPResponse:
        named = await self.expect_open()
        name, address, now = form.first("name").strip()[:40] if named else "", address_of(request), time.time()
        if not await asyncio.to_thread(self._attempts.begin, name.casefold(), address, now):
            return show("login", None, "", 429, wrong=LOCKED, named=named, name=name)
        if not await asyncio.to_thread(self._knows, name, form, named, now):
            logger.warning("a wrong password at the staff page")
            if await asyncio.to_thread(self._attempts.locked, name.casefold(), address, now):
                await asyncio.to_thread(self.audit.add, Entry(now, "", "locked", name))
                return show("login", None, "", 403, wrong=LOCKED, named=named, name=name)
            return show("login", None, "", 403, wrong=WRONG_NAMED if named else WRONG, named=named, name=name)
        await asyncio.to_thread(self._attempts.succeeded, name.casefold(), address, now)
        token = await asyncio.to_thread(self.sessions.open, name.casefold(), now)
        await asyncio.to_thread(self.audit.add, Entry(now, name.casefold(), "login"))
        response = redirect("./", status=303)
        give_cookie(request, response, COOKIE, token, COOKIE_PATH)
        return response

    def _knows(self, name: str, form: Form, named: bool, now: float) -> bool:
        account = self.accounts.find(name) if named else None
        hashed = (account.password if account else NOBODYS) if named else self._shared
        if not matches(form.first("password"), hashed):
            return False
        return not account or not account.one_time_secret or self._spends(account, form.first("code"), now)

    def _spends(self, account: Account, code: str, now: float) -> bool:
        return fits(code, account.one_time_secret, now) and self.accounts.spend(account.name, code.replace(" ", ""))

    async def log_out(self, request: Request, visitor: Visitor, _form: Form) -> HTTPResponse:
        """End the session."""
        await asyncio.to_thread(self.sessions.end, cookie_of(request, COOKIE))
        await self.note(visitor, "logout")
        response = redirect("./", status=303)
        end_cookie(response, COOKIE, COOKIE_PATH)
        return response

    async def visitor(self, request: Request) -> Visitor | None:
        """Return who sends a request; None when nobody is logged in."""
        return await asyncio.to_thread(self._visitor, cookie_of(request, COOKIE))

    def _visitor(self, token: str) -> Visitor | None:
        session = self.sessions.find(token, time.time())
        if session is None:
            return None
        if not session.account:
            return None if self.accounts.any() or not self._shared else Visitor(session, None)
        account = self.accounts.find(session.account)
        return Visitor(session, account) if account else None

    def page(self, page: Page, role: Role = "reader") -> Handler:
        """Return the handler that shows a page to who is logged in and has the role, and others the login form."""

        async def handle(request: Request) -> HTTPResponse:
            visitor = None
            try:
                visitor = await self.visitor(request)
                if visitor is None:
                    named = await self.expect_open()
                    return show("login", None, "", wrong=None, named=named, name="")
                return await page(request, visitor) if visitor.may(role) else _forbidden(visitor, role)
            except (SQLAlchemyError, OSError, ValueError) as error:
                return _trouble(visitor, "暂时看不到", error)

        return handle

    def form(self, act: Act, role: Role, most: int = MOST_FORM) -> Handler:
        """Return the handler that acts on a form of ours: of someone with the role, with the token of this session."""

        async def handle(request: Request) -> HTTPResponse:
            visitor = None
            try:
                visitor = await self.visitor(request)
                form = await read_form(request, most if visitor and visitor.may(role) else MOST_BYTES)
                if visitor is None or not compare_digest(form.first("csrf").encode(), visitor.csrf.encode()):
                    named = await self.expect_open()
                    return show("login", None, "", 403, wrong="登录已过期，请重新登录。", named=named, name="")
                return await act(request, visitor, form) if visitor.may(role) else _forbidden(visitor, role)
            except (SQLAlchemyError, OSError, ValueError) as error:
                return _trouble(visitor, "没有办成", error)

        return handle

    async def expect_open(self) -> bool:
        """Whether there are accounts. Raises RefusedError where there is neither an account nor a password: no desk."""
        named = await asyncio.to_thread(self.accounts.any)
        if not named and not self._shared:
            raise RefusedError(404, "没有这个网址")
        return named


def _forbidden(visitor: Visitor, role: Role) -> HTTPResponse:
    sentence = f"这一项要“{ROLE_NAMES[role]}”以上的角色，您现在是“{visitor.role}”。请找管理员。"
    return show("trouble", visitor, "", 403, title="不能这样做", sentence=sentence)


def _trouble(visitor: Visitor | None, title: str, error: Exception) -> HTTPResponse:
    logger.error("the staff page failed: %s", type(error).__name__)
    sentence = ILL if isinstance(error, SQLAlchemyError) else UNREADABLE
    return show("trouble", visitor, "", 503, title=title, sentence=sentence)
