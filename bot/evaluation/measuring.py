"""Getting the figures of `duanka eval`: from the trained model in this process, or from a running assistant over REST.

What the figures mean is in bot/evaluation.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import jieba
from rich.console import Console

from bot.answering.answerer import Answerer
from bot.evaluation.baseline import Figures, Mark, classifier_figures, golden_figures, mark, mean, spread
from bot.evaluation.crossvalidation import SEEDS, Confusion, cross_validate, read_examples
from bot.evaluation.in_process import Rehearsed, rehearse
from bot.evaluation.judging import Question, Source, Verdict, judge, parse_reply, sources_of
from bot.evaluation.runs import Run, Support, entry_of
from bot.evaluation.seed_variance import CONFIG, NLU, thinned_models
from bot.knowledge.loading import embedded_store, load_answerer
from bot.processes.progress import waiting
from bot.rasa.model import ready_model
from bot.rasa.understanding import quietly
from bot.reading.records import Library, Topic
from bot.settings import Settings

HERE = "本机训练好的模型和通报"
Ask = Callable[[str], object]


@dataclass(frozen=True)
class Measured:
    """The verdicts, what is kept of them, and the classifier's mistakes if it was cross-validated."""

    verdicts: tuple[Verdict, ...]
    run: Run
    confusion: Confusion | None = None

    @property
    def figures(self) -> Figures:
        """Everything that was measured, by the names of the baseline."""
        of_classifier = classifier_figures(self.confusion) if self.confusion else {}
        return {**golden_figures(tuple(self.run.entries.values())), **of_classifier}


@dataclass(frozen=True)
class Bench:
    """Golden questions and the knowledge they are judged by."""

    questions: tuple[Question, ...]
    settings: Settings
    console: Console

    def over_rest(self, url: str, ask: Ask, questions: Iterable[Question]) -> Measured:
        """Ask a running assistant; it shows no support, and its classifier is its own."""
        verdicts = tuple(judge(question, parse_reply(ask(question.text)), self._sources) for question in questions)
        return Measured(verdicts, _run(url, verdicts, [None] * len(verdicts)))

    def here(self, root: Path, classifier: bool) -> Measured:
        """Ask the model of the folder `root`, trained first if it is not there; cross-validate if `classifier`."""
        model = ready_model(root, self.console)
        with waiting(self.console, f"问 {len(self.questions)} 道金题"):
            measured = self._asked(model)
        if not classifier:
            return measured
        with waiting(self.console, "交叉验证分类器"), quietly():
            confusion = cross_validate(read_examples(NLU, CONFIG), SEEDS[0])
        return Measured(measured.verdicts, measured.run, confusion)

    def baseline(self, measured: Measured) -> Mapping[str, Mark]:
        """Measure the noise, which takes several minutes, and return what the baseline is to say."""
        with waiting(self.console, f"量误差：用 {len(SEEDS)} 个种子各交叉验证一次"), quietly():
            examples = read_examples(NLU, CONFIG)
            folds = [classifier_figures(cross_validate(examples, seed)) for seed in SEEDS]
        with waiting(self.console, f"量误差：少学一成训练句，重新训练、提问 {len(SEEDS)} 次"):
            asked = [golden_figures(tuple(self._asked(model).run.entries.values())) for model in thinned_models()]
        golden = golden_figures(tuple(measured.run.entries.values()))
        return {**mark(golden, spread(asked)), **mark(mean(folds), spread(folds))}

    @property
    def library(self) -> Library:
        """The bulletins."""
        return self._answerer.searcher.library

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics."""
        return self._answerer.topics

    @cached_property
    def _answerer(self) -> Answerer:
        jieba.setLogLevel(logging.ERROR)
        return load_answerer(self.settings, date.today(), store=embedded_store(self.settings))

    @cached_property
    def _sources(self) -> Mapping[str, Source]:
        return sources_of(self.library)

    def _asked(self, model: Path) -> Measured:
        texts = [question.text for question in self.questions]
        rehearsed: Sequence[Rehearsed] = rehearse(model, self._answerer, texts, date.today())
        verdicts = tuple(
            judge(question, each.reply, self._sources) for question, each in zip(self.questions, rehearsed, strict=True)
        )
        return Measured(verdicts, _run(HERE, verdicts, [each.support for each in rehearsed]))


def _run(whom: str, verdicts: Sequence[Verdict], supports: Sequence[Support | None]) -> Run:
    entries = (entry_of(verdict, support) for verdict, support in zip(verdicts, supports, strict=True))
    return Run(datetime.now().astimezone(), whom, {entry.id: entry for entry in entries})
