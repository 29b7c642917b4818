"""Everything here trains, serves and answers without TensorFlow: it is not installed. And what lacks it says so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec

import pytest
import yaml
from service import ROOT

from bot.rasa.model import QUIET
from bot.rasa.patches.without_tensorflow import EMPTIED

# What comes with TensorFlow, and the tools of tests; none of it is of any use to the service.
OF_NO_USE = ("tensorflow", "keras", "tensorboard", "jax", "jaxlib", "libclang", "h5py")
TOOLS = ("pytest", "mypy", "playwright", "ruff", "hypothesis")


def pins(lock: str) -> set[str]:
    """Return what a lock names."""
    return set(re.findall(r"^([a-z0-9][a-z0-9.-]*)==", (ROOT / lock).read_text("utf-8"), re.M))


def test_it_is_not_there() -> None:
    """Neither lock has it, nor has this environment, in which every test of the assistant runs."""
    assert pins("requirements-dev.lock").isdisjoint(OF_NO_USE)
    assert pins("requirements.lock").isdisjoint(OF_NO_USE)
    assert find_spec("tensorflow") is None


def test_the_service_has_no_tools() -> None:
    """What `make run` installs is part of what `make test` installs, in the same versions, and holds no tool."""
    service, whole = ((ROOT / name).read_text("utf-8") for name in ("requirements.lock", "requirements-dev.lock"))
    assert pins("requirements.lock").isdisjoint(TOOLS)
    assert pins("requirements-dev.lock") >= set(TOOLS)
    pinned = re.compile(r"^\S+==\S+", re.M)
    assert set(pinned.findall(service)) <= set(pinned.findall(whole))


def test_our_pipeline_needs_no_tensorflow() -> None:
    """None of Rasa's components that do is in the configuration."""
    config = yaml.safe_load((ROOT / "bot/rasa/config.yml").read_text("utf-8"))
    names = {step["name"].rpartition(".")[2] for part in ("pipeline", "policies") for step in config[part]}
    assert names & {name for names in EMPTIED.values() for name in names} == set()


@pytest.mark.parametrize(
    "start", ["", "import bot.rasa.patches.without_tensorflow as lean; lean.leave_tensorflow_out(); "]
)
def test_a_component_that_needs_it_says_so(start: str) -> None:
    """Rasa itself is imported, by any Python of the environment; the component says what it lacks when it is used."""
    code = start + "from rasa.engine.recipes.default_components import DIETClassifier; DIETClassifier.create()"
    command = (sys.executable, "-c", code)
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **QUIET}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "DIETClassifier needs TensorFlow, which is not installed" in done.stderr
