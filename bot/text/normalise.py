"""One spelling for everything people type: the form in which words are looked for. Never shown, never stored.

Knows Unicode and Chinese script variants; knows no words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import opencc

# Zero-width, bidirectional and other format characters, and controls: they hide words from a search.
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}
_BREAKS = frozenset("\t\n\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029")
_SPACES = re.compile(r"\s+")
# How a message opens before it asks, and how much must follow for that to be an opening.
_OPENING = re.compile(
    r"^(?:(?:您|你|大家|老师|警官|警察同志|警察叔叔|小助手|客服)?好[呀啊]?(?=[\s,.!~;:、]|请问|想问|我|帮)|hi|hello|哈喽|在吗|打扰一下|麻烦问一?下|"
    r"(?:我)?(?:想)?请?问(?:一下|一问|下)|请问|想问|(?:我)?想?咨询(?:一下|下))[\s,.!?~;:、]*(?=[^\s,.!?~;:、].{3})",
    re.IGNORECASE,
)
# One spelling of what is written in several; what OpenCC's table of characters leaves to the words around them.
_VARIANTS = (
    (re.compile(r"(?<![蚊营])帐(?![篷子幕])"), "账"),
    (re.compile(r"身分"), "身份"),
    (re.compile(r"咭"), "卡"),
    (re.compile(r"佰"), "百"),
    (re.compile(r"仟"), "千"),
    (re.compile(r"甚么"), "什么"),
)
_VARIANT = re.compile(r"[帐咭佰仟甚]|身分")
_SPACE_BESIDE_CJK = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


@cache
def _traditional_to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplified(character: str) -> str:
    """Return one character as it is written in simplified Chinese; itself where that takes more than one."""
    written = _traditional_to_simplified().convert(character)
    return written if len(written) == 1 else character


def normalise(text: str) -> str:
    """Return `text` in NFKC, simplified Chinese and one spelling, no invisible characters, its white space squeezed.

    Idempotent: normalise(normalise(x)) == normalise(x). Case is kept. White space between two Chinese characters
    goes, because people who type with a space after each word mean none.
    """
    # Invisible characters go first: they may keep apart what NFKC composes.
    folded = unicodedata.normalize("NFKC", visible(text))
    simplified = _traditional_to_simplified().convert(visible(folded))
    return _SPACE_BESIDE_CJK.sub("", _SPACES.sub(" ", _in_one_spelling(simplified))).strip()


def _in_one_spelling(text: str) -> str:
    if _VARIANT.search(text):  # most texts have none
        for variant, usual in _VARIANTS:
            text = variant.sub(usual, text)
    return text


def without_opening(text: str) -> str:
    """Return a normalised message without the greeting before its question: 「你好,请问卖卡犯法吗」 is a question."""
    while (rest := _OPENING.sub("", text)) != text:
        text = rest
    return text


def visible(text: str) -> str:
    """Return `text` without invisible characters; line breaks and tabs become spaces."""
    if text.isprintable():  # Python's word for: none of these characters, and no white space but the space
        return text
    return "".join(
        " " if character in _BREAKS else character
        for character in text
        if character in _BREAKS or unicodedata.category(character) not in _INVISIBLE
    )
