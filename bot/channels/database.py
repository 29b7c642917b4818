"""How the doors connect to their database: SQLite beside the program, or PostgreSQL. Knows SQLAlchemy, no table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

# How long one statement may wait for the database before it is called ill.
SECONDS = 5


def connect(url: str, tables: MetaData) -> Any:
    """Return the engine, with `tables` there. Raises SQLAlchemyError or OSError when it cannot be had."""
    make_folder(url)
    # Parameters are a person's words: they stay out of errors, and so out of logs.
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=_arguments(url))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    try:
        tables.create_all(engine)
    except SQLAlchemyError:  # another process made them between our look and our attempt; anything else comes again
        tables.create_all(engine)
    return engine


def make_folder(url: str) -> None:
    """Make the folder of an SQLite file; anything else needs none."""
    where = make_url(url)
    if where.get_backend_name() == "sqlite" and where.database and where.database != ":memory:":
        Path(where.database).parent.mkdir(parents=True, exist_ok=True)


def _arguments(url: str) -> dict[str, Any]:
    if make_url(url).get_backend_name() == "sqlite":
        return {"timeout": SECONDS}
    return {"connect_timeout": SECONDS, "options": f"-c statement_timeout={SECONDS * 1000}"}


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Readers beside a writer (WAL); foreign keys hold; the driver leaves transactions to `_begin_sqlite`."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    """Take the write lock at once: a reader that turns into a writer halfway is refused without being let wait."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
