"""`duanka backup`, `duanka restore`: the database into one file, and back. Knows SQLite's files and PostgreSQL's tools.

A backup may be made at any time: it is the database as it was at one moment. A restore refuses while anything is
connected to the database, changes it whole or not at all, and deletes nothing: what an SQLite file held before lies
beside it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.commands.errors import telling
from bot.keeping.storage import BEFORE, set_aside
from bot.processes.programs import CommandError
from bot.settings import read_settings, sqlite_file

# How long to wait for who writes just now.
SECONDS = 10.0
# PostgreSQL ends the process of a connection a little after the connection.
LEAVING_SECONDS = 5.0
_PG_MAGIC = b"PGDMP"
_OTHERS = text(
    "select count(*) from pg_stat_activity where datname = current_database() "
    "and pid <> pg_backend_pid() and backend_type = 'client backend'"
)
STILL_RUNNING = "数据库正在使用：请先停止服务（Ctrl-C），再恢复"

Target = Annotated[Path, typer.Argument(help="备份写到哪个文件（不能已存在）")]
Source = Annotated[Path, typer.Argument(help="从哪个备份文件恢复")]


def register(app: typer.Typer) -> None:
    """Add both commands to `duanka`."""
    app.command(help="把数据库（对话、记录、开关）备份成一个文件；服务可以照常运行。")(backup)
    app.command(help="从备份恢复数据库；先停止服务。原来的 SQLite 文件留在旁边。")(restore)


def backup(file: Target) -> None:
    """Write the database to `file`; exit 1, with the reason, when that cannot be done whole."""
    console = Console()
    with telling(console):
        back_up(read_settings().database, file)
        console.print(f"已备份到 {file}", markup=False, highlight=False, soft_wrap=True)


def restore(file: Source) -> None:
    """Put what `file` holds in the database's place; exit 1, with the reason, when nothing was changed."""
    console = Console()
    with telling(console):
        aside = bring_back(read_settings().database, file)
        console.print(f"已从 {file} 恢复", markup=False, highlight=False, soft_wrap=True)
        if aside:
            console.print(f"原来的数据库在 {aside}", markup=False, highlight=False, soft_wrap=True)


def back_up(url: str, file: Path) -> None:
    """Write the database of an SQLAlchemy `url` to `file`, readable by its owner alone.

    Raises CommandError when `file` is there already, or the database cannot be read.
    """
    if file.exists():
        raise CommandError(f"{file} 已存在：请换一个文件名")
    where = make_url(url)
    part = file.with_name(f"{file.name}.part")
    try:
        part.touch(0o600)
        if where.get_backend_name() == "sqlite":
            _back_up_sqlite(_expect_file(url), part)
        else:
            _postgres(where, "pg_dump", "--format=custom", f"--file={part}")
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)


def bring_back(url: str, file: Path) -> Path | None:
    """Put the backup `file` in the place of the database; return where an SQLite file that was there is now.

    Raises CommandError when `file` is no sound backup for this database, or something is connected to it.
    """
    if not file.is_file():
        raise CommandError(f"{file} 不是文件")
    where = make_url(url)
    if where.get_backend_name() == "sqlite":
        return _bring_back_sqlite(file, _expect_file(url))
    _bring_back_postgres(file, where)
    return None


def _back_up_sqlite(database: Path, part: Path) -> None:
    if not database.is_file():
        raise CommandError(f"{database} 不存在：还没有可以备份的对话")
    try:
        with closing(sqlite3.connect(database, timeout=SECONDS)) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, with no log beside it
    except sqlite3.Error as error:
        raise CommandError(f"{database} 不能备份（{error}）") from error
    _expect_sound(part)


def _bring_back_sqlite(file: Path, database: Path) -> Path | None:
    _expect_sound(file)
    database.parent.mkdir(parents=True, exist_ok=True)
    new = database.with_name(f"{database.name}.new")
    try:
        shutil.copyfile(file, new)
        new.chmod(0o600)
        with _alone(database):
            aside = set_aside(database, BEFORE) if database.exists() else None
            new.rename(database)
    finally:
        new.unlink(missing_ok=True)
    return aside


@contextmanager
def _alone(database: Path) -> Iterator[None]:
    """Hold an SQLite file for us alone; what is no sound database needs no holding.

    In WAL mode whoever is connected, idle or not, holds a lock that leaving WAL mode needs for itself.
    """
    if not database.exists():
        yield
        return
    with closing(sqlite3.connect(database, timeout=1.0, isolation_level=None)) as held:
        try:
            held.execute("PRAGMA journal_mode=DELETE")
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise CommandError(f"{STILL_RUNNING}（{error}）") from error
        except sqlite3.DatabaseError:  # damaged: that may be why it is restored
            pass
        yield


def _expect_sound(file: Path) -> None:
    if not file.stat().st_size:  # to SQLite that is a database without tables
        raise CommandError(f"{file} 是空的，不是备份")
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as opened:
            (found,) = opened.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise CommandError(f"{file} 不是完好的 SQLite 备份（{error}）") from error
    if found != "ok":
        raise CommandError(f"{file} 不是完好的 SQLite 备份（{found}）")


def _bring_back_postgres(file: Path, where: URL) -> None:
    with file.open("rb") as opened:
        if opened.read(len(_PG_MAGIC)) != _PG_MAGIC:
            raise CommandError(f"{file} 不是 PostgreSQL 的备份；duanka backup 写的文件可以")
    if others := _others(where):
        raise CommandError(f"{STILL_RUNNING}（{others} 个连接）")
    _postgres(where, "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction",
              f"--dbname={where.database}", str(file))  # fmt: skip


def _others(where: URL) -> int:
    """Return how many others use the database; who has just left may still be counted for a moment, so look again."""
    engine = create_engine(where, hide_parameters=True, isolation_level="AUTOCOMMIT")
    last = time.monotonic() + LEAVING_SECONDS
    try:
        with engine.connect() as connection:
            while (others := int(connection.execute(_OTHERS).scalar())) and time.monotonic() < last:
                time.sleep(0.1)
    except SQLAlchemyError as error:
        raise CommandError(f"连不上数据库（{type(error).__name__}）：请检查 DUANKA_DATABASE") from error
    finally:
        engine.dispose()
    return others


def _postgres(where: URL, program: str, *options: str) -> None:
    """Run one of PostgreSQL's tools on the database; the password goes by the environment, where `ps` shows none."""
    if not shutil.which(program):
        raise CommandError(f"没有 {program}（Debian 软件包 postgresql-client）")
    named = {"PGHOST": where.host, "PGPORT": where.port, "PGUSER": where.username, "PGPASSWORD": where.password}
    environment = {name: str(value) for name, value in {**named, "PGDATABASE": where.database}.items() if value}
    done = subprocess.run(
        (program, "--no-password", *options), env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise CommandError(f"{program} 没有成功：{done.stderr.strip()[-500:]}")


def _expect_file(url: str) -> Path:
    file = sqlite_file(url)
    if file is None:
        raise CommandError("DUANKA_DATABASE 是内存数据库，没有可以备份的文件")
    return file
