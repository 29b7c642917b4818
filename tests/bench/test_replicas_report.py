"""What is said of a killed replica follows from what people were told and what is kept, and hides nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from plots import plot_replicas
from replicas_report import Told, in_words, judged, saturated

AT = 10.0
BEFORE, AFTER = Told("a", 5.0, 1.0, "甲", False), Told("b", 9.9, 0.5, "乙", False)
HELD = Told("c", 9.8, 11.4, "丙", False)
ROW: dict[str, Any] = {
    "clients": 8,
    "messages_a_second": 50.0,
    "p50_ms": 20.0,
    "p95_ms": 40.0,
    "stages_ms": {"action": 5.0},
    "processors": {"rasa": 0.95, "actions": 0.2, "postgres": 0.1, "redis": 0.0, "nginx": 0.0, "this client": 0.1},
}


def became(*told: Told, kept: tuple[tuple[str, str], ...] | None = None, turns: int | None = None) -> dict[str, Any]:
    """Return what is said of one person's messages, of which the killed replica had c."""
    history = tuple((each.id, each.text) for each in told) if kept is None else kept
    return judged([told], [history], {"c"}, len(told) if turns is None else turns, AT)


def test_all_is_well() -> None:
    """Who waited for the takeover is told apart from the others by the database, not by how long it took."""
    said = became(BEFORE, AFTER, HELD)
    assert (said["acknowledged"], said["lost"], said["kept_twice"], said["turns_made_again"]) == (3, 0, 0, 0)
    assert (said["with_the_killed_replica"], said["with_it_longest_s"]) == (1, 11.4)
    assert (said["others_after_the_kill"], said["others_longest_s"], said["others_beyond_2_s"]) == (1, 0.5, 0)


def test_what_is_broken_is_said() -> None:
    """Lost or changed replies, a message kept twice, a turn made again, and others who waited, however long."""
    assert became(BEFORE, AFTER, kept=(("a", "甲"),))["lost"] == 1
    assert became(BEFORE, kept=(("a", "乙"),))["lost"] == 1
    assert became(BEFORE, kept=(("a", "甲"), ("a", "乙")))["kept_twice"] == 1
    assert became(BEFORE, AFTER, turns=3)["turns_made_again"] == 1
    late = became(replace(AFTER, seconds=30.0, apology=True))
    assert (late["others_longest_s"], late["others_beyond_2_s"], late["others_apologies"]) == (30.0, 1, 1)


@pytest.mark.parametrize(("busy", "cores", "full"), [(0.95, 4, "Rasa"), (0.95, 1, "the machine"), (0.5, 2, "nothing")])
def test_what_is_full(busy: float, cores: int, full: str) -> None:
    """The machine's cores, or the one process that cannot use another core, or nothing."""
    row = {**ROW, "processors": {**ROW["processors"], "rasa": busy}}
    assert saturated(row, 1, cores).startswith(full)


def test_the_page_and_the_picture(tmp_path: Any) -> None:
    """Every figure stands on the page, and the picture is one."""
    table = {1: [ROW], 2: [ROW]}
    results = {"processors": 2, "load_before": [1.0], "throughput": table, "alternating": {"messages": 8}}
    told = in_words({**results, "killed": became(BEFORE, AFTER, HELD)})
    assert "- with it longest s: 11.4" in told
    assert "- messages: 8" in told
    assert told.count("| 8 | 50.0 | 20.0 | 40.0 | 19.0 |") == 2
    plot_replicas(results, tmp_path / "replicas.png")
    assert (tmp_path / "replicas.png").read_bytes().startswith(b"\x89PNG")
