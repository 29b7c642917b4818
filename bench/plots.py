"""The retriever's figures as one picture: time against the number of passages, and memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt


def plot(results: dict[str, Any], path: Path) -> None:
    """Draw `growth_ms` and `footprint` of bench/retriever.py as a PNG."""
    figure, (growth, memory) = plt.subplots(1, 2, figsize=(11, 4.2), gridspec_kw={"width_ratios": (3, 2)})
    for name, times in results["growth_ms"].items():
        sizes = [int(size) for size in times]
        growth.loglog(sizes, list(times.values()), marker="o", linewidth=3 if name == "ours" else 1.2, label=name)
    growth.set(xlabel="passages", ylabel="ms a question (mean)", title="One question, ten best")
    growth.grid(visible=True, which="major", alpha=0.3)
    growth.legend(frameon=False)
    names = list(results["footprint"])
    megabytes = [results["footprint"][name]["mb"] for name in names]
    bars = memory.barh(names[::-1], megabytes[::-1], color="tab:blue")
    memory.bar_label(bars, fmt="%.0f", padding=3)
    memory.margins(x=0.15)
    memory.set(xlabel="MB over the bare process", title=f"{results['corpus']['passages']:,} passages")
    for axes in (growth, memory):
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=80)
