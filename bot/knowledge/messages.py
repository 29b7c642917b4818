"""Reading messages with the words and wordings of the knowledge folder: the one place where a Message is made."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.answering.message import Message, MessageReader, read_reader
from bot.retrieval.search import read_segmenter
from bot.settings import read_settings

WORDINGS = "wordings"
OURS = Path(__file__).parents[2] / "knowledge"


def read_message(raw: str, before: str = "") -> Message:
    """Read a message as it came in; `before` is the end of what the same person said last, masked."""
    return _reader().read(raw, before)


@cache
def reader_of(knowledge: Path) -> MessageReader:
    """Return what reads messages with a knowledge folder; one without wordings of its own has the project's.

    Raises ValueError that says where and what is wrong in it.
    """
    folder = knowledge if (knowledge / WORDINGS).is_dir() else OURS
    words = knowledge if (knowledge / "lexicon").is_dir() and (knowledge / "stopwords.txt").is_file() else OURS
    return read_reader(folder / WORDINGS, read_segmenter(words).mend)


@cache
def _reader() -> MessageReader:
    return reader_of(read_settings().knowledge)
