"""The Milvus server that holds the postings of a large index: connects, writes collections, searches, forgets old ones.

A collection is named by its content and never changed: each state of the knowledge asks for its own, so that a change
is swapped whole, and several machines share one. Writing goes on beside the service, on a thread; until it is done,
and whenever Milvus does not answer, `find` says so at once, and the caller scans its documents instead.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from bot.retrieval.postings import Rows, Scores
from bot.retrieval.remote_postings import AwayError, Content

logger = logging.getLogger(__name__)
PREFIX = "duanka_"
# The collection in use, the one before, and one for a machine that is late.
KEPT = 3
RETRY_SECONDS = 5.0
# A search that takes longer counts as none; writing and loading take their time. Whole numbers: pymilvus overlooks
# others, and tries for minutes.
FIND_SECONDS, WRITE_SECONDS = 1, 120
_FIELD, _KEY = "terms", "row"
# The collection is complete before it is searched: nothing newer has to be waited for.
_CONSISTENCY = "Eventually"


class Milvus:
    """A server at `uri`, http(s)://[USER:PASSWORD@]HOST:PORT. Safe for use by several threads."""

    def __init__(self, uri: str, retry_seconds: float = RETRY_SECONDS) -> None:
        """Do not connect yet: that is done by the thread that writes."""
        self._uri, self._retry = uri, retry_seconds
        self._client: Any = None
        self._newest: MilvusCollection | None = None
        self._closed = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def hold(self, content: Content) -> MilvusCollection:
        """Return the collection at once; it is looked for, and written where it is missing, on another thread."""
        found = MilvusCollection(PREFIX + content.name, content, self._search)
        with self._changed:
            if self._newest is not None and self._newest.name == found.name:
                return self._newest
            self._newest = found
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="milvus", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return found

    @property
    def serving(self) -> bool | None:
        """Whether the newest collection is searched there; None when none was asked for."""
        return self._newest.ready.is_set() if self._newest is not None else None

    def close(self) -> None:
        """Stop writing, and disconnect."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread:
            self._thread.join()
        if self._client is not None:
            self._client.close()

    def _work(self) -> None:
        """Keep the newest collection there: written when it is missing, looked for again when a search failed."""
        said = ""
        while not self._closed:
            wanted = self._newest
            if wanted and not wanted.ready.is_set():
                try:
                    self._prepare(wanted)
                except Exception as error:  # whatever the server or the network does, the service goes on without it
                    said = self._say(f"{type(error).__name__}", said)
                else:
                    wanted.ready.set()
                    logger.info("Milvus at %s holds the index: %s", self._where, wanted.name)
                    said = ""
            with self._changed:
                if not self._closed and (self._newest is wanted):
                    self._changed.wait(self._retry)

    def _say(self, wrong: str, said: str) -> str:
        if wrong != said:
            logger.error("Milvus at %s is away (%s): documents are scanned until it is back", self._where, wrong)
        return wrong

    @property
    def _where(self) -> str:
        parts = urlsplit(self._uri)
        return f"{parts.hostname}:{parts.port}"

    def _prepare(self, wanted: MilvusCollection) -> None:
        client = self._connected()
        if not self._complete(client, wanted):
            self._write(client, wanted)
            self._forget_old(client, wanted.name)

    def _connected(self) -> Any:
        if self._client is None:
            from pymilvus import MilvusClient  # takes a second to import

            # It would log each failure at length; what is to be said is said here.
            logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
            self._client = MilvusClient(self._uri, timeout=FIND_SECONDS)
        return self._client

    def _complete(self, client: Any, wanted: MilvusCollection) -> bool:
        if not client.has_collection(wanted.name, timeout=FIND_SECONDS):
            return False
        client.load_collection(wanted.name, timeout=WRITE_SECONDS)
        return _count(client, wanted.name) == wanted.content.documents

    def _write(self, client: Any, wanted: MilvusCollection) -> None:
        if not client.has_collection(wanted.name, timeout=FIND_SECONDS):
            _create(client, wanted.name)
        begun = time.monotonic()
        for portion in wanted.content.portions():
            if self._closed or self._newest is not wanted:
                return
            rows = [{_KEY: row, _FIELD: vector} for row, vector in zip(portion.rows, portion.vectors, strict=True)]
            if rows:
                # Upserted: two machines that write the same collection at once do not write it twice.
                client.upsert(wanted.name, rows, timeout=WRITE_SECONDS)
        self._await_all(client, wanted)
        logger.info("%s was written in %.1f s", wanted.name, time.monotonic() - begun)

    def _await_all(self, client: Any, wanted: MilvusCollection) -> None:
        client.flush(wanted.name, timeout=WRITE_SECONDS)
        deadline = time.monotonic() + WRITE_SECONDS
        while _count(client, wanted.name) != wanted.content.documents:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{wanted.name} is not complete")
            time.sleep(0.2)

    def _forget_old(self, client: Any, current: str) -> None:
        others = [name for name in client.list_collections(timeout=FIND_SECONDS) if name.startswith(PREFIX)]
        written = {name: client.describe_collection(name, timeout=FIND_SECONDS)["description"] for name in others}
        old = sorted((name for name in others if name != current), key=lambda name: written[name], reverse=True)
        for name in old[KEPT - 1 :]:
            client.drop_collection(name, timeout=WRITE_SECONDS)

    def _search(self, wanted: MilvusCollection, vector: Mapping[int, float], most: int) -> list[Mapping[str, Any]]:
        try:
            found = self._client.search(
                wanted.name,
                data=[dict(vector)],
                limit=most,
                anns_field=_FIELD,
                search_params={"metric_type": "IP", "params": {"drop_ratio_search": 0.0}},
                consistency_level=_CONSISTENCY,
                timeout=FIND_SECONDS,
            )
        except Exception as error:  # of any kind: the documents are scanned, and the thread looks after the server
            logger.error("Milvus at %s does not answer (%s)", self._where, type(error).__name__)
            wanted.ready.clear()
            with self._changed:
                self._changed.notify_all()
            raise AwayError(type(error).__name__) from error
        hits: list[Mapping[str, Any]] = found[0]
        return hits


@dataclass(frozen=True)
class MilvusCollection:
    """One collection; `ready` once all of it is there and as long as searches succeed."""

    name: str
    content: Content = field(repr=False)
    search: Callable[..., list[Mapping[str, Any]]] = field(repr=False)
    ready: threading.Event = field(default_factory=threading.Event, compare=False)

    def find(self, vector: Mapping[int, float], most: int) -> tuple[Rows, Scores]:
        """Return the rows nearest to `vector`, best first.

        Raises AwayError, at once when the server is known to be away.
        """
        if not self.ready.is_set():
            raise AwayError("not there yet")
        hits = self.search(self, vector, most)
        rows = np.fromiter((hit[_KEY] if _KEY in hit else hit["id"] for hit in hits), np.int64, len(hits))
        return rows, np.fromiter((hit["distance"] for hit in hits), np.float64, len(hits))


def _create(client: Any, name: str) -> None:
    from pymilvus import DataType, MilvusClient

    # Collections have no date that both Milvus and Milvus Lite tell: the description is one.
    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False, description=f"{time.time_ns():020d}")
    schema.add_field(_KEY, DataType.INT64, is_primary=True)
    schema.add_field(_FIELD, DataType.SPARSE_FLOAT_VECTOR)
    index = MilvusClient.prepare_index_params()
    index.add_index(_FIELD, index_type="SPARSE_INVERTED_INDEX", metric_type="IP", params={"drop_ratio_build": 0.0})
    client.create_collection(name, schema=schema, index_params=index, timeout=WRITE_SECONDS)


def _count(client: Any, name: str) -> int:
    found = client.query(
        name, filter="", output_fields=["count(*)"], consistency_level=_CONSISTENCY, timeout=WRITE_SECONDS
    )
    return int(found[0]["count(*)"])
