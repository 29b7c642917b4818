"""What the tests of this room share: an Answerer over the bulletins we ship."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.answering.answerer import Answerer
from bot.knowledge.loading import embedded_store, load_answerer
from bot.retrieval.synonyms import Synonyms
from bot.settings import Settings
from bot.text.words import Segmenter

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"


@pytest.fixture(scope="session")
def answerer() -> Answerer:
    """Answers from the bulletins we ship."""
    settings = Settings(knowledge=KNOWLEDGE)
    return load_answerer(settings, date(2025, 11, 1), store=embedded_store(settings))


@pytest.fixture(scope="session")
def synonyms(answerer: Answerer) -> Synonyms:
    """The table of synonyms, objects and places we ship."""
    return answerer.searcher.index.synonyms


@pytest.fixture(scope="session")
def segmenter(answerer: Answerer) -> Segmenter:
    """Cuts words as the assistant does."""
    return answerer.searcher.index.segmenter
