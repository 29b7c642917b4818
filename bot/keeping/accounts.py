"""Who works at the desk: accounts with a role, each with a password of its own. Knows SQLAlchemy; no HTTP, no hashing.

Calls go to the database at once, off the event loop; each may raise SQLAlchemyError or OSError when it is ill.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, get_args

from sqlalchemy import Column, Float, MetaData, String, Table, func, insert, select, update

from bot.keeping.database import Database

# Each role may do what those before it may.
Role = Literal["reader", "editor", "approver", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)
ROLE_NAMES: Mapping[Role, str] = MappingProxyType(
    {"reader": "查看", "editor": "编辑", "approver": "审核", "administrator": "管理员"}
)
_NAME = re.compile(r"[\w.-]{1,40}")
ALLOWED_NAME = "1到40个字：汉字、字母、数字、点、横线或下划线"
_LONGEST_SHOWN = 40

_metadata = MetaData()
_accounts = Table(
    "staff_accounts",
    _metadata,
    Column("name", String(40), primary_key=True),
    Column("shown", String(_LONGEST_SHOWN), nullable=False),
    Column("role", String(20), nullable=False),
    Column("password", String(200), nullable=False),
    Column("one_time_secret", String(64), nullable=False, default=""),
    Column("last_code", String(16), nullable=False, default=""),
    Column("added", Float(53), nullable=False),
    Column("closed", Float(53)),
)


@dataclass(frozen=True)
class Account:
    """One person. `shown` is how others read them; `password` is its hash; `closed` is when they left, None while here.

    `one_time_secret` is what their telephone makes codes from, "" when they use none.
    """

    name: str
    shown: str
    role: Role
    password: str = field(repr=False)
    added: float
    closed: float | None = None
    one_time_secret: str = field(default="", repr=False)

    def may(self, role: Role) -> bool:
        """Whether this person may do what needs `role`."""
        return ROLES.index(self.role) >= ROLES.index(role)


class RefusedChangeError(Exception):
    """What was asked of the accounts cannot be; the text says why, in Chinese."""


class Accounts:
    """The accounts, in the database at `url`: every process sees the same."""

    def __init__(self, url: str) -> None:
        """Keep where the database is."""
        self._database = Database(url, _metadata)
        self._had_one = False

    def any(self) -> bool:
        """Whether there is an account at all, closed ones too: from the first one on nobody enters without."""
        if not self._had_one:
            with self._database.reading() as database:
                self._had_one = database.execute(select(func.count()).select_from(_accounts)).scalar() > 0
        return self._had_one

    def all(self) -> tuple[Account, ...]:
        """Return every account, by name."""
        with self._database.reading() as database:
            return tuple(_account(row) for row in database.execute(select(_accounts).order_by(_accounts.c.name)))

    def find(self, name: str) -> Account | None:
        """Return an account that may still enter; None for any other."""
        with self._database.reading() as database:
            row = database.execute(select(_accounts).where(_accounts.c.name == name_of(name))).first()
        return _account(row) if row is not None and row.closed is None else None

    def add(self, name: str, shown: str, role: Role, password: str, at: float) -> Account:
        """Add a person; `password` is its hash. Raises RefusedChangeError for a name that is taken or is none."""
        name, shown = name_of(name), " ".join(shown.split())[:_LONGEST_SHOWN]
        if not _NAME.fullmatch(name):
            raise RefusedChangeError(f"账号“{name[:40]}”不行：{ALLOWED_NAME}")
        with self._database.writing() as database:
            if database.execute(select(_accounts.c.name).where(_accounts.c.name == name)).first():
                raise RefusedChangeError(f"账号“{name}”已经有了")
            if role != "administrator" and not _administrators(database):
                raise RefusedChangeError("第一个账号要是管理员：以后的账号由他添加")
            made = Account(name, shown or name, role, password, at)
            database.execute(
                insert(_accounts).values(name=name, shown=made.shown, role=role, password=password, added=at)
            )
        self._had_one = True
        return made

    def set_role(self, name: str, role: Role) -> None:
        """Give a person another role. Raises RefusedChangeError when nobody would be left to administer."""
        self._change(name, role=role)

    def set_password(self, name: str, password: str) -> None:
        """Give a person another password, as its hash."""
        self._change(name, password=password)

    def set_one_time_secret(self, name: str, secret: str) -> None:
        """Have a person asked for a code besides the password; "" ends that."""
        self._change(name, one_time_secret=secret, last_code="")

    def spend(self, name: str, code: str) -> bool:
        """Whether a right code was not used before; from now on it is: who looked over a shoulder gains nothing."""
        fresh = (_accounts.c.name == name_of(name)) & (_accounts.c.last_code != code)
        with self._database.writing() as database:
            return bool(database.execute(update(_accounts).where(fresh).values(last_code=code)).rowcount)

    def set_closed(self, name: str, at: float | None) -> None:
        """Close an account, or open it again with None; it is never deleted: the log speaks of it."""
        self._change(name, closed=at)

    def close(self) -> None:
        """Leave the database; the next call would connect again."""
        self._database.close()

    def _change(self, name: str, **values: Any) -> None:
        with self._database.writing() as database:
            changed = database.execute(update(_accounts).where(_accounts.c.name == name_of(name)).values(**values))
            if not changed.rowcount:
                raise RefusedChangeError(f"没有账号“{name}”")
            if not _administrators(database):
                raise RefusedChangeError("至少要留一个管理员")


def name_of(written: str) -> str:
    """Return an account's name as it is kept: Zhang.San and zhang.san are one person."""
    return written.strip().casefold()


def role_of(written: str) -> Role:
    """Return the role of that name. Raises RefusedChangeError for any other word."""
    for role in ROLES:
        if written in (role, ROLE_NAMES[role]):
            return role
    raise RefusedChangeError(f"没有角色“{written[:20]}”；可以是 {'、'.join(ROLES)}")


def _administrators(database: Any) -> int:
    here = (_accounts.c.role == "administrator") & _accounts.c.closed.is_(None)
    return int(database.execute(select(func.count()).select_from(_accounts).where(here)).scalar())


def _account(row: Any) -> Account:
    return Account(
        row.name, row.shown, row.role, row.password, row.added, row.closed, one_time_secret=row.one_time_secret
    )
