"""What an editor is told of two bulletins, settles for good, or decides: the sidecar keeps it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.editing.conflicts import Concern, concerns_of, standing_concerns
from bot.editing.corrections import name_among, with_outdated, with_settled
from bot.editing.revisions import Read, Revision, read
from bot.reading.library import read_library
from bot.reading.records import Library

TODAY = date(2026, 3, 1)
OLD = "# 甲地通报\n\n出借银行卡的，5年内暂停非柜面业务。身份证丢失的，要尽快挂失。\n"
NEW = "# 云溪市关于惩戒的办法\n\n出借银行卡的，3年内暂停非柜面业务。\n\n本办法自2026年2月1日起施行。\n"
MEASURE = "暂停非柜面业务的期限"


def folder(made: Path, sidecar: str = "") -> Library:
    """The two, the new one with this beside it."""
    (made / "old.md").write_text(OLD, "utf-8")
    (made / "new.md").write_text(NEW, "utf-8")
    (made / "new.yml").write_text(sidecar or "{}\n", "utf-8")
    return read_library(made, (), TODAY)


def drafted(sidecar: str = "") -> tuple[Revision, Read]:
    """The new one at the desk."""
    revision = Revision("new", NEW.encode(), sidecar)
    known = read(revision, (), TODAY)
    assert isinstance(known, Read)
    return revision, known


def told(found: tuple[Concern, ...]) -> list[tuple[str, str, str]]:
    """What they are called, and of which two."""
    return [(each.what, each.one, each.other) for each in found]


def test_a_contradiction_is_settled_for_good(tmp_path: Path) -> None:
    """Told of a draft and of the folder until somebody settles it; in the sidecar, so the command line knows it too."""
    library = folder(tmp_path)
    revision, known = drafted()
    (found,) = concerns_of(known.bulletin, known.passages, library).found
    assert (found.what, found.one, found.other) == (MEASURE, "new", "old")
    assert [each.value for each in found.said] == ["3年", "5年"]
    assert told(standing_concerns(library)) == [(MEASURE, "new", "old")]
    settled = with_settled(revision, known, "old", MEASURE)
    again = drafted(settled.sidecar)[1]
    assert again.problems == ()
    assert concerns_of(again.bulletin, again.passages, library).found == ()
    assert standing_concerns(folder(tmp_path, settled.sidecar)) == ()


def test_another_difference_is_still_told(tmp_path: Path) -> None:
    """Settled is one measure of two bulletins, and nothing else."""
    assert told(standing_concerns(folder(tmp_path, "settled: {old: [近似], other: [暂停非柜面业务的期限]}\n"))) == [
        (MEASURE, "new", "old")
    ]


def test_a_new_rule_takes_the_place_of_a_passage(tmp_path: Path) -> None:
    """Since the day it is in force; withdrawn, it takes nobody's place, and the other passage is quoted again."""
    library = folder(tmp_path)
    revision, known = drafted()
    (rule,) = (each for each in library.passages if each.bulletin == "old")
    changed = with_outdated(revision, known, "old", name_among((rule,), rule))
    after = folder(tmp_path, changed.sidecar)
    (gone,) = (each for each in after.passages if each.bulletin == "old")
    assert (gone.superseded_by, gone.superseded_since) == ("云溪市关于惩戒的办法", date(2026, 2, 1))
    assert not after.may_quote(gone)
    assert after.problems == ()
    assert standing_concerns(after) == ()
    back = folder(tmp_path, f"{changed.sidecar}withdrawn: 2026-02-20\n")
    assert all(back.may_quote(each) for each in back.passages if each.bulletin == "old")
    unsaid = with_outdated(changed, drafted(changed.sidecar)[1], "old", name_among((rule,), rule), outdated=False)
    assert unsaid.sidecar == revision.sidecar


def test_a_passage_that_is_not_there(tmp_path: Path) -> None:
    """It is a problem of the sidecar that names it; both bulletins are read all the same."""
    library = folder(tmp_path, "outdates: {old: [77-78], nobody: ['3 出借']}\n")
    assert [problem.wrong for problem in library.problems] == [
        "没有 outdates 里写的段落：nobody",
        "没有 outdates 里写的段落：old",
    ]
    assert set(library.bulletins) == {"old", "new"}


def test_what_is_read_again_keeps_what_the_new_rule_says(tmp_path: Path) -> None:
    """Also where only one of the two files has changed since."""
    before = folder(tmp_path)
    (tmp_path / "new.yml").write_text("outdates: {old: [3-3]}\n", "utf-8")
    after = read_library(tmp_path, (), TODAY, before)
    assert [each.superseded_by is None for each in after.passages if each.bulletin == "old"] == [False]
    (tmp_path / "new.yml").write_text("{}\n", "utf-8")
    assert all(each.superseded_by is None for each in read_library(tmp_path, (), TODAY, after).passages)


def test_a_draft_that_waits_to_be_checked_is_held_against_the_others(tmp_path: Path) -> None:
    """Its words will be quoted as soon as somebody has checked them."""
    library = folder(tmp_path)
    _, known = drafted()
    unchecked = replace(known.bulletin, unchecked=True)
    assert told(concerns_of(unchecked, known.passages, library).found) == [(MEASURE, "new", "old")]
