"""The index on disk: one folder a state of the corpus, written once, memory-mapped, never changed.

A folder's name tells how its texts were cut and what they are. A new state takes from the newest one that was cut in
the same way what it has already; then only the newest `KEPT` stay.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.documents import Documents, count_documents, digest
from bot.retrieval.postings import Postings, build_postings

# Goes up when the files below change their meaning.
FORMAT = 1
# The one in use and the one before: another process may be about to open it.
KEPT = 2
_DOCUMENTS = ("starts", "ids", "counts")
_POSTINGS = ("starts", "rows", "weights", "bounds")
logger = logging.getLogger(__name__)


def stored_index(
    folder: Path,
    texts: Sequence[str],
    cut: Callable[[str], Iterable[str]],
    cutting: str,
    k1: float,
    b: float,
    known: Documents | None = None,
) -> tuple[Documents, Postings]:
    """Read the index of `texts` from `folder`; build and write it first when it is not there or cannot be read.

    `cutting` is a short name of the way `cut` cuts: the same name, the same terms. `known` are documents that were
    cut in that way; without them those of the newest index in `folder` are. Without a disk to write to the index
    serves from memory.
    """
    digests = [digest(text) for text in texts]
    path = folder / f"{cutting}-{_content(digests, k1, b)}"
    found = read_index(path)
    if found is None:
        documents = count_documents(texts, digests, cut, known or _known(folder, cutting))
        found = documents, build_postings(documents, k1, b)
        if _write(path, *found):
            _forget_old(folder, path)
            found = read_index(path) or found  # what is mapped needs no memory of its own
    return found


def read_index(path: Path) -> tuple[Documents, Postings] | None:
    """Map the index in the folder `path`; None when it is not there, or is not whole."""
    documents = _read_documents(path)
    if documents is None:
        return None
    try:
        of_posting = {name: _mapped(path / f"posting-{name}.npy") for name in _POSTINGS}
    except (OSError, ValueError) as error:
        _throw_away(path, error)
        return None
    return documents, Postings(len(documents), **of_posting)


def _read_documents(path: Path) -> Documents | None:
    if not path.is_dir():
        return None
    try:
        terms = (path / "terms.txt").read_bytes().decode().split("\n")[:-1]
        digests = (path / "digests.bin").read_bytes()
        of_document = {name: _mapped(path / f"document-{name}.npy") for name in _DOCUMENTS}
    except (OSError, ValueError) as error:
        _throw_away(path, error)
        return None
    return Documents(tuple(terms), digests, **of_document)


def _throw_away(path: Path, error: Exception) -> None:
    logger.warning("%s cannot be read (%s); it is built again", path, error)
    shutil.rmtree(path, ignore_errors=True)


def _mapped(path: Path) -> NDArray[Any]:
    # A plain array over the map: np.memmap itself makes every slice slow.
    return np.asarray(np.load(path, mmap_mode="r"))


def _content(digests: Sequence[bytes], k1: float, b: float) -> str:
    content = hashlib.blake2b(f"{FORMAT} {k1} {b} ".encode(), digest_size=8)
    content.update(b"".join(digests))
    return content.hexdigest()


def _known(folder: Path, cutting: str) -> Documents | None:
    """Return the documents of the newest index that was cut in this way."""
    for path in _newest_first(folder, f"{cutting}-*"):
        found = _read_documents(path)
        if found:
            return found
    return None


def _newest_first(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime_ns, reverse=True)


def _write(path: Path, documents: Documents, postings: Postings) -> bool:
    """Write all files beside `path` and move them there in one step; say whether an index stands there now."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".new-", ignore_cleanup_errors=True) as made:
            new = Path(made) / "index"
            new.mkdir()
            (new / "terms.txt").write_bytes("".join(f"{term}\n" for term in documents.terms).encode())
            (new / "digests.bin").write_bytes(documents.digests)
            for name in _DOCUMENTS:
                np.save(new / f"document-{name}.npy", getattr(documents, name))
            for name in _POSTINGS:
                np.save(new / f"posting-{name}.npy", getattr(postings, name))
            if not path.exists():  # another process may have been as quick
                os.rename(new, path)
    except OSError as error:
        logger.warning("%s cannot be written (%s); the index serves from memory", path, error)
    return path.is_dir()


def _forget_old(folder: Path, current: Path) -> None:
    others = [path for path in _newest_first(folder, "[0-9a-f]*-*") if path != current]
    for path in others[KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
