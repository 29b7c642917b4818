"""How many examples are drawn: a few in every test run, FUZZ_TIMES as many when somebody lets it run for long."""

from __future__ import annotations

import os


def times(examples: int) -> int:
    """Return the number of examples of a test that has so many in every run."""
    return examples * int(os.environ.get("FUZZ_TIMES", "1"))
