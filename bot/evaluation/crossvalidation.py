"""The classifier judged on sentences it has not learnt from: five folds over data/nlu, by scikit-learn.

The same steps as in training (normalise, cut into words, tf-idf, logistic regression), by the same components, with the
settings of config.yml. What comes after the classifier - the fallback, the safety rules - is not part of it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

FOLDS = 5
SEEDS = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class Examples:
    """Training sentences cut into words, the intent of each, and the settings they are learnt with."""

    words: tuple[tuple[str, ...], ...]
    intents: tuple[str, ...]
    max_ngram: int
    scale: float
    max_iter: int


@dataclass(frozen=True)
class Confusion:
    """How often each intent (the first of a pair) was taken for each other, every sentence counted once."""

    counts: Mapping[tuple[str, str], int]

    @cached_property
    def intents(self) -> tuple[str, ...]:
        """Every intent, in the order of the alphabet."""
        return tuple(sorted({intent for pair in self.counts for intent in pair}))

    @property
    def accuracy(self) -> float:
        """The share, 0 to 1, of sentences whose intent was found."""
        return sum(self.counts.get((intent, intent), 0) for intent in self.intents) / self.size

    @property
    def macro_f1(self) -> float:
        """The mean of the intents' F1, 0 to 1: a rare intent counts as much as a frequent one."""
        return sum(self.f1(intent) for intent in self.intents) / len(self.intents)

    @property
    def size(self) -> int:
        """How many sentences were classified."""
        return sum(self.counts.values())

    def f1(self, intent: str) -> float:
        """Return the harmonic mean of an intent's precision and recall: 2 TP / (2 TP + FP + FN)."""
        hits = self.counts.get((intent, intent), 0)
        either = self.row(intent) + sum(count for (_, taken), count in self.counts.items() if taken == intent)
        return 2 * hits / either if either else 0.0

    def row(self, intent: str) -> int:
        """Return how many sentences have this intent."""
        return sum(count for (meant, _), count in self.counts.items() if meant == intent)

    def mistakes(self) -> tuple[tuple[str, str, int], ...]:
        """Return (meant, taken for, how often), most often first."""
        wrong = [(meant, taken, count) for (meant, taken), count in self.counts.items() if meant != taken and count]
        return tuple(sorted(wrong, key=lambda mistake: (-mistake[2], mistake[:2])))


def read_examples(nlu: Path, config: Path) -> Examples:
    """Read and cut the training sentences. Imports Rasa, which takes some ten seconds.

    Raises ValueError when the configuration has none of the components that are measured here.
    """
    settings = pipeline_settings(config)
    from rasa.nlu.constants import TOKENS_NAMES
    from rasa.shared.nlu.training_data.loading import load_data

    from bot.rasa.components import ChineseTokenizer, TextNormaliser

    data = load_data(str(nlu), "zh")
    TextNormaliser.create(settings["TextNormaliser"], None, None, None).process_training_data(data)
    tokenizer = {**ChineseTokenizer.get_default_config(), **settings["ChineseTokenizer"]}
    ChineseTokenizer.create(tokenizer, None, None, None).process_training_data(data)
    examples = [example for example in data.intent_examples if example.get("text")]
    return Examples(
        tuple(tuple(token.text for token in example.get(TOKENS_NAMES["text"])) for example in examples),
        tuple(example.get("intent") for example in examples),
        max_ngram=int(settings["TfidfFeaturizer"].get("max_ngram", 3)),
        scale=float(settings["TfidfFeaturizer"].get("scale", 5.0)),
        max_iter=int(settings["IntentRegression"].get("max_iter", 100)),
    )


def pipeline_settings(config: Path) -> Mapping[str, dict[str, Any]]:
    """Return the settings of each component of the pipeline, by the last part of its name.

    Raises ValueError when one that is measured here is missing.
    """
    steps = yaml.safe_load(config.read_text("utf-8"))["pipeline"]
    settings = {step["name"].rpartition(".")[2]: step for step in steps}
    needed = ("TextNormaliser", "ChineseTokenizer", "TfidfFeaturizer", "IntentRegression")
    missing = [name for name in needed if name not in settings]
    if missing:
        raise ValueError(f"{config}：pipeline 里没有 {'、'.join(missing)}；交叉验证量的正是这几步")
    return settings


def cross_validate(examples: Examples, seed: int) -> Confusion:
    """Classify each sentence by a classifier trained on the other folds; `seed` deals the sentences into folds."""
    from joblib import Parallel, delayed
    from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
    from sklearn.model_selection import StratifiedKFold

    untrained = LogisticRegressionClassifier({"max_iter": examples.max_iter}, "cross-validation", None, None).clf
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(examples.words, examples.intents)
    jobs = (delayed(_predict)(untrained, _features(examples, train, test)) for train, test in folds)
    counts: Counter[tuple[str, str]] = Counter()
    for pairs in Parallel(n_jobs=min(FOLDS, os.cpu_count() or 1))(jobs):
        counts.update(pairs)
    return Confusion(dict(counts))


@dataclass(frozen=True)
class _Fold:
    """Features and intents of the sentences to learn from, and of those to classify."""

    learnt: Any
    intents: tuple[str, ...]
    asked: Any
    meant: tuple[str, ...]


def _features(examples: Examples, train: Sequence[int], test: Sequence[int]) -> _Fold:
    """Vocabulary and idf come from the sentences to learn from alone."""
    from scipy.sparse import vstack

    from bot.rasa.featurizer import Vectorizers

    vectorizers = Vectorizers.untrained(examples.max_ngram)
    vectorizers.fit([list(examples.words[row]) for row in train])

    def rows(numbers: Sequence[int]) -> Any:
        return vstack([vectorizers.transform(list(examples.words[row])) for row in numbers]) * examples.scale

    return _Fold(
        rows(train),
        tuple(examples.intents[row] for row in train),
        rows(test),
        tuple(examples.intents[row] for row in test),
    )


def _predict(untrained: Any, fold: _Fold) -> tuple[tuple[str, str], ...]:
    """Return (meant, taken for) of each sentence. Runs in a process of its own, where Rasa is not imported."""
    taken = untrained.fit(fold.learnt, fold.intents).predict(fold.asked)
    return tuple(zip(fold.meant, (str(intent) for intent in taken), strict=True))
