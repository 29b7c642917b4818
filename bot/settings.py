"""The settings, read once from the environment and passed on as one frozen record."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """`knowledge` is the folder it may speak from; `old_after_years` the age from which a bulletin is called old."""

    knowledge: Path = Path("knowledge")
    old_after_years: int = 2

    @property
    def bulletins(self) -> Path:
        """The folder of the bulletins."""
        return self.knowledge / "bulletins"

    @property
    def topics(self) -> Path:
        """The list of topics."""
        return self.knowledge / "topics.yml"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read DUANKA_KNOWLEDGE and DUANKA_OLD_AFTER_YEARS.

    Raises ValueError naming the variable, its value and what is allowed.
    """
    environment = os.environ if environment is None else environment
    years = environment.get("DUANKA_OLD_AFTER_YEARS", "2")
    if not years.isdecimal():
        raise ValueError(f"DUANKA_OLD_AFTER_YEARS is {years!r}; a whole number of years, 0 or more, is allowed")
    knowledge = Path(environment.get("DUANKA_KNOWLEDGE", "knowledge"))
    if not knowledge.is_dir():
        raise ValueError(f"DUANKA_KNOWLEDGE: {knowledge} is not a folder; start in the repository's root or name one")
    return Settings(knowledge=knowledge, old_after_years=int(years))
