"""The guard both doors share: a message that passes is text and nothing else."""

from __future__ import annotations

import pytest

from bot.answering import sentences
from bot.answering.message import MOST_CHARACTERS
from bot.conversation.admission import admit


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  身份证丢了怎么办 \n", "身份证丢了怎么办"),
        ("身\u200b份\u202e证\x00丢了", "身份证丢了"),
        ("第一行\n第二行\t第三", "第一行 第二行 第三"),
        ("銀行卡借給朋友", "銀行卡借給朋友"),
        ("ＡＢＣ？", "ＡＢＣ？"),
    ],
)
def test_what_is_kept(raw: str, text: str) -> None:
    """Invisible characters and blanks around go; script and width stay as the person typed them."""
    assert admit(raw).text == text
    assert admit(raw).reply is None


@pytest.mark.parametrize(
    "raw", ["/restart", "//restart", "／restart", " / /restart", '/penalty{"place": "x"}', "\u200b/back"]
)
def test_a_command_is_text(raw: str) -> None:
    """However it is hidden, no leading slash reaches Rasa; what follows it does."""
    admitted = admit(raw)
    assert admitted.text[0] not in "/／"
    assert admitted.text.isprintable()
    assert admitted.reply is None


@pytest.mark.parametrize("raw", ["", "   ", "/", "／／", "\u200b\u200d", "\x00\x1f"])
def test_nothing_said(raw: str) -> None:
    """Who sends nothing is asked for words."""
    reply = admit(raw).reply
    assert reply is not None
    assert (reply.outcome, reply.lead) == ("chat", sentences.NOTHING_SAID)


def test_the_longest_message() -> None:
    """300 characters pass, invisible ones not counted; one more does not, and is kept cut."""
    assert admit("卡" * MOST_CHARACTERS + "\u200b").reply is None
    admitted = admit("卡" * (MOST_CHARACTERS + 1))
    assert admitted.reply is not None
    assert (admitted.reply.outcome, admitted.reply.lead) == ("chat", sentences.TOO_LONG)
    assert admitted.text == "卡" * MOST_CHARACTERS


def test_a_long_story_of_a_victim() -> None:
    """Too long or not, a victim is sent to 110 first."""
    reply = admit("我被骗了五万块钱，" + "当时我正在家里。" * 60).reply
    assert reply is not None
    assert (reply.outcome, reply.lead) == ("emergency", sentences.EMERGENCY)
