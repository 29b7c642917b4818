"""Each benchmark's figures become a picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from plots import plot_service

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
def test_a_picture(tmp_path: Path) -> None:
    """Of what bench/service.py writes."""
    plot_service(SERVICE, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
