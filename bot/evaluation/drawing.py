"""The charts of the report, as SVG to stand inside a page. Digits only: Chinese stands in the page around them.

Digits are drawn as outlines, so that no font is asked for.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from bot.evaluation.crossvalidation import Confusion
from bot.evaluation.runs import Entry

ANSWERABLE, UNANSWERABLE, THRESHOLD = "#1f5fbf", "#c2410c", "#111827"
_STYLE = {
    "svg.fonttype": "path",
    "svg.hashsalt": "duanka",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_BIN = 0.1
_SHADES = LinearSegmentedColormap.from_list("shades", ["#ffffff", "#f6c9b4", "#c2410c"])
_RIGHT = LinearSegmentedColormap.from_list("right", ["#ffffff", "#b7cdef", "#1f5fbf"])
_IDS = re.compile(r'((?:\bid|xlink:href|href|clip-path)="(?:url\()?#?)')


def supports(entries: Sequence[Entry], least: float) -> str:
    """Return how many questions have which support: those to be answered upwards, the others downwards.

    `entries` are those whose least support is `least`; it is the upright line.
    """
    found = {
        expect: [entry.support.best for entry in entries if entry.expect == expect and entry.support]
        for expect in ("answer", "abstain")
    }
    edges = _edges([*found["answer"], *found["abstain"]], least)
    with rc_context(_STYLE):
        figure = Figure(figsize=(4.8, 2.6), layout="constrained")
        axes = figure.subplots()
        up, down = (np.histogram(found[expect], edges)[0] for expect in ("answer", "abstain"))
        axes.bar(edges[:-1], up, _BIN * 0.9, align="edge", color=ANSWERABLE)
        axes.bar(edges[:-1], -down, _BIN * 0.9, align="edge", color=UNANSWERABLE)
        axes.axhline(0, color=THRESHOLD, linewidth=0.8)
        axes.axvline(least, color=THRESHOLD, linestyle="--")
        axes.annotate(f"{least:.2f}", (least, 1), xycoords=("data", "axes fraction"), xytext=(4, -10),
                      textcoords="offset points")  # fmt: skip
        _count_without_sign(axes, max(1, *up), max(1, *down))
        return _svg(figure, f"s{round(least * 100)}-")


def confusion(found: Confusion) -> str:
    """Return the matrix: a row an intent as it is meant, a column as it was taken, numbered from 1 as in `intents`.

    Rows are shares of that intent: the diagonal is right, every other square is a mistake.
    """
    size = len(found.intents)
    counts = np.array([[found.counts.get((row, column), 0) for column in found.intents] for row in found.intents])
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    right = np.eye(size, dtype=bool)
    with rc_context({**_STYLE, "font.size": 8}):
        figure = Figure(figsize=(7.2, 7.2), layout="constrained")
        axes = figure.subplots()
        axes.set_aspect("equal")
        axes.pcolormesh(np.where(right, shares, np.nan), cmap=_RIGHT, vmin=0, vmax=1, edgecolors="#e5e7eb", lw=0.3)
        axes.pcolormesh(np.where(right, np.nan, shares), cmap=_SHADES, vmin=0, vmax=0.2, edgecolors="#e5e7eb", lw=0.3)
        for row, column in zip(*np.nonzero(counts), strict=True):
            shade = "white" if shares[row, column] > (0.6 if row == column else 0.14) else "#374151"
            axes.text(column + 0.5, row + 0.5, str(counts[row, column]), ha="center", va="center", color=shade)
        axes.set_xticks(np.arange(size) + 0.5, [str(number + 1) for number in range(size)])
        axes.set_yticks(np.arange(size) + 0.5, [str(number + 1) for number in range(size)])
        axes.tick_params(length=0, labeltop=True)
        axes.invert_yaxis()
        return _svg(figure, "c-")


def _edges(values: Sequence[float], least: float) -> Any:
    """Return the edges of bars of equal width around all values; the threshold is an edge, and in no bar."""
    below = math.ceil((least - min([0.0, *values])) / _BIN)
    above = math.floor((max([1.0, *values]) - least) / _BIN) + 1
    return least + _BIN * np.arange(-below, above + 1)


def _count_without_sign(axes: Axes, up: int, down: int) -> None:
    """Downwards is still a number of questions."""
    step = max(1, round((up + down) / 5))
    ticks = [*range(0, -down - 1, -step), *range(step, up + 1, step)]
    axes.set_yticks(ticks, [str(abs(tick)) for tick in ticks])
    axes.set_ylim(-down * 1.1, up * 1.1)


def _svg(figure: Figure, prefix: str) -> str:
    """Return the element alone, its ids made its own: several stand in one page."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Type": None, "Format": None},
                   transparent=True)  # fmt: skip
    text = out.getvalue()
    return _IDS.sub(rf"\g<1>{prefix}", text[text.index("<svg") :]).replace("<svg ", '<svg aria-hidden="true" ', 1)
