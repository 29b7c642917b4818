"""The files the pages ask for, beside this module: a closed list, so that no name leads anywhere else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType

# The names, each with what it is put together from, in this order: a page asks for one sheet, and waits for no second.
ASSETS = MappingProxyType(
    {
        "pages.css": ("base.css", "pages.css"),
        "demo.css": ("base.css", "demo.css"),
        "icon.svg": ("icon.svg",),
    }
)


def asset(name: str) -> bytes | None:
    """Return the bytes of what is called so in ASSETS, None for any other name."""
    parts = ASSETS.get(name)
    return _read(parts) if parts else None


@cache
def _read(parts: tuple[str, ...]) -> bytes:
    return b"\n".join((Path(__file__).parent / part).read_bytes() for part in parts)
