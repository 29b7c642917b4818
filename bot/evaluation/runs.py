"""One run of the golden questions as it is kept, and what changed from one run to the next.

Knows the form of the kept file (JSON), not where it lies.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from bot.evaluation.judging import Verdict

_FORM = 1


@dataclass(frozen=True)
class Support:
    """How well the best passage supports an answer, and the least support at which one is given."""

    best: float
    least: float


@dataclass(frozen=True)
class Entry:
    """What one question got. `kind` is the reply's, "" without one; `first` and `any` as in a Verdict."""

    id: str
    question: str
    topic: str
    expect: str
    kind: str
    text: str
    first: bool
    any: bool
    problems: tuple[str, ...] = ()
    support: Support | None = None

    @property
    def rank(self) -> int:
        """2 right as it is, 1 if every quote counts, 0 wrong."""
        return self.first + self.any


@dataclass(frozen=True)
class Run:
    """When the questions were asked, of whom, and what they got, by their ids."""

    at: datetime
    whom: str
    entries: Mapping[str, Entry]


@dataclass(frozen=True)
class Change:
    """One question in two runs."""

    before: Entry
    now: Entry


@dataclass(frozen=True)
class Changes:
    """What changed between two runs. `reworded` got another reply that is as right or as wrong as the last."""

    better: tuple[Change, ...] = ()
    worse: tuple[Change, ...] = ()
    reworded: tuple[Change, ...] = ()
    added: tuple[Entry, ...] = field(default=())


def entry_of(verdict: Verdict, support: Support | None = None) -> Entry:
    """Return what is kept of a verdict."""
    question, reply = verdict.question, verdict.reply
    return Entry(
        id=question.id,
        question=question.text,
        topic=question.topic,
        expect=question.expect,
        kind=reply.kind,
        text=reply.text,
        first=verdict.first,
        any=verdict.any,
        problems=verdict.problems,
        support=support,
    )


def compare(before: Run, now: Run) -> Changes:
    """Return what changed for the questions of `now`. One whose wording or expectation changed counts as added."""
    pairs, added = [], []
    for entry in now.entries.values():
        old = before.entries.get(entry.id)
        if old and (old.question, old.expect) == (entry.question, entry.expect):
            pairs.append(Change(old, entry))
        else:
            added.append(entry)
    return Changes(
        better=_those(pair for pair in pairs if pair.now.rank > pair.before.rank),
        worse=_those(pair for pair in pairs if pair.now.rank < pair.before.rank),
        reworded=_those(
            pair for pair in pairs if pair.now.rank == pair.before.rank and pair.now.text != pair.before.text
        ),
        added=tuple(added),
    )


def merge(before: Run | None, now: Run) -> Run:
    """Return `now` with what `before` holds of questions that were not asked this time."""
    kept = before.entries if before else {}
    return Run(now.at, now.whom, {**kept, **now.entries})


def dump(run: Run) -> str:
    """Return the run as JSON."""
    entries: Sequence[Mapping[str, Any]] = [asdict(entry) for entry in run.entries.values()]
    kept = {"form": _FORM, "at": run.at.isoformat(), "whom": run.whom, "entries": entries}
    return json.dumps(kept, ensure_ascii=False, indent=1)


def load(text: str) -> Run | None:
    """Read what `dump` gave; None for anything else: an older form is no run to compare with."""
    try:
        kept = json.loads(text)
        if kept["form"] != _FORM:
            return None
        entries = [_entry(entry) for entry in kept["entries"]]
        return Run(datetime.fromisoformat(kept["at"]), str(kept["whom"]), {entry.id: entry for entry in entries})
    except (KeyError, TypeError, ValueError):
        return None


def _entry(kept: Mapping[str, Any]) -> Entry:
    support = kept["support"]
    return Entry(**{**kept, "problems": tuple(kept["problems"]), "support": Support(**support) if support else None})


def _those(pairs: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(pairs)
