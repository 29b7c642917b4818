"""Embedded postings and Milvus Lite side by side: the ten best of every STARD question, time, memory, writing.

    .venv/bin/python bench/milvus.py

Milvus Lite looks at every vector; a Milvus server with its inverted index does not. What is shown here is that the
results are the same, and what asking another process costs. Results go to reports/milvus.json and .png.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from engines import K1, MOST, SEPARATOR, B, Words  # noqa: E402
from machine import machine  # noqa: E402
from plots import plot_milvus  # noqa: E402
from stard import jieba_words, read_stard  # noqa: E402

from bot.knowledge.milvus import Milvus  # noqa: E402
from bot.processes.loopback import free_port  # noqa: E402
from bot.retrieval.documents import Documents, count_documents, digest  # noqa: E402
from bot.retrieval.postings import Weighed, build_postings  # noqa: E402
from bot.retrieval.remote_postings import remote_postings  # noqa: E402

LONGEST_S = 600.0
Best = tuple[list[int], list[float]]


def main() -> None:
    """Measure and write."""
    data = read_stard()
    texts = [SEPARATOR.join(jieba_words(text)) for text in data.texts]
    documents = count_documents(texts, [digest(text) for text in texts], lambda text: text.split(SEPARATOR))
    questions = [_numbered(documents, jieba_words(text)) for text in data.questions]
    embedded, embedded_ms = asked(build_postings(documents, K1, B), questions)
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        program = started(folder, port)
        try:
            milvus = Milvus(f"http://127.0.0.1:{port}", retry_seconds=1)
            begun = time.perf_counter()
            remote = remote_postings(documents, "words", K1, B, np.zeros(len(documents), np.int32), milvus)
            while not milvus.serving:
                assert time.perf_counter() - begun < LONGEST_S, "Milvus did not take the collection"
                time.sleep(0.05)
            written = time.perf_counter() - begun
            found, remote_ms = asked(remote, questions)
            assert milvus.serving, "a search failed: these would be the scanned results"
            scanned, scanned_ms = asked(remote.scanned, questions[:200])
            results = {
                "machine": machine(),
                "passages": len(documents),
                "questions": len(questions),
                "same_ten_best": sum(one[0] == other[0] for one, other in zip(embedded, found, strict=True)),
                "same_scores": sum(one[1] == other[1] for one, other in zip(embedded, found, strict=True)),
                "same_when_scanned": [scanned == embedded[:200], 200],
                "write_s": round(written, 1),
                "ms_a_question": {"embedded": embedded_ms, "Milvus Lite": remote_ms, "scanned": scanned_ms},
                "milvus_lite_mb": round(resident_mb(program.pid)),
                "milvus_lite_disk_mb": round(sum(path.stat().st_size for path in Path(folder).rglob("*.db*")) / 2**20),
            }
            milvus.close()
        finally:
            program.kill()
            program.wait()
    (ROOT / "reports").mkdir(exist_ok=True)
    (ROOT / "reports" / "milvus.json").write_text(json.dumps(results, indent=2), "utf-8")
    plot_milvus(results, ROOT / "reports" / "milvus.png")
    print(json.dumps(results, indent=2))


def started(folder: str, port: int) -> subprocess.Popen[bytes]:
    """Start Milvus Lite, listening on `port`."""
    spec = find_spec("milvus_lite")
    assert spec
    assert spec.origin
    programs = Path(spec.origin).parent / "lib"
    environment = {**os.environ, "LD_LIBRARY_PATH": str(programs)}
    command = (str(programs / "milvus"), f"{folder}/milvus.db", f"127.0.0.1:{port}", "ERROR")
    return subprocess.Popen(command, env=environment, cwd=folder)


def asked(postings: Weighed, questions: Sequence[dict[int, float]]) -> tuple[list[Best], dict[str, float]]:
    """Return each question's ten best, and the milliseconds of one."""
    postings.best(questions[0], MOST)
    found, times = [], []
    for question in questions:
        begun = time.perf_counter()
        rows, scores = postings.best(question, MOST)
        times.append((time.perf_counter() - begun) * 1000)
        found.append((rows.tolist(), scores.tolist()))
    cuts = statistics.quantiles(times, n=20)
    return found, {"mean": round(statistics.mean(times), 3), "p50": round(cuts[9], 3), "p95": round(cuts[18], 3)}


def _numbered(documents: Documents, words: Words) -> dict[int, float]:
    known = [documents.numbers[word] for word in words if word in documents.numbers]
    return {number: float(known.count(number)) for number in known}


def resident_mb(process: int) -> float:
    """Return the resident memory of a process."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


if __name__ == "__main__":
    main()
