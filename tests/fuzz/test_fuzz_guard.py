"""Whatever text arrives: the guard, the masking and the safety rules neither raise nor take long."""

from __future__ import annotations

import time

from fuzz_times import times
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.apology import apology
from bot.answering.message import MOST_CHARACTERS
from bot.answering.rendering import render_text
from bot.conversation.admission import admit
from bot.knowledge.messages import read_message
from bot.text.masking import mask
from bot.text.normalise import normalise

EXAMPLES = times(200)
PIECES = st.sampled_from(
    ["我", "被骗了", "转账", "五万", "1", "13800138000", "4506", "验证码", "密码", "卖", "银行卡", "多少钱",
     "/", "／", "\u200b", "\u202e", "́", "ﷺ", "㈱", "①", "１", "〇", "零", "@", ".", ",", "-", " ", "\n",
     "\x00", "😀", "〔证件号已隐去〕", "警察", "让我", "{", "}", "[", "x", "X", "11010519491231002",
     "\U000e0041", "\ud800"]
)  # fmt: skip
# Lone surrogates too: JSON can carry them.
ANY = st.text(st.characters(), max_size=400)
TYPED = st.one_of(ANY, st.lists(PIECES, max_size=120).map("".join))


@settings(max_examples=EXAMPLES, deadline=None)
@given(TYPED)
def test_any_text_is_admitted_or_answered(text: str) -> None:
    """What passes is short, visible, masked and no command; what does not pass has a reply."""
    admitted = admit(text)
    assert mask(admitted.text) == admitted.text
    assert not normalise(admitted.text).startswith("/")
    assert "\u202e" not in admitted.text
    if admitted.reply is None:
        assert len(admitted.text) <= 3 * MOST_CHARACTERS
        assert normalise(admitted.text)
    else:
        assert render_text(admitted.reply)


@settings(max_examples=EXAMPLES, deadline=None)
@given(TYPED)
def test_any_text_has_an_apology(text: str) -> None:
    """With 96110 in it, and with nothing of the person's."""
    assert "96110" in render_text(apology(read_message(text)))
    assert read_message(text).kind in ("victim", "offer", "plain")


@settings(max_examples=times(60), deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=5).map("".join))
def test_the_longest_text_takes_no_time(text: str) -> None:
    """Eight thousand characters, more than a door lets in, made of anything repeated: nobody else waits for them."""
    whole = (text * 8000)[:8000]
    begun = time.process_time()
    admit(whole)
    assert time.process_time() - begun < 10.0  # half a second at most where the machine has nothing else to do
