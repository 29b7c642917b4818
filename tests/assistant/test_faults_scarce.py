"""More rows of the fault table in docs/operations.md: too little of something, or far too much, with the real parts."""

from __future__ import annotations

import os
import random
import resource
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from people import OTHER, QUESTION, VICTIM, Person, all_kept, until
from programs import Delivered, kill
from service import ROOT, descendants

from bot.answering import sentences
from tests.needed import missing

pytestmark = pytest.mark.alone
DESCRIPTORS, CALLERS = 64, 100
JUNK, GIANT = 10_000, 50_000_000
# What a program may ask for beyond what it has: one question's worth, and not the second's.
SPARE = 1 << 20
SLOW = "fsync,fdatasync,pwrite64"
KINDS = {"answer", "near", "abstain"}


class Place:
    """An assistant as it is delivered, over SQLite and a copy of the knowledge."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """Start it."""
        self.folder, self.knowledge = folder, Path(shutil.copytree(ROOT / "knowledge", folder / "knowledge"))
        self.database = folder / "kept/duanka.db"
        self.assistant = Delivered(folder, stack, {"DUANKA_KNOWLEDGE": str(self.knowledge)})
        first = self.person()  # the action's process is begun with the first message
        until(lambda: first.kind(QUESTION) == "answer", "no answer at all")

    @property
    def pids(self) -> tuple[int, ...]:
        """Rasa and the action beside it."""
        rasa = self.assistant.rasa.process.pid
        return (rasa, *descendants(rasa))

    def person(self) -> Person:
        """Someone new."""
        return Person(self.assistant.url)

    def memory(self) -> int:
        """Resident memory of all of it, in bytes."""
        pages = (Path(f"/proc/{pid}/statm").read_text().split()[1] for pid in self.pids)
        return sum(map(int, pages)) * resource.getpagesize()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One for all tests here; each leaves it mended."""
    with ExitStack() as stack:
        yield Place(tmp_path_factory.mktemp("scarce"), stack)


@contextmanager
def limited(pids: tuple[int, ...], what: int, most: dict[int, int] | int) -> Iterator[None]:
    """Within the block Linux gives these programs no more of something."""
    before = {pid: resource.prlimit(pid, what) for pid in pids}
    for pid, (_, hard) in before.items():
        resource.prlimit(pid, what, (most if isinstance(most, int) else most[pid], hard))
    try:
        yield
    finally:
        for pid, both in before.items():
            if Path(f"/proc/{pid}").exists():
                resource.prlimit(pid, what, both)


def test_few_descriptors(place: Place) -> None:
    """64 files a program, and a hundred who connect and say nothing: everyone else is answered."""
    person = place.person()
    assert person.kind(QUESTION) == "answer"
    address = urlsplit(place.assistant.url)
    with limited(place.pids, resource.RLIMIT_NOFILE, DESCRIPTORS), ExitStack() as stack:
        for _ in range(CALLERS):
            stack.enter_context(socket.create_connection((address.hostname, address.port)))
        assert [person.kind(text) for text in (VICTIM, OTHER, QUESTION)] == ["emergency", "answer", "answer"]
    assert person.kind(OTHER) == "answer"
    assert all_kept(person)


@pytest.mark.parametrize("whose", ["the action's", "all"])
def test_no_more_memory(place: Place, whose: str) -> None:
    """Not a megabyte more: each message gets its answer or where to call, a victim 110; with room again all is well."""
    person = place.person()
    assert person.kind(QUESTION) == "answer"
    pids = place.pids if whose == "all" else (place.assistant.acting(),)
    sizes = {pid: int(Path(f"/proc/{pid}/statm").read_text().split()[0]) for pid in pids}
    most = {pid: size * resource.getpagesize() + SPARE for pid, size in sizes.items()}
    with limited(pids, resource.RLIMIT_AS, most):
        replies = [person.say(text) for text in (OTHER, QUESTION, OTHER)]
        assert all(each["custom"]["kind"] in KINDS or each["text"] == sentences.UNAVAILABLE for each in replies)
        assert person.kind(VICTIM) == "emergency"
    until(lambda: person.kind(QUESTION) == "answer", "no answer once there was memory again")
    assert all_kept(person)


def test_a_giant_bulletin(place: Place) -> None:
    """50 MB in the folder: it is not read, the others answer as before, and memory stays what it was."""
    person = place.person()
    assert person.kind(QUESTION) == "answer"
    before, giant = place.memory(), place.knowledge / "bulletins" / "giant.md"
    line = "出借银行卡的，五年内不得新开账户。\n"
    giant.write_text("# 巨大的通报\n\n" + line * (GIANT // len(line.encode())), "utf-8")
    try:
        end = time.monotonic() + 15
        while time.monotonic() < end:
            assert [person.kind(QUESTION), person.kind(VICTIM)] == ["answer", "emergency"]
            time.sleep(0.5)
        assert place.memory() < 1.3 * before
    finally:
        giant.unlink()
    assert person.kind(OTHER) == "answer"
    assert all_kept(person)


def test_junk_and_a_full_disk(place: Place) -> None:
    """Ten thousand files that are none of ours, and not a byte left to write: all are answered, and kept afterwards."""
    person, chance = place.person(), random.Random(1)
    assert person.kind(QUESTION) == "answer"
    junk = [place.knowledge / "bulletins" / f"junk-{n}{('.md', '.tmp', '.yml', '')[n % 4]}" for n in range(JUNK)]
    try:
        for path in junk:
            path.write_bytes(chance.randbytes(200))
        with limited(place.pids, resource.RLIMIT_FSIZE, 0):
            end = time.monotonic() + 15
            while time.monotonic() < end:
                assert [person.kind(QUESTION), person.kind(VICTIM)] == ["answer", "emergency"]
                time.sleep(0.5)
    finally:
        for path in junk:
            path.unlink(missing_ok=True)
    assert person.kind(OTHER) == "answer"
    until(lambda: all_kept(person), "what was answered while the disk was full was not kept")


def test_a_slow_disk(place: Place) -> None:
    """Every write and every flush takes half a second: all are answered in time, and all of it is kept."""
    if not shutil.which("strace"):
        missing("没有 strace（Debian 软件包 strace）")
    person, victim = place.person(), place.person()
    assert person.kind(QUESTION) == "answer"
    command = [
        "strace",
        "-f",
        "-qq",
        "-o",
        os.devnull,
        "-e",
        f"trace={SLOW}",
        "-e",
        f"inject={SLOW}:delay_enter=500000",
    ]
    slowing = subprocess.Popen([*command, "-p", str(place.assistant.rasa.process.pid)])
    try:
        until(lambda: _traced(place.assistant.rasa.process.pid), "strace may not look at our own program")
        assert [person.kind(OTHER), victim.kind(VICTIM), person.kind(QUESTION)] == ["answer", "emergency", "answer"]
    finally:
        slowing.terminate()
        slowing.wait()
    until(lambda: all_kept(person, victim), "what was answered while the disk was slow was not kept")


def _traced(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text("ascii", errors="replace")
    return "TracerPid:\t0\n" not in status


@pytest.mark.parametrize("damage", ["cut short", "scrambled"])
def test_sqlite_is_damaged_while_nothing_runs(place: Place, damage: str) -> None:
    """A power cut that tore the file: it starts, sets the file aside, and everyone is answered."""
    person = place.person()
    assert person.kind(QUESTION) == "answer"
    kill(place.assistant.rasa)
    with closing(sqlite3.connect(place.database)) as database:  # what stands in its log alone would not be damaged
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(place.database.read_bytes())
    assert len(data) > 4096
    for beside in place.database.parent.glob("duanka.db-*"):
        beside.unlink()
    if damage == "cut short":
        data = data[: len(data) // 2 + 100]
    else:
        data[4096:] = random.Random(2).randbytes(len(data) - 4096)
    place.database.write_bytes(data)
    place.assistant.start_rasa()
    until(lambda: place.person().kind(QUESTION) == "answer", "no answer after the start")
    assert list(place.database.parent.glob("duanka.db.corrupt-*"))
    fresh = place.person()
    assert [fresh.kind(QUESTION), fresh.kind(VICTIM)] == ["answer", "emergency"]
    assert all_kept(fresh)
    for aside in place.database.parent.glob("duanka.db.corrupt-*"):
        aside.unlink()
