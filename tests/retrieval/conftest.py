"""What the tests of this room share: the words of our knowledge folder, and the search over the five bulletins."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.loading import embedded_store, load_answerer
from bot.retrieval.search import Searcher
from bot.settings import Settings
from bot.text.words import Segmenter

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"


@pytest.fixture(scope="session")
def searcher() -> Searcher:
    """The search over the bulletins we ship."""
    settings = Settings(knowledge=KNOWLEDGE)
    return load_answerer(settings, date(2025, 11, 1), store=embedded_store(settings)).searcher


@pytest.fixture(scope="session")
def segmenter(searcher: Searcher) -> Segmenter:
    """The words of our lexicon, without our stop words."""
    return searcher.index.segmenter
