"""What bench/assistant.py found, as ratios to the vanilla bot, as a page and as a picture."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

# What is aimed at (ratio, ours to vanilla's), and whether that is the least or the most.
AIMS = {
    "messages a second, 8 clients": ("≥", 5.0),
    "messages a second, 32 clients": ("≥", 5.0),
    "p50, 1 client": ("≤", 0.2),
    "p50 at message 500 to message 5, ours": ("≤", 1.2),
    "start to first reply": ("≤", 0.75),
    "resident memory after load": ("≤", 0.8),
    "third of three quick messages: waits, to what two take": ("≤", 1.0),
}


def ratios(results: dict[str, Any]) -> dict[str, float]:
    """Return ours to vanilla's, in the order of AIMS."""
    mine, theirs = results["ours"], results["vanilla"]
    talk = mine["conversation_ms"]

    def load(what: str, people: int) -> float:
        return float(mine["load"][f"rest {people}"][what] / theirs["load"][f"rest {people}"][what])

    found = (
        load("per_second", 8),
        load("per_second", 32),
        load("p50_ms", 1),
        at(talk, 500) / at(talk, 5),
        statistics.median(mine["start_s"]) / statistics.median(theirs["start_s"]),
        mine["memory_mb"]["after load"]["Rss"] / theirs["memory_mb"]["after load"]["Rss"],
        max(each["third waits"] / each["two before take"] for each in mine["quick"].values()),
    )
    return {name: round(value, 3) for name, value in zip(AIMS, found, strict=True)}


def at(talk: list[float], message: int) -> float:
    """Return the median time around a message: that one, up to three before and after it."""
    return statistics.median(talk[max(0, message - 4) : message + 3])


def in_words(results: dict[str, Any]) -> str:
    """Return the page."""
    lines = ["# The whole assistant beside a vanilla Rasa bot", ""]
    if "ratios" in results:
        lines += ["| ratio | aim | measured |", "|---|---|---|"]
        lines += [f"| {name} | {sign} {aim} | {results['ratios'][name]} |" for name, (sign, aim) in AIMS.items()]
    for name in ("vanilla", "ours"):
        lines += ["", *_of(name, results[name])] if name in results else []
    return "\n".join(lines) + "\n"


def _of(name: str, found: dict[str, Any]) -> list[str]:
    talk, memory = found["conversation_ms"], found["memory_mb"]
    rows = (
        f"| {where} | {each['per_second']} | {each['p50_ms']} | {each['p95_ms']} | {each['p99_ms']} |"
        for where, each in found["load"].items()
    )
    return [
        f"## {name}",
        "",
        "| door, clients | messages/s | p50 ms | p95 ms | p99 ms |",
        "|---|---|---|---|---|",
        *rows,
        "",
        f"- start to first reply, s: {found['start_s']}",
        *(f"- memory {when}, MB: resident {each['Rss']}, proportional {each['Pss']}" for when, each in memory.items()),
        f"- ms at message 5, 100, 300, 500: {', '.join(f'{at(talk, message):.1f}' for message in (5, 100, 300, 500))}",
        *(f"- three at once over {door}, ms: {each}" for door, each in found["quick"].items()),
    ]


def plot(results: dict[str, Any], path: Path) -> None:
    """Draw messages a second, time over a conversation's length, start and memory as a PNG."""
    figure, (load, talk, rest) = plt.subplots(1, 3, figsize=(13, 4))
    for place, name in enumerate(("vanilla", "ours")):
        doors = [where for where in results[name]["load"] if where.startswith("rest")]
        heights = [results[name]["load"][where]["per_second"] for where in doors]
        bars = load.bar([each + 0.4 * place for each in range(len(doors))], heights, 0.38, label=name)
        load.bar_label(bars, fmt="%.0f")
        talk.plot(range(1, len(results[name]["conversation_ms"]) + 1), results[name]["conversation_ms"], label=name)
        start = statistics.median(results[name]["start_s"])
        memory = results[name]["memory_mb"]["after load"]["Rss"] / 100
        rest.bar_label(rest.bar([0.4 * place, 1 + 0.4 * place], [start, memory], 0.38, label=name), fmt="%.1f")
    load.set_xticks([each + 0.2 for each in range(len(doors))], [where.split()[1] for where in doors])
    load.set(xlabel="clients", ylabel="messages a second", title="Throughput over REST")
    talk.set(xlabel="message of one conversation", ylabel="ms", title="Time a message", yscale="log")
    rest.set_xticks([0.2, 1.2], ["start, s", "memory, 100 MB"])
    rest.set(title="Start and resident memory")
    for axes in (load, talk, rest):
        axes.legend(frameon=False)
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=130)
