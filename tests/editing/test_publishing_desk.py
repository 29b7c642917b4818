"""From a draft to the folder: four eyes, whole files, every state kept, nobody's change overwritten unseen."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from office_files import docx, paragraph

from bot.editing.archive import locked
from bot.editing.corrections import with_checked, with_entry, with_passage, with_words
from bot.editing.publishing import Publisher, live_read
from bot.editing.receiving import receive
from bot.editing.revisions import Revision, UnfitError
from bot.keeping.audit import AuditLog
from bot.keeping.drafts import ChangedMeanwhileError, Drafts, StoredDraft
from bot.reading.article import Article
from bot.reading.library import read_library
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 3, 1)
WORDS = (
    "云溪警方提醒：不要出借银行卡",
    "出租、出借银行卡的，五年内暂停银行账户非柜面业务。",
    "云溪市公安局",
    "2025年12月1日",
)
FILE = docx("".join(paragraph(each) for each in WORDS))


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    """One over a copy of the knowledge."""
    shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")
    url = f"sqlite:///{tmp_path}/duanka.db"
    settings = Settings(knowledge=tmp_path / "knowledge", database=url)
    return Publisher(settings, Drafts(url), AuditLog(url))


def begun(publisher: Publisher) -> StoredDraft:
    """A draft of a Word file, by li."""
    article = receive("通告.docx", FILE)
    assert isinstance(article, Article)
    found = publisher.drafts.find(publisher.begin(article, "通告.docx", "li", (), TODAY))
    assert found
    return found


def submitted(publisher: Publisher) -> StoredDraft:
    """One that waits for another person."""
    return publisher.drafts.change(replace(begun(publisher), state="submitted", note="新通告"))


def told(publisher: Publisher) -> list[str]:
    """What the log says was done, first to last."""
    return [entry.what for entry in reversed(publisher.log.latest(99))]


def test_nobody_approves_what_they_wrote(publisher: Publisher) -> None:
    """Another person does; unless the station has said that one alone may."""
    draft = submitted(publisher)
    with pytest.raises(UnfitError, match="另一位"):
        publisher.approve(draft, "li", "", None)
    assert not (publisher.settings.bulletins / f"{draft.stem}.md").exists()
    alone = replace(publisher, settings=replace(publisher.settings, staff_alone=True))
    assert alone.approve(draft, "li", "", None).state == "published"


def test_what_is_approved_stands_in_the_folder(publisher: Publisher) -> None:
    """Read as a bulletin, the file as received beside it, nothing unfinished left; the log tells who and why."""
    published = publisher.approve(submitted(publisher), "wang", "", None)
    folder = publisher.settings.bulletins
    library = read_library(folder, (), TODAY)
    assert library.problems == ()
    assert library.bulletins[published.stem].title == WORDS[0]
    assert (folder / "received" / f"{published.stem}.docx").read_bytes() == FILE
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]
    assert told(publisher) == ["drafted", "approved", "published"]
    assert [(entry.who, entry.why) for entry in publisher.log.latest(1)] == [("wang", "新通告")]


def test_who_waits_for_a_file_is_told(publisher: Publisher) -> None:
    """Which draft it has become, or why it is none; neither is listed as a draft meanwhile."""
    slow, broken = (publisher.wait_for(name, "li") for name in ("扫描件.pdf", "坏.pdf"))
    assert publisher.drafts.unfinished() == ()
    draft = begun(publisher)
    publisher.arrived(slow, draft.number, "")
    publisher.arrived(broken, None, "打不开。")
    told = [publisher.drafts.find(each.number) for each in (slow, broken)]
    assert [(each.state, each.note) for each in told if each] == [("moved", str(draft.number)), ("unread", "打不开。")]
    assert [each.number for each in publisher.drafts.unfinished()] == [draft.number]


def test_what_was_recognised_is_quoted_only_when_checked(publisher: Publisher) -> None:
    """It is marked from the first; other words are unchecked again, and what was said of the old ones is gone."""
    words = "# 云溪警方提醒\n\n出租、出借银行卡的，五年内暂停银行账户非柜面业务。\n"
    article = Article(words.encode(), words, True, b"\x89PNG", recognised=True)
    draft = publisher.drafts.find(publisher.begin(article, "海报.png", "li", (), TODAY))
    assert draft
    revision = Revision(draft.stem, draft.data, draft.sidecar)
    known = live_read(revision, (), TODAY)
    assert known
    assert known.bulletin.unchecked
    assert not known.bulletin.in_force
    kinded = with_passage(revision, known, known.passages[0], kind="background")
    checked = live_read(with_checked(kinded, TODAY), (), TODAY)
    assert checked
    assert checked.bulletin.in_force
    mended = with_words(with_checked(kinded, TODAY), words.replace("五年", "三年"))
    again = live_read(mended, (), TODAY)
    assert again
    assert again.bulletin.unchecked
    assert "三年" in again.passages[0].text
    assert "passages" not in mended.sidecar
    with pytest.raises(UnfitError):
        with_words(mended, " \n")


def test_it_is_published_at_its_time(publisher: Publisher) -> None:
    """Not before; and once, however many replicas look."""
    draft = publisher.approve(submitted(publisher), "wang", "", time.time() + 3600)
    publisher.publish_due(time.time())
    assert not (publisher.settings.bulletins / f"{draft.stem}.md").exists()
    publisher.publish_due(time.time() + 3601)
    publisher.publish_due(time.time() + 3602)
    assert (publisher.settings.bulletins / f"{draft.stem}.md").exists()
    assert told(publisher).count("published") == 1


def test_two_editors_of_one_draft(publisher: Publisher) -> None:
    """The second is told; what the first wrote stays."""
    draft = begun(publisher)
    publisher.drafts.change(replace(draft, note="first"))
    with pytest.raises(ChangedMeanwhileError):
        publisher.drafts.change(replace(draft, note="second"))
    kept = publisher.drafts.find(draft.number)
    assert kept
    assert kept.note == "first"


def test_what_somebody_did_by_hand_is_not_overwritten(publisher: Publisher) -> None:
    """A draft of a bulletin that changed in the folder since is not published; it is open again and says why."""
    draft = publisher.drafts.find(publisher.revise("linyi-duanka", "li"))
    assert draft
    beside = publisher.settings.bulletins / "linyi-duanka.yml"
    beside.write_text("place: 临沂\n", "utf-8")
    waiting = publisher.drafts.change(replace(draft, sidecar="place: 山东\n", state="submitted", note="更正"))
    with pytest.raises(UnfitError, match="被别人改过"):
        publisher.approve(waiting, "wang", "", None)
    assert beside.read_text("utf-8") == "place: 临沂\n"
    again = publisher.drafts.find(draft.number)
    assert again
    assert again.state == "open"
    assert "被别人改过" in again.note
    with locked(publisher.settings.bulletins):  # and nobody holds the folder any more
        pass


def test_a_change_is_undone(publisher: Publisher) -> None:
    """A withdrawal, a withdrawn passage, a publication: each in one step, and the undoing too."""
    stem = publisher.approve(submitted(publisher), "wang", "", None).stem
    first = publisher.found(stem)
    assert first
    publisher.amend(stem, with_entry(first, "withdrawn", TODAY), "li", "withdrawn", "规定改了")
    publisher.undo(stem, "wang", "撤错了")
    assert publisher.found(stem) == first
    known = live_read(first, (), TODAY)
    assert known
    out = with_passage(first, known, known.passages[0], superseded_by="新规定", since=TODAY)
    publisher.amend(stem, out, "li", "passage_withdrawn", "这一段过时")
    publisher.undo(stem, "wang", "没有过时")
    assert publisher.found(stem) == first
    assert publisher.drafts.versions(stem)[0].why == "没有过时"


def test_undoing_a_new_bulletin_withdraws_it(publisher: Publisher) -> None:
    """No file is ever deleted: who followed an old citation still finds it."""
    stem = publisher.approve(submitted(publisher), "wang", "", None).stem
    publisher.undo(stem, "wang", "发错了")
    bulletin = read_library(publisher.settings.bulletins, (), date.today()).bulletins[stem]
    assert bulletin.withdrawn == date.today()


@pytest.mark.parametrize("stem", ["", "../settings", "a/b", "..", "nobody", "received/x"])
def test_a_stem_is_no_path(publisher: Publisher, stem: str) -> None:
    """Nothing outside the folder is read or written by way of a name."""
    assert publisher.found(stem) is None
    with pytest.raises(UnfitError):
        publisher.amend(stem, Revision(stem, b"", ""), "li", "withdrawn", "x")
    with pytest.raises(UnfitError):
        publisher.revise(stem, "li")
