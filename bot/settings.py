"""The settings, read once from the environment and passed on as one frozen record."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

_HASH = re.compile(r"scrypt(:[0-9]{1,7}){3}(:[A-Za-z0-9+/]+=*){2}")
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?")


@dataclass(frozen=True)
class Settings:
    """`knowledge` is the folder it may speak from; `old_after_years` the age from which a bulletin is called old.

    `database` is an SQLAlchemy URL: conversations and what the doors keep. `web_origins` are the origins whose pages
    may hold the chat or call its channel from a browser; our own needs no entry. `staff_password` is the hash of the
    staff page's password (`duanka staff password` makes it); without one there is no staff page. `index` is the folder
    where the index of many bulletins is kept; it may be deleted at any time.
    """

    knowledge: Path = Path("knowledge")
    old_after_years: int = 2
    database: str = "sqlite:///var/duanka.db"
    web_origins: tuple[str, ...] = ()
    staff_password: str = field(default="", repr=False)
    index: Path = Path(".cache/index")

    @property
    def bulletins(self) -> Path:
        """The folder of the bulletins."""
        return self.knowledge / "bulletins"

    @property
    def topics(self) -> Path:
        """The list of topics."""
        return self.knowledge / "topics.yml"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read DUANKA_ and KNOWLEDGE, OLD_AFTER_YEARS, DATABASE, WEB_ORIGINS, STAFF_PASSWORD or INDEX.

    Raises ValueError naming the variable, its value and what is allowed.
    """
    environment = os.environ if environment is None else environment
    years = environment.get("DUANKA_OLD_AFTER_YEARS", "2")
    if not years.isdecimal():
        raise ValueError(f"DUANKA_OLD_AFTER_YEARS is {years!r}; a whole number of years, 0 or more, is allowed")
    knowledge = Path(environment.get("DUANKA_KNOWLEDGE", "knowledge"))
    if not knowledge.is_dir():
        raise ValueError(f"DUANKA_KNOWLEDGE: {knowledge} is not a folder; start in the repository's root or name one")
    return Settings(
        knowledge=knowledge,
        old_after_years=int(years),
        database=_database(environment.get("DUANKA_DATABASE") or Settings.database),
        web_origins=_origins(environment.get("DUANKA_WEB_ORIGINS", "")),
        staff_password=_hash(environment.get("DUANKA_STAFF_PASSWORD", "")),
        index=Path(environment.get("DUANKA_INDEX") or Settings.index),
    )


def _database(url: str) -> str:
    try:
        make_url(url)
    except ArgumentError:
        # The value may hold a password: it is not repeated.
        raise ValueError(
            "DUANKA_DATABASE is no database URL; sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME is allowed"
        ) from None
    return url


def _hash(hashed: str) -> str:
    if hashed and not _HASH.fullmatch(hashed):
        # The value is not repeated: it may be the password itself.
        raise ValueError("DUANKA_STAFF_PASSWORD is not a hash; what `duanka staff password` prints is allowed")
    return hashed


def _origins(listed: str) -> tuple[str, ...]:
    origins = tuple(origin.strip() for origin in listed.split(",") if origin.strip())
    wrong = [origin for origin in origins if not _ORIGIN.fullmatch(origin)]
    if wrong:
        raise ValueError(
            f"DUANKA_WEB_ORIGINS names {wrong[0]!r}; http(s)://HOST or http(s)://HOST:PORT without a path is allowed"
        )
    return origins
