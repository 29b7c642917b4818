"""The files the pages ask for, beside this module: a closed list, so that no name leads anywhere else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType

# The names, each with the media type to serve it as.
ASSETS = MappingProxyType(
    {
        "pages.css": "text/css; charset=utf-8",
        "demo.css": "text/css; charset=utf-8",
        "icon.svg": "image/svg+xml",
    }
)


@cache
def asset(name: str) -> bytes | None:
    """Return the bytes of a file in ASSETS, None for any other name."""
    return (Path(__file__).parent / name).read_bytes() if name in ASSETS else None
