"""From the knowledge folder to an Answerer: the one place where the rooms are put together."""

from __future__ import annotations

import logging
from datetime import date

from bot.answering.answerer import Answerer
from bot.reading.library import read_library
from bot.reading.records import Library
from bot.reading.topics import read_topics
from bot.retrieval.search import build_searcher
from bot.settings import Settings

logger = logging.getLogger(__name__)


def load_answerer(settings: Settings, today: date, before: Library | None = None) -> Answerer:
    """Read and index the knowledge. Problems are logged; the good bulletins serve, a broken one as `before` had it.

    Raises ValueError when topics.yml or synonyms.yml does not have its form.
    """
    topics = read_topics(settings.topics)
    library = read_library(settings.bulletins, topics, today, before)
    for problem in library.problems:
        logger.warning("%s", problem)
    searcher = build_searcher(library, settings.knowledge, folder=settings.index)
    return Answerer(searcher, topics, settings.old_after_years)
