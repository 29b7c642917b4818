"""Takes the pictures in knowledge/README.md anew: the real commands, on a copy of the knowledge, as PNG.

Run in the project's root: .venv/bin/python scripts/pictures.py. Needs a Chromium and a Chinese monospace font.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pexpect
from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
ARTICLES, PICTURES = ROOT / "tests" / "articles", ROOT / "docs" / "images"
PAGE = """<body style="margin: 0"><pre style="margin: 0; padding: 14px 18px; width: 820px; white-space: pre-wrap;
  overflow-wrap: anywhere; font: 14px/1.5 'Noto Sans Mono CJK SC', monospace; background: {background};
  color: {foreground}">{code}</pre></body>"""
# File, command, and the answers to its questions.
SHOWN: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "knowledge-add.png",
        "add notice.txt",
        (
            ("发布单位", "示范市反诈中心"),
            ("地方", "示范市"),
            ("发布日期", ""),
            ("对不对", ""),
            ("文件名", "shifan-paofen"),
            ("收进吗", "1"),
        ),
    ),
    (
        "knowledge-contradiction.png",
        "add two-years.html",
        (("地方", "示范县"), ("对不对", ""), ("文件名", "shifan-shoujika"), ("怎么办", "1")),
    ),
    ("knowledge-check.png", "check", ()),
    ("knowledge-withdraw.png", "withdraw shifan-paofen", ()),
)


def main() -> None:
    """Take every picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        desk = Path(name)
        shutil.copytree(ROOT / "knowledge", desk / "knowledge")
        for article in ("notice.txt", "two-years.html"):
            shutil.copy(ARTICLES / article, desk)
        for picture, command, answers in SHOWN:
            if command == "check":
                (desk / "knowledge" / "bulletins" / "linyi-duanka.yml").write_text("titel: 写错了的项\n", "utf-8")
            draw(PICTURES / picture, transcript(desk, command, answers))
            print(f"{picture}: {(PICTURES / picture).stat().st_size // 1024} KiB")


def transcript(desk: Path, command: str, answers: tuple[tuple[str, str], ...]) -> str:
    """Run `duanka knowledge <command>` in a terminal and return what stood on it, with its colours."""
    said: list[str] = []
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "400"}
    spawned = pexpect.spawn(
        sys.executable, ["-m", "bot", "knowledge", *command.split()], cwd=desk, encoding="utf-8", timeout=60,
        dimensions=(60, 400), env={**environment, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    for question, answer in answers:
        spawned.expect(f"{question}[^\\n]*: ")
        said.append((spawned.before or "") + str(spawned.after))
        spawned.sendline(answer)
    spawned.expect(pexpect.EOF)
    said.append(spawned.before or "")
    return f"$ duanka knowledge {command}\r\n{''.join(said)}"


def draw(picture: Path, written: str) -> None:
    """Draw a terminal's text as a picture of a terminal."""
    console = Console(record=True, width=1000, force_terminal=True, color_system="truecolor", file=io.StringIO())
    console.print(Text.from_ansi(written.replace("\r\n", "\n").rstrip()))
    html = console.export_html(inline_styles=True, code_format=PAGE, theme=DIMMED_MONOKAI)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 900, "height": 600})
        page.set_content(html)
        page.locator("pre").screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    main()
