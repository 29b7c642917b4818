"""Both programs of the assistant, started one by one, so that either can be killed and started again."""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from service import READY_SECONDS, ROOT, descendants

from bot.commands.run import action_server, rasa_server
from bot.processes.loopback import HOST, answers, free_port
from bot.processes.programs import Child, Program, running, wait_until
from bot.rasa.model import ready_model


class Assistant:
    """The action server and Rasa on ports and a database of their own; `url` is their web door."""

    def __init__(self, folder: Path, stack: ExitStack, settings: Mapping[str, str] | None = None) -> None:
        """Choose ports and start both, with `settings` on top of the environment; `stack` ends them."""
        self._folder, self._stack = folder, stack
        self._settings = {"DUANKA_DATABASE": f"sqlite:///{folder}/kept/duanka.db", **(settings or {})}
        self._port, self._action_port = free_port(), free_port()
        self.url = f"http://{HOST}:{self._port}/webhooks/web/"
        self.start_actions()
        self.start_rasa()

    def start_actions(self) -> None:
        """Start the action server."""
        self.actions = self._start(action_server(self._action_port), f"http://{HOST}:{self._action_port}/health")

    def start_rasa(self) -> None:
        """Start Rasa."""
        program = rasa_server(self._port, self._action_port, ready_model(ROOT, Console(quiet=True)))
        self.rasa = self._start(program, self.url)

    def _start(self, program: Program, url: str) -> Child:
        log = self._folder / f"{uuid.uuid4().hex}.log"
        program = replace(program, log=log, environment={**program.environment, **self._settings})
        (child,) = self._stack.enter_context(running(program))
        wait_until(lambda: answers(url), READY_SECONDS, (child,), child, "没有启动完")
        return child


class Delivered(Assistant):
    """As it is where nobody asks for an action server: Rasa starts the action beside itself."""

    def start_actions(self) -> None:
        """Start nothing."""

    def start_rasa(self) -> None:
        """Start Rasa, which starts the action with the first message."""
        self.rasa = self._start(rasa_server(self._port, None, ready_model(ROOT, Console(quiet=True))), self.url)

    def acting(self) -> int:
        """Return the number of the action's process."""
        programs = {number: Path(f"/proc/{number}/cmdline") for number in descendants(self.rasa.process.pid)}
        (number,) = [each for each, program in programs.items() if b"bot.rasa.action_process" in program.read_bytes()]
        return number


def kill(child: Child) -> None:
    """End a program as a power cut would."""
    os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait()
