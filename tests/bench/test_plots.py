"""Each benchmark's figures become a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from plots import plot_milvus, plot_service

SPREAD = {"mean": 0.4, "p50": 0.1, "p95": 1.0}
MILVUS = {
    "passages": 57922,
    "questions": 1543,
    "same_ten_best": 1543,
    "same_scores": 1543,
    "ms_a_question": {"embedded": SPREAD, "Milvus Lite": SPREAD, "scanned": SPREAD},
}
CHANGES = ("added_s", "withdrawn_s", "read_again_s", "read_again_cpu_s")
SERVICE = {
    "bulletins": 2902,
    "passages": 57753,
    "first_start_s": 90.0,
    "start_with_index_s": 12.8,
    **{name: {"median": 1.0, "longest": 1.5} for name in CHANGES},
}


# Matplotlib 3.5 calls pyparsing by old names, when it writes powers of ten.
@pytest.mark.filterwarnings("ignore:.* argument is deprecated, use .*:DeprecationWarning")
@pytest.mark.parametrize(("draw", "results"), [(plot_milvus, MILVUS), (plot_service, SERVICE)])
def test_a_picture(draw: Any, results: dict[str, Any], tmp_path: Path) -> None:
    """Of what bench/milvus.py and bench/service.py write."""
    draw(results, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
