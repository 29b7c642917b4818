"""The web door on a real server, with a plain function where Rasa would be: run as a program, and asked over HTTP.

Run: `python door.py PORT ASKED BUILT` with DUANKA_DATABASE and DUANKA_KNOWLEDGE set. What it is asked goes into the
file ASKED, one line of JSON a turn. Words in a message steer it: 等N waits N hundredths of a second, 坏 breaks, 无 says
nothing.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from bot.answering.records import Answer
from bot.answering.rendering import render_custom
from bot.processes.loopback import HOST, free_port

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 300.0
# What a test sends in a second nobody types in an hour.
UNLIMITED = {
    f"DUANKA_LIMIT_{name}": "1000000 per minute" for name in ("SESSION", "FOLLOWER", "ADDRESS", "OPENING", "SERVICE")
}


@dataclass
class Door:
    """A running server and one person's way to it."""

    port: int
    asked: Path
    process: subprocess.Popen[bytes] | None = None
    http: requests.Session = field(default_factory=requests.Session)

    @property
    def url(self) -> str:
        """Where the door is."""
        return f"http://{HOST}:{self.port}/webhooks/web/"

    def session(self) -> str:
        """Begin a session and return its token."""
        response = self.http.post(self.url + "session", json={}, timeout=60)
        assert response.status_code == 201, response.text
        return str(response.json()["session"])

    def send(self, token: str, text: str, id: str | None = None) -> requests.Response:
        """Send a message, each on a connection of its own, so that several can be under way."""
        body = {"session": token, "id": id or uuid.uuid4().hex, "text": text}
        return requests.post(self.url + "message", json=body, timeout=60)

    def say(self, token: str, text: str, id: str | None = None) -> dict[str, Any]:
        """Send a message and return its turn."""
        response = self.send(token, text, id)
        assert response.status_code == 200, response.text
        turn: dict[str, Any] = response.json()
        return turn

    def history(self, token: str) -> list[dict[str, Any]]:
        """Return the turns of a session; like the widget, ask again while the database is late."""
        for _ in range(20):
            response = self.http.get(self.url + "history", headers={"Authorization": f"Bearer {token}"}, timeout=60)
            if response.status_code != 503:
                break
            time.sleep(0.2)
        assert response.status_code == 200, response.text
        turns: list[dict[str, Any]] = response.json()["turns"]
        return turns

    def turns(self) -> list[dict[str, str]]:
        """Return what reached the assistant, in order."""
        lines = self.asked.read_text("utf-8").splitlines() if self.asked.exists() else []
        return [json.loads(line) for line in lines]

    def kill(self) -> None:
        """End the server as a power cut would."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def door(
    folder: Path, environment: Mapping[str, str] = {}, port: int | None = None, program: Sequence[str] = (__file__,)
) -> Iterator[Door]:
    """Start it with its database, its widget and its log in `folder`; end it afterwards.

    `program` is what Python is to run: this file, or what calls its `main`.
    """
    opened = Door(port or free_port(), folder / "asked.jsonl")
    defaults = {"DUANKA_DATABASE": f"sqlite:///{folder}/kept/web.db", "DUANKA_KNOWLEDGE": str(ROOT / "knowledge")}
    path = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    command = (sys.executable, *program, str(opened.port), str(opened.asked), str(folder / "dist"))
    with (folder / f"door-{opened.port}.log").open("ab") as log:
        opened.process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **UNLIMITED, **defaults, **environment, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _wait_for(opened)
        yield opened
    finally:
        opened.http.close()
        opened.process.terminate()
        opened.process.wait(120)


def _wait_for(opened: Door) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert opened.process is not None
        assert opened.process.poll() is None, "the door's server ended"
        try:
            requests.get(opened.url + "topics", timeout=5)
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the door's server did not start")


class Assistant:
    """Where Rasa's agent would be."""

    def __init__(self, asked: Path) -> None:
        """Keep where to write what it is asked."""
        self._asked = asked

    async def handle_message(self, message: Any) -> None:
        """Say back what was asked, on the message's own way out."""
        text = message.text or ""
        with self._asked.open("a", encoding="utf-8") as asked:
            asked.write(json.dumps({"sender": message.sender_id, "text": text}, ensure_ascii=False) + "\n")
        if wait := re.search(r"等(\d+)", text):
            await asyncio.sleep(int(wait[1]) / 100)
        if "坏" in text:
            raise RuntimeError(text)
        if "无" not in text:
            answer = Answer("chat", f"回复：{text}")
            await message.output_channel.send_text_message(message.sender_id, answer.lead)
            await message.output_channel.send_custom_json(message.sender_id, render_custom(answer))


def main(port: str, asked: str, built: str) -> None:
    """Serve as `rasa run` does: the same application, the same way of adding a channel."""
    from bot.rasa.patches.without_tensorflow import leave_tensorflow_out

    leave_tensorflow_out()
    from rasa.core.run import configure_app

    from bot.doors.web.channel import WebInput
    from bot.keeping import retention

    retention.FIRST_SECONDS = float(os.environ.get("DUANKA_TEST_FIRST_PURGE", retention.FIRST_SECONDS))
    app = configure_app([WebInput(built=Path(built))], enable_api=False, port=int(port))
    app.ctx.agent = Assistant(Path(asked))
    app.run(host=HOST, port=int(port), access_log=False, motd=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
