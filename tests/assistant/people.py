"""People on the web channel while something is broken: they remember what they were told, and count the seconds."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

QUESTION, OTHER, VICTIM = "银行卡借给朋友用违法吗？", "身份证丢了怎么办", "骗子正在让我转账，说我涉嫌洗钱"
# The contract of the web channel allows ten seconds for a reply and three for one to a victim; far beyond that a part
# that hangs was waited for. The rest is a busy machine's.
REPLY_SECONDS, VICTIM_SECONDS = 60.0, 30.0
MEND_SECONDS = 120.0


@dataclass
class Person:
    """Someone on the web channel, who remembers what they were told."""

    url: str
    told: list[tuple[str, str]] = field(default_factory=list)
    token: str = ""

    def __post_init__(self) -> None:
        self.token = requests.post(f"{self.url}session", json={}, timeout=60).json()["session"]

    def say(self, text: str, id: str | None = None) -> dict[str, Any]:
        """Send a message, within the time allowed; return the reply."""
        begun = time.monotonic()
        message = {"session": self.token, "id": id or uuid.uuid4().hex, "text": text}
        response = requests.post(f"{self.url}message", json=message, timeout=2 * REPLY_SECONDS)
        assert response.status_code == 200, response.text
        assert time.monotonic() - begun < (VICTIM_SECONDS if text == VICTIM else REPLY_SECONDS)
        reply: dict[str, Any] = response.json()["reply"]
        assert reply["text"]
        self.told.append((text, reply["text"]))
        return reply

    def kind(self, text: str) -> str:
        """Send a message; return the kind of its reply."""
        return str(self.say(text)["custom"]["kind"])

    def history(self) -> list[tuple[str, str | None]]:
        """Return what is kept: question and reply."""
        headers = {"Authorization": f"Bearer {self.token}"}
        response = requests.get(f"{self.url}history", headers=headers, timeout=60)
        turns = response.json()["turns"] if response.status_code == 200 else []
        return [(turn["text"], turn["reply"] and turn["reply"]["text"]) for turn in turns]


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait until something is mended by itself."""
    deadline = time.monotonic() + MEND_SECONDS
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def all_kept(*people: Person) -> bool:
    """Whether everything they were told is in their histories, once each, in order."""
    return all(person.history() == person.told for person in people)
