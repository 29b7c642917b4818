"""How far the figures move when nothing got better or worse: five seeds of what is arbitrary in a measurement.

For the classifier it is the deal of sentences into folds. Golden questions are asked of a deterministic pipeline: asked
twice, nothing moves. What is arbitrary is which sentences somebody happened to write for training, so each seed leaves
a tenth of them out, trains anew, and asks again.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.evaluation.crossvalidation import SEEDS
from bot.processes.programs import CommandError, Program, running
from bot.rasa.model import QUIET, WITHOUT_TENSORFLOW
from bot.rasa.understanding import quietly

LEARNT = 0.9
CONFIG, NLU, LOG = Path("bot/rasa/config.yml"), Path("data/nlu"), Path(".cache/logs/noise.log")


def thinned_models() -> Iterator[Path]:
    """Yield, for each seed, a model trained on nine tenths of the sentences; it is gone when the next is asked for.

    Takes about a minute a seed. Raises CommandError when training fails.
    """
    for seed in SEEDS:
        with tempfile.TemporaryDirectory(prefix="duanka-noise-") as folder:
            sentences = Path(folder) / "nlu.yml"
            with quietly():
                sentences.write_text(_thinned(seed), encoding="utf-8")
            yield _train(sentences, Path(folder))


def _thinned(seed: int) -> str:
    """Return nine tenths of the training sentences, of each intent as many in proportion."""
    from rasa.shared.nlu.training_data.loading import load_data
    from rasa.shared.nlu.training_data.training_data import TrainingData
    from sklearn.model_selection import train_test_split

    examples = load_data(str(NLU), "zh").intent_examples
    intents = [example.get("intent") for example in examples]
    kept, _ = train_test_split(examples, train_size=LEARNT, random_state=seed, stratify=intents)
    return str(TrainingData(training_examples=kept).nlu_as_yaml())


def _train(sentences: Path, out: Path) -> Path:
    model = out / "thinned.tar.gz"
    options = ("--nlu", sentences, "--config", CONFIG, "--out", out, "--fixed-model-name", "thinned")
    command = (sys.executable, "-m", WITHOUT_TENSORFLOW, "train", "nlu", *map(str, options))
    with running(Program("训练", command, LOG, QUIET)) as (child,):
        if child.process.wait() or not model.exists():
            raise CommandError("量误差时训练没有成功", LOG)
    return model
