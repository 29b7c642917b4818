"""Programs are started, watched and ended: bot/processes/programs.py. Real programs, tiny ones."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.processes.programs import CommandError, Program, foreground, last_lines, running, stop, wait_until, watch

ROOT = Path(__file__).resolve().parents[2]
BOUND_SECONDS = 120.0

# Starts a program of its own, says both process numbers, and stays.
CHILD = """
import os, subprocess, sys, time
other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(os.getpid(), other.pid, flush=True)
time.sleep(600)
"""
# The same, but deaf to a polite request.
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + CHILD
# What `duanka run` does once both services are ready, for the programs and logs it is given.
PARENT = """
import sys
from pathlib import Path
from bot.processes.programs import Program, interruptible, running, watch
folder, code = Path(sys.argv[1]), sys.argv[2]
programs = [Program(name, (sys.executable, "-c", code), folder / f"{name}.log") for name in ("one", "two")]
try:
    with interruptible(), running(*programs) as children:
        watch(children)
except KeyboardInterrupt:
    print("ended in order")
"""


def python(code: str, log: Path, name: str = "服务") -> Program:
    """A program made of these lines."""
    return Program(name, (sys.executable, "-c", code), log)


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether it comes to hold within the bound."""
    deadline = time.monotonic() + BOUND_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def alive(number: int) -> bool:
    """Whether a process runs; one that ended and that nobody has asked about yet does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(number)], capture_output=True, text=True, check=False)
    return bool(state.stdout.strip()) and not state.stdout.startswith("Z")


def numbers_in(log: Path) -> list[int]:
    """The process numbers a CHILD said, once it has."""
    assert eventually(lambda: log.exists() and log.read_text(encoding="utf-8").endswith("\n"))
    return [int(word) for word in log.read_text(encoding="utf-8").split()]


@contextmanager
def parent(folder: Path, code: str) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """PARENT with its two children, and the process numbers of those and of what they started."""
    command = (sys.executable, "-c", PARENT, str(folder), code)
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        numbers = numbers_in(folder / "one.log") + numbers_in(folder / "two.log")
        try:
            yield process, numbers
        finally:
            process.kill()
            for number in filter(alive, numbers):
                os.kill(number, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything(tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C, a request to end and a closed terminal: both programs and what they started are gone, in order."""
    with parent(tmp_path, CHILD) as (process, numbers):
        assert len(numbers) == 4
        process.send_signal(number)
        assert process.wait(BOUND_SECONDS) == 0
        assert process.stdout
        assert process.stdout.read() == "ended in order\n"
        assert eventually(lambda: not any(map(alive, numbers)))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a program that its parent died")
def test_a_killed_parent_leaves_no_services(tmp_path: Path) -> None:
    """Even kill -9, where no line of ours runs any more, does not leave the two services behind."""
    with parent(tmp_path, CHILD) as (process, numbers):
        process.kill()
        services = numbers[0::2]
        assert eventually(lambda: not any(map(alive, services)))


def test_who_does_not_listen_is_killed(tmp_path: Path) -> None:
    """A program deaf to SIGTERM is gone after the grace, and so is what it started."""
    with running(python(STUBBORN, tmp_path / "log")) as (child,):
        numbers = numbers_in(tmp_path / "log")
        stop([child], grace=0.3)
        assert child.process.returncode == -signal.SIGKILL
        assert eventually(lambda: not any(map(alive, numbers)))


def test_an_error_in_the_block_ends_the_programs(tmp_path: Path) -> None:
    """However the block is left, nothing stays."""
    with pytest.raises(ZeroDivisionError), running(python(CHILD, tmp_path / "log")):
        assert numbers_in(tmp_path / "log")[0] / 0
    assert not any(map(alive, numbers_in(tmp_path / "log")))


def test_a_program_that_cannot_be_started_ends_the_others(tmp_path: Path) -> None:
    """The first one does not stay behind when the second does not exist."""
    missing = Program("缺", (str(tmp_path / "missing"),), tmp_path / "missing.log")
    with pytest.raises(FileNotFoundError), running(python(CHILD, tmp_path / "log"), missing):
        pytest.fail("entered")
    assert not any(map(alive, map(int, (tmp_path / "log").read_text(encoding="utf-8").split())))


def test_who_dies_while_we_wait_is_named_with_its_log(tmp_path: Path) -> None:
    """Although it is the other one we wait for."""
    dying = python("print('端口坏了'); raise SystemExit(7)", tmp_path / "dying.log", "动作服务")
    lasting = python(CHILD, tmp_path / "lasting.log", "对话服务")
    with running(dying, lasting) as children:
        with pytest.raises(CommandError) as raised:
            wait_until(lambda: False, BOUND_SECONDS, children, children[1], "没有启动完")
        assert raised.value.sentence == "动作服务自己退出了（退出码 7）"
        assert raised.value.log
        assert last_lines(raised.value.log) == ("端口坏了",)


def test_who_dies_while_we_watch_is_named(tmp_path: Path) -> None:
    """Later on, too."""
    program = python("import time; time.sleep(0.3)", tmp_path / "log", "对话服务")
    with running(program) as children, pytest.raises(CommandError, match="对话服务自己退出了（退出码 0）"):
        watch(children)


def test_waiting_has_an_end(tmp_path: Path) -> None:
    """The one that is late is named, with what it lacks and its log."""
    with running(python(CHILD, tmp_path / "log", "对话服务")) as children:
        with pytest.raises(CommandError, match="对话服务在 0 秒内没有启动完") as raised:
            wait_until(lambda: False, 0.1, children, children[0], "没有启动完")
        assert raised.value.log == tmp_path / "log"


def test_the_one_in_the_foreground_keeps_the_output(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Its words reach the terminal, its noise the log, its exit code us."""
    code = "import sys; print('问：'); print('noise', file=sys.stderr); sys.exit(5)"
    assert foreground(python(code, tmp_path / "log")) == 5
    assert capfd.readouterr().out == "问：\n"
    assert last_lines(tmp_path / "log") == ("noise",)


def test_the_environment_comes_on_top(tmp_path: Path) -> None:
    """A program sees ours, and what it is given."""
    code = "import os; print(os.environ['SANIC_HOST'], 'PATH' in os.environ)"
    program = Program("服务", (sys.executable, "-c", code), tmp_path / "log", {"SANIC_HOST": "127.0.0.1"})
    with running(program) as (child,):
        child.process.wait(BOUND_SECONDS)
    assert last_lines(tmp_path / "log") == ("127.0.0.1 True",)


def test_the_end_of_a_log_is_for_people(tmp_path: Path) -> None:
    """No colours, no empty lines, no library's warning about another, the last state of a progress bar."""
    (tmp_path / "log").write_text(
        "first\n"
        "/lib/one.py:3: DeprecationWarning: old\n  import old\n"
        "/lib/two.py:4: PyparsingDeprecationWarning: two\nlines of it\n  parse()\n"
        "\x1b[93m/lib/three.py:5: UserWarning: an intent is not listed\x1b[0m\n\n"
        "Epochs: 1%\rEpochs: 100%\n"
        "\x1b[91mInvalidDomain: 域\x1b[0m\r\n",
        encoding="utf-8",
    )
    assert last_lines(tmp_path / "log") == (
        "first",
        "/lib/three.py:5: UserWarning: an intent is not listed",
        "Epochs: 100%",
        "InvalidDomain: 域",
    )
    assert last_lines(tmp_path / "log", count=1) == ("InvalidDomain: 域",)
    assert last_lines(tmp_path / "missing") == ()
