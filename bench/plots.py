"""The figures of the benchmarks as pictures, one a program: reports/<name>.png. Knows matplotlib; measures nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

DPI = 80
PROGRAMS = ("rasa", "actions", "postgres", "redis", "nginx", "this client")


def plot(results: dict[str, Any], path: Path) -> None:
    """Draw `growth_ms` and `footprint` of bench/retriever.py as a PNG."""
    figure, (growth, memory) = plt.subplots(1, 2, figsize=(11, 4.2), gridspec_kw={"width_ratios": (3, 2)})
    for name, times in results["growth_ms"].items():
        sizes = [int(size) for size in times]
        growth.loglog(sizes, list(times.values()), marker="o", linewidth=3 if name == "ours" else 1.2, label=name)
    growth.set(xlabel="passages", ylabel="ms a question (mean)", title="One question, ten best")
    growth.grid(visible=True, which="major", alpha=0.3)
    growth.legend(frameon=False)
    size, engines = max(results["footprint"].items(), key=lambda each: (len(each[1]), int(each[0])))
    megabytes = {name: each["mb"] for name, each in engines.items()}
    _bars(memory, megabytes, "%.0f", f"{int(size):,} passages", "MB over the bare process")
    _save(figure, (growth, memory), path)


def plot_service(results: Mapping[str, Any], path: Path) -> None:
    """Draw what a change takes, and the starts, of bench/service.py as a PNG."""
    figure, (changes, starts) = plt.subplots(1, 2, figsize=(11, 3.6), gridspec_kw={"width_ratios": (3, 2)})
    names = {
        "added_s": "saved until quoted",
        "withdrawn_s": "withdrawn until not quoted",
        "read_again_s": "read again and asked",
        "read_again_cpu_s": "the same, processor time",
    }
    for number, which in enumerate(("longest", "median")):
        heights = [results[each][which] for each in names]
        places = [place + 0.4 * number for place in range(len(names))]
        changes.bar_label(changes.barh(places, heights, 0.38, label=which), fmt="%.2f", padding=3)
    changes.axvline(2, color="tab:red", linestyle="--", linewidth=1, label="aim: quoted within 2 s")
    changes.set_yticks([place + 0.2 for place in range(len(names))], list(names.values()))
    changes.set(xlabel="seconds", title=f"One bulletin among {results['bulletins']:,}")
    changes.margins(x=0.15)
    changes.legend(frameon=False)
    seconds = {"nothing on disk": results["first_start_s"], "index on disk": results["start_with_index_s"]}
    _bars(starts, seconds, "%.1f", f"Start, {results['passages']:,} passages", "seconds")
    _save(figure, (changes, starts), path)


def plot_replicas(results: Mapping[str, Any], path: Path) -> None:
    """Draw messages a second with one replica and with two, and whose processor time a message takes, as a PNG."""
    figure, (speed, spent) = plt.subplots(1, 2, figsize=(11, 4))
    rows = [(replicas, row) for replicas, table in results["throughput"].items() for row in table]
    for number, (replicas, table) in enumerate(results["throughput"].items()):
        places = [place + 0.4 * number for place in range(len(table))]
        bars = speed.bar(places, [row["messages_a_second"] for row in table], 0.38, label=f"{replicas} replica(s)")
        speed.bar_label(bars, fmt="%.0f")
        speed.set_xticks([place + 0.2 for place in range(len(table))], [row["clients"] for row in table])
    speed.set(xlabel="people at once", ylabel="messages a second", title="Throughput through nginx")
    speed.legend(frameon=False)
    below = [0.0] * len(rows)
    for name in PROGRAMS:
        heights = [1000 * row["processors"][name] / row["messages_a_second"] for _, row in rows]
        spent.bar(range(len(rows)), heights, bottom=below, label=name)
        below = [low + height for low, height in zip(below, heights, strict=True)]
    spent.set_xticks(range(len(rows)), [f"{replicas} × {row['clients']}" for replicas, row in rows])
    spent.set(xlabel="replicas × people", ylabel="ms of processor a message", title="Who takes the time")
    spent.legend(frameon=False, fontsize="small", loc="upper left", bbox_to_anchor=(1, 1))
    _save(figure, (speed, spent), path)


def _bars(axes: Any, values: Mapping[str, float], fmt: str, title: str, unit: str) -> None:
    names = list(values)[::-1]
    axes.bar_label(axes.barh(names, [values[name] for name in names], color="tab:blue"), fmt=fmt, padding=3)
    axes.margins(x=0.15)
    axes.set(xlabel=unit, title=title)


def _save(figure: Any, drawn: Sequence[Any], path: Path) -> None:
    for axes in drawn:
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=DPI)
    plt.close(figure)
