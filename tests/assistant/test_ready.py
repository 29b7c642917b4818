"""Ready, in running programs: the model is loaded, the knowledge is there, and the action server answers."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import rasa_quietly  # noqa: F401
import requests
from people import until
from programs import Assistant, kill
from service import READY_SECONDS, ROOT

from bot.commands.run import rasa_server
from bot.doors.health import REMEMBERED_SECONDS
from bot.processes.loopback import HOST, answers, free_port
from bot.processes.programs import running, wait_until

READY = (200, {"ready": True, "model": True, "answers": True})
NO_ANSWER = (503, {"ready": False, "model": True, "answers": False})
NO_MODEL = (503, {"ready": False, "model": False, "answers": False})


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    """A copy of the knowledge, which may be taken away."""
    return Path(shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge"))


@pytest.fixture
def assistant(tmp_path: Path, knowledge: Path) -> Iterator[Assistant]:
    """Rasa with an action server beside it."""
    with ExitStack() as stack:
        yield Assistant(tmp_path, stack, {"DUANKA_KNOWLEDGE": str(knowledge)})


def ready(web: str) -> tuple[int, dict[str, bool]]:
    """Ask."""
    response = requests.get(web.replace("/web/", "/health/ready"), timeout=60)
    return response.status_code, response.json()


def test_action_server_and_knowledge(assistant: Assistant, knowledge: Path) -> None:
    """Not ready while the action server is dead, nor while it has no knowledge; then again, by itself."""
    assert ready(assistant.url) == READY
    kill(assistant.actions)
    until(lambda: ready(assistant.url) == NO_ANSWER, "ready, though there is no action server")
    away = knowledge.rename(knowledge.with_name("away"))
    assistant.start_actions()
    time.sleep(REMEMBERED_SECONDS)
    assert ready(assistant.url) == NO_ANSWER
    away.rename(knowledge)
    until(lambda: ready(assistant.url) == READY, "not ready, though everything is there")
    assert requests.get(assistant.url.replace("/web/", "/health/live"), timeout=60).status_code == 200


def test_model(tmp_path: Path) -> None:
    """A program whose model cannot be loaded lives, and is not ready."""
    broken, web = tmp_path / "broken.tar.gz", f"http://{HOST}:{(port := free_port())}/webhooks/web/"
    broken.write_bytes(b"no model")
    with running(rasa_server(port, None, broken)) as (rasa,):
        wait_until(lambda: answers(web), READY_SECONDS, (rasa,), rasa, "没有启动完")
        assert ready(web) == NO_MODEL
        assert answers(web.replace("/web/", "/health/live"))
