"""The widget is built when its sources changed, and its build keeps its promises: bot/commands/widget.py."""

from __future__ import annotations

import gzip
import io
import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from bot.commands import widget
from bot.processes.programs import CommandError

ROOT = Path(__file__).resolve().parents[2]
KB = 1000
# Names, not requests: XML namespaces, and where React explains its errors.
NAMES = ("http://www.w3.org/", "https://react.dev/errors/")
NPM = """#!/bin/sh
echo "$@" >> "$2/../../calls"
case "$3" in
  ci) mkdir -p "$2/node_modules" ;;
  run) [ ! -e "$2/broken" ] || { echo "no such colour"; exit 1; }
       mkdir -p "$DUANKA_WIDGET_OUT" && cp "$2/chat.html" "$DUANKA_WIDGET_OUT/" ;;
esac
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a widget of two files, on a machine whose npm only copies."""
    tools, folder = tmp_path / "tools", tmp_path / "project" / "bot" / "widget"
    tools.mkdir()
    folder.mkdir(parents=True)
    for name, text in (("node", "#!/bin/sh\necho v22.12.0\n"), ("npm", NPM)):
        (tools / name).write_text(text, encoding="utf-8")
        (tools / name).chmod(0o755)
    (folder / "chat.html").write_text("first", encoding="utf-8")
    (folder / "package-lock.json").write_text("{}", encoding="utf-8")
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    return tmp_path / "project"


@pytest.fixture
def console() -> Console:
    """A console whose words can be read back."""
    return Console(record=True, width=200, file=io.StringIO())


def built(root: Path) -> str:
    """What the built page says."""
    return (root / "bot/widget/dist/chat.html").read_text(encoding="utf-8")


def calls(root: Path) -> list[str]:
    """What npm was asked to do."""
    return [re.sub(r"^--prefix \S+ ", "", line) for line in (root / "calls").read_text().splitlines()]


def test_it_is_built_once_for_the_same_sources(root: Path, console: Console) -> None:
    """Packages are installed and the widget built at first, and nothing is done while nothing changes."""
    widget.build_widget(root, console)
    widget.build_widget(root, console)
    assert built(root) == "first"
    assert calls(root) == ["ci", "run build --silent"]


def test_a_changed_source_is_built_again(root: Path, console: Console) -> None:
    """A new sentence in a source is in the next build; the packages, unchanged, are not installed again."""
    widget.build_widget(root, console)
    (root / "bot/widget/chat.html").write_text("second", encoding="utf-8")
    widget.build_widget(root, console)
    assert built(root) == "second"
    assert calls(root) == ["ci", "run build --silent", "run build --silent"]


def test_a_changed_test_or_build_is_no_changed_source(root: Path) -> None:
    """Tests, packages and builds do not make a build old."""
    before = widget.fingerprint(root)
    for name in ("tests/a.test.ts", "node_modules/a.js", "dist/chat.html"):
        path = root / "bot/widget" / name
        path.parent.mkdir(parents=True)
        path.write_text("", encoding="utf-8")
    assert widget.fingerprint(root) == before


def test_a_failed_build_leaves_the_old_one_and_says_so(root: Path, console: Console) -> None:
    """The service goes on with the widget it had; the operator reads that, and where the log is."""
    widget.ensure_widget(root, console)
    (root / "bot/widget/broken").touch()
    widget.ensure_widget(root, console)
    assert built(root) == "first"
    assert (
        "构建聊天窗口没有成功（退出码 1）；继续使用上次构建的聊天窗口。日志：.cache/logs/widget.log"
        in console.export_text()
    )
    assert "no such colour" in (root / widget.LOG).read_text()


def test_without_any_build_the_service_still_starts(root: Path, console: Console) -> None:
    """A first build that fails is told and not raised; the one who asks for a build gets the error and its log."""
    (root / "bot/widget/broken").touch()
    widget.ensure_widget(root, console)
    assert "暂时没有聊天窗口，居民可以用不需要脚本的页面提问" in console.export_text()
    with pytest.raises(CommandError, match="构建聊天窗口没有成功") as raised:
        widget.build_widget(root, console)
    assert raised.value.log == root / widget.LOG
    assert not (root / "bot/widget/dist").exists()


@pytest.mark.parametrize(
    ("version", "enough"),
    [("v20.19.0", True), ("v22.12.0", True), ("v24.1.0", True), ("v20.18.1", False), ("v21.7.0", False), ("", False)],
)
def test_which_node_is_recent_enough(version: str, enough: bool) -> None:
    """It is the range that package.json asks for."""
    engines = json.loads((ROOT / widget.WIDGET / "package.json").read_text())["engines"]
    assert engines == {"node": "^20.19.0 || >=22.12.0"}
    assert widget.recent_enough(version) is enough


def test_an_old_node_is_passed_over(root: Path, tmp_path: Path) -> None:
    """Where the machine's Node is too old, the one that came with the environment is taken; it has an npm too."""
    assert widget.node_folder() == tmp_path / "tools"
    (tmp_path / "tools/node").write_text("#!/bin/sh\necho v18.20.0\n", encoding="utf-8")
    assert root.exists()
    assert widget.node_folder() == widget.OWN_NODE / "bin"


def test_the_npm_of_the_environment_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """It answers on a machine that has neither node nor npm."""
    monkeypatch.setenv("PATH", "/nowhere")
    folder = widget.node_folder()
    assert folder == widget.OWN_NODE / "bin"
    told = subprocess.run((*widget.npm_in(folder), "--version"), capture_output=True, text=True, check=True)
    assert re.match(r"\d+\.\d+", told.stdout)


@pytest.fixture(scope="module")
def dist() -> Path:
    """The widget as the project's own sources make it."""
    widget.build_widget(ROOT, Console(quiet=True))
    return ROOT / widget.WIDGET / "dist"


def packed(paths: list[Path]) -> int:
    """How many bytes these files weigh packed with gzip."""
    assert paths
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def test_what_a_phone_has_to_fetch_is_small(dist: Path) -> None:
    """Packed: the loader, which knows Back, reloads and old browsers, at most 4.5 KB, the chat 180, its styles 20."""
    assert packed([dist / "widget.js"]) <= 4.5 * KB
    assert packed([*dist.glob("assets/*.js")]) <= 180 * KB
    assert packed([*dist.glob("assets/*.css")]) <= 20 * KB


def test_the_build_names_no_address_outside(dist: Path) -> None:
    """Neither a font nor a picture nor a script of the chat lies on another host."""
    texts = [path.read_text(encoding="utf-8") for path in dist.rglob("*") if path.is_file()]
    found = [
        address for text in texts for address in re.findall(r"(?:https?:)?//(?:[a-z0-9-]+\.)+[a-z]{2,}/?\S*", text)
    ]
    assert [address for address in found if not address.startswith(NAMES)] == []


class Page(HTMLParser):
    """The elements of a page with their attributes, and the text of its scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.script = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] in ("script", "style"):
            self.script += data.strip()


def test_the_page_needs_no_exception_from_the_strictest_policy(dist: Path) -> None:
    """No inline script, style or handler; every file it names lies beside it, and is there."""
    page = Page()
    page.feed((dist / "chat.html").read_text(encoding="utf-8"))
    names = [value for tag, given in page.elements for key, value in given.items() if key == "src" or tag == "link"]
    files = [name for name in names if name and name.startswith("./")]
    assert page.script == ""
    assert not [key for _, given in page.elements for key in given if key == "style" or key.startswith("on")]
    assert len(files) == 2
    assert all((dist / name).is_file() for name in files)


def test_the_page_helps_before_its_script_runs(dist: Path) -> None:
    """Where the script is blocked one reads both hotlines, as links, and finds the page without scripts."""
    page = Page()
    page.feed((dist / "chat.html").read_text(encoding="utf-8"))
    links = {given.get("href") for tag, given in page.elements if tag == "a"}
    assert links == {"tel:110", "tel:96110", "plain"}


def test_the_lock_names_no_place_to_fetch_from() -> None:
    """package-lock.json tells versions and checksums; where packages come from is each machine's own matter."""
    lock = json.loads((ROOT / widget.WIDGET / "package-lock.json").read_text(encoding="utf-8"))
    packages = [entry for name, entry in lock["packages"].items() if name]
    assert len(packages) > 50
    assert not [entry for entry in packages if "resolved" in entry]
    assert all("integrity" in entry for entry in packages)
