"""Nothing personal is kept, and what is not personal is left alone."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from personal_messages import harmless, left, mobile, personal

from bot.text.masking import TOKENS, mask, masked, without_tokens

SEED, DRAWN = 20261124, 2000
MOST_TOUCHED = 0.01


def survivors(seed: int, count: int) -> list[tuple[str, str]]:
    """Return the personal messages that masking lets through, and what it made of them."""
    chance = random.Random(seed)
    messages = [personal(chance) for _ in range(count)]
    return [(message, mask(message)) for message, secret in messages if left(mask(message), secret)]


def touched(seed: int, count: int) -> list[tuple[str, str]]:
    """Return the harmless messages that masking changes, and what it made of them."""
    chance = random.Random(seed)
    messages = [harmless(chance) for _ in range(count)]
    return [(message, mask(message)) for message in messages if mask(message) != message]


def test_nothing_personal_is_left() -> None:
    """Of generated messages with a personal number in every form, none keeps it."""
    assert survivors(SEED, DRAWN) == []


def test_what_is_nobodys_is_left_alone() -> None:
    """Amounts, dates, hotlines, case numbers: at most one message in a hundred is touched."""
    assert len(touched(SEED, DRAWN)) <= MOST_TOUCHED * DRAWN, touched(SEED, DRAWN)[:20]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("我的身份证45010319900307123X丢了", "我的身份证〔证件号已隐去〕丢了"),
        ("450103 19900307 1234", "〔证件号已隐去〕"),
        ("老证号450103900307123", "老证号〔证件号已隐去〕"),
        ("卡号是1234-5678-9012-3456", "卡号是〔卡号已隐去〕"),
        ("６２２２ ０２１２ ３４５６ ７８９０ １２３", "〔卡号已隐去〕"),
        ("周一13800138000打来的", "周一〔电话已隐去〕打来的"),
        ("幺三八零零幺三八零零零", "〔电话已隐去〕"),
        ("1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣"[:-2], "〔电话已隐去〕"),
        ("+86 138 0013 8000", "〔电话已隐去〕"),
        ("(0771)5551234", "〔电话已隐去〕"),
        ("座机5551234", "座机〔电话已隐去〕"),
        ("验证码是12 34 56，给了", "验证码是〔验证码已隐去〕，给了"),
        ("123456是验证码", "〔验证码已隐去〕是验证码"),
        ("密码是hunter2！", "密码是〔密码已隐去〕！"),
        ("发到Zhang.San@qq.com吧", "发到〔邮箱已隐去〕吧"),
        ("45010319900307123X13800138000", "〔证件号已隐去〕〔电话已隐去〕"),
        ("45010319900307123413800138000", "〔证件号已隐去〕"),
        ("138/0013/8000", "〔电话已隐去〕"),
        ("138，0013，8000", "〔电话已隐去〕"),
        ("1、3、8、0、0、1、3、8、0、0、0", "〔电话已隐去〕"),
        ("138     0013     8000", "〔电话已隐去〕"),
        ("138 -- 0013 -- 8000", "〔电话已隐去〕"),
        ("138😀0013😀8000", "〔电话已隐去〕"),
        ("l38OO13800O", "〔电话已隐去〕"),
        ("0771/5551234", "〔电话已隐去〕"),
        ("6222,0212,3456,7890,128", "〔卡号已隐去〕"),
        ("450103，19900307，123X", "〔证件号已隐去〕"),
        ("短信里的数字是839201", "短信里的数字是〔验证码已隐去〕"),
        ("发来的六位数839201", "发来的六位数〔验证码已隐去〕"),
        ("收到6位数八三九二零一", "收到6位数〔验证码已隐去〕"),
        ("yzm839201", "yzm〔验证码已隐去〕"),
        ("验 证 码 839201", "验 证 码 〔验证码已隐去〕"),
        ("+852 9123 4567", "〔电话已隐去〕"),
        ("+8613800138000", "〔电话已隐去〕"),
        ("校验码：a8b9c2", "校验码：〔验证码已隐去〕"),
        ("密码，我告诉他是888888", "密码，我告诉他是〔密码已隐去〕"),
        ("cvv是123", "cvv是〔验证码已隐去〕"),
        ("密码888 888", "密码〔密码已隐去〕"),
        ("登录密码hello", "登录密码〔密码已隐去〕"),
        ("密码是三个6三个八", "密码是〔密码已隐去〕"),
        ("mima888888", "mima〔密码已隐去〕"),
    ],
)
def test_what_stands_there_instead(text: str, kept: str) -> None:
    """A token says what stood there; everything around it stays."""
    assert mask(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "5万",
        "128000元",
        "1,234,567.89元",
        "2024年11月24日",
        "2024-11-24",
        "20241124",
        "2024-11-24 08:30",
        "2024.11.24-2024.11.30",
        "110",
        "96110",
        "12381",
        "12321",
        "95588",
        "10086",
        "0771-12340",
        "110 96110 12381 95588",
        "桂公(刑)立字〔2023〕12345号",
        "99.95%",
        "13:45-15:00",
        "400-810-0000",
        "密码是多少",
        "密码泄露了打96110",
        "验证码发过去后被转走50000元",
        "收到验证码就打12381",
        "法释〔2019〕15号",
        "临公(刑)立字〔2023〕12345号",
        "（2023）桂0103刑初123号",
        "接警单号202411240930001",
        "车票G1234 2024-11-24，票号E123456789",
        "破案12345起，抓获6789人，挽损12,345,678.90元",
        "https://www.example.gov.cn/zhengce/2023-11/24/content_6916123.htm",
        "10086 10010 10000",
        "110、96110/12381，12321",
        "1000 2000 3000 4000",
        "2021、2022、2023、2024",
        "1、2、3、4、5、6、7、8、9、10、11、12",
        "工资13000-150000元",
        "验证码给了对方，被转走50000",
        "验证码告诉他，卡里2000没了",
        "密码给了对方，20000没了",
        "密码重置 2024-11-24 08:30",
        "收到号码10086的短信",
        "密码泄露了，损失是200000元",
        "验证码app1怎么下载",
        "1+1=2",
        "密码apple id怎么改",
        "密码是两个一样的",
        "",
        "你好",
    ],
)
def test_what_stays(text: str) -> None:
    """Nobody's number is no number of a person's."""
    assert mask(text) == text


TYPED = st.text(
    st.sampled_from("0123456789１①一二三八零xX+-. ()@a码密验证是:：元年〔〕卡号电话座机\u200b") | st.characters(),
    max_size=80,
)


@settings(max_examples=1000, deadline=None)
@given(TYPED)
def test_masking_twice_is_masking_once(text: str) -> None:
    """Every door masks; the second one finds nothing left to do."""
    once = mask(text)
    assert mask(once) == once


@settings(max_examples=500, deadline=None)
@given(TYPED)
def test_the_rest_is_the_persons_own(text: str) -> None:
    """What masking leaves stood in the text, in its order."""
    remaining = iter(text)
    assert all(character in remaining for character in re.sub("|".join(TOKENS.values()), "", mask(text)))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32), TYPED, TYPED)
def test_a_number_between_anything(seed: int, before: str, after: str) -> None:
    """A mobile number is found whatever stands around it, as long as no digit touches it."""
    number = mobile(random.Random(seed))
    assert number not in mask(f"{before}，{number}，{after}")


def test_what_is_left_to_understand() -> None:
    """Without its tokens the message is the question that was asked."""
    text = mask("我的身份证450103199003071234丢了怎么办")
    assert masked(text)
    assert without_tokens(text) == "我的身份证丢了怎么办"
    assert not masked("〔2023〕12345号 证件号已隐去")


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1 ",
        "12 3",
        "a",
        "a@",
        "a.",
        "密码",
        "密码a",
        "验证码",
        "验证码1",
        "一",
        "1-.(",
        "2024-",
        "0",
        "a@a.",
        " ",
        "卡号12 ",
        "密码是1 ",
    ],
)
def test_ten_thousand_characters(unit: str) -> None:
    """However a text is made, time grows with its length and no faster."""
    begun = time.process_time()
    mask((unit * 10_000)[:10_000])
    assert time.process_time() - begun < 10.0  # a busy machine counts a few times too much


def test_three_hundred_characters_take_no_time() -> None:
    """The longest message that is admitted, full of numbers: no more work than summing 300,000 squares.

    Those take about ten milliseconds on the machine on which masking takes one.
    """
    text = ("我叫张三，身份证450103199003071234，手机138-0013-8000，验证码123456，转了50000元，怎么办。" * 9)[:300]
    pairs = [(_seconds(lambda: mask(text)), _seconds(lambda: sum(n * n for n in range(300_000)))) for _ in range(30)]
    masking, adding = (min(seconds) for seconds in zip(*pairs, strict=True))
    assert masking < adding


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun
