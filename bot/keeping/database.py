"""How the doors connect to their database: SQLite beside the program, or PostgreSQL. Knows SQLAlchemy, no table."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from sqlalchemy import MetaData, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from bot.settings import sqlite_file

logger = logging.getLogger(__name__)

# What a PostgreSQL server must not write into its log, and the settings that leave it out: statements hold words.
_QUIET: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "log_min_error_statement": ("log", "fatal", "panic"),
        "log_statement": ("none", "ddl"),
        "log_min_duration_statement": ("-1",),
        "log_min_duration_sample": ("-1",),
        "log_transaction_sample_rate": ("0",),
        "log_lock_waits": ("off",),
    }
)
INSERTS: Mapping[str, Any] = MappingProxyType({"postgresql": postgresql.insert, "sqlite": sqlite.insert})
# How long one statement may wait for the database before it is called ill.
SECONDS = 5


def insert_into(table: Table, dialect: str) -> Any:
    """Return an INSERT that can say what to do where the row is there already."""
    return INSERTS[dialect](table)


class Database:
    """Some tables at `url`: connected to when first needed, and anew once it was ill. For use by several threads."""

    def __init__(self, url: str, tables: MetaData) -> None:
        """Keep where they are; connect to nothing yet."""
        self._url, self._tables = url, tables
        self._engine: Any = None
        self._one_at_a_time = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """A connection to ask with: it waits for no one who writes, and holds up no one."""
        with self._renewing() as engine, engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """A connection in a transaction: all of it is kept, or nothing."""
        with self._renewing() as engine, engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Leave the database; the next call connects again."""
        with self._one_at_a_time:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()

    @contextmanager
    def _renewing(self) -> Iterator[Any]:
        """Yield the engine; after a failure the next call looks anew: connections may be dead, tables gone."""
        with self._one_at_a_time:
            if self._engine is None:
                self._engine = connect(self._url, self._tables)
            engine = self._engine
        try:
            yield engine
        except SQLAlchemyError:
            self.close()
            raise


def connect(url: str, tables: MetaData) -> Any:
    """Return the engine, with `tables` there. Raises SQLAlchemyError or OSError when it cannot be had."""
    make_folder(url)
    sqlite = make_url(url).get_backend_name() == "sqlite"
    # Parameters are a person's words: they stay out of errors, and so out of logs.
    arguments = _arguments(sqlite)
    # Connections are kept, of SQLite too: closing the last one copies the log into the file, which costs 15 ms a call.
    # A server may have gone since a connection was last used, so that is asked first; a file is looked at instead.
    engine = create_engine(
        url, hide_parameters=True, pool_pre_ping=not sqlite, poolclass=QueuePool, connect_args=arguments
    )
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "checkout", _expect_its_file)
    try:
        tables.create_all(engine)
    except SQLAlchemyError:  # another process made them between our look and our attempt; anything else comes again
        tables.create_all(engine)
    if not sqlite:
        _expect_quiet(engine)
    return engine


def lock_for_writing(connection: Any, table: Any) -> None:
    """Have no one else write to a table until this transaction is over: what is read of it now still holds then.

    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE")


def _expect_quiet(engine: Any) -> None:
    """Say in the log which settings of the server would write a person's words into the server's own."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("select name, setting from pg_settings where name like 'log%%'")
        found = dict(rows.all())
    loud = [name for name, quiet in _QUIET.items() if name in found and found[name] not in quiet]
    if loud:
        logger.warning("the database server writes people's words into its own log: %s; docs/deployment.md", loud)


def make_folder(url: str) -> None:
    """Make the folder of an SQLite file; anything else needs none."""
    if file := sqlite_file(url):
        file.parent.mkdir(parents=True, exist_ok=True)


def _arguments(sqlite: bool) -> dict[str, Any]:
    if sqlite:
        return {"timeout": SECONDS, "check_same_thread": False}  # the pool gives it to one thread at a time
    return {"connect_timeout": SECONDS, "options": f"-c statement_timeout={SECONDS * 1000}"}


def set_up_sqlite(connection: Any) -> None:
    """Readers beside a writer (WAL); foreign keys hold; what is deleted is overwritten.

    What is committed survives the program, if not always the machine's power.
    """
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_sqlite(connection: Any, record: Any) -> None:
    """The driver leaves transactions to `_begin_sqlite`."""
    record.info["path"] = connection.execute("PRAGMA database_list").fetchone()[2]
    record.info["file"] = _file_at(record.info["path"])
    connection.isolation_level = None
    set_up_sqlite(connection)


def _begin_sqlite(connection: Any) -> None:
    """Take the write lock at once: a reader that turns into a writer halfway is refused without being let wait."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _expect_its_file(_connection: Any, record: Any, _proxy: Any) -> None:
    """Connect anew when the file was deleted, or another put in its place: what is written to it nobody would find."""
    if record.info["file"] != _file_at(record.info["path"]):
        raise DisconnectionError


def _file_at(path: str) -> tuple[int, int] | None:
    """What stands now where a connection's database was opened: device and number, None when nothing does."""
    try:
        about = os.stat(path) if path else None
    except OSError:
        return None
    return (about.st_dev, about.st_ino) if about else None
