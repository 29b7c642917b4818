"""The dense reader as the tests share it: each text is embedded once, whoever asks first."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.knowledge.embeddings import VectorStore, open_encoder
from bot.settings import Settings

ROOT = Path(__file__).parents[1]


@cache
def dense_store() -> VectorStore | None:
    """Return the store of this checkout, or None where the model is not installed."""
    encoder = open_encoder(Settings())
    return VectorStore(ROOT / ".cache/index/vectors.db", encoder) if encoder else None
