"""Who is logged in at the desk, and who gave wrong passwords: kept in the database, so that every replica knows.

Calls go to the database at once, off the event loop; each may raise SQLAlchemyError or OSError when it is ill. Times
are seconds since 1970, and come in as arguments.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, delete, func, insert, select, update

from bot.keeping.database import Database, lock_for_writing

IDLE_SECONDS, LONGEST_SECONDS = 30 * 60, 8 * 3600
# Being seen is written down this seldom: a page costs no write.
_SEEN_SECONDS = 60
LOCKED_MINUTES = 15
# Wrong passwords within that time: of one account from one address, of one address for whatever account, and of one
# account from addresses it never logged in from. An address it did log in from never has to wait for the others.
MOST_OF_ONE, MOST_OF_ADDRESS, MOST_OF_ACCOUNT = 5, 20, 30
_KNOWN_SECONDS = 60 * 86400.0

_metadata = MetaData()
_sessions = Table(
    "staff_sessions",
    _metadata,
    Column("key", String(64), primary_key=True),
    Column("account", String(40), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("opened", Float(53), nullable=False),
    Column("seen", Float(53), nullable=False),
)
_attempts = Table(
    "staff_attempts",
    _metadata,
    Column("number", Integer, primary_key=True),
    Column("at", Float(53), nullable=False, index=True),
    Column("account", String(64), nullable=False),
    Column("address", String(64), nullable=False),
)
_known = Table(
    "staff_known_addresses",
    _metadata,
    Column("account", String(64), primary_key=True),
    Column("address", String(64), primary_key=True),
    Column("at", Float(53), nullable=False),
)


@dataclass(frozen=True)
class Session:
    """Someone who gave a password. `account` is "" for the shared one; `csrf` stands in each of their forms."""

    account: str
    csrf: str = field(repr=False)
    opened: float
    seen: float


class Sessions:
    """The open sessions, by the hash of their token."""

    def __init__(self, url: str) -> None:
        """Keep where the database is."""
        self._database = Database(url, _metadata)

    def open(self, account: str, now: float) -> str:
        """Begin a session and return its token."""
        token = secrets.token_urlsafe(32)
        with self._database.writing() as database:
            over = (_sessions.c.seen < now - IDLE_SECONDS) | (_sessions.c.opened < now - LONGEST_SECONDS)
            database.execute(delete(_sessions).where(over))
            csrf = secrets.token_urlsafe(32)
            database.execute(
                insert(_sessions).values(key=_key(token), account=account, csrf=csrf, opened=now, seen=now)
            )
        return token

    def find(self, token: str, now: float) -> Session | None:
        """Return the session of a token, seen now; None when there is none or it is over."""
        if not token:
            return None
        with self._database.reading() as database:
            row = database.execute(select(_sessions).where(_sessions.c.key == _key(token))).first()
        if row is None or now - row.seen > IDLE_SECONDS or now - row.opened > LONGEST_SECONDS:
            return None
        if now - row.seen > _SEEN_SECONDS:
            with self._database.writing() as database:
                database.execute(update(_sessions).where(_sessions.c.key == row.key).values(seen=now))
        return Session(row.account, row.csrf, row.opened, now)

    def end(self, token: str) -> None:
        """End a session."""
        with self._database.writing() as database:
            database.execute(delete(_sessions).where(_sessions.c.key == _key(token)))

    def end_all(self, account: str) -> None:
        """End every session of an account: its password is another one now, or it is closed."""
        with self._database.writing() as database:
            database.execute(delete(_sessions).where(_sessions.c.account == account))

    def close(self) -> None:
        """Leave the database; the next call would connect again."""
        self._database.close()


class Attempts:
    """Counts wrong passwords, of an account and of an address; whoever gives them, nobody else is locked out.

    Neither names nor addresses are kept as they are written, and nothing for longer than it counts.
    """

    def __init__(self, url: str) -> None:
        """Keep where the database is."""
        self._database = Database(url, _metadata)

    def begin(self, account: str, address: str, now: float) -> bool:
        """Whether this account may be tried from there; it counts as wrong until it `succeeded`.

        So that many at once gain nothing.
        """
        with self._database.writing() as database:
            lock_for_writing(database, _attempts)
            database.execute(delete(_attempts).where(_attempts.c.at < now - LOCKED_MINUTES * 60))
            if _locked(database, _key(account), _key(address), now):
                return False
            database.execute(insert(_attempts).values(at=now, account=_key(account), address=_key(address)))
            return True

    def locked(self, account: str, address: str, now: float) -> bool:
        """Whether this account has to wait at this address."""
        with self._database.reading() as database:
            return _locked(database, _key(account), _key(address), now)

    def succeeded(self, account: str, address: str, now: float) -> None:
        """Forget the wrong passwords of this account from there: the right one came, and the address is known now."""
        account, address = _key(account), _key(address)
        theirs = (_attempts.c.account == account) & (_attempts.c.address == address)
        known = (_known.c.account == account) & (_known.c.address == address)
        with self._database.writing() as database:
            database.execute(delete(_attempts).where(theirs))
            database.execute(delete(_known).where(known | (_known.c.at < now - _KNOWN_SECONDS)))
            database.execute(insert(_known).values(account=account, address=address, at=now))

    def close(self) -> None:
        """Leave the database; the next call would connect again."""
        self._database.close()


def _locked(database: Any, account: str, address: str, now: float) -> bool:
    recent = _attempts.c.at >= now - LOCKED_MINUTES * 60
    of_account, of_address = _attempts.c.account == account, _attempts.c.address == address

    def count(*which: Any) -> int:
        return int(database.execute(select(func.count()).select_from(_attempts).where(recent, *which)).scalar())

    if count(of_account, of_address) >= MOST_OF_ONE:
        return True
    known = (_known.c.account == account) & (_known.c.address == address)
    if database.execute(select(_known.c.at).where(known)).first():
        return False
    return count(of_address) >= MOST_OF_ADDRESS or count(of_account) >= MOST_OF_ACCOUNT


def _key(written: str) -> str:
    return hashlib.sha256(written.encode()).hexdigest()
