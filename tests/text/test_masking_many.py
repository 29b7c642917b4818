"""However many personal numbers stand in one message, none is left; and masking twice is masking once."""

from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from personal_messages import left, personal

from bot.answering.message import MOST_CHARACTERS
from bot.conversation.admission import admit
from bot.text.masking import mask

SEED, DRAWN = 20261124, 200
LISTS = (
    "卡号是" + "、".join(str(123456789012 + number) for number in range(20)),
    "密码是" + " ".join(f"abcd{number}" for number in range(40)),
    "验证码" + "，".join(str(1234 + number) for number in range(50)),
    "证件号 " + " / ".join(str(4501031990030712 + number) for number in range(14)),
)


@pytest.mark.parametrize("text", LISTS)
def test_a_list_of_them(text: str) -> None:
    """What stands beside one is of its kind: the twentieth account number, the fiftieth code."""
    assert not re.search("[0-9]", mask(text[:MOST_CHARACTERS]))


@pytest.mark.parametrize("before", ["手机13800138000，卡", "密码是hunter2。\n", "a@qq.com ", "验证码是123456，卡号 "])
def test_a_card_beside_another_secret(before: str) -> None:
    """What masking put in the place of the one does not make the other a case number."""
    assert mask(f"{before}4255589343890775504，怎么办").endswith("〔卡号已隐去〕，怎么办")
    assert mask("桂公(刑)立字〔2023〕4255589343890775504号") == "桂公(刑)立字〔2023〕4255589343890775504号"


def test_a_password_after_an_address() -> None:
    """An address ends where the next word begins, whatever stands between."""
    assert mask("a@qq.com。password=LwnDgrzy6jEZJB6") == "〔邮箱已隐去〕。password=〔密码已隐去〕"
    assert mask("a@qq.com. code: 3093") == "〔邮箱已隐去〕. code: 〔验证码已隐去〕"
    assert mask("a@qq。com") == mask("a @ mail.qq. com") == "〔邮箱已隐去〕"
    assert mask("密码发到zhang.san@qq.com") == "密码发到〔邮箱已隐去〕"


@pytest.mark.parametrize("after", ["。2024年的事", " 5000元没了", "，96110", ". 3天了", ""])
def test_a_code_before_another_number(after: str) -> None:
    """Whatever number comes next, and however near: it is not a part of the code, and does not hide it."""
    assert mask(f"验证码是890708{after}") == f"验证码是〔验证码已隐去〕{after}"
    assert mask(f"890708是验证码{after}") == f"〔验证码已隐去〕是验证码{after}"


def test_many_of_every_kind() -> None:
    """Six messages of people in one: nothing of any is left."""
    chance = random.Random(SEED)
    for _ in range(DRAWN):
        parts = [personal(chance) for _ in range(6)]
        whole = mask("。\n".join(message for message, _ in parts))
        assert [secret for _, secret in parts if len(secret) > 9 and left(whole, secret)] == []


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from([*LISTS, "密码", "0701x", "a1b2 ", "，", "x", "是", "验证码", "1234", "5万"]), max_size=30)
)
def test_masking_many_twice(parts: list[str]) -> None:
    """What is kept of a message, however long it was, holds nothing that would still be found."""
    kept = admit("".join(parts)).text
    assert mask(kept) == kept


@pytest.mark.parametrize("text", LISTS)
def test_eight_thousand_characters_of_them(text: str) -> None:
    """The longest body that a door reads holds nobody up."""
    begun = time.process_time()
    admit((text * 400)[:8000])
    assert time.process_time() - begun < 10.0
