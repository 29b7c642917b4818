"""What a short message wants of this door, when it is no question: to go on, to choose, to be forgotten. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from bot.text.normalise import normalise

Wish = Literal["erase", "owed", "rest", "yes"]

_MARKS = re.compile(r"""^[\s"'“”‘’「」【】()（）]+|[\s"'“”‘’「」【】()（）。.!！?？~,，、;；:：]+$""")
# How people ask for what is owed, for the rest of a reply, to be forgotten; and how they say yes to any offer.
_WISHES: tuple[tuple[Wish, re.Pattern[str]], ...] = (
    ("erase", re.compile(r"请?(删除|清除|删掉|清空)我的(记录|纪录)")),
    ("owed", re.compile(r"(请|您|你)?(继续|接着)(查|查询|说|讲|往下说|往下|回答|答复|看)?(吧|呀|啊)?")),
    (
        "rest",
        re.compile(
            r"(请|我|我要|我想|想|再)?(看|查看|要)?(更多|下一页|下页|下一条|下一段|后面|剩下|其余|余下|全部)(的?内容|的)?(呢|吧)?"
            r"|(还有|然后|后来|接下来|下面)(呢|吗|的呢|什么)?|没说完|说完|接着说|往下|翻页|next|more",
            re.IGNORECASE,
        ),
    ),
    (
        "yes",
        re.compile(
            r"好+(的|吧|呀|啊|滴|嘞|哒)*|(可以|行|要|是|对|嗯|恩|哦|噢|额|哎|唉|成|中|想|看)(的|吧|啊|呀|看|要|嗯|哦|行){0,2}|"
            r"ok(ay|k)*|yes|y|收到|知道了?|明白了?|谢谢(您|你)?|请(说|讲)",
            re.IGNORECASE,
        ),
    ),
)
_SPELT = ("1一", "2二两", "3三", "4四", "5五", "6六", "7七", "8八", "9九")
_DIGITS = {digit: value for value, digits in enumerate(_SPELT, start=1) for digit in digits}
_CHOICE = re.compile(
    r"(?:我?(?:选|要|看|点|问|想问|想看|就)|请看?|选择)*第?(?P<digit>[1-9一二两三四五六七八九])"
    r"(?:个|条|项|号|题|点)?(?:的?问题)?(?:吧|的|呢)?"
)
# WeChat's own emoji are sent as words in brackets, the oldest as a slash, a colon and a few signs.
_CODES = re.compile(r"\[[A-Za-z]{1,16}\]|\[[\u4e00-\u9fff]{1,4}\]|/:[^\s\u4e00-\u9fff]{1,8}")
# Joiners, variation selectors and the frame of a keycap.
_MODIFIERS = "\u200d\ufe0e\ufe0f\u20e3"


def word_of(text: str) -> str:
    """Return a message in the form in which words are looked for, without marks around it."""
    return _MARKS.sub("", normalise(_without_modifiers(text)))


def wish_of(word: str) -> Wish | None:
    """Return what a word wants, None for what may be a question."""
    return next((wish for wish, form in _WISHES if form.fullmatch(word)), None)


def choice_of(word: str) -> int | None:
    """Return the number that was chosen, typed or spoken, None when the word is no choice."""
    found = _CHOICE.fullmatch(word)
    return _DIGITS[found["digit"]] if found else None


def is_emoji(text: str) -> bool:
    """Whether a message holds emoji, a sticker's name or marks, and no word."""
    rest = [character for character in _CODES.sub("", _without_modifiers(text)) if not character.isspace()]
    return all(map(_is_picture, rest)) and (bool(rest) or _CODES.search(text) is not None)


def _is_picture(character: str) -> bool:
    return unicodedata.category(character) in ("So", "Sk") or "\U0001f1e6" <= character <= "\U0001f1ff"


def _without_modifiers(text: str) -> str:
    return text.translate({ord(character): None for character in _MODIFIERS})
