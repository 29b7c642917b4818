"""The learned weights: they fit the columns, are small, and say the same as the formula they came from."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bot.retrieval.features import NAMES, WORDS
from bot.retrieval.matcher import BEST, WEIGHTS, Reader, Regression, answered, best_rows, probability, read_matcher

MOST_BYTES = 1_000_000


def test_the_weights_fit_the_columns() -> None:
    """One file of at most a megabyte, learned for these columns, with the figures of its folds."""
    matcher = read_matcher()
    assert WEIGHTS.stat().st_size < MOST_BYTES
    assert len(matcher.both.passage.weights) == len(NAMES)
    assert len(matcher.words.passage.weights) == len(WORDS)
    for reader in (matcher.both, matcher.words):
        assert all(0 < least < 1 for least in (reader.near, reader.sure, reader.sure_at_home))
    folds = json.loads(WEIGHTS.read_text("utf-8"))["folds"]
    assert folds["both"]["accuracy"] > folds["words"]["accuracy"] > 0.5


def test_home_are_the_bulletins_the_classifier_was_trained_beside() -> None:
    """It speaks of these and of no other."""
    shipped = {path.stem for path in (Path(__file__).parents[2] / "knowledge/bulletins").glob("*.md")}
    assert read_matcher().home == shipped


def test_weights_of_other_columns_are_refused(tmp_path: Path) -> None:
    """Whoever changes a column without learning again is told what to do."""
    data = json.loads(WEIGHTS.read_text("utf-8"))
    data["both"]["columns"] = data["both"]["columns"][1:]
    other = tmp_path / "matcher.json"
    other.write_text(json.dumps(data), "utf-8")
    with pytest.raises(ValueError, match=r"the columns of 'both' are not those of features.py; run bench/matcher.py"):
        read_matcher(other)


def test_the_parts_add_up() -> None:
    """What is shown to an editor of each column, and the bias, are the logit."""
    regression = Regression(np.array([1.0, 0.0]), np.array([2.0, 1.0]), np.array([3.0, -1.0]), 0.5)
    rows = np.array([[3.0, 2.0], [1.0, 0.0]])
    assert regression.parts(rows).tolist() == [[3.0, -2.0], [0.0, 0.0]]
    assert regression.logits(rows).tolist() == [1.5, 0.5]
    assert probability(np.array([0.0, 100.0])).tolist() == pytest.approx([0.5, 1.0])
    assert Regression.from_dict(regression.as_dict()).logits(rows).tolist() == [1.5, 0.5]


def test_the_best_three_are_looked_at_together() -> None:
    """Their logits in order, the best one's row, the highest of each column among them, then the question."""
    table = np.array([[1.0, 9.0], [2.0, 0.0], [3.0, 1.0], [4.0, 2.0]])
    best = best_rows(table, np.array([0.0, 3.0, 1.0, 2.0]), np.array([7.0], np.float32))
    assert best.tolist() == [3.0, 2.0, 1.0, 1.0, 2.0, 0.0, 4.0, 2.0, 7.0]


def test_fewer_than_three_are_as_good_as_nothing() -> None:
    """A folder of one passage has the same columns."""
    one = best_rows(np.array([[1.0, 2.0]]), np.array([0.5]), None)
    assert len(one) == BEST + 1 + 2 * 2
    assert one[1] == one[2] < -10


def test_editors_read_every_column() -> None:
    """What the matcher looks at has a name in Chinese at the desk and in `duanka search`."""
    from bot.editing.explaining import COLUMNS

    assert set(COLUMNS) == set(NAMES)


def test_a_passage_that_is_likely_enough_speaks_for_itself() -> None:
    """Also where the kind of question speaks against it; one that is less likely does not."""
    shy = Regression(np.zeros(1), np.ones(1), np.zeros(1), -3.0)
    reader = Reader(shy, shy, shy)
    assert answered(np.array([2.0, -1.0]), np.zeros(1), reader) == 2.0
    assert answered(np.array([1.0, -1.0]), np.zeros(1), reader) == -3.0
