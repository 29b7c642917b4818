"""The staff door beside the web door on a real server: run as a program, and used as a browser would.

Run: `python staff_door.py PORT LATER` with DUANKA_DATABASE, DUANKA_KNOWLEDGE and DUANKA_STAFF_PASSWORD set; for its
sessions it is as many seconds later as the file LATER says. Where Rasa would be is a plain class.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from door import UNLIMITED, Assistant
from page_checks import Page

from bot.knowledge.loading import embedded_store
from bot.processes.loopback import HOST, answers, free_port
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 300.0
PASSWORD = "两只老虎-跑得快-2026"
# A question with this in it is taken for one on penalties; any other is not understood.
KNOWN = "后果"


@dataclass
class Staff:
    """Someone's browser at the staff page: keeps its cookies, follows redirects."""

    url: str
    log: Path
    http: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str = "") -> requests.Response:
        """Open a page."""
        return self.http.get(self.url + path, timeout=30)

    def page(self, path: str = "") -> Page:
        """Open a page that must be there, and take it apart."""
        response = self.get(path)
        assert response.status_code == 200, response.text
        return Page(response.text)

    def post(self, path: str, headers: Mapping[str, str] = {}, **fields: str | list[str]) -> requests.Response:
        """Send a form as it is, without the token."""
        return self.http.post(self.url + path, data=fields, headers=dict(headers), timeout=30)

    def log_in(self, password: str = PASSWORD) -> requests.Response:
        """Give the password."""
        return self.post("login", password=password)

    def csrf(self) -> str:
        """Return the token that stands in this session's forms."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.get("doors").text)
        assert found, "not logged in"
        return found[1]

    def pass_by(self, seconds: float) -> None:
        """Have so many seconds gone by for all sessions."""
        self.log.with_name("later").write_text(str(seconds))

    def other(self) -> Staff:
        """Another browser."""
        return Staff(self.url, self.log)


@contextmanager
def staff_door(folder: Path, environment: Mapping[str, str]) -> Iterator[Staff]:
    """Start it with its database and its log in `folder`; end it afterwards.

    The passages have their vectors before, as they have where the service runs.
    """
    embedded_store(Settings())
    port, log_file = free_port(), folder / "staff.log"
    defaults = {"DUANKA_DATABASE": f"sqlite:///{folder}/kept/duanka.db", "DUANKA_KNOWLEDGE": str(ROOT / "knowledge")}
    path = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    with log_file.open("ab") as log:
        process = subprocess.Popen(
            (sys.executable, __file__, str(port), str(folder / "later")), cwd=ROOT,
            env={**os.environ, **UNLIMITED, **defaults, **environment, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(f"http://{HOST}:{port}/webhooks/web/topics"):
            assert process.poll() is None, log_file.read_text("utf-8")
            assert time.monotonic() < deadline, "the staff door's server did not start"
            time.sleep(0.1)
        yield Staff(f"http://{HOST}:{port}/webhooks/staff/", log_file)
    finally:
        process.terminate()
        process.wait(120)


class Understanding(Assistant):
    """Where Rasa's agent would be: understands one word."""

    def is_ready(self) -> bool:
        """A model is loaded."""
        return True

    async def parse_message(self, text: str) -> dict[str, Any]:
        """Return a parse as Rasa does."""
        name, confidence = ("penalty", 0.93) if KNOWN in text else ("nlu_fallback", 0.1)
        ranked = [{"name": name, "confidence": confidence}]
        return {"text": text, "intent": ranked[0], "intent_ranking": ranked}


class Clock:
    """Stands for the module `time`: tells how late it is for sessions."""

    monotonic = staticmethod(time.monotonic)

    def __init__(self, later: Path) -> None:
        """Keep which file says how much later it is."""
        self._later = later

    def time(self) -> float:
        """Return it."""
        return time.time() + (float(self._later.read_text()) if self._later.exists() else 0.0)


def main(port: str, later: str) -> None:
    """Serve as `rasa run` does: the same application, the same way of adding a channel."""
    from bot.rasa.patches.without_tensorflow import leave_tensorflow_out

    leave_tensorflow_out()
    from rasa.core.run import configure_app

    from bot.doors.desk import entrance
    from bot.doors.desk.channel import StaffInput
    from bot.doors.web.channel import WebInput

    entrance.time = Clock(Path(later))  # type: ignore[assignment]
    app = configure_app([WebInput(), StaffInput()], enable_api=False, port=int(port))
    app.ctx.agent = Understanding(Path(os.devnull))
    app.run(host=HOST, port=int(port), access_log=False, motd=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
