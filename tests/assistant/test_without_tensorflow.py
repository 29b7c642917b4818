"""Rasa without TensorFlow, in processes of their own: what it lacks, and that it understands as ever."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import yaml
from rich.console import Console
from service import ROOT

from bot.rasa.model import QUIET, ready_model

QUESTIONS = ("银行卡借给朋友用违法吗？", "身份证丢了怎么办", "骗子正在让我转账", "你好", "？？？？", "今天天气怎么样")
UNDERSTAND = """
import asyncio, json, sys
if sys.argv[1] == "lean":
    from bot.rasa.patches.without_tensorflow import leave_tensorflow_out
    assert leave_tensorflow_out()
import rasa.__main__
from rasa.core.agent import Agent
agent = Agent.load(sys.argv[2])
async def parsed():
    return [await agent.parse_message(text) for text in sys.argv[3:]]
found = [{each: parse[each] for each in ("text", "intent", "intent_ranking")} for parse in asyncio.run(parsed())]
print(json.dumps([bool(sys.modules.get("tensorflow")), found]))
"""


def understood(how: str) -> tuple[bool, list[dict[str, object]]]:
    """Return whether TensorFlow was loaded, and what Rasa understood, in a process of its own."""
    model = ready_model(ROOT, Console(quiet=True))
    command = (sys.executable, "-c", UNDERSTAND, how, str(model), *QUESTIONS)
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **QUIET}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    tensorflow, found = json.loads(done.stdout.splitlines()[-1])
    return tensorflow, found


def test_it_understands_what_rasa_itself_does() -> None:
    """Text, intent and every probability are the same; TensorFlow is in one of the two."""
    (without, lean), (loaded, whole) = understood("lean"), understood("whole")
    assert (without, loaded) == (False, True)
    assert lean == whole
    assert len({json.dumps(each["intent"]) for each in lean}) > 3


def test_our_pipeline_needs_no_tensorflow() -> None:
    """None of Rasa's components that do is in the configuration: `rasa run` would not load such a model."""
    config = yaml.safe_load((ROOT / "bot/rasa/config.yml").read_text("utf-8"))
    names = {step["name"].rpartition(".")[2] for part in ("pipeline", "policies") for step in config[part]}
    needing = {"DIETClassifier", "ResponseSelector", "LanguageModelFeaturizer", "ConveRTFeaturizer"}
    assert names & (needing | {"TEDPolicy", "UnexpecTEDIntentPolicy"}) == set()


def test_a_component_that_needs_tensorflow_says_so() -> None:
    """Not half of it works: the import fails, and names what is missing."""
    code = (
        "from bot.rasa.patches.without_tensorflow import leave_tensorflow_out; leave_tensorflow_out(); "
        "import rasa.nlu.classifiers.diet_classifier"
    )
    command = (sys.executable, "-c", code)
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **QUIET}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "ModuleNotFoundError: import of tensorflow halted" in done.stderr


def test_it_is_too_late_once_rasa_is_imported() -> None:
    """Then everything stays as Rasa has it."""
    code = (
        "import rasa.utils.train_utils, bot.rasa.patches.without_tensorflow as lean, sys;"
        "print(lean.leave_tensorflow_out(), bool(sys.modules['tensorflow']))"
    )
    command = (sys.executable, "-c", code)
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **QUIET}, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
