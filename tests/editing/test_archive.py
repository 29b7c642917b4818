"""The folder as it is written: whole files only, nothing overwritten, whatever happens in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import pytest

from bot.editing.archive import OccupiedError, locked, put, set_entry, taken_stems
from bot.reading.library import read_library

# Too large to be written in one moment, and soon read: few paragraphs, but long ones.
DATA = ("# 示例通报\n\n" + ("借出账户可能要坐牢。" * 100 + "\n\n") * 32).encode()
SIDECAR = "# 由 duanka knowledge add 收进：a.md；sha256 0\nplace: 临沂\n"
WRITER = """
import sys
from pathlib import Path
from bot.editing.archive import locked, put, set_entry
folder, name = Path(sys.argv[1]), sys.argv[2]
DATA, SIDECAR = Path(sys.argv[3]).read_bytes(), Path(sys.argv[4]).read_text("utf-8")
print("ready", flush=True)
for number in range(100_000):
    with locked(folder):
        put(folder, f"{name}-{number}", DATA, SIDECAR)
    with locked(folder):
        set_entry(folder, f"{name}-0", "superseded_by", f"{name}-{number}")
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_bulletin_and_its_sidecar_are_written_as_given(tmp_path: Path) -> None:
    """Byte for byte, and nothing is left beside them."""
    with locked(tmp_path):
        put(tmp_path, "one", DATA, SIDECAR)
    assert names(tmp_path) == ["one.md", "one.yml"]
    assert (tmp_path / "one.md").read_bytes() == DATA
    assert (tmp_path / "one.yml").read_text("utf-8") == SIDECAR


@pytest.mark.parametrize("there", ["one.md", "one.yml"])
def test_nothing_is_overwritten(tmp_path: Path, there: str) -> None:
    """Neither a bulletin nor a sidecar that somebody else wrote."""
    (tmp_path / there).write_text("别人的", "utf-8")
    with pytest.raises(OccupiedError), locked(tmp_path):
        put(tmp_path, "one", DATA, SIDECAR)
    assert names(tmp_path) == [there]
    assert (tmp_path / there).read_text("utf-8") == "别人的"


def test_what_an_interrupted_run_left_is_completed(tmp_path: Path) -> None:
    """Its sidecar alone holds no name against the same article; the files it was writing are swept away."""
    (tmp_path / "one.yml").write_text(SIDECAR, "utf-8")
    (tmp_path / ".adding-x").write_bytes(DATA[:100])
    assert taken_stems(tmp_path, SIDECAR.partition("\n")[0]) == frozenset()
    assert taken_stems(tmp_path) == {"one"}
    with locked(tmp_path):
        put(tmp_path, "one", DATA, SIDECAR)
    assert names(tmp_path) == ["one.md", "one.yml"]


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    """What cannot be written whole is not written at all: here the process may write no more than 4 KiB a file."""
    limited = (
        "import resource, signal, sys\nfrom pathlib import Path\n"
        "from bot.editing.archive import locked, put\nfrom tests.editing.test_archive import DATA, SIDECAR\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "folder = Path(sys.argv[1])\nwith locked(folder):\n    put(folder, 'one', DATA, SIDECAR)\n"
    )
    done = subprocess.run([sys.executable, "-c", limited, str(tmp_path)], capture_output=True, timeout=300, check=False)
    assert done.returncode == 1
    assert b"File too large" in done.stderr
    assert names(tmp_path) == []


def test_only_one_writes_at_a_time(tmp_path: Path) -> None:
    """The second waits until the first is done."""
    order: list[str] = []

    def second() -> None:
        with locked(tmp_path):
            order.append("second")

    with locked(tmp_path):
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(0.2)
        order.append("first")
    waiting.join(60)
    assert order == ["first", "second"]


def test_a_sidecar_that_cannot_be_read_stays_as_it_is(tmp_path: Path) -> None:
    """Rather no change than a lost one."""
    (tmp_path / "one.yml").write_text("a: [", "utf-8")
    with pytest.raises(ValueError, match="YAML"), locked(tmp_path):
        set_entry(tmp_path, "one", "withdrawn", date(2024, 1, 1))
    assert (tmp_path / "one.yml").read_text("utf-8") == "a: ["


def test_killed_in_the_middle_nothing_is_half_written(tmp_path: Path) -> None:
    """Eight kills at any moment: every bulletin is whole and has its whole sidecar; one sidecar may wait alone."""
    root = Path(__file__).parents[2]
    folder, data, sidecar = tmp_path / "bulletins", tmp_path / "data", tmp_path / "sidecar"
    folder.mkdir()
    data.write_bytes(DATA)
    sidecar.write_text(SIDECAR, "utf-8")
    for round_ in range(8):
        command = [sys.executable, "-c", WRITER, str(folder), f"r{round_}", str(data), str(sidecar)]
        with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            while not (folder / f"r{round_}-1.md").exists():
                time.sleep(0.01)
            time.sleep(0.02 + 0.013 * round_)
            os.kill(writer.pid, signal.SIGKILL)
        bulletins, sidecars = set(folder.glob("[!.]*.md")), set(folder.glob("[!.]*.yml"))
        assert all(path.read_bytes() == DATA for path in bulletins)
        assert all(path.read_text("utf-8").startswith(SIDECAR) for path in sidecars)
        assert {path.with_suffix(".yml") for path in bulletins} <= sidecars
        assert len({path.stem for path in sidecars} - {path.stem for path in bulletins}) <= round_ + 1
    assert len(list(folder.glob("*.md"))) > 8
    problems = read_library(folder, (), date.today()).problems
    alone = [problem for problem in problems if not problem.wrong.startswith("superseded_by")]
    assert {problem.wrong for problem in alone} <= {"旁边没有同名的通报"}
