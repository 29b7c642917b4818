"""Messages as people send them, made by chance: with a personal number in every form, and with numbers of nobody's."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable

from bot.text.digits import fold

# The provinces that a district's number begins with.
PROVINCES = (
    *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82,
)  # fmt: skip
Chance = random.Random
Maker = Callable[[Chance], str]


def digits(chance: Chance, count: int) -> str:
    return "".join(chance.choice(string.digits) for _ in range(count))


def id_card(chance: Chance) -> str:
    """18 characters with a right check digit, one in five with a wrong one."""
    born = f"{chance.randint(1930, 2020)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    first = f"{chance.choice(PROVINCES)}{digits(chance, 4)}{born}{digits(chance, 3)}"
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    check = "10X98765432"[sum(int(d) * w for d, w in zip(first, weights, strict=True)) % 11]
    wrong = chance.choice(string.digits + "Xx")
    return first + (wrong if chance.random() < 0.2 else chance.choice((check, check.lower())))


def old_id_card(chance: Chance) -> str:
    born = f"{chance.randint(20, 99)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    return f"{chance.choice(PROVINCES)}{digits(chance, 4)}{born}{digits(chance, 3)}"


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others, as on bank cards (ISO/IEC 7812)."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0 and set(digits) != {"0"}


def bank_card(chance: Chance) -> str:
    first = chance.choice(("62", "4", "5", "35", "9")) + digits(chance, chance.randint(13, 16))
    first = (first + "0000")[: chance.randint(15, 18)]
    return next(first + last for last in string.digits if passes_luhn(first + last))


def mobile(chance: Chance) -> str:
    return f"1{chance.randint(3, 9)}{digits(chance, 9)}"


def abroad(chance: Chance) -> str:
    return chance.choice(("+86", "0086", "+86 ", "0086-", "86")) + mobile(chance)


def landline(chance: Chance) -> str:
    area = chance.choice(("010", "021", "020", "0771", "0539", "0763", "0755"))
    return area + chance.choice(("-", "", " ", "－")) + str(chance.randint(2, 8)) + digits(chance, chance.randint(6, 7))


def email(chance: Chance) -> str:
    name = "".join(chance.choice(string.ascii_lowercase + string.digits + "._") for _ in range(chance.randint(3, 12)))
    return f"{name}x@{chance.choice(('qq.com', '163.com', 'mail.gov.cn', 'Example.ORG'))}"


def said_code(chance: Chance) -> str:
    code = digits(chance, chance.choice((4, 5, 6, 6, 6, 8)))
    form = chance.choice(
        (
            "验证码{}",
            "验证码是{}",
            "验证码：{}",
            "收到的校验码 {}",
            "动态码为{}",
            "code: {}",
            "{}是我的验证码",
            "{}（动态密码）",
            "短信里的数字是{}",
            "发来的六位数{}",
            "yzm{}",
        )
    )
    return form.format(code)


def said_password(chance: Chance) -> str:
    letters = string.ascii_letters + string.digits + "!#$%&*_"
    word = "".join(chance.choice(letters) for _ in range(chance.randint(5, 15))) + chance.choice(string.digits)
    return chance.choice(
        ("密码是{}", "密码:{}", "密码：{}", "密码为{}", "支付密码 {}", "我密码就是{}", "password={}")
    ).format(word)


def said_account(chance: Chance) -> str:
    """Any number of 16 to 19 digits, whatever its last digit."""
    form = chance.choice(("卡号{}", "卡号是{}", "账号：{}", "银行卡 {}", "对方账户{}", "帐号{}"))
    return form.format(digits(chance, chance.randint(16, 19)))


MAKERS: tuple[Maker, ...] = (
    id_card,
    old_id_card,
    bank_card,
    mobile,
    abroad,
    landline,
    email,
    said_code,
    said_password,
    said_account,
)
SPLIT: frozenset[Maker] = frozenset({id_card, bank_card, mobile})


def wide(text: str, _: Chance) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def apart(text: str, chance: Chance) -> str:
    between = chance.choice((" ", "-", ".", "\u200b", "  ", "—", "·", "\u200d\u200b", "－", "\u00a0", "_"))
    return re.sub(r"(?<=[0-9])(?=[0-9Xx])", between, text)


def in_groups(text: str, chance: Chance) -> str:
    between = chance.choice((" ", "-", ".", "\u200b", "–"))
    size = chance.choice((3, 4, 4, 4, 5, 6))
    return between.join(text[start : start + size] for start in range(0, len(text), size))


def grouped(text: str, chance: Chance) -> str:
    """As people group a telephone's, an ID card's or a bank card's number, with any mark between the groups."""
    between = chance.choice(("/", ",", "，", "、", " / ", "~", "|", "：", "    ", " -- ", "😀", "\n\n"))
    id_card_s = len(text) == 18 and text[6:8] in ("19", "20")
    sizes = (3, 4, 4) if len(text) == 11 else (6, 8, 4) if id_card_s else (4, 4, 4, 4, 3)
    parts, start = [], 0
    for size in sizes:
        parts.append(text[start : start + size])
        start += size
    return between.join(part for part in parts if part)


def circled(text: str, _: Chance) -> str:
    return text.translate(str.maketrans(string.digits, "⓪①②③④⑤⑥⑦⑧⑨"))


def spelled(text: str, chance: Chance) -> str:
    return text.translate(
        str.maketrans(string.digits, f"{chance.choice('零〇')}{chance.choice('一幺')}二三四五六七八九")
    )


def as_it_is(text: str, _: Chance) -> str:
    return text


SENTENCES = (
    "{}",
    "我的{}丢了怎么办",
    "我叫张三，{}，被骗了5万元",
    "他让我报{}，我没给",
    "{} 这个是骗子的吗",
    "请帮我查一下{}。",
    "周一{}给我打电话",
    "2024年11月24日，{}转走了128000元",
    "打了96110，留的是{}，没人回",
    "我{}\n怎么办",
    "姓名李四{}地址南宁",
    "是不是{}？？",
    "2024-11-24 {}",
    "（{}）",
    "110说要{}",
    "尾号不记得了，{}!",
)


def personal(chance: Chance) -> tuple[str, str]:
    """Return a message, and the number in it as it is known."""
    maker = chance.choice(MAKERS)
    secret = maker(chance)
    twist = chance.choice((as_it_is, wide, apart, in_groups, grouped, circled, spelled)) if maker in SPLIT else as_it_is
    if maker in (said_code, abroad, said_account, landline):
        twist = chance.choice((as_it_is, wide, circled, spelled))
    return chance.choice(SENTENCES).format(twist(secret, chance)), secret


def left(message: str, secret: str) -> bool:
    """Whether a masked message still holds the number, however it is written."""
    seen = fold(message).numbers
    known = fold(secret).words
    if "@" in known or re.search("密码[^）]|password", known):
        return known[known.find("=") + 1 :].lstrip("我支付密码就是为: ") in seen
    wanted = max(re.findall(r"[0-9]+", known), key=len)
    return wanted in re.sub(r"[^0-9]", "", seen)


def harmless(chance: Chance) -> str:
    """A message with numbers that belong to nobody."""
    amount = chance.choice(
        (f"{chance.randint(1, 999)}万", f"{chance.randint(100, 9999999)}", f"{chance.randint(1000, 99999999):,}.89")
    )
    year, month, day = chance.randint(1998, 2026), chance.randint(1, 12), chance.randint(1, 28)
    hotline = chance.choice(
        (
            "110",
            "96110",
            "12381",
            "12321",
            "12110",
            "0771-12340",
            "95588",
            "95533",
            "10086",
            "400-810-0000",
            "12348",
            "95188",
        )
    )
    number = chance.choice(
        (
            f"转了{amount}元",
            f"被骗{amount}块钱怎么办",
            f"{amount}元能追回来吗",
            f"{year}年{month}月{day}日的事",
            f"从{year}-{month:02}-{day:02}开始",
            f"{year}{month:02}{day:02}那天",
            f"{year}.{month}.{day}-{year}.{month}.{day}",
            f"{year}-{month:02}-{day:02} {chance.randint(0, 23)}:30:15",
            f"打{hotline}有用吗",
            f"{hotline}是谁",
            f"110 {hotline} 96110都打了",
            f"桂公(刑)立字〔{year}〕{digits(chance, 5)}号",
            f"案件编号A4501030500002024{digits(chance, 6)}",
            f"临公(刑)立字〔{year}〕{digits(chance, 5)}号",
            f"接警单号{year}{month:02}{day:02}0930{digits(chance, 3)}",
            f"车票{chance.choice('GDK')}{chance.randint(1, 9999)} {year}-{month:02}-{day:02}",
            f"https://www.example.gov.cn/{year}/{month:02}/{day:02}/content_{digits(chance, 7)}.htm",
            f"破案{chance.randint(1000, 99999)}起，抓获{chance.randint(1000, 9999)}人，{chance.randint(2, 90)}.5亿元",
            f"{year}、{year + 1}、{year + 2}、{year + 3}年",
            f"密码告诉他了，{chance.randint(1, 99)}00没了",
            "110、96110/12381",
            f"{chance.randint(1, 99)}.{digits(chance, 2)}%的人",
            f"开了{chance.randint(1, 50)}张卡",
            f"上午{chance.randint(8, 11)}:{digits(chance, 2)}",
            f"卖一张{chance.randint(100, 3000)}元犯法吗",
            f"第{chance.randint(1, 400)}条第{chance.randint(1, 9)}款",
            f"验证码给了对方，被转走{chance.randint(1000, 99999)}元",
            f"密码泄露了打{hotline}吗",
            "一二三四批次",
            "二〇二四年十一月二十四日",
            f"{digits(chance, 4)}多人被抓",
            f"法释〔{year}〕{chance.randint(1, 30)}号",
            f"尾号{digits(chance, 4)}的卡被冻结了",
        )
    )
    return chance.choice(("{}", "请问{}", "我{}，怎么办", "{}？", "听说{}，是真的吗")).format(number)


def written(message: str, secret: str) -> str:
    """Return how the number stands in the message, with the four characters before it."""
    folded = fold(message)
    known = fold(secret).words
    digits = max(re.findall(r"[0-9]+", known), key=len, default="")
    exact = re.search(r"[!-~]{5,}$", known) if "@" in known or "密码" in known or "password" in known else None
    pattern = re.escape(exact[0]) if exact and digits != exact[0] else "[^0-9]{0,4}".join(digits)
    found = re.search(pattern, folded.numbers)
    start, end = folded.original(*found.span()) if found else (0, len(message))
    return message[max(0, start - 4) : end]
