"""The STARD questions over 57,922 articles of law: lay questions, judged passages, and their words.

The folder is named by DUANKA_STARD (default ../shared/bench/stard): passages.jsonl.gz, queries.jsonl.gz, qrels.tsv.gz.
"""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import jieba

Words = list[str]


@dataclass(frozen=True)
class Stard:
    """`relevant` are the rows of the judged passages of each question; texts are titles and articles."""

    titles: tuple[str, ...]
    articles: tuple[str, ...]
    questions: tuple[str, ...]
    relevant: tuple[frozenset[int], ...]

    @property
    def texts(self) -> list[str]:
        """Title and article of each passage, on lines of their own."""
        return [f"{title}\n{article}" for title, article in zip(self.titles, self.articles, strict=True)]


def read_stard() -> Stard:
    """Read the three files of the folder."""
    folder = Path(os.environ.get("DUANKA_STARD", "../shared/bench/stard"))
    passages = [json.loads(line) for line in _lines(folder / "passages.jsonl.gz")]
    questions = [json.loads(line) for line in _lines(folder / "queries.jsonl.gz")]
    rows = {passage["id"]: row for row, passage in enumerate(passages)}
    relevant: dict[str, set[int]] = {question["id"]: set() for question in questions}
    for line in _lines(folder / "qrels.tsv.gz")[1:]:
        question, passage, _ = line.split("\t")
        if passage in rows:
            relevant[question].add(rows[passage])
    return Stard(
        tuple(passage["title"] for passage in passages),
        tuple(passage["text"] for passage in passages),
        tuple(question["text"] for question in questions),
        tuple(frozenset(relevant[question["id"]]) for question in questions),
    )


def _lines(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return lines.read().splitlines()


def jieba_words(text: str) -> Words:
    """Cut as jieba's users do: for search, punctuation left out."""
    return [word for word in jieba.lcut_for_search(text) if any(character.isalnum() for character in word)]


def replicated(documents: Sequence[Words], count: int, seed: int = 1) -> list[Words]:
    """Return `count` documents: the first ones, or copies in which each tenth word is one of another document."""
    chance = random.Random(seed)
    copies = list(documents[:count])
    while len(copies) < count:
        own, other = documents[len(copies) % len(documents)], chance.choice(documents)
        copies.append([chance.choice(other) if other and chance.random() < 0.1 else word for word in own])
    return copies


def reciprocal_rank(rows: Iterable[int], relevant: frozenset[int]) -> float:
    """Return 1 / the place of the first relevant row, 0 when none is among `rows`."""
    return next((1 / place for place, row in enumerate(rows, start=1) if row in relevant), 0.0)


def mean_by_half(values: Sequence[float]) -> dict[str, float]:
    """Return the mean of all, of the half that weights were chosen on (even numbers), and of the other half."""
    halves: dict[str, Sequence[float]] = {"all": values, "chosen_on": values[::2], "held_out": values[1::2]}
    return {name: round(sum(half) / len(half), 4) for name, half in halves.items()}


def mean_reciprocal_rank(data: Stard, best: Callable[[int], Iterable[int]]) -> dict[str, float]:
    """Return MRR@10; `best` gives the ten best rows for the question of this number."""
    found = [reciprocal_rank(best(number), relevant) for number, relevant in enumerate(data.relevant)]
    return mean_by_half(found)
