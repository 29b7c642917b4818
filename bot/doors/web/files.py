"""The built widget's files: found by name, packed once, told apart by their content. Knows no HTTP server."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
# Shorter than this, packing saves nothing.
_LEAST_PACKED = 512


@dataclass(frozen=True)
class File:
    """A file's content, the same packed by gzip (None where that saves nothing), its type and its tag."""

    plain: bytes
    packed: bytes | None
    type: str
    tag: str


class Files:
    """The files of one folder. What lies outside is not there, whatever a name says."""

    def __init__(self, folder: Path) -> None:
        """Keep where they are; open none."""
        self._folder = folder

    def find(self, *parts: str) -> File | None:
        """Return the file below the folder; None when there is none. Opens it only when it has changed."""
        if not all(_NAME.fullmatch(part) for part in parts):
            return None
        path = self._folder.joinpath(*parts)
        try:
            about = path.stat()
            if not path.is_file() or not path.resolve().is_relative_to(self._folder.resolve()):
                return None
            return _read(path, about.st_mtime_ns, about.st_size)
        except OSError:
            return None


@lru_cache(maxsize=128)
def _read(path: Path, _changed: int, _size: int) -> File:
    plain = path.read_bytes()
    return make_file(path.name, plain)


def make_file(name: str, plain: bytes) -> File:
    """Return content as a File; its type follows the name."""
    packed = gzip.compress(plain, mtime=0) if len(plain) >= _LEAST_PACKED else None
    suffix = Path(name).suffix
    type_ = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    smaller = packed if packed is not None and len(packed) < len(plain) else None
    return File(plain, smaller, type_, f'"{hashlib.sha256(plain).hexdigest()[:20]}"')
