"""Personal data out of a text, before anything is stored or logged. Pure.

What is masked is replaced by a token that says what stood there, to the person and to whoever reads the conversation
later. Which numbers are personal by their shape is in `personal`, what else is in `shapes`, what the words beside tell
in `named`, how digits are seen through in `digits`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType

from bot.text.digits import Folded, fold
from bot.text.named import find_named
from bot.text.personal import FOUND, PUBLIC, Kind, Span, find_numbers, without
from bot.text.shapes import find_shapes

TOKENS = MappingProxyType[Kind, str](
    {
        "id": "〔证件号已隐去〕",
        "card": "〔卡号已隐去〕",
        "telephone": "〔电话已隐去〕",
        "code": "〔验证码已隐去〕",
        "password": "〔密码已隐去〕",
        "email": "〔邮箱已隐去〕",
        "account": "〔账号已隐去〕",
        "plate": "〔车牌已隐去〕",
        "address": "〔门牌已隐去〕",
        "number": "〔号码已隐去〕",
    }
)
_KINDS = {token: kind for kind, token in TOKENS.items()}
_TOKEN = re.compile("|".join(map(re.escape, TOKENS.values())))
# How much of what the same person said before is looked at: a number may be spread over two messages.
MOST_BEFORE = 40
# What is left in a text may have another neighbour once something is masked; a third look finds nothing more.
_ROUNDS = 4
# Without any of these there is nothing to find.
_WORTH_A_LOOK = re.compile("[0-9A-Za-z]|密|口令", re.ASCII)
# A message that is nothing but a number, and no question: a code, or one part of what is spread over several.
_BARE = re.compile(r"\d(?:[ \-_.·]{0,2}\d){5,24}", re.ASCII)
# What completes the number at the end of what was said before: 后面是0013, 另一半 8000.
_GOES_ON = re.compile(
    r"[^\dA-Za-z。！？；]{0,8}(?P<rest>\d(?:[ \-_.·#]{0,2}\d){2,15}(?:\d|[Xx])[Xx]?)[^\dA-Za-z]{0,2}", re.ASCII
)
_ENDS_IN_TOKEN = re.compile(r"〔(?:证件号|卡号|电话|号码|账号|验证码)已隐去〕[^〔〕。！？；]{0,4}$")

_COUNTED = "1234567890"
_DAY = r"(?:19|20)\d\d[-./ ]?(?:0?[1-9]|1[0-2])(?:[-./ ]?(?:0?[1-9]|[12]\d|3[01]))?"
_OFFICE = rf"(?:0\d{{2,3}}-?)?{PUBLIC.pattern}"
_OFFICES = re.compile(rf"{_OFFICE}(?: {_OFFICE})*|[48]00[- ]?\d{{3}}[- ]?\d{{4}}|(?:19|20)\d\d", re.ASCII)
_ROUND = re.compile(r"[1-9]\d{0,15}00", re.ASCII)
_NOBODYS = re.compile(
    rf"(?:{_DAY}[ \-]{{0,3}}){{1,4}}|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{1,9}}|"
    rf"[1-9]\d*0{{2,}}|[48]00[- ]?\d{{3}}[- ]?\d{{4}}|{_OFFICE}(?: {_OFFICE})*|"
    r"(?:19|20)\d\d(?: (?:19|20)\d\d)*|[1-9]\d{0,8}00(?: [1-9]\d{0,8}00){1,8}",
    re.ASCII,
)


def mask(text: str, before: str = "") -> str:
    """Return `text` with what belongs to a person replaced by tokens; everything else stays as it is.

    `before` is what the same person said last, masked: the end of a number that begins there is masked too. Idempotent
    for any one text; the time grows with the text's length and no faster.
    """
    for _ in range(_ROUNDS):
        spans = _find(text, before[-MOST_BEFORE:])
        if not spans:
            break
        text = _put(text, spans)
    return text


def masked(text: str) -> bool:
    """Whether something has been masked in it."""
    return bool(_TOKEN.search(text))


def without_tokens(text: str) -> str:
    """Return what is left to understand of a masked text."""
    return _TOKEN.sub("", text)


def split_at_tokens(text: str) -> list[str]:
    """Return what stands before, between and after the tokens of a masked text."""
    return _TOKEN.split(text)


def _find(text: str, before: str) -> list[tuple[int, int, str]]:
    """Return the characters [start, end) of `text` that are a person's, and the token for each, in order."""
    shift = len(before) + 1 if before else 0
    folded = fold(f"{before} {text}" if before else text)
    if not _WORTH_A_LOOK.search(folded.numbers):
        return []
    spans = [(*folded.original(span.start, span.end), TOKENS[span.kind]) for span in _spans(folded)]
    if not spans and _is_bare(text):
        return [(0, len(text), TOKENS["number"])]
    if not spans and (rest := _goes_on(text, before)):
        return [(*rest, TOKENS["number"])]
    begins = next(
        (folded.places[i] for i, c in enumerate(folded.numbers) if folded.places[i] >= shift and _is_value(c)), 0
    )
    return [
        (start - shift if start >= shift else begins - shift, end - shift, token)
        for start, end, token in spans
        if end > max(shift, begins)
    ]


def _is_value(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _spans(folded: Folded) -> list[Span]:
    """Return what is a person's in a folded text, in order, none overlapping and none of it a token."""
    tokens = [Span(*match.span(), _KINDS[match[0]]) for match in _TOKEN.finditer(folded.words)]
    words, numbers, shown = (without(view, tokens) for view in (folded.words, folded.numbers, folded.shown()))
    spans = find_numbers(words, numbers)
    shown = without(shown, spans)
    for span in find_shapes(words, shown):
        if FOUND not in shown[span.start : span.end]:
            spans.append(span)
            shown = without(shown, (span,))
    # A secret may have any shape: what a word says of it comes before what it looks like.
    kinds = {span.start: span.kind for span in (*tokens, *spans)}
    return sorted((*spans, *find_named(shown, kinds)), key=lambda span: span.start)


def _is_bare(text: str) -> bool:
    numbers = fold(text).numbers.strip()
    return bool(_BARE.fullmatch(numbers)) and not _NOBODYS.fullmatch(numbers) and numbers not in _COUNTED


def _goes_on(text: str, before: str) -> tuple[int, int] | None:
    """Return where the rest of a number stands that begins in what was said before, and was masked there."""
    if not _ENDS_IN_TOKEN.search(before):
        return None
    folded = fold(text)
    rest = _GOES_ON.fullmatch(folded.numbers)
    if not rest or _ROUND.fullmatch(rest["rest"]) or _OFFICES.fullmatch(rest["rest"]):
        return None
    return folded.original(*rest.span("rest"))


def _put(text: str, tokens: Sequence[tuple[int, int, str]]) -> str:
    """Put each token in the place of the characters [start, end); they are in order."""
    parts, done = [], 0
    for start, end, token in tokens:
        parts += [text[done:start], token]
        done = end
    return "".join((*parts, text[done:]))
