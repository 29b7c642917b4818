"""The report on load keeps nothing back: each promise that is broken is said to be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from load import Asked, judged, passed, report
from load_report import in_words

GOOD = Asked(1.0, 0.1, 200, "answer", victim=False, right=True)
VICTIM = replace(GOOD, kind="emergency", victim=True)
POLITE = replace(GOOD, status=429, kind="limit")
MEMORY = [{"at": float(at), "rasa": 400.0} for at in range(20)]


def results(
    *asked: Asked,
    memory: list[dict[str, float]] = MEMORY,
    alive: bool = True,
    offered: float = 0.3,
    hostile: dict[str, dict[str, int]] | None = None,
) -> dict[str, Any]:
    """Return the figures of what was asked, beside nineteen good messages and a victim."""
    figures = report([GOOD] * 19 + [VICTIM, POLITE, *asked], memory, 60.0)
    figures |= {
        "ran_to_the_end": alive,
        "sessions": 2,
        "limits": "lifted",
        "complaints_in_logs": {},
        "hostile": hostile or {},
    }
    figures |= {"sustained": offered / 2, "offered": offered}
    return {**figures, "passed": passed(figures)}


def test_all_is_well() -> None:
    """Then every promise is kept, and the report in words says so."""
    assert all(results()["passed"].values())
    assert "BROKEN" not in in_words(results())


def test_a_polite_503_among_the_hostile() -> None:
    """May be read by anybody."""
    assert all(results(replace(POLITE, status=503), hostile={"a": {"503": 1}})["passed"].values())


@pytest.mark.parametrize(
    ("broken", "promise"),
    [
        (results(replace(GOOD, status=502, right=False)), "only 200 and the polite limit"),
        (results(replace(GOOD, status=0, right=False)), "only 200 and the polite limit"),
        (results(replace(POLITE, right=False)), "only 200 and the polite limit"),
        (results(*[replace(GOOD, seconds=3.5)] * 3), "95 of 100 admitted within 3 s"),
        (results(replace(VICTIM, kind="abstain")), "every victim read the emergency reply"),
        (results(replace(VICTIM, status=429, kind="limit")), "every victim read the emergency reply"),
        (results(memory=[{**each, "rasa": 400.0 + 10 * each["at"]} for each in MEMORY]), "memory is flat"),
        (results(replace(VICTIM, seconds=3.5)), "every victim within 3 s"),
        (results(replace(POLITE, status=503)), "only 200 and the polite limit"),
        (results(hostile={"a": {"5xx": 1, "429": 9}}), "whoever means harm reads no 5xx but the polite one"),
        (results(offered=0.5), "as much was sent as was to be"),
        (results(alive=False), "it ran to the end"),
    ],
)
def test_what_is_broken(broken: dict[str, Any], promise: str) -> None:
    """Is the only thing that is said to be, in figures and in words."""
    assert [name for name, kept in broken["passed"].items() if not kept] == [promise]
    assert f"BROKEN: {promise}" in in_words(broken)


def test_what_a_person_may_read() -> None:
    """A reply that says something, or a refusal that names a hotline and a time."""
    reply = {"reply": {"text": "好", "custom": {"kind": "chat"}}}
    assert judged(200, reply, {}) == ("chat", True)
    assert judged(200, {"reply": {"text": "", "custom": {"kind": "chat"}}}, {}) == ("chat", False)
    assert judged(429, {"error": "请拨打96110"}, {"Retry-After": "3"}) == ("limit", True)
    assert judged(429, {"error": "请拨打96110"}, {}) == ("limit", False)
    assert judged(503, {"error": "请拨打96110"}, {"Retry-After": "3"}) == ("limit", True)
    assert judged(502, {"error": "请拨打96110"}, {"Retry-After": "3"}) == ("limit", False)
