"""What cross-validation counts, without a classifier: one is trained in tests/assistant/test_baseline_kept.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from sklearn.metrics import accuracy_score, f1_score

from bot.evaluation.crossvalidation import Confusion, pipeline_settings

ROOT = Path(__file__).resolve().parents[2]
PAIRS = [*[("lure", "lure")] * 5, *[("lure", "report")] * 2, ("report", "lure"), ("talk", "report"), ("talk", "talk")]
FOUND = Confusion({pair: PAIRS.count(pair) for pair in set(PAIRS)})


def test_the_figures_are_those_of_scikit_learn() -> None:
    """F1 by intent, their mean, and the share that was found."""
    meant, taken = zip(*PAIRS, strict=True)
    each = f1_score(meant, taken, average=None, labels=FOUND.intents)
    assert FOUND.intents == ("lure", "report", "talk")
    assert [FOUND.f1(intent) for intent in FOUND.intents] == pytest.approx(list(each))
    assert FOUND.macro_f1 == pytest.approx(f1_score(meant, taken, average="macro"))
    assert FOUND.accuracy == pytest.approx(accuracy_score(meant, taken))
    assert FOUND.size == len(PAIRS)


def test_an_intent_that_is_never_found_has_an_f1_of_nothing() -> None:
    """Not a division by zero."""
    assert Confusion({("a", "b"): 2, ("b", "b"): 1}).f1("a") == 0.0


def test_mistakes_come_most_often_first() -> None:
    """What was right is none; equal ones keep the order of the alphabet."""
    assert FOUND.mistakes() == (("lure", "report", 2), ("report", "lure", 1), ("talk", "report", 1))


def test_what_is_measured_is_in_our_configuration() -> None:
    """The components by which config.yml trains are those that are cross-validated."""
    settings = pipeline_settings(ROOT / "bot" / "rasa" / "config.yml")
    assert settings["IntentRegression"]["max_iter"] > 0
    assert settings["TextNormaliser"]["knowledge"] == "knowledge"


def test_another_classifier_is_not_measured_as_ours(tmp_path: Path) -> None:
    """Who changes the pipeline is told that these figures would not be about it."""
    config = tmp_path / "config.yml"
    config.write_text("pipeline:\n- name: bot.rasa.components.TextNormaliser\n- name: DIETClassifier\n", "utf-8")
    with pytest.raises(ValueError, match="ChineseTokenizer、TfidfFeaturizer、IntentRegression"):
        pipeline_settings(config)
