"""Other people's files, read in a process of its own: an article or a sentence, whatever the file is."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from office_files import docx, paragraph, pdf

from bot.editing import receiving
from bot.editing.receiving import plain_name, receive
from bot.reading.article import Article
from bot.reading.records import Problem

WORDS = "一、严禁收购、出售、出租、出借银行卡。"


def refusal(name: str, data: bytes) -> str:
    """Why it is refused, and what to do."""
    told = receive(name, data)
    assert isinstance(told, Problem), told
    return f"{told.wrong}；{told.allowed}"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("通告.docx", docx(paragraph(WORDS))),
        ("通告.pdf", pdf([("云溪市公安局关于打击收购银行卡的通告", WORDS)])),
        ("通告.txt", WORDS.encode("gb18030")),
        ("通告.md", f"# 题目\n\n{WORDS}\n".encode()),
    ],
    ids=["docx", "pdf", "txt", "md"],
)
def test_what_offices_send(name: str, data: bytes) -> None:
    """Each comes back as an article with its words; text stays byte for byte."""
    told = receive(name, data)
    assert isinstance(told, Article), told
    assert WORDS in told.text
    assert told.data == (told.text.encode() if told.rewritten else data)


def test_what_is_refused_says_why() -> None:
    """Too large, empty, a picture, a scan: before or after the process was asked."""
    assert "50 MB，太大" in refusal("a.docx", b"x" * (50 * 1024 * 1024))
    assert "文件是空的" in refusal("a.txt", b" \n")
    assert "把文字录成 .txt" in refusal("a.jpg", b"\xff\xd8\xff")
    assert "有 500 页" in refusal("a.pdf", pdf([("一行字",)] * 500))
    assert "太长" in refusal("a.txt", "字".encode() * 400_001)


def test_a_process_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And says so, when its time is over."""
    endless = tmp_path / "endless"
    endless.write_text("#!/bin/sh\nexec sleep 30\n")
    endless.chmod(0o755)
    monkeypatch.setattr(receiving, "MOST_SECONDS", 1)
    monkeypatch.setattr(receiving.sys, "executable", str(endless))
    began = time.monotonic()
    assert "还没有读完" in refusal("a.docx", docx(paragraph("x")))
    assert time.monotonic() - began < 20


def test_a_file_that_takes_too_much_memory() -> None:
    """Tags in tags by the hundred thousand: a sentence, in bounded time."""
    began = time.monotonic()
    assert refusal("a.html", b"<html><div id=js_content>" + b"<div>" * 300_000 + b"x")
    assert time.monotonic() - began < receiving.MOST_SECONDS + 15


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\桌面\\通告.docx", "通告.docx"),
        ("<img src=x>.txt", "img src=x.txt"),
        (".bashrc", "bashrc"),
        ("\u202efdp.exe", "fdp.exe"),
        ("", "未命名.txt"),
        ("a" * 300 + ".docx", "a" * 80 + ".docx"),
    ],
)
def test_a_name_is_only_a_name(written: str, plain: str) -> None:
    """No folder, no markup, no control character comes along with it."""
    assert plain_name(written) == plain
