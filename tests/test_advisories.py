"""The audit: answers are read rightly, silence is never taken for health, the page is no older than the locks."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "security-advisories.md").read_text("utf-8")


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    """The script."""
    spec = importlib.util.spec_from_file_location("duanka_audit", ROOT / "scripts" / "audit.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_every_version_of_the_page_is_the_one_that_is_locked(audit: ModuleType) -> None:
    """A package that was changed has to be judged again."""
    locks = (ROOT / name for name in ("requirements-dev.lock", "dense.lock"))
    locked = dict(pin.split("==") for lock in locks for pin in audit.pins(lock.read_text("utf-8")))
    widget = json.loads((ROOT / "bot/widget/package-lock.json").read_text("utf-8"))["packages"]
    locked.update({path.rpartition("node_modules/")[2]: each["version"] for path, each in widget.items() if path})
    rows = audit.pinned_rows(PAGE)
    assert len(rows) >= 15
    assert [row for row in rows if locked.get(row[0]) != row[1]] == []


@pytest.mark.parametrize("page", ["SECURITY.md", "docs/security-advisories.md", "docs/end-of-support.md"])
def test_what_a_page_points_to_is_there(page: str) -> None:
    """Each file it names as the proof of what it says exists."""
    named = set(re.findall(r"`((?:bot|tests|docs|scripts|deploy)/[\w./-]+\.\w+)`", (ROOT / page).read_text("utf-8")))
    assert len(named) >= 4
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_pip_audit_that_reached_nobody_is_no_success(audit: ModuleType) -> None:
    """It skips every package then, and ends with 0."""
    for said in ('{"dependencies": [{"name": "sanic", "skip_reason": "not found"}]}', '{"dependencies": []}', "", "[]"):
        with pytest.raises(audit.NotAskedError):
            audit.read_pip_audit(said)


def test_npm_audit_that_reached_nobody_is_no_success(audit: ModuleType) -> None:
    """It prints its error as JSON then."""
    for said in ('{"message": "405 Method Not Allowed", "error": {}}', "", "[]", '{"vulnerabilities": {}}'):
        with pytest.raises(audit.NotAskedError):
            audit.read_npm_audit(said, {})


def test_pip_audits_findings(audit: ModuleType) -> None:
    """What the page judges under any of its names is known; another, or the same of another package, is not."""
    said = {
        "dependencies": [
            {
                "name": "rasa",
                "version": "3.6.21",
                "vulns": [{"id": "CVE-2024-49375", "aliases": ["GHSA-cpv4-ggrr-7j9v"]}],
            },
            {"name": "sanic", "version": "21.12.2", "vulns": [{"id": "GHSA-cpv4-ggrr-7j9v"}, {"id": "PYSEC-2031-7"}]},
            {"name": "attrs", "version": "22.1.0", "vulns": []},
            {"name": "own", "skip_reason": "not found"},
        ]
    }
    asked = audit.read_pip_audit(json.dumps(said))
    assert (asked.packages, asked.unknown, len(asked.found)) == (3, 1, 3)
    new = [str(each) for each in audit.unjudged(asked.found, PAGE)]
    assert new == ["sanic 21.12.2: GHSA-cpv4-ggrr-7j9v", "sanic 21.12.2: PYSEC-2031-7"]


def test_npm_audits_findings(audit: ModuleType) -> None:
    """Of a chain of packages the one at its end is meant."""
    known = {"url": "https://github.com/advisories/GHSA-vhxf-7vqr-mrjg", "source": 1}
    new = {"url": "https://github.com/advisories/GHSA-2222-3333-4444", "source": 2}
    said = {
        "vulnerabilities": {"dompurify": {"via": [known, new]}, "@chatui/core": {"via": ["dompurify"]}},
        "metadata": {"dependencies": {"total": 135}},
    }
    asked = audit.read_npm_audit(json.dumps(said), {"dompurify": "2.5.9"})
    assert (asked.packages, len(asked.found)) == (135, 2)
    assert [str(each) for each in audit.unjudged(asked.found, PAGE)] == ["dompurify 2.5.9: GHSA-2222-3333-4444"]


@pytest.mark.parametrize(("setting", "code"), [("", 0), ("required", 1)])
def test_nobody_reached_is_told(
    audit: ModuleType, setting: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two lines that cannot be taken for a clean bill; an error where an audit is required."""

    def nobody() -> None:
        raise audit.NotAskedError("nobody there")

    monkeypatch.setenv("DUANKA_AUDIT", setting)
    monkeypatch.setattr(audit, "ask_pip_audit", nobody)
    monkeypatch.setattr(audit, "ask_npm_audit", nobody)
    assert audit.main() == code
    assert capsys.readouterr().out.count("NOT AUDITED: nobody there. ") == 2


def test_the_interpreter_is_looked_at_too(audit: ModuleType) -> None:
    """The Python that is pinned is judged by the page of what ended; another would not be, and makes the audit fail."""
    page = (ROOT / "docs" / "end-of-support.md").read_text("utf-8")
    pinned = tuple(int(part) for part in (ROOT / ".python-version").read_text("utf-8").split("."))
    assert audit.interpreter((*pinned, 13), page) == ("Python 3.10.13: judged in docs/end-of-support.md", True)
    assert audit.interpreter((3, 14, 0), page) == ("Python 3.14.0: NOT JUDGED in docs/end-of-support.md", False)
