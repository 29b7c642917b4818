"""Nothing personal is kept: a search through every byte that the running assistant writes."""

from __future__ import annotations

import json
import os
import random
import re
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pexpect
import pytest
from personal_messages import personal, written
from rich.console import Console
from service import READY_SECONDS, ROOT, Client, duanka

from bot.answering import sentences
from bot.commands.run import action_server, rasa_server
from bot.processes.loopback import HOST, answers, free_port
from bot.processes.programs import Child, running, stop, wait_until
from bot.rasa.model import ready_model

SEED, OVER_REST, IN_THE_SHELL = 20261124, 200, 25
# Two characters nobody types: what a log must not hold of a message even when nothing in it is personal.
MARKER = "龘靐"
# A fault in understanding, as a broken model would have it: with the text in its local variables and in its words.
FAULT = f"""
from bot.text.familiarity import Familiarity

share = Familiarity.share

def broken(self, text):
    if "{MARKER}" in text and "坏" in text:
        raise ValueError(f"cannot judge {{text}}")
    return share(self, text)

Familiarity.share = broken
"""


@dataclass(frozen=True)
class Watched:
    """The running assistant, all of whose files stand in one folder."""

    client: Client
    folder: Path
    actions: Child


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """Both servers, talkative, with a fault that a word calls up."""
    folder = tmp_path_factory.mktemp("watched")
    (folder / "fault").mkdir()
    (folder / "fault" / "sitecustomize.py").write_text(FAULT, "utf-8")
    (folder / "kept").mkdir()
    port, action_port = free_port(), free_port()
    rasa = rasa_server(port, action_port, ready_model(ROOT, Console(quiet=True)))
    environment = {
        **rasa.environment,
        "DUANKA_DATABASE": f"sqlite:///{folder}/kept/duanka.db",
        "LOG_LEVEL": "DEBUG",
        "PYTHONPATH": str(folder / "fault"),
    }
    programs = (
        replace(action_server(action_port), log=folder / "kept" / "actions.log"),
        replace(rasa, log=folder / "kept" / "rasa.log", environment=environment),
    )
    with running(*programs) as children:
        wait_until(
            lambda: answers(f"http://{HOST}:{action_port}/health"), READY_SECONDS, children, children[0], "没有启动完"
        )
        wait_until(
            lambda: answers(f"http://{HOST}:{port}/webhooks/web/"), READY_SECONDS, children, children[1], "没有启动完"
        )
        yield Watched(Client(f"http://{HOST}:{port}/webhooks/rest/webhook"), folder / "kept", children[0])


def found(folder: Path, words: str) -> list[str]:
    """Return the files in which the words stand, as text or as JSON writes it."""
    forms = {words.encode(), json.dumps(words)[1:-1].encode()}
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [path.name for path in files if any(form in path.read_bytes() for form in forms)]


def drawn(count: int) -> list[tuple[str, str]]:
    """Return messages, and how the number stands in each."""
    chance = random.Random(SEED)
    messages = [personal(chance) for _ in range(count)]
    return [(message, written(message, secret)) for message, secret in messages]


def test_nothing_personal_over_rest(watched: Watched) -> None:
    """Each of 200 people is told not to send such things; no file holds what they sent, nor a name that tells who."""
    telephone = "13912345678"
    for message, _ in drawn(OVER_REST):
        reply = watched.client.bubbles(message, uuid.uuid4().hex)
        assert sentences.KEEP_TO_YOURSELF in reply[0]["text"], message
    assert watched.client.bubbles("身份证丢了怎么办", telephone)
    kept = [number for _, number in drawn(OVER_REST) if found(watched.folder, number)]
    assert kept == []
    assert found(watched.folder, telephone) == []
    assert found(watched.folder, "〔证件号已隐去〕")


def test_no_log_holds_what_was_said(watched: Watched) -> None:
    """Not in the most talkative log; the conversation itself is kept."""
    sender = uuid.uuid4().hex
    assert watched.client.say(f"{MARKER}身份证丢了怎么办", sender).text
    assert watched.client.say("还有吗", sender).text
    files = found(watched.folder, MARKER)
    assert [name for name in files if name.endswith(".log")] == []
    assert any(name.startswith("duanka.db") for name in files)


@pytest.mark.parametrize(
    ("text", "lead"), [(f"{MARKER}坏了", sentences.UNAVAILABLE), (f"{MARKER}坏人骗了我五万块钱", sentences.EMERGENCY)]
)
def test_an_error_in_understanding(watched: Watched, text: str, lead: str) -> None:
    """The person reads the apology; the log says where it was, without the text or the local variables."""
    reply = watched.client.bubbles(text)
    assert reply[0]["text"] == lead
    log = (watched.folder / "rasa.log").read_text("utf-8")
    assert re.search(r"a message was not answered: .*ValueError at .*sitecustomize\.py:\d+", log)
    assert [name for name in found(watched.folder, MARKER) if name.endswith(".log")] == []


def test_the_third_of_three_quick_messages(watched: Watched) -> None:
    """It waits no longer than the two before it take: nobody asks a clock whose turn it is.

    Who asks a clock waits each time; on a machine that stalls one waits now and then.
    """
    assert any(_waits_for_others_only(watched) for _ in range(5))


def _waits_for_others_only(watched: Watched) -> bool:
    alone = []
    for _ in range(5):
        begun = time.monotonic()
        watched.client.bubbles("身份证丢了怎么办", uuid.uuid4().hex)
        alone.append(time.monotonic() - begun)
    sender = uuid.uuid4().hex
    begun = time.monotonic()
    with ThreadPoolExecutor(3) as people:
        texts = list(
            people.map(lambda text: watched.client.say(text, sender).text, ["卖银行卡会怎样", "还有吗", "为什么"])
        )
    assert all(texts)
    return time.monotonic() - begun < 3 * max(alone) + 0.5


def test_an_error_in_the_action(watched: Watched) -> None:
    """The action server is gone: the fixed sentence, with the request to send no numbers; no log has the words."""
    stop([watched.actions])
    reply = watched.client.bubbles(f"{MARKER}的手机13800138000丢了")
    assert reply[0]["text"] == f"{sentences.KEEP_TO_YOURSELF}\n{sentences.UNAVAILABLE}"
    assert reply[1]["custom"]["notice"] == sentences.KEEP_TO_YOURSELF
    assert [name for name in found(watched.folder, MARKER) if name.endswith(".log")] == []
    assert found(watched.folder, "13800138000") == []


def test_nothing_personal_from_the_shell(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """`rasa shell`, as staff use it: the same guard, before anything is kept."""
    environment = {**os.environ, "DUANKA_DATABASE": f"sqlite:///{tmp_path}/duanka.db", "TERM": "xterm"}
    logs = tmp_path_factory.mktemp("logs")
    shell = pexpect.spawn(
        sys.executable,
        list(duanka(logs, "shell")),
        cwd=str(ROOT),
        env={**environment, "PROMPT_TOOLKIT_NO_CPR": "1"},
        encoding="utf-8",
        timeout=READY_SECONDS,
        dimensions=(50, 200),
    )
    messages = [(text, number) for text, number in drawn(120) if text.isprintable() and not text.startswith(" ")]
    try:
        shell.expect_exact("Your input ->")
        for text, _ in messages[:IN_THE_SHELL]:
            shell.send(f"{text}\r")
            shell.expect(r"（[^（）]{2,12}", timeout=60)
            shell.expect_exact("Your input ->", timeout=60)
        shell.send("/stop\r")
        shell.expect(pexpect.EOF, timeout=60)
    finally:
        shell.close(force=True)
    assert [number for _, number in messages[:IN_THE_SHELL] if found(tmp_path, number)] == []
    log = (logs / "shell.log").read_bytes()
    assert [number for _, number in messages[:IN_THE_SHELL] if number.encode() in log] == []
    assert found(tmp_path, "已隐去〕")
