"""Rasa's command line, for the checks it makes by itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bot.processes.programs import Program, last_lines, running
from bot.rasa.model import QUIET

SECONDS = 600.0


def rasa(folder: Path, *words: str) -> tuple[int, str]:
    """Run `rasa` in the working directory with a log in `folder`; return its exit code and the end of what it said."""
    log = folder / "rasa.log"
    program = Program("rasa", (sys.executable, "-m", "rasa", *words), log, QUIET)
    with running(program) as (child,):
        try:
            code = child.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            code = -1
    return code, "\n".join(last_lines(log, 40))
