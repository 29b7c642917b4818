"""What is known against the packages we pin: asks pip-audit and npm audit, and holds it against the page of judgements.

Run: `make audit`. Exit 1 for an advisory that docs/security-advisories.md does not judge; exit 0, with a line that
says so, where nobody could be asked (`DUANKA_AUDIT=required` makes that exit 1 too).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE, ENDED = ROOT / "docs" / "security-advisories.md", ROOT / "docs" / "end-of-support.md"
LOCK, OWN_LOCK = ROOT / "requirements-dev.lock", ROOT / "scripts" / "audit.lock"
WIDGET = ROOT / "bot" / "widget"
OCR_LOCK = ROOT / "ocr.lock"
TOOLS = ROOT / ".cache" / "audit"
SECONDS = 300
_ID = re.compile(r"(?:GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}|CVE-\d{4}-\d{4,}|PYSEC-\d{4}-\d+)")
_PIN = re.compile(r"^([A-Za-z0-9_.-]+==[^\s\\;]+)", re.M)


@dataclass(frozen=True)
class Found:
    """An advisory of a pinned package: every id it goes by."""

    package: str
    version: str
    ids: frozenset[str]

    def __str__(self) -> str:
        return f"{self.package} {self.version}: {', '.join(sorted(self.ids))}"


@dataclass(frozen=True)
class Asked:
    """What one service said: how many packages it knew, what it has against them, and how many it did not know."""

    service: str
    packages: int
    found: tuple[Found, ...]
    unknown: int = 0


class NotAskedError(Exception):
    """Nobody could be asked; the text says why."""


def pins(lock: str) -> tuple[str, ...]:
    """Return `name==version` of each package of a lock."""
    return tuple(_PIN.findall(lock))


def read_pip_audit(said: str) -> Asked:
    """Read pip-audit's JSON. Raises NotAskedError when it knew no package at all: it calls that success."""
    try:
        packages = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        raise NotAskedError("pip-audit gave no answer") from None
    known = [each for each in packages if "vulns" in each]
    if not known:
        raise NotAskedError("pip-audit was told of no package: its service cannot be reached")
    found = [
        Found(each["name"], each["version"], frozenset((vuln["id"], *vuln.get("aliases", ()))))
        for each in known
        for vuln in each["vulns"]
    ]
    return Asked("pip-audit", len(known), tuple(found), len(packages) - len(known))


def read_npm_audit(said: str, versions: Mapping[str, str]) -> Asked:
    """Read npm audit's JSON; `versions` of the lock. Raises NotAskedError when it is no report."""
    try:
        report = json.loads(said)
        packages = report["vulnerabilities"].items()
        total = int(report["metadata"]["dependencies"]["total"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotAskedError("npm audit gave no report: its service cannot be reached") from None
    found = [
        Found(name, versions.get(name, "?"), frozenset(_ID.findall(via.get("url", "")) or [str(via.get("source"))]))
        for name, about in packages
        for via in about["via"]
        if isinstance(via, dict)  # a name is a package that depends on one of these
    ]
    return Asked("npm audit", total, tuple(found))


def unjudged(found: Iterable[Found], page: str) -> tuple[Found, ...]:
    """Return the advisories of which no id stands in a row of the package in the page."""
    judged = {name: set(_ID.findall(row)) for name, row in _rows(page)}
    return tuple(each for each in found if not each.ids & judged.get(each.package.lower(), set()))


def pinned_rows(page: str) -> tuple[tuple[str, str], ...]:
    """Return (package, version) of each row of the page."""
    return tuple((cells[0], cells[1]) for cells in _cells(page))


def _rows(page: str) -> tuple[tuple[str, str], ...]:
    rows: dict[str, str] = {}
    for cells in _cells(page):
        rows[cells[0]] = rows.get(cells[0], "") + cells[2]
    return tuple(rows.items())


def _cells(page: str) -> list[list[str]]:
    lines = (line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| package"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def ask_pip_audit() -> Asked:
    """Ask about requirements-dev.lock and ocr.lock, with a pip-audit of its own environment."""
    program = TOOLS / "bin" / "pip-audit"
    if not program.exists():
        _run([sys.executable, "-m", "venv", str(TOOLS)])
        pip = [
            str(TOOLS / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "-r",
            str(OWN_LOCK),
        ]
        _run(pip)
    if not program.exists():
        raise NotAskedError("pip-audit could not be installed")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write("\n".join(dict.fromkeys((*pins(LOCK.read_text("utf-8")), *pins(OCR_LOCK.read_text("utf-8"))))))
        listed.flush()
        options = ["-r", listed.name, "--no-deps", "--disable-pip", "--progress-spinner", "off", "-f", "json"]
        return read_pip_audit(_run([str(program), *options]))


def ask_npm_audit() -> Asked:
    """Ask about the widget's package-lock.json; nothing needs to be installed for that."""
    from bot.commands.widget import node_folder, npm_in

    folder = node_folder()
    command = [*npm_in(folder), "--prefix", str(WIDGET), "audit", "--package-lock-only", "--json"]
    said = _run(command, {"PATH": os.pathsep.join((str(folder), os.environ.get("PATH", "")))})
    locked = json.loads((WIDGET / "package-lock.json").read_text("utf-8"))["packages"]
    return read_npm_audit(
        said, {path.rpartition("node_modules/")[2]: each["version"] for path, each in locked.items() if path}
    )


def _run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """Return what it prints, whatever its exit code: both programs end with 1 when they find something."""
    try:
        given: dict[str, Any] = {"env": {**os.environ, **(environment or {})}, "stdin": subprocess.DEVNULL}
        return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False, **given).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotAskedError(f"{Path(command[0]).name}: {type(error).__name__}") from None


def interpreter(version: tuple[int, ...], page: str) -> tuple[str, bool]:
    """Return what is to be said of the Python that runs the service, and whether the page of its end judges it."""
    name = f"{version[0]}.{version[1]}"
    judged = f"| Python | {name} " in page
    said = f"judged in {ENDED.relative_to(ROOT)}" if judged else f"NOT JUDGED in {ENDED.relative_to(ROOT)}"
    return f"Python {'.'.join(map(str, version[:3]))}: {said}", judged


def main() -> int:
    """Look at the interpreter, ask both, tell, and return the exit code."""
    page = PAGE.read_text("utf-8")
    said, judged = interpreter(sys.version_info[:3], ENDED.read_text("utf-8"))
    print(said)
    failed = not judged
    for ask in (ask_pip_audit, ask_npm_audit):
        try:
            asked = ask()
        except NotAskedError as error:
            print(f"NOT AUDITED: {error}. What is known stands in {PAGE.relative_to(ROOT)}, and may be old.")
            failed = failed or os.environ.get("DUANKA_AUDIT") == "required"
            continue
        new = unjudged(asked.found, page)
        unknown = f" ({asked.unknown} more NOT AUDITED)" if asked.unknown else ""
        print(
            f"{asked.service}: {asked.packages} packages{unknown}, {len(asked.found)} advisories, {len(new)} not judged"
        )
        for each in new:
            print(f"  {each}")
        failed = failed or bool(new)
    return int(failed)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
