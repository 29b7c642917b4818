"""What is kept of a run, and what changed from one to the next."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import pytest

from bot.evaluation.judging import Question, Reply, judge
from bot.evaluation.runs import Change, Entry, Run, Support, compare, dump, entry_of, load, merge

THEN, NOW = datetime.fromisoformat("2026-11-23T08:00:00+08:00"), datetime.fromisoformat("2026-11-24T08:00:00+08:00")
RIGHT = Entry("a", "丢了", "lost_id", "answer", "answer", "「补办」", True, True, (), Support(1.2, 0.5))
SECOND = replace(RIGHT, first=False)
WRONG = replace(RIGHT, text="不知道", kind="abstain", first=False, any=False, problems=("回复是空的",), support=None)


def run(at: datetime, *entries: Entry) -> Run:
    """A run with these entries."""
    return Run(at, "本机", {entry.id: entry for entry in entries})


def test_a_run_comes_back_as_it_was_kept() -> None:
    """With Chinese, broken promises, and entries without support."""
    kept = run(NOW, RIGHT, replace(WRONG, id="b", text="「<b>」&\n第二行"))
    assert load(dump(kept)) == kept


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{}", '{"form": 0}', dump(run(NOW, RIGHT))[:-9], dump(run(NOW, RIGHT)).replace('"kind"', '"k"')],
)
def test_what_is_no_run_is_nothing_to_compare_with(text: str) -> None:
    """A file of an older form, or one cut short, does not stop the evaluation."""
    assert load(text) is None


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        (WRONG, RIGHT, "better"),
        (WRONG, SECOND, "better"),
        (SECOND, RIGHT, "better"),
        (RIGHT, WRONG, "worse"),
        (RIGHT, SECOND, "worse"),
        (RIGHT, replace(RIGHT, text="「补领」"), "reworded"),
        (RIGHT, RIGHT, None),
        (RIGHT, replace(RIGHT, support=Support(0.9, 0.5)), None),
    ],
)
def test_each_change_is_of_one_sort(before: Entry, now: Entry, kind: str | None) -> None:
    """Better and worse go by what is right, in either sense; else by the words that were said."""
    changes = compare(run(THEN, before), run(NOW, now))
    found = {name: getattr(changes, name) for name in ("better", "worse", "reworded")}
    assert found == {name: (Change(before, now),) if name == kind else () for name in found}
    assert changes.added == ()


@pytest.mark.parametrize(
    "now", [replace(RIGHT, id="b"), replace(RIGHT, question="丟了"), replace(RIGHT, expect="chat")]
)
def test_another_question_is_added_and_not_compared(now: Entry) -> None:
    """A question that was rewritten under its old id asks for something else."""
    changes = compare(run(THEN, WRONG), run(NOW, now))
    assert (changes.better, changes.worse, changes.reworded, changes.added) == ((), (), (), (now,))


def test_what_was_not_asked_this_time_stays() -> None:
    """And what was asked is as it is now; without a last run there is only this one."""
    other = replace(WRONG, id="b")
    assert merge(run(THEN, WRONG, other), run(NOW, RIGHT)) == run(NOW, RIGHT, other)
    assert merge(None, run(NOW, RIGHT)) == run(NOW, RIGHT)


def test_a_verdict_is_kept_with_what_was_said() -> None:
    """The words, the kind and the broken promises."""
    verdict = judge(Question("c", "你好", "chat", "talk", 1), Reply("您好", "greeting"), {})
    kept = entry_of(verdict, Support(0.1, 0.85))
    assert (kept.id, kept.question, kept.text, kept.kind, kept.rank) == ("c", "你好", "您好", "greeting", 0)
    assert kept.problems == verdict.problems != ()
    assert json.loads(dump(run(NOW, kept)))["entries"][0]["support"] == {"best": 0.1, "least": 0.85}
