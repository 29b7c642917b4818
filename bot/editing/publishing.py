"""From a draft to the folder and back: approved by another person, written whole, every state kept, undone in one step.

The folder stays the truth: what is written here is what the service follows, and what somebody puts into the folder by
hand is never overwritten unseen. Calls block.
"""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.editing import archive
from bot.editing.archive import OccupiedError, locked, taken_stems
from bot.editing.corrections import with_entry
from bot.editing.drafting import UNTITLED, offered_title
from bot.editing.revisions import Read, Revision, UnfitError, read
from bot.keeping.audit import AuditLog, Entry
from bot.keeping.drafts import ChangedMeanwhileError, Drafts, StoredDraft, Version
from bot.reading.article import Article
from bot.reading.header import decode
from bot.reading.naming import propose_stem
from bot.reading.records import Problem, Topic
from bot.reading.sidecar import UNCHECKED
from bot.settings import Settings

logger = logging.getLogger(__name__)
# No file has a longer name, in bytes.
_LONGEST_NAME = 240
_AS_FOUND = "改动之前的样子"


@dataclass(frozen=True)
class Publisher:
    """Writes to the folder for people who have the right; who that is, the door has made sure of."""

    settings: Settings
    drafts: Drafts
    log: AuditLog

    def begin(self, article: Article, name: str, by: str, topics: tuple[Topic, ...], today: date) -> int:
        """Keep what was received as a new draft; return its number. Raises UnfitError when it can be no bulletin."""
        unchecked = f"recognised: {UNCHECKED}\n" if article.recognised else ""
        revision = Revision("new", article.data, f"# 由工作页收进：{name}\n{unchecked}")
        known = read(revision, topics, today)
        if isinstance(known, Problem):
            revision = with_entry(revision, "title", offered_title(article) or UNTITLED)
            known = read(revision, topics, today)
        if isinstance(known, Problem):
            raise UnfitError(f"{known.wrong}；{known.allowed}")
        bulletin = known.bulletin
        taken = taken_stems(self.settings.bulletins)
        stem = propose_stem(bulletin.title, bulletin.place, bulletin.published, taken)
        draft = StoredDraft(
            stem=stem,
            title=bulletin.title[:200],
            data=revision.data,
            sidecar=revision.sidecar,
            editor=by,
            changed=time.time(),
            source=name,
            received=article.received,
        )
        number = self.drafts.add(draft)
        self.note(by, "drafted", stem, name)
        return number

    def wait_for(self, name: str, by: str) -> StoredDraft:
        """Keep that a file is being read, for whoever waits; which draft it becomes is said later (`arrived`)."""
        waiting = StoredDraft("", name[:200], b"", "", by, time.time(), source=name, state="reading")
        return replace(waiting, number=self.drafts.add(waiting))

    def arrived(self, waiting: StoredDraft, number: int | None, wrong: str) -> None:
        """Say which draft a file has become, or why it has become none."""
        told = replace(waiting, state="unread", note=wrong) if number is None else None
        self.drafts.change(told or replace(waiting, state="moved", note=str(number)))

    def revise(self, stem: str, by: str) -> int:
        """Begin a draft of a bulletin that is in the folder. Raises UnfitError when it is not."""
        found = self.found(stem)
        if found is None:
            raise UnfitError("没有这份通报")
        draft = StoredDraft(
            stem=stem,
            title=stem,
            data=found.data,
            sidecar=found.sidecar,
            editor=by,
            changed=time.time(),
            base=found.digest,
        )
        self.note(by, "drafted", stem)
        return self.drafts.add(draft)

    def found(self, stem: str) -> Revision | None:
        """Return what the folder holds of a bulletin; None when it holds none."""
        path = self._path(stem)
        if path is None or not path.is_file():
            return None
        beside = path.with_suffix(".yml")
        written = decode(beside, beside.read_bytes()) if beside.is_file() else ""
        return Revision(stem, path.read_bytes(), "" if isinstance(written, Problem) else written)

    def approve(self, draft: StoredDraft, by: str, note: str, due: float | None) -> StoredDraft:
        """Have a draft published now or at `due`. Raises UnfitError for one's own, or when the folder changed."""
        if draft.state != "submitted":
            raise UnfitError("这份草稿不在等待审核")
        if draft.editor == by and not self.settings.staff_alone:
            raise UnfitError("自己起草的要由另一位审核人批准")
        why = note or draft.note
        approved = self.drafts.change(replace(draft, state="approved", approver=by, note=why, due=due or time.time()))
        self.note(by, "approved", draft.stem, why)
        return approved if due and due > time.time() else self.publish(approved)

    def publish(self, draft: StoredDraft) -> StoredDraft:
        """Write an approved draft into the folder. Raises UnfitError, and opens it again, when that cannot be."""
        revision = Revision(draft.stem, draft.data, draft.sidecar)
        claimed = self.drafts.change(replace(draft, state="published"))
        try:
            with locked(self.settings.bulletins):
                before = self.found(draft.stem)
                if draft.base and (before is None or before.digest != draft.base):
                    raise UnfitError("起草以后，文件夹里的这份通报被别人改过；请重新起草，不会覆盖那些改动")
                self._write(revision, before, draft)
        except (UnfitError, OccupiedError, OSError) as error:
            told = str(error) if isinstance(error, UnfitError) else "写不进通报文件夹（文件名已有人用，或磁盘不可写）"
            self.drafts.change(replace(claimed, state="open", approver="", due=None, note=f"没有发布：{told}"))
            self.note(draft.approver, "failed", draft.stem, told)
            raise UnfitError(told) from error
        self._keep(revision, before, draft.editor, draft.note)
        self.note(draft.approver, "published", draft.stem, draft.note)
        return claimed

    def publish_due(self, now: float) -> None:
        """Publish every approved draft whose time has come; of several replicas one does."""
        for draft in self.drafts.due(now):
            try:
                self.publish(draft)
            except ChangedMeanwhileError:
                continue
            except UnfitError as error:
                logger.error("a bulletin was not published at its time: %s", error)

    def amend(self, stem: str, changed: Revision, by: str, what: str, why: str) -> None:
        """Write another sidecar for a bulletin at once. Raises UnfitError when the folder holds something else now."""
        with locked(self.settings.bulletins):
            before = self.found(stem)
            if before is None or before.data != changed.data:
                raise UnfitError("文件夹里的这份通报刚刚变了，请再看一遍")
            path = self._path(stem)
            assert path is not None
            archive.replace(path.with_suffix(".yml"), changed.sidecar.encode())
        self._keep(changed, before, by, why)
        self.note(by, what, stem, why)

    def undo(self, stem: str, by: str, why: str) -> None:
        """Put back what the folder held before the last change; a bulletin that is new is withdrawn."""
        versions, now = self.drafts.versions(stem), self.found(stem)
        if now is None or not versions or (versions[0].data, versions[0].sidecar) != (now.data, now.sidecar):
            raise UnfitError("文件夹里的这份通报后来又被别人改过；请先看现在的样子")
        if len(versions) == 1:
            self.amend(stem, with_entry(now, "withdrawn", date.today()), by, "withdrawn", why)
            return
        self.amend(stem, replace(now, sidecar=versions[1].sidecar), by, "undone", why)

    def _write(self, revision: Revision, before: Revision | None, draft: StoredDraft) -> None:
        if before is None:
            suffix = Path(draft.source).suffix.lower()
            received = (suffix, draft.received) if draft.received else None
            archive.put(self.settings.bulletins, revision.stem, revision.data, revision.sidecar, received)
            return
        if not draft.base:
            raise OccupiedError(revision.stem)
        path = self._path(revision.stem)
        assert path is not None
        archive.replace(path.with_suffix(".yml"), revision.sidecar.encode())

    def _keep(self, now: Revision, before: Revision | None, by: str, why: str) -> None:
        if before is not None:
            self.drafts.keep(Version(now.stem, time.time(), "", _AS_FOUND, before.data, before.sidecar))
        self.drafts.keep(Version(now.stem, time.time(), by, why, now.data, now.sidecar))

    def note(self, who: str, what: str, about: str, why: str = "") -> None:
        """Write down what somebody did."""
        self.log.add(Entry(time.time(), who, what, about, why))

    def _path(self, stem: str) -> Path | None:
        """Return where a bulletin of that stem stands; None for a name that is none of a file in the folder."""
        path = self.settings.bulletins / f"{stem}.md"
        inside = path.parent == self.settings.bulletins and not re.search(r"[/\\\x00]", stem)
        return path if stem and inside and len(path.name.encode()) <= _LONGEST_NAME else None


def live_read(found: Revision | None, topics: tuple[Topic, ...], today: date) -> Read | None:
    """Return what the folder holds as it is read; None when it holds nothing that can be."""
    known = read(found, topics, today) if found else None
    return None if isinstance(known, Problem) else known
