"""The desk's pages on bulletins: listed, looked at, withdrawn, undone, held against each other.

Knows Sanic; what is done is done in bot/editing.
"""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import date
from glob import escape
from typing import Any

from sanic import Request
from sanic.response import HTTPResponse, redirect
from sqlalchemy.exc import SQLAlchemyError

from bot.doors.desk.access import Visitor
from bot.doors.desk.drafts import DraftPages
from bot.doors.desk.entrance import Entrance
from bot.doors.desk.forms import Form, page_of, show, words_of
from bot.doors.desk.views import Desk
from bot.doors.http.routing import RefusedError, Routes
from bot.editing import corrections, revisions
from bot.editing.archive import RECEIVED
from bot.editing.publishing import Publisher, live_read
from bot.editing.revisions import Revision, UnfitError
from bot.keeping.drafts import Drafts
from bot.settings import Settings

logger = logging.getLogger(__name__)
ON_A_PAGE = 20
LOOK_SECONDS = 5.0


class Bulletins:
    """Hands forms to the publisher, and shows what became of them."""

    def __init__(self, settings: Settings, entrance: Entrance, desk: Desk) -> None:
        """Keep where things are; open nothing."""
        self._settings, self._entrance, self._desk = settings, entrance, desk
        self._drafts = Drafts(settings.database)
        self._publisher = Publisher(settings, self._drafts, entrance.audit)
        self._pages = DraftPages(settings, entrance, desk, self._drafts, self._publisher)
        self._due: asyncio.Task[None] | None = None

    def routes(self) -> Routes:
        """Return the paths, each with the role it needs."""
        page, form = self._entrance.page, self._entrance.form
        return {
            "/bulletins": {"GET": page(self._list)},
            "/bulletin": {"GET": page(self._bulletin), "POST": form(self._act, "editor")},
            "/concerns": {"GET": page(self._concerns), "POST": form(self._decide, "editor")},
            **self._pages.routes(),
        }

    async def start(self, *_: Any) -> None:
        """Begin to look for drafts whose time has come."""
        self._due = asyncio.get_running_loop().create_task(self._publish_due())

    def close(self) -> None:
        """Leave the database."""
        if self._due:
            self._due.cancel()
        self._drafts.close()

    async def _publish_due(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self._publisher.publish_due, time.time())
            except (SQLAlchemyError, OSError, ValueError) as error:
                logger.error("drafts that are due could not be looked for: %s", type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def _list(self, request: Request, visitor: Visitor) -> HTTPResponse:
        wanted = words_of(request)
        values = await asyncio.to_thread(self._desk.bulletins, date.today())
        rows = [row for row in values["rows"] if _speaks_of(row["bulletin"], wanted)]
        at, pages = page_of(request, len(rows), ON_A_PAGE)
        drafts = await asyncio.to_thread(self._drafts.unfinished)
        values = {**values, "rows": rows[(at - 1) * ON_A_PAGE : at * ON_A_PAGE], "count": len(rows)}
        names = await asyncio.to_thread(self._entrance.names)
        return show(
            "bulletins", visitor, "bulletins", q=wanted, at=at, pages=pages, drafts=drafts, names=names, **values
        )

    async def _bulletin(self, request: Request, visitor: Visitor) -> HTTPResponse:
        return await self._show_bulletin(visitor, request.args.get("stem", ""))

    async def _show_bulletin(self, visitor: Visitor, stem: str, wrong: str = "", status: int = 200) -> HTTPResponse:
        values = await asyncio.to_thread(self._bulletin_values, stem)
        if values is None:
            raise RefusedError(404, "没有这份通报")
        return show("bulletin", visitor, "bulletins", status, wrong=wrong, **values)

    def _bulletin_values(self, stem: str) -> dict[str, Any] | None:
        found, topics, today = self._publisher.found(stem), self._desk.topics(), date.today()
        known = live_read(found, topics, today)
        if found is None or known is None:
            return None
        versions = self._drafts.versions(stem)
        reads = [live_read(Revision(stem, each.data, each.sidecar), topics, today) for each in versions[:10]]
        history = [
            (
                version,
                revisions.differences(reads[at + 1] if at + 1 < len(reads) else None, after)
                if at + 1 < len(reads)
                else (),
            )
            for at, (version, after) in enumerate(zip(versions, reads, strict=False))
            if after is not None
        ]
        files = [each.name for each in (self._settings.bulletins / RECEIVED).glob(f"{escape(stem)}.*")]
        return {
            "known": known,
            "digest": found.digest,
            "drafts": self._drafts.of(stem),
            "values": revisions.values_of(known),
            "parts": revisions.in_order(known),
            "history": history,
            "names": self._entrance.names(),
            "received": files,
            "current": bool(versions) and (versions[0].data, versions[0].sidecar) == (found.data, found.sidecar),
        }

    async def _act(self, _request: Request, visitor: Visitor, form: Form) -> HTTPResponse:
        stem, act = form.first("stem"), form.first("act")
        if act in ("undo", "restore") and not visitor.may("approver"):
            return await self._show_bulletin(visitor, stem, "恢复和撤销要“审核”以上的角色。", 403)
        try:
            where = await asyncio.to_thread(self._acted, visitor, stem, act, form)
        except UnfitError as unfit:
            return await self._show_bulletin(visitor, stem, f"{unfit}。", 400)
        return redirect(where, status=303)

    def _acted(self, visitor: Visitor, stem: str, act: str, form: Form) -> str:
        if act == "revise":
            return f"draft?n={self._publisher.revise(stem, visitor.name)}"
        why, found, today = form.first("why").strip()[:500], self._publisher.found(stem), date.today()
        if found is None:
            raise UnfitError("没有这份通报")
        if not why:
            raise UnfitError("请写一句为什么：以后查的人要看")
        if act == "undo":
            self._publisher.undo(stem, visitor.name, why)
        elif act == "withdraw":
            changed = corrections.with_entry(found, "withdrawn", today)
            self._publisher.amend(stem, changed, visitor.name, "withdrawn", why)
        elif act == "restore":
            changed = corrections.with_entry(found, "withdrawn", None)
            self._publisher.amend(stem, changed, visitor.name, "restored", why)
        elif act == "withdraw-passage":
            by = " ".join(form.first("by").split())[:100] or corrections.WITHDRAWN
            known = live_read(found, self._desk.topics(), today)
            if known is None or found.digest != form.first("digest"):
                raise UnfitError("文件夹里的这份通报刚刚变了，请再看一遍")
            passage = corrections.passage_of(known, form.first("passage"))
            changed = corrections.with_passage(found, known, passage, superseded_by=by, since=today)
            self._publisher.amend(stem, changed, visitor.name, "passage_withdrawn", f"第 {passage.lines[0]} 行：{why}")
        else:
            raise UnfitError("没有这一项")
        return f"bulletin?stem={stem}"

    async def _concerns(self, _request: Request, visitor: Visitor) -> HTTPResponse:
        return await self._show_concerns(visitor)

    async def _show_concerns(self, visitor: Visitor, wrong: str = "", status: int = 200) -> HTTPResponse:
        found = await asyncio.to_thread(self._desk.concerns)
        library = await asyncio.to_thread(self._desk.library)
        return show("concerns", visitor, "bulletins", status, wrong=wrong, concerns=found, library=library)

    async def _decide(self, _request: Request, visitor: Visitor, form: Form) -> HTTPResponse:
        """Have a notice told no more, or the older of two passages quoted no more; both are said of the first."""
        try:
            await asyncio.to_thread(self._decided, visitor, form)
        except UnfitError as unfit:
            return await self._show_concerns(visitor, f"{unfit}。", 400)
        return redirect("concerns", status=303)

    def _decided(self, visitor: Visitor, form: Form) -> None:
        stem, other, what = form.first("one"), form.first("other"), form.first("what")[:60]
        found = self._publisher.found(stem)
        known = live_read(found, self._desk.topics(), date.today())
        if found is None or known is None or other not in self._desk.library().bulletins:
            raise UnfitError("没有这份通报")
        if form.first("act") == "settle":
            changed = corrections.with_settled(found, known, other, what)
            self._publisher.amend(stem, changed, visitor.name, "concern_settled", f"与 {other}：{what}")
        elif form.first("act") == "outdate":
            changed = corrections.with_outdated(found, known, other, form.first("name")[:100])
            self._publisher.amend(
                stem, changed, visitor.name, "outdated", f"{other} 第 {form.first('name')[:40]} 行：{what}"
            )
        else:
            raise UnfitError("没有这一项")


def _speaks_of(bulletin: Any, wanted: str) -> bool:
    told = " ".join(
        str(each or "") for each in (bulletin.title, bulletin.publisher, bulletin.place, bulletin.published)
    )
    return all(word in told for word in wanted.split())
