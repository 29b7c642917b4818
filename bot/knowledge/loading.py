"""From the knowledge folder to an Answerer: the one place where the rooms are put together."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date
from pathlib import Path

import jieba

from bot.answering.answerer import Answerer
from bot.knowledge.embeddings import VectorStore, open_store
from bot.reading.later import parse_later
from bot.reading.library import read_library
from bot.reading.records import LaterRule, Library, Problem, Topic
from bot.reading.topics import parse_topics, read_topics
from bot.retrieval.dense import embedded_texts
from bot.retrieval.search import build_searcher
from bot.retrieval.word_lists import read_word_lists
from bot.settings import Settings

logger = logging.getLogger(__name__)


def load_answerer(
    settings: Settings,
    today: date,
    before: Answerer | None = None,
    store: VectorStore | None = None,
) -> Answerer:
    """Read and index the knowledge. Problems are logged; the good bulletins serve, a broken one as `before` had it.

    `before` is the last good state: what has not changed since is neither read nor cut again, and word lists and topics
    that nobody can read are as they were then: a slip in one holds back no bulletin, and no withdrawal. `store` has the
    vectors of the passages that were embedded; the others go by words.
    Raises ValueError when there is no topic that can be read, nor was before.
    """
    jieba.setLogLevel(logging.WARNING)  # it tells everybody, on stderr, how it loads its dictionary
    searcher = before.searcher if before else None
    lists = read_word_lists(settings.knowledge, searcher.lists if searcher else None)
    topics, wrong = _topics(settings.topics, before)
    library = read_library(settings.bulletins, topics, today, searcher.library if searcher else None)
    later, unread = _later(settings.knowledge / "later.yml", topics, library)
    library = replace(library, problems=(*library.problems, *lists.problems, *wrong, *unread))
    for problem in library.problems:
        logger.warning("%s", problem)
    searcher = build_searcher(
        library,
        settings.knowledge,
        folder=settings.index,
        before=searcher,
        lists=lists,
        encoder=store.encoder if store else None,
        vectors=store.known(texts_of(library)) if store else None,
    )
    return Answerer(searcher, topics, settings.old_after_years, later=later)


def _later(
    path: Path, topics: tuple[Topic, ...], library: Library
) -> tuple[tuple[LaterRule, ...], tuple[Problem, ...]]:
    """Return the rules that came after bulletins, the oldest first, without those that are bulletins themselves."""
    entries = parse_later(path, path.read_bytes(), {topic.slug for topic in topics}) if path.is_file() else ()
    titles = [bulletin.title for bulletin in library.bulletins.values() if bulletin.in_force]
    rules = [entry for entry in entries if isinstance(entry, LaterRule)]
    missing = (rule for rule in rules if not any(rule.name in title for title in titles))
    wrong = tuple(entry for entry in entries if isinstance(entry, Problem))
    return tuple(sorted(missing, key=lambda rule: rule.since)), wrong


def _topics(path: Path, before: Answerer | None) -> tuple[tuple[Topic, ...], tuple[Problem, ...]]:
    """Return the topics that can be read, or those of before, and what is wrong with the others."""
    try:
        entries = parse_topics(path, path.read_bytes())
    except OSError as error:
        entries = (Problem(path, 1, f"读不到这个文件（{error.strerror}）", "请检查文件在不在、能不能读"),)
    sound = tuple(entry for entry in entries if isinstance(entry, Topic))
    wrong = tuple(entry for entry in entries if isinstance(entry, Problem))
    if not sound and before is None:
        raise ValueError("\n".join(map(str, wrong)))
    return sound or (before.topics if before else ()), wrong


def texts_of(library: Library) -> tuple[str, ...]:
    """Return every text of a library that the dense reader needs a vector of."""
    passages = [passage for passage in library.passages if library.may_quote(passage)]
    return embedded_texts(passages, {stem: bulletin.title for stem, bulletin in library.bulletins.items()})


def embedded_store(settings: Settings) -> VectorStore | None:
    """Return the store with a vector of every text of the knowledge, embedding what is missing; None without a reader.

    Raises OSError when the dense reader's server cannot be had.
    """
    store = open_store(settings)
    if store is not None:
        store.embed(texts_of(read_library(settings.bulletins, read_topics(settings.topics), date.today())))
    return store
