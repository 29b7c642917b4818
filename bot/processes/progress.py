"""Telling the operator that something takes its time. Knows the terminal, nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


@contextmanager
def waiting(console: Console, doing: str) -> Iterator[None]:
    """Show what is being done and for how long; leave one line with the time it took, if it succeeded.

    Without a terminal it is one line before and one after.
    """
    begun = time.monotonic()
    columns = (SpinnerColumn(), TextColumn("{task.description}……", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        progress.add_task(doing, total=None)
        if not console.is_terminal:
            console.print(f"{doing}……", markup=False, highlight=False)
        yield
    console.print(f"{doing}：完成，用时 {time.monotonic() - begun:.0f} 秒", markup=False, highlight=False)
