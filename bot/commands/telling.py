"""How a command that only reads and writes files says what is wrong: its sentence, and exit code 1."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from bot.commands.processes import CommandError


@contextmanager
def telling(console: Console) -> Iterator[None]:
    """Turn what cannot be read, reached or understood into its sentence, and exit 1."""
    try:
        yield
    except (CommandError, OSError, ValueError) as error:
        console.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
