"""What README, CONTRIBUTING and docs/ name is there: paths, tests, commands, variables, names, log lines, defaults."""

from __future__ import annotations

import ast
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from typer.main import get_command

from bot.__main__ import app
from bot.reading.library import read_library
from bot.settings import read_settings

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
OURS = ("bot", "actions", "tests", "docs", "data", "knowledge", "deploy", "scripts", "bench", ".ci")
# What running makes: none of it is in the repository.
MADE = ("reports/", "var/", ".cache/", "models/", "bot/widget/dist", "deploy/duanka.env", "deploy/secrets")
# Names of other programs', libraries' and protocols' own, which no file of ours holds.
THEIRS = {
    "docs/decisions/0010-adding-articles.md": {"pass_ticket"},
    "docs/decisions/0014-lines-in-redis.md": {"RedisLockStore"},
    "docs/decisions/0016-the-action-beside.md": {"ProcessPoolExecutor"},
    "docs/decisions/0037-what-offices-send.md": {"favor_recall"},
    "docs/deployment.md": {
        "authorizationEnabled",
        "SSL_CERT_FILE",
        "https_proxy",
        "npm_config_registry",
        "NODE_EXTRA_CA_CERTS",
    },
}
# What is told there are other packages' weaknesses.
OTHERS = ROOT / "docs" / "security-advisories.md"
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


def name(path: Path) -> str:
    """Return how a page is called in the tests' names."""
    return path.relative_to(ROOT).as_posix()


@cache
def said(page: Path) -> tuple[str, ...]:
    """Return what stands between backticks on a page, blocks of code left out."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.M | re.S)
    return tuple(CODE.findall(text))


@cache
def sources() -> str:
    """Return everything that is written in the repository but its pages, its bulletins and the names above."""
    kinds = {
        ".py",
        ".ts",
        ".tsx",
        ".yml",
        ".toml",
        ".sh",
        ".conf",
        ".html",
        ".css",
        ".less",
        ".json",
        ".service",
        ".target",
        ".example",
        ".in",
        "",
    }
    tops = [ROOT / top for top in OURS if top != "docs"]
    files = [file for top in tops for file in top.rglob("*") if file.suffix in kinds and _is_ours(file)]
    files += [ROOT / each for each in ("Makefile", "pyproject.toml", "endpoints.yml")]
    return "\n".join(file.read_text("utf-8", errors="replace") for file in files)


def _is_ours(file: Path) -> bool:
    parts = set(file.parts)
    return (
        file.is_file()
        and file != Path(__file__)
        and not parts & {"node_modules", "dist", "__pycache__", "bulletins", "articles"}
    )


@cache
def words() -> frozenset[str]:
    """Return every name in the sources."""
    return frozenset(re.findall(r"[A-Za-z_]\w*", sources()))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_path_is_there(page: Path) -> None:
    """Files and folders, with `<…>` and `*` for any name, and the tests named behind `::`."""
    wrong = []
    if "\n*Superseded by" in page.read_text("utf-8"):  # the whole of it tells of code that is gone
        return
    for each in said(page):
        for word in each.split():
            path, _, symbol = word.strip("()，,;").partition("::")
            if path.split("/")[0] not in OURS or "/" not in path or path.startswith(MADE):
                continue
            found = list(ROOT.glob(re.sub(r"<[^>]*>|…", "*", path.rstrip("/").partition(":")[0])))
            symbol = symbol.partition("[")[0]
            if not found or (symbol and f"def {symbol}(" not in found[0].read_text("utf-8")):
                wrong.append(word)
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    """Of links within the repository: to a file, and to a heading of it."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.M | re.S)
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"[a-z]+:", link)]
    wrong = []
    for link in links:
        path, _, heading = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (heading and heading not in _headings(target)):
            wrong.append(link)
    assert wrong == []


def _headings(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_exists(page: Path) -> None:
    """Targets of make and verbs of `duanka`, in the text and in blocks of code."""
    text = page.read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert [each for each in re.findall(r"`make ([a-z]+)", text) if each not in targets] == []
    wrong = []
    for line in re.findall(r"(?:`|^)(?:\.venv/bin/)?duanka((?: +[a-z][a-z-]*)+)", text, re.M):
        command = get_command(app)
        for word in line.split():
            below = getattr(command, "commands", None)
            if below is None:
                break
            if word not in below:
                wrong.append(line)
                break
            command = below[word]
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_variable_is_read(page: Path) -> None:
    """What a page tells to set stands in the code that reads it."""
    named = set(re.findall(r"\b(?:DUANKA|WECHAT)_[A-Z_]*[A-Z]\b", page.read_text("utf-8")))
    assert sorted(named - words()) == []


@pytest.mark.parametrize("page", [page for page in PAGES if page != OTHERS], ids=name)
def test_every_name_is_in_the_code(page: Path) -> None:
    """Of what stands alone between backticks and looks like a name of a program's: with `_`, or capitals within."""
    names = {
        each.removesuffix("()").split(".")[-1] for each in said(page) if re.fullmatch(r"[A-Za-z][\w.]*(\(\))?", each)
    }
    if "\n*Superseded" in page.read_text("utf-8"):  # it tells of code that is gone
        return
    likely = {each for each in names if re.search(r"[a-z]_[a-z]|[a-z][A-Z]|^[A-Z][A-Z_]{3,}$", each)}
    assert sorted(likely - words() - THEIRS.get(name(page), set())) == []


def test_every_log_line_is_written() -> None:
    """The lines an operator is told to look for stand in the code: as far as they are the same each time."""
    texts = " ".join(_texts())
    wrong = []
    for row in re.findall(r"^\|.*\|$", (ROOT / "docs/operations.md").read_text("utf-8"), re.M):
        for each in CODE.findall(row.split("|")[3] if row.count("|") > 3 else ""):
            if " " in each and not re.match(r"duanka |python|kill|systemd|Restart", each):
                pieces = re.split(r"…|\(|\)|:|\d+", each)
                wrong += [
                    each
                    for piece in pieces
                    if len(piece.strip()) > 5
                    and not re.fullmatch(r"\w+Error", piece.strip())
                    and piece.strip() not in texts
                ]
    assert wrong == []


def _texts() -> list[str]:
    """Return the texts in the code, as they are put together from their parts."""
    files = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "actions").rglob("*.py")]
    trees = [ast.parse(file.read_text("utf-8")) for file in files]
    return [node.value for tree in trees for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)]  # fmt: skip


def test_every_default_is_the_one_in_the_code() -> None:
    """The table of settings: a value that is told is the value without the variable."""
    rows = re.findall(r"^\| `(DUANKA_[A-Z_]+)` \| ([^|]+) \|", (ROOT / "docs/commands.md").read_text("utf-8"), re.M)
    told = {variable: default.strip().strip("`") for variable, default in rows}
    settings = read_settings({})
    kept = {
        "DUANKA_OLD_AFTER_YEARS": settings.old_after_years,
        "DUANKA_KNOWLEDGE": settings.knowledge,
        "DUANKA_KEEP_DAYS": settings.keep_days,
        "DUANKA_KEEP_EVENTS_DAYS": settings.keep_events_days,
        "DUANKA_DATABASE": settings.database,
        "DUANKA_TRUSTED_PROXIES": settings.trusted_proxies,
    }
    assert {variable: told[variable] for variable in kept} == {variable: str(each) for variable, each in kept.items()}


def test_the_error_of_the_example_is_the_real_one(tmp_path: Path) -> None:
    """CONTRIBUTING shows how an error reads: it is what the reader says of such a sidecar."""
    (tmp_path / "some.md").write_text("# 关于保管好身份证的通报\n\n平安测试\n\n身份证要自己保管好。\n", "utf-8")
    (tmp_path / "some.yml").write_text("place: 临沂\npassages:\n  p01: {kind: advise}\n", "utf-8")
    (problem,) = read_library(tmp_path, (), date(2026, 1, 1)).problems
    told = str(problem).replace(str(tmp_path / "some.yml"), "knowledge/bulletins/<stem>.yml")
    assert f"`{told}`" in (ROOT / "CONTRIBUTING.md").read_text("utf-8")
