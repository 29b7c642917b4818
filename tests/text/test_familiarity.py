"""How familiar a text looks: what was seen before, against keyboard noise."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.familiarity import Familiarity, learn_familiarity

SEEN = ("卖银行卡会怎样", "身份证丢了怎么办", "国家反诈中心APP要不要装")


def test_what_was_learned_is_wholly_familiar() -> None:
    """Each text it learned from has the full share, however it is spelled."""
    familiarity = learn_familiarity(SEEN)
    assert [familiarity.share(text) for text in SEEN] == [1.0, 1.0, 1.0]
    assert familiarity.share("賣銀行卡會怎樣") == 1.0


@pytest.mark.parametrize("text", ["", " ", "？！…", "😀"])
def test_nothing_to_read_is_not_familiar(text: str) -> None:
    """Without a letter or a digit the share is 0."""
    assert learn_familiarity(SEEN).share(text) == 0.0


def test_noise_is_less_familiar_than_speech() -> None:
    """A question of known characters in a new order stands between what was learned and noise."""
    familiarity = learn_familiarity(SEEN)
    assert familiarity.share("asdkjfh") == 0.0
    assert familiarity.share("asdkjfh") < familiarity.share("卡丢了怎样") < 1.0


def test_a_run_of_latin_letters_is_one_character() -> None:
    """A long Latin word does not drown the Chinese around it."""
    familiarity = learn_familiarity(["要不要装"])
    assert familiarity.share("要不要装qq") == familiarity.share("要不要装qqqqqqqqqqqq")


@given(st.lists(st.text()), st.text())
def test_the_share_is_a_share(seen: list[str], text: str) -> None:
    """Between 0 and 1, whatever was seen and whatever is asked."""
    assert 0.0 <= learn_familiarity(seen).share(text) <= 1.0


@given(st.lists(st.text()))
def test_it_survives_json(seen: list[str]) -> None:
    """What a model keeps of it is read back as it was."""
    familiarity = learn_familiarity(seen)
    assert Familiarity.from_dict(json.loads(json.dumps(familiarity.as_dict()))) == familiarity
