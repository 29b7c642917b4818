"""Changes one place of a room's code at a time and runs the room's tests: a change that no test notices is listed.

Run: `make mutate ROOM=reading` (a folder of bot/, or a file below it: `ROOM=reading/dates.py`). The code is changed in
a copy, by Cosmic Ray in an environment of its own (scripts/mutate.lock). MOST places are tried, drawn by the same seed
each time, for SECONDS at most; what is listed is to be answered by a test, or by why no test could tell.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS, LOCK = ROOT / ".cache" / "mutate", ROOT / "scripts" / "mutate.lock"
REPORT = ROOT / "reports" / "mutation"
SEED = 20261130
CONFIG = """[cosmic-ray]
module-path = "{module}"
timeout = {seconds}
excluded-modules = []
test-command = "{command}"
[cosmic-ray.distributor]
name = "local"
"""


def tool() -> Path:
    """Return Cosmic Ray's program, installed by hash when it is not there yet."""
    program = TOOLS / "bin" / "cosmic-ray"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", str(TOOLS)], check=True)
        pip = [str(TOOLS / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(LOCK)]
        subprocess.run(pip, check=True)
    return program


def copy_to(folder: Path) -> None:
    """Copy every file that git knows."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def tests_of(room: str) -> str:
    """Return the tests of a room, or of one file of it."""
    path = Path(room)
    return f"tests/{path.parent}/test_{path.name}" if path.suffix == ".py" else f"tests/{room}"


def keep(session: Path, most: int) -> int:
    """Leave `most` of the planned changes, drawn by the seed; return how many there were."""
    with contextlib.closing(sqlite3.connect(session)) as database, database:
        jobs = sorted(job for (job,) in database.execute("SELECT job_id FROM work_items"))
        # `|` stands in types, which nobody runs.
        planned = database.execute(
            "SELECT module_path, start_pos_row, start_pos_col, operator_name, occurrence, job_id FROM mutation_specs"
            " WHERE operator_name NOT LIKE '%BinaryOperator_BitOr%'"
        )
        places = sorted(planned)
        kept = {place[-1] for place in random.Random(SEED).sample(places, min(most, len(places)))}
        for table in ("mutation_specs", "work_items"):
            database.executemany(f"DELETE FROM {table} WHERE job_id = ?", [(job,) for job in jobs if job not in kept])
        return len(places)


def main(room: str, most: int, seconds: int) -> int:
    """Plan, try, tell; 0 when every change that was tried was noticed."""
    program = tool()
    with tempfile.TemporaryDirectory(prefix="duanka-mutate-") as name:
        folder = Path(name)
        copy_to(folder)
        command = f"{sys.executable} -m pytest -q -x -p no:cacheprovider {tests_of(room)}"
        (folder / "mutate.toml").write_text(CONFIG.format(module=f"bot/{room}", seconds=120, command=command), "utf-8")
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}

        def run(*words: str, most_seconds: int | None = None) -> str:
            done = subprocess.run([str(program), *words], cwd=folder, env=environment, check=True, capture_output=True,
                                  text=True, timeout=most_seconds)  # fmt: skip
            return done.stdout

        run("baseline", "mutate.toml")
        run("init", "mutate.toml", "session.sqlite")
        planned = keep(folder / "session.sqlite", most)
        with contextlib.suppress(subprocess.TimeoutExpired):
            run("exec", "mutate.toml", "session.sqlite", most_seconds=seconds)
        tried = [json.loads(line) for line in run("dump", "session.sqlite").splitlines()]
    return tell(room, planned, [(item, result) for item, result in tried if result])


def tell(room: str, planned: int, tried: list[tuple[dict[str, object], dict[str, object]]]) -> int:
    """Print what no test noticed, keep it in reports/, and return how many there are."""
    missed = [str(result["diff"]) for _, result in tried if result["test_outcome"] == "survived"]
    lines = [f"bot/{room}: {planned} places, {len(tried)} tried, {len(missed)} noticed by no test", *missed]
    REPORT.mkdir(parents=True, exist_ok=True)
    (REPORT / f"{room.replace('/', '-')}.diff").write_text("\n".join(lines), "utf-8")
    print("\n".join(lines))
    return 1 if missed or not tried else 0


if __name__ == "__main__":
    if len(sys.argv) < 2 or not (ROOT / "bot" / sys.argv[1]).exists():
        raise SystemExit(
            "ROOM is a folder of bot/ or a file below it: make mutate ROOM=reading [MOST=40] [SECONDS=600]"
        )
    sys.exit(main(sys.argv[1].rstrip("/"), int((sys.argv[2:] or ["40"])[0]), int((sys.argv[3:] or ["600"])[0])))
