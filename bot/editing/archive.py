"""The folder of bulletins as the commands write it: one writer at a time, whole files only, nothing overwritten.

A bulletin's sidecar is put before the bulletin: whoever reads the folder meanwhile sees the bulletin complete, or not
at all. Killed in between, a sidecar without its bulletin may stay; `knowledge check` names it, and adding the same
article again completes it.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from bot.reading.amending import amend
from bot.reading.header import decode
from bot.reading.records import Problem

_UNFINISHED = ".adding-"
# Below the folder: the files that bulletins were made of, as received. Nothing reads them.
RECEIVED = "received"


class OccupiedError(Exception):
    """The stem is another bulletin's."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for writing; wait while another command holds it. What a killed writer left is swept away."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        for left in folder.glob(f"{_UNFINISHED}*"):
            left.unlink()
        yield
    finally:
        os.close(handle)


def state_of(folder: Path) -> Mapping[str, tuple[int, int]]:
    """Return size and time of change of every bulletin and sidecar: equal states hold the same bulletins."""
    files = (path for path in folder.iterdir() if path.suffix in (".md", ".yml") and not path.name.startswith("."))
    return {path.name: (path.stat().st_size, path.stat().st_mtime_ns) for path in files}


def taken_stems(folder: Path, sidecar_start: str = "\0") -> frozenset[str]:
    """Return the stems that are in use; one of a sidecar alone is free if that begins with `sidecar_start`."""
    bulletins = {path.stem for path in folder.glob("*.md")}
    lone = (path for path in folder.glob("*.yml") if path.stem not in bulletins)
    return frozenset(bulletins | {path.stem for path in lone if not _begins(path, sidecar_start)})


def put(folder: Path, stem: str, data: bytes, sidecar: str, received: tuple[str, bytes] | None = None) -> None:
    """Write `<stem>.yml` and then `<stem>.md`; hold the lock. Raises OccupiedError; then nothing is written.

    `received`, how a file's name ends and its bytes, is what the bulletin was made of; it is kept beside them.

    A lone sidecar whose first line is that of `sidecar` is what an interrupted run left: it is written again.
    """
    if stem in taken_stems(folder, sidecar.partition("\n")[0]):
        raise OccupiedError(stem)
    bulletin, beside = folder / f"{stem}.md", folder / f"{stem}.yml"
    if received:
        (folder / RECEIVED).mkdir(exist_ok=True)
        replace(folder / RECEIVED / f"{stem}{received[0]}", received[1])
    replace(beside, sidecar.encode())
    try:
        _create(bulletin, data)
    except BaseException:
        if not bulletin.exists():
            beside.unlink(missing_ok=True)
        raise


def set_entry(folder: Path, stem: str, key: str, value: str | date) -> None:
    """Set one entry of a sidecar, which need not exist yet, and leave all else in it as it is; hold the lock.

    Raises ValueError when the sidecar cannot be read; then it stays as it was.
    """
    beside = folder / f"{stem}.yml"
    text = decode(beside, beside.read_bytes()) if beside.is_file() else ""
    if isinstance(text, Problem):
        raise ValueError(text.wrong)
    replace(beside, amend(text, key, value).encode())


def replace(path: Path, data: bytes) -> None:
    """Write a file at one stroke: a reader finds the old content or the new, never a part."""
    aside = _aside(path, data)
    try:
        os.replace(aside, path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _create(path: Path, data: bytes) -> None:
    """Write a new file at one stroke. Raises OccupiedError when it exists: linking never overwrites."""
    aside = _aside(path, data)
    try:
        os.link(aside, path)
    except FileExistsError:
        raise OccupiedError(path.stem) from None
    finally:
        aside.unlink(missing_ok=True)


def _aside(path: Path, data: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=_UNFINISHED, dir=path.parent)
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.chmod(0o644)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    return aside


def _begins(path: Path, start: str) -> bool:
    return path.read_bytes().startswith(start.encode())
