"""The matcher: how likely a passage answers a question, and how likely any of the best ones does.

Logistic regressions, learned by `bench/matcher.py` from questions over bulletins that are not in the folder. The first
ranks passages; the second, over the best three and over the question itself, decides between an answer and none; the
third tells what is on the matter at all. Each stands there twice: with the dense reader, and for when it is away.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.dense import Centre, Vectors
from bot.retrieval.features import NAMES, WORDS, Table

WEIGHTS = Path(__file__).with_name("matcher.json")
# So many of the best passages are looked at together; an answer quotes no more.
BEST = 3
_LEAST_LOGIT = -12.0
# The probability from which on a passage speaks for itself: in the folds 0.84 of these are right.
SPEAKS_FOR_ITSELF = 0.8


@dataclass(frozen=True)
class Regression:
    """probability = 1 / (1 + exp(-(bias + (row - mean) / scale · weights)))."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float

    def logits(self, rows: Table) -> NDArray[np.float64]:
        """Return the logit of each row, shape (rows,)."""
        logits: NDArray[np.float64] = self.parts(rows).sum(axis=-1) + self.bias
        return logits

    def parts(self, rows: Table) -> Table:
        """Return what each column adds to the logit of each row, shape of `rows`."""
        parts: Table = (rows - self.mean) / self.scale * self.weights
        return parts

    def as_dict(self) -> dict[str, Any]:
        """Return it in a form that JSON can hold."""
        columns = {"mean": self.mean, "scale": self.scale, "weights": self.weights}
        return {name: [float(f"{value:.5g}") for value in column] for name, column in columns.items()} | {
            "bias": self.bias
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Regression:
        """Read what `as_dict` gave."""
        mean, scale, weights = (np.array(data[name], np.float64) for name in ("mean", "scale", "weights"))
        return cls(mean, scale, weights, float(data["bias"]))


@dataclass(frozen=True)
class Reader:
    """The three regressions over one set of columns: does a passage answer, does any of the best, is it the matter.

    From the probability `sure` on that one of the best passages answers, they are quoted as an answer (`sure_at_home`
    when the best is of a bulletin that the classifier knows); from `near` on that the question is on the matter of the
    bulletins, the best one is shown as the nearest.
    """

    passage: Regression
    answers: Regression
    matter: Regression
    sure: float = 1.0
    sure_at_home: float = 1.0
    near: float = 1.0


@dataclass(frozen=True)
class Matcher:
    """`both` reads words and meaning, `words` words alone. `home` are the bulletins that the classifier knows.

    `encoder` made the vectors that `both` was learned with: those of another model are not looked at.
    """

    encoder: str
    centre: Centre
    home: frozenset[str]
    both: Reader
    words: Reader

    def reader(self, table: Table) -> Reader:
        """Return the regressions for a table of this width."""
        return self.both if table.shape[1] == len(NAMES) else self.words


def best_rows(table: Table, logits: NDArray[np.float64], question: Vectors | None) -> NDArray[np.float64]:
    """Return what is looked at of the best passages together: their logits, the best one's row, the highest of each.

    With the dense reader the centred vector of the question stands at the end: the kind of thing that is asked.
    """
    order = np.argsort(-logits, kind="stable")[:BEST]
    ordered = np.full(BEST, _LEAST_LOGIT)
    ordered[: len(order)] = np.maximum(logits[order], _LEAST_LOGIT)
    rows = table[order]
    parts: Sequence[NDArray[Any]] = (ordered, ordered[:1] - ordered[1:2], rows[0], rows.max(axis=0))
    return np.concatenate([*parts, question] if question is not None else parts)


def answered(logits: NDArray[np.float64], best: NDArray[np.float64], reader: Reader) -> float:
    """Return the logit that one of the best passages answers: what is said of them together, or of the best alone.

    A passage that is this likely speaks for itself, also when bulletins seldom answer such a question.
    """
    together, alone = float(reader.answers.logits(best[None, :])[0]), float(logits.max())
    return max(together, alone) if probability(np.array(alone)) >= SPEAKS_FOR_ITSELF else together


def probability(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 / (1 + exp(-logit))."""
    result: NDArray[np.float64] = 1 / (1 + np.exp(-logits))
    return result


@cache
def read_matcher(path: Path = WEIGHTS) -> Matcher:
    """Read the learned weights."""
    data = json.loads(path.read_text("utf-8"))
    readers = {name: _reader(data[name]) for name in ("both", "words")}
    for name, columns in (("both", NAMES), ("words", WORDS)):
        if tuple(data[name]["columns"]) != columns:
            raise ValueError(f"{path}: the columns of {name!r} are not those of features.py; run bench/matcher.py")
    question, passage = (np.array(data["centre"][each], np.float32) for each in ("question", "passage"))
    down, up = (np.array(each, np.float32) for each in data["turned"])
    return Matcher(
        encoder=data["encoder"],
        centre=Centre(question, passage, (down, up)),
        home=frozenset(data["home"]),
        **readers,
    )


def _reader(data: Mapping[str, Any]) -> Reader:
    passage, answers, matter = (Regression.from_dict(data[name]) for name in ("passage", "answers", "matter"))
    sure, sure_at_home, near = (float(data[name]) for name in ("sure", "sure_at_home", "near"))
    return Reader(passage, answers, matter, sure, sure_at_home, near)
