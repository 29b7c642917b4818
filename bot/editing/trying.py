"""What would be answered if a revision were in the folder: asked beside what is served, before anything is published.

The draft stands in a folder of links of its own; the reader, the index and the answerer are the service's. Nothing is
counted, nothing kept.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.answering.answerer import Answerer
from bot.answering.records import Answer, Memory, Understanding
from bot.answering.rendering import render_text
from bot.editing.revisions import Revision, read
from bot.evaluation.judging import Question, parse_questions
from bot.knowledge.embeddings import VectorStore
from bot.knowledge.loading import load_answerer
from bot.knowledge.messages import read_message
from bot.reading.records import Problem
from bot.retrieval.dense import embedded_texts
from bot.settings import Settings

logger = logging.getLogger(__name__)
# What the classifier would make of a question is not asked here: what decides is whether a passage answers.
UNDERSTOOD = Understanding("nlu_fallback", 0.0)
_MOST_TURNS = 6


@dataclass(frozen=True)
class Tried:
    """What one state of the knowledge says to a question."""

    outcome: str
    text: str
    passages: tuple[str, ...]


@dataclass(frozen=True)
class Changed:
    """A golden question that a revision changes the answer of."""

    question: str
    before: Tried
    after: Tried


@contextmanager
def folder_with(settings: Settings, revision: Revision) -> Iterator[Settings]:
    """Yield settings whose knowledge is what is served with the revision in its place."""
    with tempfile.TemporaryDirectory(prefix="duanka-draft-") as made:
        knowledge = Path(made) / "knowledge"
        (knowledge / "bulletins").mkdir(parents=True)
        for entry in settings.knowledge.resolve().iterdir():
            if entry.name != "bulletins":
                (knowledge / entry.name).symlink_to(entry)
        for file in settings.bulletins.resolve().iterdir():
            if file.stem != revision.stem and file.suffix in (".md", ".yml"):
                (knowledge / "bulletins" / file.name).symlink_to(file)
        (knowledge / "bulletins" / f"{revision.stem}.md").write_bytes(revision.data)
        (knowledge / "bulletins" / f"{revision.stem}.yml").write_text(revision.sidecar or "{}\n", "utf-8")
        yield replace(settings, knowledge=knowledge, index=Path(made) / "index")


def answerer_with(settings: Settings, revision: Revision, served: Answerer, today: date) -> Answerer:
    """Return the answerer there would be. Takes about as long as the service takes to follow one change."""
    with folder_with(settings, revision) as drafted:
        return load_answerer(drafted, today, served, store=_store(settings, revision, served, today))


def _store(settings: Settings, revision: Revision, served: Answerer, today: date) -> VectorStore | None:
    """Return the service's store with the draft's vectors too; where what is served goes by words, so does this."""
    dense = served.searcher.dense
    if dense is None:
        return None
    store = VectorStore(settings.index / "vectors.db", dense.encoder)
    known = read(revision, served.topics, today)
    try:
        if not isinstance(known, Problem):
            store.embed(embedded_texts(known.passages, {revision.stem: known.bulletin.title}))
    except OSError as error:
        logger.warning("a draft is tried by words alone: %s", type(error).__name__)
    return store


def ask(answerer: Answerer, before: Sequence[str], question: str, today: date) -> Tried:
    """Return what is said to a question after these messages."""
    memory = remembered(answerer, before, today)
    answer, _ = answerer.reply(read_message(question), UNDERSTOOD, memory, today)
    return _tried(answer)


def remembered(answerer: Answerer, before: Sequence[str], today: date) -> Memory:
    """Return what is remembered after these messages."""
    memory = Memory()
    for said in before[-_MOST_TURNS:]:
        _, memory = answerer.reply(read_message(said), UNDERSTOOD, memory, today)
    return memory


def golden_questions(folder: Path) -> tuple[Question, ...]:
    """Return the golden questions that are kept in `folder`; none where there is no such folder."""
    found = (each for path in sorted(folder.glob("*.yml")) for each in parse_questions(path, path.read_bytes()))
    return tuple(each for each in found if isinstance(each, Question))


def changes(served: Answerer, drafted: Answerer, questions: Sequence[Question], today: date) -> Iterator[Changed]:
    """Yield the golden questions whose answer quotes something else, or is of another kind."""
    for question in questions:
        before, after = (ask(each, (), question.text, today) for each in (served, drafted))
        if before != after:
            yield Changed(question.text, before, after)


def _tried(answer: Answer) -> Tried:
    return Tried(answer.outcome, render_text(answer), tuple(quote.passage.id for quote in answer.quotes))
