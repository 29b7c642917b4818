"""Fuzzing by the half hour: Hypothesis on the fuzz tests, schemathesis on a running assistant, atheris on the parsers.

    .venv/bin/python bench/fuzz.py [--minutes 10] [hypothesis] [schemathesis] [atheris]

`--minutes` is for each of the named ones (all three when none is named), one after the other. schemathesis and atheris
come from an environment of their own, /tmp/fuzz or $FUZZ:

    uv venv --python 3.10 /tmp/fuzz
    uv pip install --python /tmp/fuzz/bin/python --require-hashes -r bench/fuzz-requirements.lock

(lock: uv pip compile bench/fuzz-requirements.in --python-version 3.10 --generate-hashes --no-emit-index-url -o …). The
assistant is a real one, on loopback, its limits lifted. Exit 1 when
something was found: an exception, a 5xx, an answer that is not in the served OpenAPI document, a traceback in a log.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import requests
from started import ROOT, UNLIMITED, started

TOOLS = Path(os.environ.get("FUZZ", "/tmp/fuzz")) / "bin"
# How many times the examples of a test run are drawn at once; the tests are run again until the time is up.
TIMES = 20


def hypothesis(seconds: float) -> bool:
    """Run tests/fuzz with other examples, again and again; return whether all passed."""
    end, rounds = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        command = (sys.executable, "-m", "pytest", "-q", "-x", "tests/fuzz", "-p", "no:cacheprovider")
        environment = {**os.environ, "FUZZ_TIMES": str(TIMES)}
        try:
            done = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=end - time.monotonic() + 5
            )
        except subprocess.TimeoutExpired:  # nothing found so far: what it finds, it tells at once
            break
        rounds += 1
        print(done.stdout.strip().splitlines()[-1])
        if done.returncode:
            print(done.stdout[-5000:])
            return False
    print(f"hypothesis: {rounds} whole rounds of {TIMES} times the examples of a test run, and one begun")
    return True


def schemathesis(seconds: float) -> bool:
    """Run it against a real assistant; return whether all it sent was answered as documented, and no log complains."""
    with tempfile.TemporaryDirectory(prefix="duanka-fuzz-") as made, started(Path(made), UNLIMITED) as it:
        environment = {**os.environ, "FUZZED_DOOR": it.web, "SCHEMATHESIS_HOOKS": "fuzz_hooks"}
        session = requests.post(f"{it.web}session", json={}, timeout=30).json()["session"]
        done = subprocess.run(
            (TOOLS / "st", "run", f"{it.web}openapi.json", "--url", it.web.rstrip("/"), "--max-time", f"{seconds:.0f}",
             "--continue-on-failure", "--request-timeout", "30", "-H", f"Authorization: Bearer {session}"),
            cwd=made, env={**environment, "PYTHONPATH": str(ROOT / "bench")}, timeout=seconds + 120, check=False,
        )  # fmt: skip
        logs = "".join(path.read_text("utf-8", errors="replace") for path in Path(made).glob("*.log"))
        complaints = re.findall(r"Traceback \(most recent call last\)|.*\bERROR\b.*", logs)
        print(f"schemathesis: exit {done.returncode}; it runs: {it.alive()}; in the logs: {complaints[:5]}")
        return done.returncode == 0 and it.alive() and not complaints


def atheris(seconds: float) -> bool:
    """Run bench/fuzz_bytes.py; return whether it found nothing."""
    command = (TOOLS / "python", "bench/fuzz_bytes.py", "--minutes", str(seconds / 60))
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


FUZZERS: Mapping[str, Callable[[float], bool]] = {
    "hypothesis": hypothesis, "schemathesis": schemathesis, "atheris": atheris
}  # fmt: skip


def main() -> None:
    """Run those that are named."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("names", nargs="*", choices=[*FUZZERS, []], metavar="|".join(FUZZERS))
    given.add_argument("--minutes", type=float, default=10.0)
    options = given.parse_args()
    names = options.names or list(FUZZERS)
    failed = [name for name in names if not FUZZERS[name](options.minutes * 60)]
    print(f"found something: {', '.join(failed) or 'none'}")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
