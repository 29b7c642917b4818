"""The assistant as the long proofs meet it: as delivered, with every door, on loopback, with files of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), *(str(ROOT / "tests" / room) for room in ("", "assistant"))]

from programs import Delivered  # noqa: E402
from service import descendants  # noqa: E402
from simulated_wechat import CREDENTIALS  # noqa: E402

from bot.doors.wechat.credentials import VARIABLES  # noqa: E402

UNLIMITED = {
    f"DUANKA_LIMIT_{name}": "1000000 per minute" for name in ("SESSION", "FOLLOWER", "ADDRESS", "OPENING", "SERVICE")
}


@dataclass(frozen=True)
class Started:
    """A running assistant: where its doors are, and where all it writes lies."""

    folder: Path
    assistant: Delivered

    @property
    def web(self) -> str:
        """The web door, with the slash."""
        return self.assistant.url

    @property
    def rest(self) -> str:
        """Rasa's own door."""
        return self.web.replace("/web/", "/rest/webhook")

    @property
    def wechat(self) -> str:
        """The WeChat door."""
        return self.web.replace("/web/", "/wechat/webhook")

    def memory(self) -> dict[str, float]:
        """Resident memory in MB, of Rasa with what it started."""
        rasa = self.assistant.rasa.process.pid
        return {"rasa": _resident((rasa, *descendants(rasa)))}

    def alive(self) -> bool:
        """Whether it still runs."""
        return not self.assistant.rasa.ended


@contextmanager
def started(folder: Path, settings: Mapping[str, str]) -> Iterator[Started]:
    """Start it with an Official Account and `settings`, its database and logs in `folder`; end it afterwards."""
    was, before = os.getcwd(), dict(os.environ)
    os.chdir(ROOT)
    os.environ.update({VARIABLES[name]: value for name, value in CREDENTIALS.items()})
    try:
        with ExitStack() as stack:
            yield Started(folder, Delivered(folder, stack, settings))
    finally:
        os.chdir(was)
        os.environ.clear()
        os.environ.update(before)


def _resident(pids: tuple[int, ...]) -> float:
    kilobytes = 0
    for pid in pids:
        try:
            status = Path(f"/proc/{pid}/status").read_text("ascii", errors="replace")
        except OSError:  # it ended meanwhile
            continue
        kilobytes += sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
    return round(kilobytes / 1024, 1)
