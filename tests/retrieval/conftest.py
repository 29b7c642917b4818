"""What the tests of this room share: the words of our knowledge folder, and the search over the five bulletins."""

from __future__ import annotations

import warnings
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# Warnings are errors, and jieba 0.42.1 (with pkg_resources, which it imports) warns of itself: let it, once, before us.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import jieba  # noqa: F401

if TYPE_CHECKING:
    from bot.retrieval.search import Searcher
    from bot.text.words import Segmenter

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"


@pytest.fixture(scope="session")
def searcher() -> Searcher:
    """The search over the bulletins we ship."""
    from bot.knowledge.loading import embedded_store, load_answerer
    from bot.settings import Settings

    settings = Settings(knowledge=KNOWLEDGE)
    return load_answerer(settings, date(2025, 11, 1), store=embedded_store(settings)).searcher


@pytest.fixture(scope="session")
def segmenter(searcher: Searcher) -> Segmenter:
    """The words of our lexicon, without our stop words."""
    return searcher.index.segmenter
