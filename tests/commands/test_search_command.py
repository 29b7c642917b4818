"""`duanka search`, as an editor runs it: Chinese that fits a narrow terminal, and JSON for programs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.__main__ import app
from bot.answering.records import Understanding

ROOT = Path(__file__).parents[2]


def search(*words: str) -> Result:
    return CliRunner().invoke(app, ["search", *words, "--without-intent"])


def test_each_candidate_with_what_became_of_it() -> None:
    """Quoted, or not and why; how likely it answers, and what speaks for it."""
    output = search("不用的银行卡和U盾怎么保管处理").output
    assert "结果：引用通报回答" in output
    assert "\n1. 2021-07-08-qingyuan-liangka-bangxin#p" in output
    assert "  引用\n   答得上的可能 " in output
    assert re.search(r"答得上的可能 \d+%  凭什么：.* [+-]\d\.\d", output)
    assert re.search(r"\n   提示；话题：", output)
    rejected = search("公积金怎么提取", "--most", "2").output
    assert "结果：没有答案" in rejected
    assert "说的是这件事的可能" in rejected
    assert "\n2. " in rejected
    assert "\n3. " not in rejected


def test_json_for_programs() -> None:
    """The same with the names of the code."""
    said = json.loads(search("出售银行卡有什么后果", "--json").output)
    assert said["outcome"] in ("answer", "near")
    assert 0 <= said["answered"] <= 1
    assert said["quoted"][0] in [each["passage"] for each in said["candidates"]]


def test_no_library_speaks_meanwhile() -> None:
    """What is on the screen is the answer to the question; jieba's loading of its dictionary is not."""
    command = [sys.executable, "-m", "bot", "search", "出售银行卡有什么后果", "--without-intent"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    assert done.stderr == ""


@pytest.mark.parametrize(("terminal", "said"), [("1", "正在载入模型"), ("", "")])
def test_who_waits_is_told(terminal: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the model is loaded, on the terminal's stderr only: what is read by programs stays as it was."""
    monkeypatch.setenv("FORCE_COLOR", terminal)
    monkeypatch.setattr("bot.commands.search.understand", lambda *_: Understanding("nlu_fallback", 0.0))
    done = CliRunner().invoke(app, ["search", "出售银行卡有什么后果", "--json"])
    assert json.loads(done.stdout)["outcome"] in ("answer", "near")
    assert said in done.stderr
    assert bool(done.stderr) == bool(said)
