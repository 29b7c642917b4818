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
        ("电话13八00138000", "电话〔电话已隐去〕"),
        ("我电话138零0138000打不通", "我电话〔电话已隐去〕打不通"),
        ("身份证45010319九00307123X", "身份证〔证件号已隐去〕"),
        ("138#0013#8000", "〔电话已隐去〕"),
        ("138杠0013杠8000", "〔电话已隐去〕"),
        ("138然后0013再8000", "〔电话已隐去〕"),
        ("1#3#8#0#0#1#3#8#0#0#0", "〔电话已隐去〕"),
        ("6222横0212横3456横7890横123", "〔卡号已隐去〕"),
        ("450103然后19900307然后1234", "〔证件号已隐去〕"),
        ("幺三八洞洞幺三八洞洞洞", "〔电话已隐去〕"),
        ("138-OO13-8OOO", "〔电话已隐去〕"),
        ("l38 OO13 8OOO", "〔电话已隐去〕"),
        ("㈠㈢㈧㈠㈡㈢㈣㈤㈥㈦㈧", "〔电话已隐去〕"),
        ("⒈③⑧00138000", "〔电话已隐去〕"),
        ("yao san ba ling ling yao san ba ling ling ling", "〔电话已隐去〕"),
        ("护照E12345678丢了", "护照〔证件号已隐去〕丢了"),
        ("我的EA1234567过期了", "我的〔证件号已隐去〕过期了"),
        ("台胞证 01234567", "台胞证 〔证件号已隐去〕"),
        ("回乡证H1234567890", "回乡证〔证件号已隐去〕"),
        ("香港身份证A123456(7)", "香港身份证〔证件号已隐去〕"),
        ("永居证ABC123456789012", "永居证〔证件号已隐去〕"),
        ("我的车桂A·D12345被贴条", "我的车〔车牌已隐去〕被贴条"),
        ("加QQ12345678", "加QQ〔账号已隐去〕"),
        ("微信号zhang_san88是他", "微信号〔账号已隐去〕是他"),
        ("vx: abc12345", "vx: 〔账号已隐去〕"),
        ("账号zhangsan", "账号〔账号已隐去〕"),
        ("zhang.san(at)qq.com", "〔邮箱已隐去〕"),
        ("zhangsan艾特qq点com", "〔邮箱已隐去〕"),
        ("zhangsan@qq", "〔邮箱已隐去〕"),
        ("Your verification code is 839201", "Your verification code is 〔验证码已隐去〕"),
        ("839201 is your verification code", "〔验证码已隐去〕 is your verification code"),
        ("use 839201 to log in", "use 〔验证码已隐去〕 to log in"),
        ("住民族大道12号3栋502室", "住民族大道〔门牌已隐去〕"),
        ("电话丨38丨2345678", "电话〔电话已隐去〕"),
        ("139；0771；2345", "〔电话已隐去〕"),
        ("139点0771点2345", "〔电话已隐去〕"),
        ("我的电话139杠077嗯1再来2345", "我的电话〔电话已隐去〕"),
        ("手机是139开头，中间0771，尾号2345", "手机是〔电话已隐去〕"),
        ("台湾手机0912345678", "台湾手机〔电话已隐去〕"),
        ("0085512345678打来的", "〔电话已隐去〕打来的"),
        ("卡号5187然后9655、7849杠788再来7152", "卡号〔卡号已隐去〕"),
        ("622；8604；3456；1432；2是他的卡", "〔卡号已隐去〕是他的卡"),
        ("6228；6043；4561；4322是他的卡", "〔卡号已隐去〕是他的卡"),
        ("转到62、28、02、39、43、27、94、20、652", "转到〔卡号已隐去〕"),
        ("45010319900307123叉", "〔证件号已隐去〕"),
        ("前六位450103，生日19900307，后四位1234", "前六位〔证件号已隐去〕"),
        ("台胞證0123 4567", "台胞證〔证件号已隐去〕"),
        ("護照號碼E1234567o", "護照號碼〔证件号已隐去〕"),
        ("护照号码是E1234567", "护照号码是〔证件号已隐去〕"),
        ("回乡证H0123然后4567", "回乡证〔证件号已隐去〕"),
        ("军官证 军字第1234567号", "军官证 〔证件号已隐去〕"),
        ("工作许可号 123456789", "工作许可号 〔证件号已隐去〕"),
        ("学的车桂A1234学", "学的车〔车牌已隐去〕"),
        ("粤Z1234港", "〔车牌已隐去〕"),
        ("桂A#12O45", "〔车牌已隐去〕"),
        ("桂A杠12345", "〔车牌已隐去〕"),
        ("QQ群号12345678", "QQ群号〔账号已隐去〕"),
        ("QQ号码是12345678", "QQ号码是〔账号已隐去〕"),
        ("QQ号被盗了，12345678", "QQ号被盗了，〔账号已隐去〕"),
        ("加vzhang88", "加v〔账号已隐去〕"),
        ("微❤️ zhangsan88", "微❤️ 〔账号已隐去〕"),
        ("徽.信.zhangsan88", "徽.信.〔账号已隐去〕"),
        ("电报群主 @zhang_san", "电报群主 〔账号已隐去〕"),
        ("警号123456", "警号〔账号已隐去〕"),
        ("会议123-456-789", "会议〔账号已隐去〕"),
        ("zhangsanATqq.com", "〔邮箱已隐去〕"),
        ("mail me at zhang.san{at}qq.com", "mail me at 〔邮箱已隐去〕"),
        ("the 6 digit number is 839201", "the 6 digit number is 〔验证码已隐去〕"),
        ("支付密码837000告诉他了", "支付密码〔密码已隐去〕告诉他了"),
        ("密码837然后465", "密码〔密码已隐去〕"),
        ("手机串号352842663942671", "手机串号〔号码已隐去〕"),
        ("订单457790187557212966", "订单〔号码已隐去〕"),
        ("TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE", "〔账号已隐去〕"),
        ("从183.198.22.10连来", "从〔号码已隐去〕连来"),
        ("出生于1979年1月2日", "出生于〔号码已隐去〕"),
        ("839201", "〔号码已隐去〕"),
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
        "微信转账50000怎么追回",
        "支付宝app怎么改密码",
        "QQ群里说1500一张",
        "微信WeChat是真的吗",
        "13,800,138,000元",
        "150、2000、3000三种套餐",
        "报警电话110然后96110再12381",
        "1500、800、800三笔",
        "9999+2000一共6800",
        "my password was stolen",
        "wechat is blocked",
        "what's the PIN for",
        "接到106900001234567的短信",
        "20241124093000123",
        "1500",
        "20000",
        "2012.9.5-2012.9.5",
        "一二三四五六七",
        "iphone15和12345",
        "身份证2026年到期",
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
    ("before", "text", "kept"),
    [
        ("我电话138 0013", "8000", "〔电话已隐去〕"),
        ("138 0013", "那剩下的是8000", "那剩下的是〔电话已隐去〕"),
        ("450103 19900307", "1234，怎么办", "〔证件号已隐去〕，怎么办"),
        ("验证码是", "8392了", "〔验证码已隐去〕了"),
        ("我电话138 0013。", "8000元能追回来吗", "8000元能追回来吗"),
        ("被骗了", "5000", "5000"),
        ("身份证4501031990，", "接着03071234", "接着〔证件号已隐去〕"),
        ("身份证〔证件号已隐去〕，", "接着03071234", "接着〔号码已隐去〕"),
        ("卡号6228，", "另一半480123456789", "另一半〔号码已隐去〕"),
        ("我的电话〔电话已隐去〕", "转了5000", "转了5000"),
        ("", "8000", "8000"),
        ("我的电话〔电话已隐去〕", "96110是谁", "96110是谁"),
    ],
)
def test_one_number_in_two_messages(before: str, text: str, kept: str) -> None:
    """What completes a number is masked; what was said before is not said again."""
    assert mask(text, before) == kept


# The kinds of text that make the most work, each for another part of it.
UNITS = (
    "1", "1 ", "12 3", "123.", "a", "a@", "a.", "a@a.", "(at)a点", "密码", "密码a", "密码是1 ", "验证码",
    "验证码1", "验证码1234，", "一", "1八",
    "一三八零 ", "1-.(", "1、", "1#", "12然后", "O1", "2024-", "19900101 ", "+86",
    "0", " ", "卡号12 ",
    "卡号是123456789012、", "账号", "微信a", "QQ1", "京A", "E1234567", "1234 5678", "code 1", "1 is code ",
    "1号", "1号1楼", "yi san ba ",    "6222021234567890 ", "4501031990030712", "〔电话已隐去〕1", "\u200b1", "〔",
)  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_ten_thousand_characters(unit: str) -> None:
    """However a text is made, time grows with its length and no faster: forty times as long, not a hundred times."""
    short, long = (unit * 250)[:250], (unit * 10_000)[:10_000]
    assert min(_seconds(lambda: mask(long)) for _ in range(2)) < max(100 * _least(lambda: mask(short)), 0.05)


@pytest.mark.parametrize("unit", UNITS)
def test_three_hundred_characters_take_no_time(unit: str) -> None:
    """The longest message that is admitted, of the worst kind: no more work than summing 60,000 squares.

    Those take two milliseconds on the machine on which the worst kind takes one.
    """
    text = (unit * 300)[:300]
    mask(text)
    assert _least(lambda: mask(text)) < _least(lambda: sum(n * n for n in range(60_000)))


def _least(work: Callable[[], object]) -> float:
    return min(_seconds(work) for _ in range(20))


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun
