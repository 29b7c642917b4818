"""The settings, read once from the environment and passed on as one frozen record."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from limits import parse_many
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

_HASH = re.compile(r"scrypt(:[0-9]{1,7}){3}(:[A-Za-z0-9+/]+=*){2}")
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?")
_EMBEDDINGS = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/\S*")
_WEBHOOK = re.compile(r"https://[^\s/]+\S*|http://127\.0\.0\.1(?::[0-9]{1,5})?/\S*")
LEAST_SECRET = 16  # bytes
_REDIS = re.compile(r"rediss?://\S+")


@dataclass(frozen=True)
class Rates:
    """How many messages, in the notation of the `limits` library: a short window for bursts; a long one.

    Of one conversation on the web (`session`), of one follower, of one address, of all together (`service`); `opening`
    is how many conversations one address may begin. Behind one address there may be a whole office, or a mobile
    operator's customers.
    """

    session: str = "10 per 10 second; 30 per minute"
    follower: str = "10 per 10 second; 30 per minute"
    address: str = "120 per 10 second; 400 per minute"
    opening: str = "60 per 10 second; 200 per minute"
    service: str = "200 per 10 second; 900 per minute"


@dataclass(frozen=True)
class Settings:
    """`knowledge` is the folder it may speak from; `old_after_years` the age from which a bulletin is called old.

    `database` is an SQLAlchemy URL: conversations and what the doors keep. `web_origins` are the origins whose pages
    may hold the chat or call its channel from a browser; our own needs no entry. `staff_password` is the hash of the
    shared password that opens the staff page until somebody has an account; `staff_alone` lets who drafted a bulletin
    approve it too. `index` is the folder
    where the index of many bulletins is kept; it may be deleted at any time. `keep_days` is how long conversations are
    kept, `keep_events_days` how long a turn's figures without its words. `redis`, when there is one, is where several
    processes count together.
    `embeddings` names a model server's embeddings address, or `off`; empty is the model inside its package.
    `trusted_proxies` is how many of our own proxies stand in front: only then is what they
    say of a client's address believed. `duty_webhook`, when there is one, is told of emergencies and of who asks for a
    person, signed with `duty_secret`.
    """

    knowledge: Path = Path("knowledge")
    old_after_years: int = 2
    database: str = "sqlite:///var/duanka.db"
    web_origins: tuple[str, ...] = ()
    staff_password: str = field(default="", repr=False)
    staff_alone: bool = False
    index: Path = Path(".cache/index")
    keep_days: int = 30
    keep_events_days: int = 180
    redis: str = field(default="", repr=False)
    trusted_proxies: int = 0
    embeddings: str = ""
    duty_webhook: str = field(default="", repr=False)
    duty_secret: str = field(default="", repr=False)
    rates: Rates = Rates()

    @property
    def bulletins(self) -> Path:
        """The folder of the bulletins."""
        return self.knowledge / "bulletins"

    @property
    def topics(self) -> Path:
        """The list of topics."""
        return self.knowledge / "topics.yml"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read DUANKA_ and KNOWLEDGE, OLD_AFTER_YEARS, DATABASE, WEB_ORIGINS, STAFF_PASSWORD, INDEX, KEEP_DAYS,
    KEEP_EVENTS_DAYS, REDIS, TRUSTED_PROXIES, DUTY_WEBHOOK, DUTY_SECRET or LIMIT_ and a rate.

    Raises ValueError naming the variable, its value and what is allowed.
    """
    environment = os.environ if environment is None else environment
    years = environment.get("DUANKA_OLD_AFTER_YEARS", "2")
    if not years.isdecimal():
        raise ValueError(f"DUANKA_OLD_AFTER_YEARS is {years!r}; a whole number of years, 0 or more, is allowed")
    knowledge = Path(environment.get("DUANKA_KNOWLEDGE", "knowledge"))
    if not knowledge.is_dir():
        raise ValueError(f"DUANKA_KNOWLEDGE: {knowledge} is not a folder; start in the repository's root or name one")
    keep_days = _number(environment, "DUANKA_KEEP_DAYS", Settings.keep_days, 1)
    return Settings(
        knowledge=knowledge,
        old_after_years=int(years),
        database=_database(environment.get("DUANKA_DATABASE") or Settings.database),
        web_origins=_origins(environment.get("DUANKA_WEB_ORIGINS", "")),
        staff_password=_hash(environment.get("DUANKA_STAFF_PASSWORD", "")),
        staff_alone=_switch(environment, "DUANKA_STAFF_ALONE"),
        index=Path(environment.get("DUANKA_INDEX") or Settings.index),
        keep_days=keep_days,
        keep_events_days=_number(
            environment, "DUANKA_KEEP_EVENTS_DAYS", max(Settings.keep_events_days, keep_days), keep_days
        ),
        redis=_redis(environment.get("DUANKA_REDIS", "")),
        trusted_proxies=_number(environment, "DUANKA_TRUSTED_PROXIES", Settings.trusted_proxies, 0),
        embeddings=_embeddings(environment.get("DUANKA_EMBEDDINGS", "")),
        duty_webhook=_webhook(environment.get("DUANKA_DUTY_WEBHOOK", "")),
        duty_secret=_secret(environment.get("DUANKA_DUTY_SECRET", "")),
        rates=_rates(environment),
    )


def sqlite_file(url: str) -> Path | None:
    """Return the file of an SQLite database; None for any other, and for one in memory."""
    where = make_url(url)
    if where.get_backend_name() != "sqlite" or where.database in (None, "", ":memory:"):
        return None
    return Path(where.database)


def _database(url: str) -> str:
    try:
        make_url(url)
    except ArgumentError:
        # The value may hold a password: it is not repeated.
        raise ValueError(
            "DUANKA_DATABASE is no database URL; sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME is allowed"
        ) from None
    return url


def _embeddings(address: str) -> str:
    if address not in ("", "off") and not _EMBEDDINGS.fullmatch(address):
        raise ValueError(
            f"DUANKA_EMBEDDINGS is {address!r}; http://HOST:PORT/v1/embeddings, off, or nothing is allowed"
        )
    return address


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


def _switch(environment: Mapping[str, str], name: str) -> bool:
    written = environment.get(name, "") or "0"
    if written not in ("0", "1"):
        raise ValueError(f"{name} is {written!r}; 1 or 0 is allowed")
    return written == "1"


def _number(environment: Mapping[str, str], name: str, default: int, least: int) -> int:
    given = environment.get(name) or str(default)
    if not re.fullmatch("[0-9]{1,5}", given) or int(given) < least:
        raise ValueError(f"{name} is {given!r}; a whole number from {least} to 99999 is allowed")
    return int(given)


def _redis(url: str) -> str:
    if url and not _REDIS.fullmatch(url):
        # The value is not repeated: it may hold a password.
        raise ValueError("DUANKA_REDIS is no Redis address; redis://[:PASSWORD@]HOST:PORT/NUMBER is allowed")
    return url


def _webhook(url: str) -> str:
    if url and not _WEBHOOK.fullmatch(url):
        # The value is not repeated: it may hold a key.
        raise ValueError("DUANKA_DUTY_WEBHOOK is no address; https://… is allowed, http:// to 127.0.0.1 only")
    return url


def _secret(secret: str) -> str:
    if secret and (len(secret.encode()) < LEAST_SECRET or re.search(r"[$`]", secret)):
        raise ValueError("DUANKA_DUTY_SECRET is too short, or a command; at least 16 bytes of its own are allowed")
    return secret


def _rates(environment: Mapping[str, str]) -> Rates:
    given = {each.name: environment.get(f"DUANKA_LIMIT_{each.name.upper()}") for each in fields(Rates)}
    for name, rate in given.items():
        if rate and not _is_rate(rate):
            raise ValueError(
                f"DUANKA_LIMIT_{name.upper()} is {rate!r}; a rate such as '10 per 10 second; 30 per minute' is allowed"
            )
    return Rates(**{name: rate for name, rate in given.items() if rate})


def _is_rate(rate: str) -> bool:
    try:
        return all(each.amount > 0 for each in parse_many(rate))
    except ValueError:
        return False
