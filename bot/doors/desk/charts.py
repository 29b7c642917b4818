"""The staff page's charts, as SVG by matplotlib. Texts stay texts, in the browser's own Chinese font. Pure.

matplotlib keeps its style for the whole process: one chart is drawn at a time.
"""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from matplotlib import rc_context
from matplotlib.figure import Figure

_BAR = "#1f5fbf"
# In inches: a chart - narrow, because on a phone it is shrunk to the screen, its letters too - and a character of a
# name (12 points).
_WIDTH, _CHARACTER = 5.5, 12 / 72
_MOST_FOR_NAMES = 0.6  # of the width
_STYLE = {
    "svg.fonttype": "none",  # texts, not outlines: no font is needed here
    "svg.hashsalt": "duanka",  # the same figures give the same bytes
    "font.family": "sans-serif",
    "font.size": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_one_at_a_time = threading.Lock()


def by_hour(counts: Sequence[int]) -> bytes:
    """Return 24 columns, one an hour of the day."""
    with _styled():
        figure = Figure(figsize=(_WIDTH, 2.5), layout="constrained")
        axes = figure.subplots()
        axes.bar(range(len(counts)), counts, color=_BAR)
        axes.set_xticks(range(0, len(counts), 3), [f"{hour}:00" for hour in range(0, len(counts), 3)])
        axes.yaxis.get_major_locator().set_params(integer=True)
        axes.set_ylim(0, max([*counts, 4]) * 1.05)
        return _svg(figure)


def by_name(counts: Sequence[tuple[str, int]]) -> bytes:
    """Return a row for each name, the first on top."""
    with _styled():
        height = 0.3 + 0.42 * max(len(counts), 1)
        figure = Figure(figsize=(_WIDTH, height))
        # The room for names is counted, not measured: no font that is here has Chinese characters.
        left = min((1 + max((len(name) for name, _ in counts), default=0)) * _CHARACTER / _WIDTH, _MOST_FOR_NAMES)
        axes = figure.add_axes((left, 0.15 / height, 0.92 - left, 1 - 0.3 / height))
        bars = axes.barh(range(len(counts)), [count for _, count in counts], color=_BAR)
        axes.bar_label(bars, padding=4)
        axes.set_yticks(range(len(counts)), [name.replace("$", r"\$") for name, _ in counts])
        axes.invert_yaxis()
        axes.xaxis.set_visible(False)
        axes.spines["bottom"].set_visible(False)
        return _svg(figure)


@contextmanager
def _styled() -> Iterator[None]:
    with _one_at_a_time, rc_context(_STYLE):
        yield


def _svg(figure: Figure) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    # matplotlib quotes the name, and a browser then looks for a font that is called so.
    return out.getvalue().replace(b"px 'sans-serif'", b"px sans-serif")
