"""How a command that only reads and writes files says what it found, and what is wrong: a sentence, and exit code 1."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from bot.processes.programs import CommandError

MOST_CHARACTERS = 60


def shorten(text: str) -> str:
    """Return a text on one line, and only its beginning when it is long."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_CHARACTERS else f"{line[:MOST_CHARACTERS]}……"


@contextmanager
def telling(console: Console) -> Iterator[None]:
    """Turn what cannot be read, reached or understood into its sentence, and exit 1."""
    try:
        yield
    except (CommandError, OSError, ValueError) as error:
        console.print(_sentence(error), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"打不开 {error.filename}（{error.strerror}）"
    return str(error)
