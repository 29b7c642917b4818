"""Memory and start of one engine, in a process of its own: python bench/footprint.py ENGINE WORDS QUESTIONS [FOLDER]

WORDS and QUESTIONS hold one text a line, its words separated by spaces. Prints JSON: `start_s` until the engine can
be asked, and `mb` of resident memory over the process with NumPy and nothing else, after all questions were asked.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path

import numpy as np  # noqa: F401  # part of the bare process

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def resident_mb() -> float:
    """Return this process's resident memory."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def read_words(path: str) -> list[list[str]]:
    """Read one list of words a line."""
    with open(path, encoding="utf-8") as lines:
        return [line.split() for line in lines]


def stored(folder: Path):  # type: ignore[no-untyped-def]
    """Open our index as it lies in `folder`: no words are needed for that."""
    from bot.retrieval.index_store import read_index

    (path,) = folder.iterdir()
    found = read_index(path)
    assert found, path
    documents, postings = found
    numbers = documents.numbers
    return lambda words: postings.best({numbers[word]: 1.0 for word in words if word in numbers}, 10)


def stored_bm25s(folder: Path):  # type: ignore[no-untyped-def]
    """Open the index that bm25s left in `folder`."""
    from engines import open_bm25s

    return open_bm25s(folder)


OPENED = {"ours": stored, "bm25s-stored": stored_bm25s}


def main(engine: str, words: str, questions: str, folder: str = "") -> None:
    """Build or open `engine`, ask everything, print the figures."""
    bare = resident_mb()
    begun = time.perf_counter()
    if folder:
        ask = OPENED[engine](Path(folder))
        ask(["的"])
        start = time.perf_counter() - begun
    else:
        from engines import ENGINES

        documents = read_words(words)
        begun = time.perf_counter()
        ask = ENGINES[engine](documents)
        ask(["的"])
        start = time.perf_counter() - begun
        del documents
    asked = read_words(questions)
    for each in asked[: 20 if engine == "rank-bm25" else None]:
        ask(each)
    gc.collect()
    print(json.dumps({"start_s": round(start, 3), "mb": round(resident_mb() - bare, 1)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
