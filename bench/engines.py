"""The engines that are measured, each behind the same two calls: build it from words, ask it with words.

All use k1 = 1.2 and b = 0.75, which tantivy has built in.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

Words = list[str]
# A question's words → the best ten rows and their scores.
Ask = Callable[[Words], tuple[Sequence[int], Sequence[float]]]
K1, B, MOST = 1.2, 0.75, 10
SEPARATOR = "\x01"


def ours(documents: Sequence[Words], folder: Path | None = None) -> Ask:
    """bot.retrieval's postings, written to `folder` and memory-mapped as they are in service."""
    from bot.retrieval.index_store import stored_index

    texts = [SEPARATOR.join(document) for document in documents]
    kept = folder or Path(tempfile.mkdtemp(prefix="postings-"))
    counted, postings = stored_index(kept, texts, lambda text: text.split(SEPARATOR), "words", K1, B)
    numbers = counted.numbers

    def ask(words: Words) -> tuple[Sequence[int], Sequence[float]]:
        question: dict[int, float] = {}
        for word in words:
            number = numbers.get(word)
            if number is not None:
                question[number] = question.get(number, 0.0) + 1.0
        return postings.best(question, MOST)

    return ask


def rank_bm25(documents: Sequence[Words]) -> Ask:
    """rank-bm25 with the idf of ours, which is the one that all others use."""
    from bot.retrieval.postings import NonNegativeBM25

    bm25 = NonNegativeBM25(documents, k1=K1, b=B)

    def ask(words: Words) -> tuple[Sequence[int], Sequence[float]]:
        scores = bm25.get_scores(words)
        rows = np.argsort(-scores, kind="stable")[:MOST]
        return rows, scores[rows]

    ask.bm25 = bm25  # type: ignore[attr-defined]
    return ask


def bm25s_numpy(documents: Sequence[Words]) -> Ask:
    """bm25s as it comes."""
    return _bm25s(documents, "numpy")


def bm25s_numba(documents: Sequence[Words]) -> Ask:
    """bm25s in its fastest mode, compiled by numba."""
    return _bm25s(documents, "numba")


def bm25s_stored(documents: Sequence[Words], folder: Path | None = None) -> Ask:
    """bm25s compiled by numba, its index written to `folder` and memory-mapped, as ours is."""
    kept = folder or Path(tempfile.mkdtemp(prefix="bm25s-"))
    _indexed(documents, "numba").save(str(kept), show_progress=False)
    return open_bm25s(kept)


def open_bm25s(folder: Path) -> Ask:
    """bm25s as `bm25s_stored` left it in `folder`."""
    import bm25s

    return _asking(bm25s.BM25.load(str(folder), mmap=True, show_progress=False, backend="numba"))


def _bm25s(documents: Sequence[Words], backend: str) -> Ask:
    return _asking(_indexed(documents, backend))


def _indexed(documents: Sequence[Words], backend: str) -> Any:
    import bm25s

    retriever = bm25s.BM25(method="lucene", k1=K1, b=B, backend=backend)
    retriever.index(documents, show_progress=False)
    return retriever


def _asking(retriever: Any) -> Ask:
    def ask(words: Words) -> tuple[Sequence[int], Sequence[float]]:
        rows, scores = retriever.retrieve([words], k=MOST, show_progress=False, n_threads=0)
        return rows[0], scores[0]

    return ask


def tantivy(documents: Sequence[Words]) -> Ask:
    """tantivy in memory, words as they are cut, hits not counted (which lets it skip the hopeless)."""
    import tantivy as library

    builder = library.SchemaBuilder()
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    index = library.Index(schema)
    writer = index.writer(heap_size=512_000_000, num_threads=1)
    for document in documents:
        writer.add_document(library.Document(body=" ".join(document)))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(words: Words) -> tuple[Sequence[int], Sequence[float]]:
        terms = [
            (library.Occur.Should, _repeated(library, library.Query.term_query(schema, "body", word, "freq"), count))
            for word, count in Counter(words).items()
        ]
        hits = searcher.search(library.Query.boolean_query(terms), MOST, count=False).hits
        # The address is the row as long as there is one segment; to look a stored row up would only cost it time.
        return [address.doc for _, address in hits], [score for score, _ in hits]

    return ask


def _repeated(library: Any, query: Any, count: int) -> Any:
    return library.Query.boost_query(query, float(count)) if count > 1 else query


ENGINES: dict[str, Callable[[Sequence[Words]], Ask]] = {
    "ours": ours,
    "tantivy": tantivy,
    "bm25s-numba": bm25s_numba,
    "bm25s-stored": bm25s_stored,
    "bm25s-numpy": bm25s_numpy,
    "rank-bm25": rank_bm25,
}
