"""Learn what a victim's message and an offer of trade sound like: writes knowledge/wordings/likeness.tsv.

    .venv/bin/python -m bench.alarm.learn

Reads the examples in data/nlu and beside this file, where {one|another} stands for either; each line is written out in
up to `MOST` ways; and the questions of bench/asked, none of which is an offer, and a victim's only where it is said
(`tells`). Two rounds of logistic regression over the features of bot.answering.likeness: the first chooses the
features, the second gives them their weights. The same examples give the same file, to the byte.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import yaml
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.answering.likeness import FILE, SCALE, Likeness, runs_of, write_likeness
from bot.answering.wordings import compact
from bot.retrieval.search import read_segmenter

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
KNOWLEDGE = ROOT / "knowledge"
FILES = {"victims.txt": "victim", "others.txt": "plain", "offers.txt": "offer", "innocents.txt": "plain"}
INTENTS = {"victim": "victim", "offer_trade": "offer"}
CLASSES = ("victim", "offer", "plain")
MOST, LEAST_SEEN, KEPT, STRENGTH = 12, 2, 40_000, 40.0
_CHOICE = re.compile(r"\{([^{}]*)\}")


def written_out(line: str, chance: random.Random, most: int = MOST) -> list[str]:
    """Return up to `most` of the sentences that a line with choices stands for."""
    found = set()
    for _ in range(3 * most):
        found.add(_CHOICE.sub(lambda choice: chance.choice(choice[1].split("|")), line))
    return sorted(found)[:: max(1, len(found) // most)][:most]


def examples() -> Iterator[tuple[str, str]]:
    """Yield (class, sentence) of everything there is to learn from."""
    chance = random.Random(1)
    for name, label in FILES.items():
        lines = (line.strip() for line in (HERE / name).read_text("utf-8").splitlines())
        for line in lines:
            if line and not line.startswith("#"):
                yield from ((label, sentence) for sentence in written_out(line, chance))
    for path in sorted((ROOT / "bench" / "asked").glob("*.yml")):
        for row in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader):
            if row.get("tells") != "unclear":
                yield row.get("tells", "plain"), row["q"]
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for intent in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)["nlu"]:
            label = INTENTS.get(intent["intent"], "plain")
            yield from ((label, line.strip()[2:]) for line in intent["examples"].splitlines() if line.strip())


def matrix(messages: list[frozenset[str]], columns: dict[str, int]) -> csr_matrix:
    """Return one row of length 1 a message."""
    rows, cols, values = [], [], []
    for row, runs in enumerate(messages):
        known = sorted(columns[run] for run in runs if run in columns)
        rows += [row] * len(known)
        cols += known
        values += [1.0 / np.sqrt(len(known) or 1)] * len(known)
    return csr_matrix((values, (rows, cols)), shape=(len(messages), len(columns)))


def fit(messages: list[frozenset[str]], labels: list[str], names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return weights (runs × 2) and bias (2) of a victim and an offer against neither."""
    model = LogisticRegression(C=STRENGTH, max_iter=1000, class_weight="balanced")
    model.fit(matrix(messages, {name: column for column, name in enumerate(names)}), labels)
    order = [list(model.classes_).index(label) for label in CLASSES]
    weights, bias = model.coef_[order], model.intercept_[order]
    return (weights[:2] - weights[2]).T, bias[:2] - bias[2]


def learn(sentences: list[tuple[str, str]]) -> Likeness:
    """Learn from (class, sentence)."""
    segmenter = read_segmenter(KNOWLEDGE)
    labels = [label for label, _ in sentences]
    messages = [runs_of(compact(segmenter.mend(sentence))) for _, sentence in sentences]
    seen = Counter(run for runs in messages for run in runs)
    names = sorted(name for name, count in seen.items() if count >= LEAST_SEEN)
    weights, _ = fit(messages, labels, names)
    worth = np.abs(weights).max(axis=1) * np.sqrt([seen[name] for name in names])
    kept = sorted(names[column] for column in np.argsort(-worth, kind="stable")[:KEPT])
    weights, bias = fit(messages, labels, kept)
    pairs = {name: (float(victim), float(offer)) for name, (victim, offer) in zip(kept, weights, strict=True)}
    told = {name: pair for name, pair in pairs.items() if max(map(abs, pair)) * SCALE >= 1}
    return Likeness((float(bias[0]), float(bias[1])), told)


if __name__ == "__main__":
    learnt = list(dict.fromkeys(examples()))
    print(Counter(label for label, _ in learnt))
    made = learn(learnt)
    write_likeness(made, KNOWLEDGE / "wordings" / FILE)
    print(len(made.weights), "features,", (KNOWLEDGE / "wordings" / FILE).stat().st_size, "bytes")
