"""What the tests of this room share: the words of our knowledge folder, and the search over the bulletins we ship."""

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
    from bot.reading.library import read_library
    from bot.reading.topics import read_topics
    from bot.retrieval.search import build_searcher

    library = read_library(KNOWLEDGE / "bulletins", read_topics(KNOWLEDGE / "topics.yml"), date(2025, 11, 1))
    return build_searcher(library, KNOWLEDGE)


@pytest.fixture(scope="session")
def segmenter(searcher: Searcher) -> Segmenter:
    """The words of our lexicon, without our stop words."""
    return searcher.index.segmenter
