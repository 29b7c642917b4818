"""The whole of deploy/ for tests and benchmarks: replicas and action servers behind nginx, and who talks to them."""

from __future__ import annotations

import sys
import time
import uuid
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from bot.processes.loopback import HOST, answers, free_port
from bot.processes.programs import Child, Program, running, wait_until
from tests.nginx_program import NginxProgram, nginx_program
from tests.redis_program import RedisProgram

READY_SECONDS = 300.0
REPLY_SECONDS = 60


@dataclass
class Deployment:
    """Everything that deploy/ describes, on ports of its own."""

    folder: Path
    database: str
    redis: RedisProgram
    stack: ExitStack
    ports: tuple[int, int] = field(default_factory=lambda: (free_port(), free_port()))
    action_ports: tuple[int, int] = field(default_factory=lambda: (free_port(), free_port()))
    replicas: list[Child] = field(default_factory=list)
    actions: list[Child] = field(default_factory=list)

    def start(self) -> None:
        """Start nginx, both action servers, both replicas; return when nginx would send people to both."""
        self.nginx: NginxProgram = self.stack.enter_context(nginx_program(self.ports, self.action_ports, True))
        self.actions = [self._serve("actions", "--action-port", str(port)) for port in self.action_ports]
        ports = tuple(dict.fromkeys(self.ports))  # twice the same: one replica
        for port in ports:
            options = ("--port", str(port), "--action-port", str(self.nginx.action_port))
            self.replicas.append(self._serve("rasa", *options))
        everything = (*self.actions, *self.replicas)
        for port, child in zip(ports, self.replicas, strict=True):
            ready = f"http://{HOST}:{port}/webhooks/health/ready"
            wait_until(lambda ready=ready: answers(ready, REPLY_SECONDS), READY_SECONDS, everything, child, "没有就绪")

    def log(self) -> str:
        """What the programs wrote."""
        return "\n".join(path.read_text("utf-8", errors="replace") for path in self.folder.glob("*.log"))

    def _serve(self, *words: str) -> Child:
        settings = {"DUANKA_DATABASE": self.database, "DUANKA_REDIS": self.redis.url, "DUANKA_TRUSTED_PROXIES": "1"}
        log = self.folder / f"{words[0]}-{uuid.uuid4().hex[:8]}.log"
        program = Program("副本", (sys.executable, "-m", "bot", "serve", *words), log, settings)
        (child,) = self.stack.enter_context(running(program))
        return child


@dataclass
class Person:
    """Someone who comes in through nginx, or at one replica; sends a message again until it is answered."""

    url: str
    certificate: str | bool
    told: list[tuple[str, str]] = field(default_factory=list)
    token: str = ""

    def __post_init__(self) -> None:
        self.token = self._post("session", {}).json()["session"]

    def say(self, said: str) -> dict[str, Any]:
        """Send a message, again under the same id when nothing comes back; return the reply."""
        message = {"session": self.token, "id": uuid.uuid4().hex, "text": said}
        deadline = time.monotonic() + REPLY_SECONDS
        while True:
            try:
                response = self._post("message", message)
                if response.status_code == 200:
                    break
                assert response.status_code == 503, response.text
            except requests.ConnectionError:
                pass
            assert time.monotonic() < deadline, "a message was never answered"
            time.sleep(0.1)
        reply: dict[str, Any] = response.json()["reply"]
        self.told.append((said, reply["text"]))
        return reply

    def history(self) -> list[tuple[str, str]]:
        """Return what is kept."""
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.url}history"
        turns = requests.get(url, headers=headers, verify=self.certificate, timeout=REPLY_SECONDS).json()["turns"]
        return [(turn["text"], turn["reply"]["text"]) for turn in turns]

    def _post(self, call: str, sent: object) -> requests.Response:
        return requests.post(f"{self.url}{call}", json=sent, verify=self.certificate, timeout=REPLY_SECONDS)
