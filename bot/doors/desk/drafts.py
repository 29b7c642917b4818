"""The desk's pages on drafts: a file brought in, seen as it is read, mended, tried, sent on, approved.

Knows Sanic; what is done is done in bot/editing.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from glob import escape
from pathlib import Path
from typing import Any

from sanic import Request
from sanic.response import HTTPResponse, raw, redirect
from sqlalchemy.exc import SQLAlchemyError

from bot.doors.desk.access import Visitor
from bot.doors.desk.entrance import Entrance
from bot.doors.desk.forms import Form, number_in, show
from bot.doors.desk.views import Desk
from bot.doors.http.routing import RefusedError, Routes
from bot.editing import corrections, revisions
from bot.editing.archive import RECEIVED
from bot.editing.conflicts import concerns_of
from bot.editing.proposing import proposed_questions
from bot.editing.publishing import Publisher, live_read
from bot.editing.receiving import ALLOWED, MOST_BYTES, pages_in, plain_name, receive, shown
from bot.editing.revisions import Read, Revision, UnfitError
from bot.editing.trying import Tried, answerer_with, ask, changes, golden_questions
from bot.keeping.drafts import ChangedMeanwhileError, Drafts, StoredDraft
from bot.reading.pictures import can_recognise
from bot.reading.records import Library, Passage, Problem
from bot.settings import Settings

logger = logging.getLogger(__name__)
QUESTIONS = Path(__file__).parents[3] / "tests" / "questions"
MEANWHILE = "在您看这一页的时候，有人改动了它。下面是现在的样子，请再做一次。"
# How many files may be read at once: the machine answers residents too.
READERS = 2
# Whoever sends a file waits for it so long, and twice as long again; then there is a page that says it is being read.
WAIT_SECONDS, GIVEN_UP_SECONDS = 10.0, 300.0


class DraftPages:
    """Hands what an editor sends and mends to the publisher, and shows what a draft would say."""

    def __init__(
        self, settings: Settings, entrance: Entrance, desk: Desk, drafts: Drafts, publisher: Publisher
    ) -> None:
        """Keep where things are; open nothing."""
        self._settings, self._entrance, self._desk = settings, entrance, desk
        self._drafts, self._publisher = drafts, publisher
        self._readers: asyncio.Semaphore | None = None
        self._telling: set[asyncio.Task[None]] = set()

    def routes(self) -> Routes:
        """Return the paths, each with the role it needs."""
        page, form = self._entrance.page, self._entrance.form
        return {
            "/new": {"GET": page(self._new, "editor"), "POST": form(self._receive, "editor", MOST_BYTES + 64 * 1024)},
            "/draft": {"GET": page(self._draft), "POST": form(self._change, "editor")},
            "/received": {"GET": page(self._received)},
            "/picture": {"GET": page(self._picture)},
        }

    async def _new(self, _request: Request, visitor: Visitor) -> HTTPResponse:
        return self._show_new(visitor)

    def _show_new(self, visitor: Visitor, wrong: str = "", pasted: str = "", status: int = 200) -> HTTPResponse:
        values = {"wrong": wrong, "pasted": pasted[:20_000], "allowed": ALLOWED, "pictures": can_recognise()}
        return show("new", visitor, "bulletins", status, **values)

    async def _receive(self, _request: Request, visitor: Visitor, form: Form) -> HTTPResponse:
        pasted = form.first("text")
        name, data = (form.files[0].name, form.files[0].data) if form.files else ("粘贴的文字.txt", pasted.encode())
        reading = asyncio.get_running_loop().create_task(self._begun(name, data, visitor.name))
        await asyncio.wait({reading}, timeout=WAIT_SECONDS)
        if not reading.done():
            waiting = await asyncio.to_thread(self._publisher.wait_for, plain_name(name), visitor.name)
            self._tell_later(reading, waiting)
            return redirect(f"draft?n={waiting.number}", status=303)
        number, wrong = reading.result()
        if number is None:
            return self._show_new(visitor, wrong, pasted, 400)
        return redirect(f"draft?n={number}", status=303)

    async def _begun(self, name: str, data: bytes, by: str) -> tuple[int | None, str]:
        """Return the number of the draft that a file becomes; or None, and why it becomes none."""
        self._readers = self._readers or asyncio.Semaphore(READERS)
        async with self._readers:
            article = await asyncio.to_thread(receive, name, data)
        if isinstance(article, Problem):
            return None, f"{article.path.name}：{article.wrong}。{article.allowed}。"
        try:
            topics = await asyncio.to_thread(self._desk.topics)
            return await asyncio.to_thread(
                self._publisher.begin, article, plain_name(name), by, topics, date.today()
            ), ""
        except UnfitError as unfit:
            return None, f"{unfit}。"

    def _tell_later(self, reading: asyncio.Task[tuple[int | None, str]], waiting: StoredDraft) -> None:
        """Have whoever waits told what a file has become, as soon as that is known."""

        async def tell() -> None:
            try:
                number, wrong = await reading
            except (SQLAlchemyError, OSError) as error:
                logger.error("a file that was sent could not be kept: %s", type(error).__name__)
                number, wrong = None, "没有办成，请再上传一次。"
            with suppress(SQLAlchemyError, OSError, ChangedMeanwhileError):
                await asyncio.to_thread(self._publisher.arrived, waiting, number, wrong)

        task = asyncio.get_running_loop().create_task(tell())
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _draft(self, request: Request, visitor: Visitor) -> HTTPResponse:
        draft = await self._waited_for(number_in(request.args.get("n", "")))
        if draft is None or draft.state not in ("reading", "unread", "moved"):
            return await self._show_draft(visitor, number_in(request.args.get("n", "")))
        if draft.state == "moved":
            return redirect(f"draft?n={draft.note}")
        late = draft.state == "reading" and time.time() - draft.changed > GIVEN_UP_SECONDS
        if draft.state == "unread" or late:
            return self._show_new(visitor, draft.note or f"{draft.source} 没有读完，请再上传一次。", "", 400)
        return show("waiting", visitor, "bulletins", name=draft.source, number=draft.number)

    async def _waited_for(self, number: int) -> StoredDraft | None:
        """Return a draft; of a file that is being read, what it has become, if that is not long to wait for."""
        until = time.monotonic() + 2 * WAIT_SECONDS
        draft = await asyncio.to_thread(self._drafts.find, number)
        while draft and draft.state == "reading" and time.monotonic() < until:
            await asyncio.sleep(0.5)
            draft = await asyncio.to_thread(self._drafts.find, number)
        return draft

    async def _show_draft(
        self, visitor: Visitor, number: int, wrong: str = "", status: int = 200, typed: Form | None = None, **more: Any
    ) -> HTTPResponse:
        values = await asyncio.to_thread(self._draft_values, number)
        if values is None:
            raise RefusedError(404, "没有这份草稿")
        if typed:
            values = {**values, **_as_typed(values, typed)}
        shown = {"tried": (), "question": "", "said": "", "golden": None, "asked": None, "noted": "", **more}
        shown["noted"] = values.pop("noted", shown["noted"])
        alone = self._settings.staff_alone
        return show("draft", visitor, "bulletins", status, wrong=wrong, alone=alone, **values, **shown)

    def _draft_values(self, number: int) -> dict[str, Any] | None:
        draft = self._drafts.find(number)
        if draft is None:
            return None
        topics, today = self._desk.topics(), date.today()
        known = revisions.read(_revision(draft), topics, today)
        if isinstance(known, Problem):
            return None
        live = live_read(self._publisher.found(draft.stem), topics, today) if draft.base else None
        library = self._desk.library()
        return {
            "draft": draft,
            "known": known,
            "values": revisions.values_of(known),
            "parts": revisions.in_order(known),
            "differences": revisions.differences(live, known) if live else (),
            "pictures": pages_in(self._original(draft)) if "recognised" in known.sidecar.lines else 0,
            "words": draft.data.decode("utf-8", "replace"),
            "concerns": concerns_of(known.bulletin, known.passages, library).found,
            "outdated": tuple(_outdated(known, library)),
            "titles": self._desk.titles(),
            "library": library,
            "others": tuple(each for each in self._drafts.of(draft.stem) if each.number != draft.number),
            "names": self._entrance.names(),
        }

    async def _change(self, _request: Request, visitor: Visitor, form: Form) -> HTTPResponse:
        number, act = number_in(form.first("n")), form.first("act")
        if act in ("try", "golden", "propose"):
            return await self._try(visitor, number, form)
        if act in ("approve", "return") and not visitor.may("approver"):
            return await self._show_draft(visitor, number, "批准或退回要“审核”以上的角色。", 403)
        try:
            where = await asyncio.to_thread(self._changed, visitor, number, act, form)
        except UnfitError as unfit:
            return await self._show_draft(visitor, number, f"{unfit}。", 400)
        except ChangedMeanwhileError:
            return await self._show_draft(visitor, number, MEANWHILE, 409, typed=form)
        return redirect(where, status=303)

    def _changed(self, visitor: Visitor, number: int, act: str, form: Form) -> str:
        """Do what a draft's form says; return where to go on. Raises UnfitError and ChangedMeanwhileError."""
        draft = self._drafts.find(number)
        if draft is None:
            raise UnfitError("没有这份草稿")
        if form.first("version") != str(draft.version):
            raise ChangedMeanwhileError
        here = f"draft?n={number}"
        if act == "approve":
            self._publisher.approve(draft, visitor.name, form.first("note").strip(), _moment(form.first("due")))
            return f"bulletin?stem={draft.stem}" if not form.first("due") else here
        if act in ("return", "discard", "submit"):
            self._move(draft, visitor, act, form.first("note").strip()[:500])
            return here if act != "discard" else "bulletins"
        if draft.state != "open":
            raise UnfitError("已送审的草稿不能改；请先退回")
        revised = self._revised(draft, act, form)
        title = form.first("title").strip()[:200] or draft.title
        self._drafts.change(
            replace(
                draft,
                data=revised.data,
                sidecar=revised.sidecar,
                title=title,
                editor=visitor.name,
                changed=time.time(),
            )
        )
        first_line = form.first("lines").partition("-")[0]
        part = "concerns" if act in ("settle", "outdate", "keep-old") else f"l{first_line}" if first_line else ""
        return f"{here}#{part}" if part else here

    def _move(self, draft: StoredDraft, visitor: Visitor, act: str, note: str) -> None:
        """Submit a draft, return it to its editor, or give it up."""
        states = {"submit": ("open",), "return": ("submitted", "approved"), "discard": ("open", "submitted")}
        if draft.state not in states[act]:
            raise UnfitError("这份草稿现在不能这样做")
        known = revisions.read(_revision(draft), self._desk.topics(), date.today())
        if act == "submit" and (isinstance(known, Problem) or known.bulletin.unchecked):
            raise UnfitError("识别出来的文字还没有对照图片核对，不能送审")
        if act == "submit" and not note:
            raise UnfitError("请写一句为什么发布或改动：审核的人和以后查的人要看")
        to = {"submit": "submitted", "return": "open", "discard": "discarded"}[act]
        self._drafts.change(replace(draft, state=to, note=note, due=None, changed=time.time()))  # type: ignore[arg-type]
        what = {"submit": "submitted", "return": "returned", "discard": "discarded"}[act]
        self._publisher.note(visitor.name, what, draft.stem, note)

    def _revised(self, draft: StoredDraft, act: str, form: Form) -> Revision:
        revision, today = _revision(draft), date.today()
        known = revisions.read(revision, self._desk.topics(), today)
        if isinstance(known, Problem):
            raise UnfitError(known.wrong)
        if act == "words":
            return self._with_words(draft, known, form)
        if act == "fields":
            said = {name: form.first(name) for name in revisions.FIELDS if name in form.fields}
            changed = corrections.with_fields(revision, known, said, today)
        elif act == "keep":
            changed = corrections.with_kept(revision, known, corrections.lines_of(form.first("lines")))
        elif act in ("kind", "split", "join"):
            changed = _of_passage(revision, known, act, form)
        elif act == "settle":
            changed = corrections.with_settled(revision, known, form.first("other"), form.first("what")[:60])
        elif act in ("outdate", "keep-old"):
            other, name = form.first("other"), form.first("name")[:100]
            changed = corrections.with_outdated(revision, known, other, name, act == "outdate")
        else:
            raise UnfitError("没有这一项")
        after = revisions.read(changed, self._desk.topics(), today)
        if isinstance(after, Problem):
            raise UnfitError(f"这样改就读不了了：{after.wrong}")
        before = {problem.wrong for problem in known.problems}
        for problem in after.problems:
            if problem.wrong not in before:
                raise UnfitError(f"{problem.wrong}；{problem.allowed}")
        return changed

    def _with_words(self, draft: StoredDraft, known: Read, form: Form) -> Revision:
        """Return a draft with the words an editor mended, or said to be the picture's. Raises UnfitError."""
        revision = _revision(draft)
        if "recognised" not in known.sidecar.lines:
            raise UnfitError("收到的文字一个字也不改；要更正的写在旁边")
        if not draft.base and form.first("words").split() != draft.data.decode("utf-8", "replace").split():
            revision = corrections.with_words(revision, form.first("words"))
        if form.first("checked"):
            revision = corrections.with_checked(revision, date.today())
        after = revisions.read(revision, self._desk.topics(), date.today())
        if isinstance(after, Problem):
            raise UnfitError(f"这样改就读不了了：{after.wrong}；{after.allowed}")
        return revision

    async def _try(self, visitor: Visitor, number: int, form: Form) -> HTTPResponse:
        """Show what the draft would answer beside what is served: to a question of one's own, or to golden ones."""
        question, said = form.first("q").strip()[:300], form.first("said")[:2000]
        draft = await asyncio.to_thread(self._drafts.find, number)
        if draft is None:
            raise RefusedError(404, "没有这份草稿")
        if form.first("act") == "golden":
            golden = await asyncio.to_thread(self._golden, draft)
            return await self._show_draft(visitor, number, golden=golden)
        if form.first("act") == "propose":
            return await self._show_draft(visitor, number, asked=await asyncio.to_thread(self._proposed, draft))
        tried = await asyncio.to_thread(self._tried, draft, said.splitlines(), question) if question else ()
        return await self._show_draft(visitor, number, tried=tried, question=question, said=said)

    def _tried(self, draft: StoredDraft, said: Sequence[str], question: str) -> tuple[Any, ...]:
        served, today = self._desk.answerer(), date.today()
        drafted = answerer_with(self._settings, _revision(draft), served, today)
        return tuple(ask(each, [line for line in said if line.strip()], question, today) for each in (served, drafted))

    def _proposed(self, draft: StoredDraft) -> tuple[tuple[str, Tried, Tried], ...]:
        """Return three questions that residents would ask of a draft, each with both answers."""
        served, today = self._desk.answerer(), date.today()
        drafted = answerer_with(self._settings, _revision(draft), served, today)
        known = revisions.read(_revision(draft), served.topics, today)
        if isinstance(known, Problem):
            return ()
        asked = self._desk.open_questions()
        found = proposed_questions(drafted, known.bulletin, known.passages, asked, today)
        return tuple((question, ask(served, (), question, today), after) for question, after in found)

    def _golden(self, draft: StoredDraft) -> dict[str, Any]:
        served, today, questions = self._desk.answerer(), date.today(), golden_questions(QUESTIONS)
        drafted = answerer_with(self._settings, _revision(draft), served, today)
        return {"count": len(questions), "changed": tuple(changes(served, drafted, questions, today))}

    async def _received(self, request: Request, _visitor: Visitor) -> HTTPResponse:
        """Hand out the file as received, as a download: whatever it holds, the browser opens nothing of it."""
        draft = await asyncio.to_thread(self._drafts.find, number_in(request.args.get("n", "")))
        if draft is None:
            raise RefusedError(404, "没有这份草稿")
        headers = {"Content-Disposition": "attachment", "Content-Security-Policy": "sandbox; default-src 'none'"}
        return raw(draft.received or draft.data, content_type="application/octet-stream", headers=headers)

    async def _picture(self, request: Request, _visitor: Visitor) -> HTTPResponse:
        """Show a page of the picture as one that this service drew: of what was sent, no byte reaches a browser."""
        draft = await asyncio.to_thread(self._drafts.find, number_in(request.args.get("n", "")))
        page = number_in(request.args.get("page", ""))
        drawn = await asyncio.to_thread(lambda: shown(self._original(draft), page) if draft else None)
        if drawn is None:
            raise RefusedError(404, "没有这张图片")
        return raw(drawn, content_type="image/png", headers={"Content-Security-Policy": "default-src 'none'; sandbox"})

    def _original(self, draft: StoredDraft) -> bytes:
        """Return the file as received: the draft's, or the one beside the bulletin that it corrects."""
        kept = (self._settings.bulletins / RECEIVED).glob(f"{escape(draft.stem)}.*") if not draft.received else ()
        return next((path.read_bytes() for path in kept), draft.received)


def _revision(draft: StoredDraft) -> Revision:
    return Revision(draft.stem, draft.data, draft.sidecar)


def _as_typed(values: dict[str, Any], form: Form) -> dict[str, Any]:
    """Return a form's values as somebody typed them who could not save them: they stand in the form again."""
    shown = tuple(
        replace(each, value=form.first(each.name), found=f"您写的，还没有保存；现在存着的是“{each.value or '空'}”")
        if each.name in form.fields and form.first(each.name) != each.value
        else each
        for each in values["values"]
    )
    return {"values": shown, "words": form.first("words") or values["words"], "noted": form.first("note")}


def _outdated(known: Read, library: Library) -> Iterator[tuple[str, Passage]]:
    """Yield the passages of others that a draft takes the place of, each with how the sidecar names it."""
    for outdated in known.sidecar.outdates:
        for passage in library.passages:
            if outdated.means(passage):
                there = [each for each in library.passages if each.bulletin == passage.bulletin]
                yield corrections.name_among(there, passage), passage


def _of_passage(revision: Revision, known: Read, act: str, form: Form) -> Revision:
    """Return the revision with what a form says of one passage: its kind, where another begins, that it is none."""
    passage = corrections.passage_of(known, form.first("passage"))
    if act == "split":
        return corrections.with_split(revision, known, passage, number_in(form.first("at")))
    if act == "join":
        return corrections.with_joined(revision, known, passage)
    return corrections.with_kind(revision, known, passage, form.first("kind"))


def _moment(written: str) -> float | None:
    """Return the moment a form's date and time field names; None for none. Raises UnfitError for one that is past."""
    if not written:
        return None
    try:
        at = datetime.strptime(written, "%Y-%m-%dT%H:%M").timestamp()
    except ValueError:
        raise UnfitError("时间读不懂；写成 2026-03-01T09:00 这样") from None
    if at < time.time() - 60:
        raise UnfitError("发布的时间已经过去了；要马上发布就空着")
    return at
