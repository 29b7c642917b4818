"""How conversations reach their database: SQLite beside the program, or PostgreSQL. Knows SQLAlchemy, no table."""

from __future__ import annotations

import logging
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.pool import SingletonThreadPool

from bot.keeping.database import make_folder, set_up_sqlite
from bot.settings import sqlite_file

logger = logging.getLogger(__name__)

# Why a file was set aside, in its name: it was corrupt, or a backup was brought back in its place.
CORRUPT, BEFORE = "corrupt", "before"
# A person waits while a turn is saved: short. What cannot be had by then is tried again later.
SECONDS = 1


def open_database(url: str) -> Any:
    """Return an engine, which connects when it is first used. Parameters are people's words: no error shows them."""
    make_folder(url)
    if sqlite_file(url) is None:
        arguments = {"connect_timeout": SECONDS + 1, "options": f"-c statement_timeout={SECONDS * 1000}"}
        return create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=arguments)
    engine = create_engine(
        url,
        hide_parameters=True,
        poolclass=SingletonThreadPool,
        connect_args={"timeout": SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare)
    return engine


def set_aside_if_corrupt(url: str) -> Path | None:
    """Set a corrupt SQLite file aside, so that a new one is begun; return where it is now.

    What can be saved from it is the operator's to save, for as long as conversations are kept. A file that is locked
    is not corrupt.
    """
    file = sqlite_file(url)
    if file is None or not file.exists() or not is_corrupt(file):
        return None
    aside = set_aside(file, CORRUPT)
    logger.error("数据库文件已损坏，已移到 %s，另建新的：以前的对话要从备份恢复", aside)
    return aside


def set_aside(file: Path, why: str) -> Path:
    """Move an SQLite file, with its log, to <name>.<why>-<time>; return where it is now."""
    aside = Path(f"{file}.{why}-{time.strftime('%Y%m%d-%H%M%S')}")
    for end in ("", "-wal", "-shm"):
        if Path(f"{file}{end}").exists():
            Path(f"{file}{end}").rename(f"{aside}{end}")
    return aside


def is_corrupt(file: Path) -> bool:
    """Whether SQLite finds the file no database, or a damaged one."""
    try:
        with closing(sqlite3.connect(file, timeout=SECONDS)) as database:
            return bool(database.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok")
    except sqlite3.OperationalError:  # locked, not to be opened, a full disk
        return False
    except sqlite3.DatabaseError:
        return True


def _prepare(connection: Any, _record: Any) -> None:
    set_up_sqlite(connection)
