"""`duanka shell` on a terminal, as staff use it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pexpect
from service import ROOT, descendants, duanka, left_of

READY_SECONDS = 300.0
REPLY_SECONDS = 60.0
PROMPT = "Your input ->"
KEYS_WITHOUT_A_REAL_TERMINAL = {"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"}


def test_a_talk_on_the_terminal(tmp_path: Path) -> None:
    """A question gets its point, its source and one line more, 全文 the whole; /stop ends it all, nothing left."""
    shell = pexpect.spawn(
        sys.executable,
        list(duanka(tmp_path, "shell")),
        cwd=str(ROOT),
        env={**os.environ, **KEYS_WITHOUT_A_REAL_TERMINAL},
        encoding="utf-8",
        timeout=READY_SECONDS,
        dimensions=(50, 200),
    )
    try:
        shell.expect_exact(PROMPT)
        started = descendants(shell.pid)
        shell.send("身份证丢了怎么办\r")
        shell.expect_exact("身份证有遗失经历", timeout=REPLY_SECONDS)
        shell.expect_exact("【来源】", timeout=REPLY_SECONDS)
        shell.expect(r"（引用通报回答｜linyi-duanka#p\d+", timeout=REPLY_SECONDS)
        shell.expect_exact(PROMPT, timeout=REPLY_SECONDS)
        assert "{" not in shell.before  # no JSON: one line says what lies behind a reply
        shell.send("全文\r")
        shell.expect_exact("将会对生活造成很大影响", timeout=REPLY_SECONDS)
        shell.expect_exact(PROMPT, timeout=REPLY_SECONDS)
        shell.send("/stop\r")
        shell.expect(pexpect.EOF, timeout=REPLY_SECONDS)
    finally:
        shell.close(force=True)
    assert (shell.exitstatus, shell.signalstatus) == (0, None)
    assert started
    assert left_of(started) == []
