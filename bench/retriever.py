"""The retriever beside its peers on STARD: speed, scores, memory, start, growth, quality. Run as decision 0011 says.

    .cache/bench/bin/python bench/retriever.py [SIZE ...]

Everything is measured in one run on one machine; engines take turns, so that the load of a moment falls on all.
rank-bm25 is timed on `SAMPLE` questions drawn by a fixed seed, the others on all. Results go to
reports/retriever.json and reports/retriever.png; SIZEs (numbers of passages) are those of the growth.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from engines import ENGINES, Ask, Words  # noqa: E402
from live import live_index, one_more, quality, whole_search_ms  # noqa: E402
from machine import machine  # noqa: E402
from plots import plot  # noqa: E402
from stard import Stard, jieba_words, mean_reciprocal_rank, read_stard, replicated  # noqa: E402

SAMPLE, SLICE, ROUNDS = 60, 50, 2
SIZES = (1_000, 10_000, 57_922, 580_000)
QUICK = ("ours", "tantivy", "bm25s-numba", "bm25s-stored")
FAST = (*QUICK, "bm25s-numpy")
# Opened from the disk, as in service; the others begin with the words.
STORED = ("ours", "bm25s-stored")


def main(sizes: Sequence[int]) -> None:
    """Measure and write."""
    data = read_stard()
    documents = [jieba_words(text) for text in data.texts]
    questions = [jieba_words(text) for text in data.questions]
    results = {
        "machine": machine(),
        "corpus": {"passages": len(documents), "questions": len(questions), "words_a_question": _mean(questions)},
        **compared(documents, questions),
        "growth_ms": growth(documents, questions, sizes),
        "footprint": {str(size): footprints(documents, questions, size) for size in sizes},
        **in_service(data, documents, questions),
    }
    results["machine"]["load_after"] = machine()["load"]  # type: ignore[index]
    out = ROOT / "reports"
    out.mkdir(exist_ok=True)
    (out / "retriever.json").write_text(json.dumps(results, indent=2, ensure_ascii=False), "utf-8")
    plot(results, out / "retriever.png")
    print(json.dumps(results, indent=2, ensure_ascii=False))


def _mean(lists: Sequence[Sequence[str]]) -> float:
    return round(statistics.mean(map(len, lists)), 1)


def compared(documents: list[Words], questions: list[Words]) -> dict[str, object]:
    """Time all engines in turns, and hold our scores against rank-bm25's."""
    asks = {name: build(documents) for name, build in ENGINES.items()}
    times = in_turns({name: asks[name] for name in FAST}, questions, ROUNDS)
    sample = random.Random(6).sample(questions, SAMPLE)
    both = in_turns({name: asks[name] for name in ("ours", "rank-bm25")}, sample, 1)
    return {
        "ms_a_question": {name: _spread(each) for name, each in times.items()},
        "ms_on_the_sample": {name: _spread(each) for name, each in both.items()},
        "times_faster_than": {
            **{name: round(_mid(times[name]) / _mid(times["ours"]), 2) for name in FAST if name != "ours"},
            "rank-bm25": round(statistics.mean(both["rank-bm25"]) / statistics.mean(both["ours"])),
        },
        "scores": agreement(asks["ours"], asks["rank-bm25"], questions, sample),
    }


def in_turns(asks: dict[str, Ask], questions: Sequence[Words], rounds: int) -> dict[str, list[float]]:
    """Return the milliseconds of each question and round; engines change every `SLICE` questions.

    Of the processor, for all engines search on the thread that asks: what else the machine does does not count.
    """
    for ask in asks.values():
        for words in questions[:5]:
            ask(words)
    times: dict[str, list[float]] = {name: [] for name in asks}
    for _ in range(rounds):
        for first in range(0, len(questions), SLICE):
            for name, ask in asks.items():
                for words in questions[first : first + SLICE]:
                    begun = time.thread_time()
                    ask(words)
                    times[name].append((time.thread_time() - begun) * 1000)
    return times


def _spread(times: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=20)
    return {"mean": round(statistics.mean(times), 4), "p50": round(_mid(times), 4), "p95": round(cuts[18], 4)}


def _mid(times: Sequence[float]) -> float:
    return statistics.median(times)


def agreement(ours: Ask, theirs: Ask, questions: Sequence[Words], sample: Sequence[Words]) -> dict[str, float]:
    """Hold our best ten against rank-bm25: their scores for every question, and who they are for the sample.

    A place is as good when the score that rank-bm25 gives its own best there is ours to 1e-6.
    """
    bm25 = theirs.bm25  # type: ignore[attr-defined]
    worst = 0.0
    for words in questions:
        rows, scores = ours(words)
        if len(rows):
            expected = np.array(bm25.get_batch_scores(words, list(rows)))
            worst = max(worst, float((np.abs(scores - expected) / expected).max()))
    same = [_as_good(ours(words)[1], theirs(words)[1]) for words in sample]
    return {"questions": len(questions), "largest_relative_error": worst, "same_best_ten_on_sample": sum(same) / SAMPLE}


def _as_good(ours: Sequence[float], theirs: Sequence[float]) -> bool:
    found = [score for score in theirs if score > 0]
    return len(ours) == len(found) and bool(np.allclose(ours, found, rtol=1e-6))


def footprints(documents: list[Words], questions: list[Words], size: int) -> dict[str, dict[str, float]]:
    """Memory and start of each engine over `size` passages, in a process of its own; the slow ones up to 58,000."""
    corpus = replicated(documents, size)
    names = ENGINES if size <= len(documents) else QUICK
    with tempfile.TemporaryDirectory() as folder:
        words, asked = (Path(folder) / name for name in ("words.txt", "questions.txt"))
        for path, lists in ((words, corpus), (asked, questions)):
            with path.open("w", encoding="utf-8") as lines:
                lines.writelines(" ".join(each) + "\n" for each in lists)
        kept = {name: Path(folder) / name for name in STORED}
        for name, path in kept.items():
            ENGINES[name](corpus, path)  # type: ignore[call-arg]
        del corpus
        return {
            name: _footprint(name, str(words), str(asked), *([str(kept[name])] if name in kept else []))
            for name in names
        }


def _footprint(*arguments: str) -> dict[str, float]:
    command = [sys.executable, str(ROOT / "bench" / "footprint.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def growth(documents: list[Words], questions: list[Words], sizes: Sequence[int]) -> dict[str, dict[str, float]]:
    """Mean milliseconds a question for growing corpora, in turns; the slow ones up to 58,000, rank-bm25 on ten."""
    sample = random.Random(7).sample(questions, 200)
    grown: dict[str, dict[str, float]] = {name: {} for name in ENGINES}
    for size in sizes:
        corpus = replicated(documents, size)
        asks = {name: ENGINES[name](corpus) for name in (FAST if size <= len(documents) else QUICK)}
        for name, times in in_turns(asks, sample, ROUNDS).items():
            grown[name][str(size)] = round(statistics.mean(times), 4)
        if size <= len(documents):
            times = in_turns({"rank-bm25": ENGINES["rank-bm25"](corpus)}, sample[:10], 1)["rank-bm25"]
            grown["rank-bm25"][str(size)] = round(statistics.mean(times), 2)
    return grown


def in_service(data: Stard, documents: list[Words], questions: list[Words]) -> dict[str, object]:
    """Quality, the first build, a bulletin more, and a whole search, with the words and weights of the assistant."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        live_index(data, Path(folder))
        built = time.perf_counter() - begun
        begun = time.perf_counter()
        index = live_index(data, Path(folder))
        opened = time.perf_counter() - begun
        return {
            "in_service": {
                "postings": len(index.documents.ids),
                "first_build_s": round(built, 1),
                "open_s": round(opened, 2),
                **one_more(data, Path(folder)),
                "whole_search_ms": whole_search_ms(data, index),
            },
            "mrr_at_10": {**baselines(data, documents, questions), **quality(data, index)},
        }


def baselines(data: Stard, documents: list[Words], questions: list[Words]) -> dict[str, dict[str, float]]:
    """MRR@10 of jieba's words alone, of character bigrams alone, and of the sum of both."""
    from bot.retrieval.postings import best_of, build_postings

    found = {}
    cut = {"jieba": (documents, questions), "bigrams": (_bigrams(data.texts), _bigrams(data.questions))}
    sums = []
    for name, (passages, asked) in cut.items():
        counted = _counted(passages)
        postings = build_postings(counted, 1.2, 0.75)
        numbered = [[counted.numbers[word] for word in words if word in counted.numbers] for words in asked]
        factors = [{number: float(words.count(number)) for number in words} for words in numbered]
        found[name] = mean_reciprocal_rank(data, lambda n, p=postings, f=factors: p.best(f[n], 10)[0].tolist())
        sums.append((postings, factors))
    (one, ones), (two, twos) = sums
    found["both as equals"] = mean_reciprocal_rank(
        data, lambda n: best_of(one.scores(ones[n]) + two.scores(twos[n]), 10)[0].tolist()
    )
    return found


def _bigrams(texts: Sequence[str]) -> list[Words]:
    import re

    runs = re.compile(r"[\u4e00-\u9fff]+")
    return [[run[i : i + 2] for run in runs.findall(text) for i in range(len(run) - 1)] for text in texts]


def _counted(documents: list[Words]):  # type: ignore[no-untyped-def]
    from bot.retrieval.documents import count_documents, digest

    texts = ["\x01".join(document) for document in documents]
    return count_documents(texts, [digest(text) for text in texts], lambda text: text.split("\x01"))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
