"""What the tests of this room share: the words of our knowledge folder, and the search over the bulletins we ship."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.reading.library import read_library
from bot.reading.topics import read_topics
from bot.retrieval.search import Searcher, build_searcher
from bot.text.words import Segmenter

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"


@pytest.fixture(scope="session")
def searcher() -> Searcher:
    """The search over the bulletins we ship."""
    library = read_library(KNOWLEDGE / "bulletins", read_topics(KNOWLEDGE / "topics.yml"), date(2025, 11, 1))
    return build_searcher(library, KNOWLEDGE)


@pytest.fixture(scope="session")
def segmenter(searcher: Searcher) -> Segmenter:
    """The words of our lexicon, without our stop words."""
    return searcher.index.segmenter
