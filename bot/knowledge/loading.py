"""From the knowledge folder to an Answerer: the one place where the rooms are put together."""

from __future__ import annotations

import logging
from datetime import date

import jieba

from bot.answering.answerer import Answerer
from bot.reading.library import read_library
from bot.reading.topics import read_topics
from bot.retrieval.remote_postings import Server
from bot.retrieval.search import build_searcher
from bot.settings import Settings

logger = logging.getLogger(__name__)


def load_answerer(
    settings: Settings, today: date, before: Answerer | None = None, server: Server | None = None
) -> Answerer:
    """Read and index the knowledge. Problems are logged; the good bulletins serve, a broken one as `before` had it.

    `before` is the last good state: what has not changed since is neither read nor cut again. `server` holds
    the postings of very many passages.
    Raises ValueError when topics.yml or synonyms.yml does not have its form.
    """
    jieba.setLogLevel(logging.WARNING)  # it tells everybody, on stderr, how it loads its dictionary
    topics = read_topics(settings.topics)
    searcher = before.searcher if before else None
    library = read_library(settings.bulletins, topics, today, searcher.library if searcher else None)
    for problem in library.problems:
        logger.warning("%s", problem)
    searcher = build_searcher(library, settings.knowledge, folder=settings.index, before=searcher, server=server)
    return Answerer(searcher, topics, settings.old_after_years)
