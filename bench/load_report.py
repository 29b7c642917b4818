"""The figures of bench/load.py in words and as one picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

# Seconds that are drawn as one point.
STEP = 10


def in_words(results: dict[str, Any]) -> str:
    """Return the report as Markdown."""
    lines = [
        f"# {results['sessions']} people at once for {results['minutes']} minutes, limits {results['limits']}",
        "",
        f"Sustained: {results['sustained']} messages a second; offered: {results['offered']}; "
        f"sent: {results['messages']} ({results['sent_a_second']} a second); answers by status: {results['statuses']}",
        "",
        "| | p50 s | p95 s | p99 s | max s |",
        "|---|---|---|---|---|",
    ]
    for name in ("admitted", "victims", "limited"):
        spread = results[name]
        lines.append(f"| {name} | {spread['p50']} | {spread['p95']} | {spread['p99']} | {spread['max']} |")
    lines += ["", f"Admitted: {results['admitted']['a_second']} a second, of the kinds {results['kinds_of_admitted']}."]
    victims = results["victims"]
    lines.append(
        f"Victims: {victims['messages']}, of whom {victims['read_the_emergency_reply']} read the emergency reply."
    )
    for name, memory in results["memory_mb"].items():
        lines.append(
            f"Memory of {name}: {memory['early']} MB early, {memory['late']} MB late, {memory['most']} MB at most."
        )
    lines.append(f"Complaints in logs: {results['complaints_in_logs'] or 'none'}")
    lines += [f"Hostile: {name}: {read}" for name, read in results["hostile"].items()]
    lines += ["", *(f"- {'kept' if kept else 'BROKEN'}: {promise}" for promise, kept in results["passed"].items()), ""]
    return "\n".join(lines)


def plot(asked: Sequence[dict[str, Any]], memory: Sequence[dict[str, float]], seconds: float, path: Path) -> None:
    """Draw messages a second by status, times, and memory against time."""
    figure, (rates, times, resident) = plt.subplots(3, 1, figsize=(9, 8.5), sharex=True)
    steps = [at * STEP for at in range(int(seconds / STEP))]
    groups = {"answered": (200, False), "asked to wait (429)": (429, False), "victims": (200, True)}
    for name, (status, victim) in groups.items():
        of_group = [each for each in asked if each["status"] == status and each["victim"] == victim]
        by_step = [[each["seconds"] for each in of_group if step <= each["at"] < step + STEP] for step in steps]
        rates.plot(steps, [len(each) / STEP for each in by_step], label=name)
        times.semilogy(steps, [_p95(each) for each in by_step], label=f"{name}, p95")
    times.axhline(3, color="grey", linewidth=0.8)
    resident.plot([each["at"] for each in memory], [each["rasa"] for each in memory], label="rasa")
    rates.set(ylabel="messages a second")
    times.set(ylabel="seconds")
    resident.set(ylabel="MB resident", xlabel="seconds", ylim=(0, None))
    for axes in (rates, times, resident):
        axes.legend(frameon=False, loc="upper right")
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=130)


def _p95(taken: Sequence[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.95)] if taken else float("nan")
