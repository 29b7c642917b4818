"""The desk's pages on people: who has an account, one's own, and the log of what was done. Knows Sanic."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping

from sanic import Request
from sanic.response import HTTPResponse, redirect

from bot.doors.desk.access import (
    SHORTEST_PASSWORD,
    Visitor,
    address_for_telephones,
    fits,
    hash_password,
    matches,
    new_one_time_secret,
)
from bot.doors.desk.entrance import Entrance
from bot.doors.desk.forms import Form, page_of, show
from bot.doors.http.routing import Routes
from bot.keeping.accounts import ROLE_NAMES, RefusedChangeError, role_of
from bot.keeping.switches import CHANNELS

ON_A_PAGE = 50


class People:
    """Shows and changes accounts; every change stands in the log."""

    def __init__(self, entrance: Entrance, titles: Callable[[], Mapping[str, str]]) -> None:
        """Keep where the accounts are, and who tells the titles of bulletins."""
        self._titles = titles
        self._entrance = entrance
        self._accounts, self._audit = entrance.accounts, entrance.audit

    def routes(self) -> Routes:
        """Return the paths."""
        page, form = self._entrance.page, self._entrance.form
        return {
            "/people": {"GET": page(self._people), "POST": form(self._change, "reader")},
            "/me": {"GET": page(self._me), "POST": form(self._change_me, "reader")},
            "/log": {"GET": page(self._log)},
        }

    async def _people(self, _request: Request, visitor: Visitor) -> HTTPResponse:
        return await self._shown(visitor)

    async def _shown(self, visitor: Visitor, wrong: str = "", done: str = "", status: int = 200) -> HTTPResponse:
        accounts = await asyncio.to_thread(self._accounts.all)
        values = {"accounts": accounts, "role_names": ROLE_NAMES, "shortest": SHORTEST_PASSWORD}
        return show("people", visitor, "people", status, wrong=wrong, done=done, **values)

    async def _change(self, _request: Request, visitor: Visitor, form: Form) -> HTTPResponse:
        if visitor.account and not visitor.may("administrator"):
            return await self._shown(visitor, wrong="只有管理员能改账号。", status=403)
        try:
            what, name = await asyncio.to_thread(self._changed, form)
        except RefusedChangeError as refused:
            return await self._shown(visitor, wrong=f"{refused}。", status=400)
        await self._entrance.note(visitor, what, name, form.first("role") if what in ("added", "role") else "")
        if not visitor.account:  # that was the first one: the shared password opens nothing any more
            return redirect("./", status=303)
        return await self._shown(visitor, done="已改好。")

    def _changed(self, form: Form) -> tuple[str, str]:
        """Change what the form says; return what was done, and to whom."""
        name, act = form.first("name"), form.first("act")
        if act == "add":
            hashed = _hashed(form)
            added = self._accounts.add(name, form.first("shown"), role_of(form.first("role")), hashed, time.time())
            return "added", added.name
        if not self._accounts.any():
            raise RefusedChangeError("还没有账号")
        if act == "role":
            self._accounts.set_role(name, role_of(form.first("role")))
        elif act == "password":
            self._accounts.set_password(name, _hashed(form))
            self._accounts.set_one_time_secret(name, "")
        elif act in ("close", "open"):
            self._accounts.set_closed(name, time.time() if act == "close" else None)
        else:
            raise RefusedChangeError("没有这一项")
        if act != "role":
            self._entrance.sessions.end_all(name)
        return {"role": "role", "password": "reset", "close": "closed", "open": "opened"}[act], name

    async def _me(self, _request: Request, visitor: Visitor) -> HTTPResponse:
        return self._mine(visitor) if visitor.account else redirect("people", status=303)

    def _mine(self, visitor: Visitor, wrong: str = "", done: str = "", status: int = 200) -> HTTPResponse:
        secret = new_one_time_secret()
        telephone = address_for_telephones(secret, visitor.name)
        values = {"secret": secret, "telephone": telephone, "shortest": SHORTEST_PASSWORD}
        return show("me", visitor, "me", status, wrong=wrong, done=done, **values)

    async def _change_me(self, _request: Request, visitor: Visitor, form: Form) -> HTTPResponse:
        account, act = visitor.account, form.first("act")
        if account is None:
            return redirect("people", status=303)
        if not await asyncio.to_thread(matches, form.first("old"), account.password):
            return self._mine(visitor, wrong="现在的密码不对，没有改。", status=403)
        try:
            what = await asyncio.to_thread(self._changed_mine, account.name, act, form)
        except RefusedChangeError as refused:
            return self._mine(visitor, wrong=f"{refused}，没有改。", status=400)
        await self._entrance.note(visitor, what, account.name)
        if act == "password":  # every session of theirs is over, this one too
            return redirect("./", status=303)
        return redirect("me", status=303)

    def _changed_mine(self, name: str, act: str, form: Form) -> str:
        if act == "password":
            self._accounts.set_password(name, _hashed(form))
            self._entrance.sessions.end_all(name)
            return "password"
        if act == "one-time-off":
            self._accounts.set_one_time_secret(name, "")
            return "one_time_off"
        secret = form.first("secret")
        if act != "one-time-on" or len(secret) != len(new_one_time_secret()) or not secret.isalnum():
            raise RefusedChangeError("没有这一项")
        if not fits(form.first("code"), secret, time.time()):
            raise RefusedChangeError("验证码不对（请照新的密钥重新添加一次）")
        self._accounts.set_one_time_secret(name, secret)
        return "one_time_on"

    async def _log(self, request: Request, visitor: Visitor) -> HTTPResponse:
        about = request.args.get("about", "")[:200]
        at, pages = page_of(request, await asyncio.to_thread(self._audit.count, about), ON_A_PAGE)
        entries = await asyncio.to_thread(self._audit.latest, ON_A_PAGE, (at - 1) * ON_A_PAGE, about)
        names = await asyncio.to_thread(self._entrance.names)
        titles = await asyncio.to_thread(self._titles)
        values = {
            "entries": entries,
            "names": names,
            "titles": {**titles, **CHANNELS, **names},
            "about": about,
            "pages": pages,
            "at": at,
        }
        return show("log", visitor, "log", broken=await asyncio.to_thread(self._audit.broken_at), **values)


def _hashed(form: Form) -> str:
    """Return the hash of the password a form gives. Raises RefusedChangeError for one that is too short."""
    if len(form.first("password")) < SHORTEST_PASSWORD:
        raise RefusedChangeError(f"密码太短：至少{SHORTEST_PASSWORD}个字符")
    return hash_password(form.first("password"))
