"""What `rasa shell` prints behind a reply."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.channels import console

from bot.answering.records import Answer, Citation, Quote
from bot.answering.rendering import render_custom
from bot.rasa.patches.terminal import behind, tell_in_one_line
from bot.reading.records import Passage

WORDS = "卖卡违法。今后不得开户。"
PASSAGE = Passage("b#p01", "b", "", WORDS, (WORDS,), "advice", (), (1, 1), "")
CITED = (Citation(1, "b", "断卡通报", "平安临沂", "临沂", None, None, "bulletins/b#p01"),)
ANSWER = render_custom(Answer("answer", "", (Quote(PASSAGE, WORDS, 1, "卖卡违法。", 0.913),), CITED))


def test_one_line_says_what_lies_behind_an_answer() -> None:
    """Its outcome, the passage with how likely it answers, and how to read on."""
    assert behind(ANSWER) == "（引用通报回答｜b#p01 0.91｜回复“全文”看整段）"
    near = {**ANSWER, "kind": "near", "quotes": ANSWER["quotes"] * 2, "further": None}
    assert behind(near) == "（只有最接近的｜b#p01 0.91 b#p01 0.91）"


@pytest.mark.parametrize("custom", [{}, {"kind": None, "quotes": None}, {"quotes": [3], "further": 4}])
def test_what_has_another_form_is_one_line_too(custom: dict[str, Any]) -> None:
    """Another program's object never ends a talk."""
    assert "\n" not in behind(custom)


def test_the_terminal_shows_no_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa's own function prints the text; of the object there is one line; twice asked for is once replaced."""
    monkeypatch.setattr(console, "_print_bot_output", console._print_bot_output)
    tell_in_one_line()
    replaced = console._print_bot_output
    tell_in_one_line()
    assert console._print_bot_output is replaced
    for message in ({"text": "「卖卡违法。」"}, {"custom": ANSWER}):
        console._print_bot_output(message)
    said = capsys.readouterr().out
    assert "「卖卡违法。」" in said
    assert said.rstrip().endswith(behind(ANSWER))
    assert "{" not in said
