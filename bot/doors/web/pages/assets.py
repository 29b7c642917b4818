"""The files the pages ask for, beside this module: a closed list, so that no name leads anywhere else."""

from __future__ import annotations

from functools import cache
from pathlib import Path

ASSETS = ("pages.css", "demo.css", "icon.svg")


def asset(name: str) -> bytes | None:
    """Return the bytes of a file in ASSETS, None for any other name."""
    return _read(name) if name in ASSETS else None


@cache
def _read(name: str) -> bytes:
    return (Path(__file__).parent / name).read_bytes()
