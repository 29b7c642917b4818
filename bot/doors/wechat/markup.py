"""WeChat's XML: one flat element of texts. No entities and no document type are read; `]]>` is written escaped.

WeChat hands on what a phone sent as it came: control characters, half a character, `]]>` in the middle of a section.
None of that is XML, and all of it may surround a victim's words: it is cleaned before it is read.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from xml.parsers import expat

import xmltodict
from wechatpy.replies import TextReply, TransferCustomerServiceReply

from bot.doors.wechat.refusal import UNREADABLE, RefusalError

# What XML 1.0 cannot carry; WeChat shows a fault instead of a reply that has any of it.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER = re.compile(r"&#(?:x([0-9a-fA-F]+)|([0-9]+));")
_OPEN, _CLOSE, _SPLIT = "<![CDATA[", "]]>", "]]]]><![CDATA[>"
NAMES = ("ToUserName", "FromUserName")
# The elements that hold what a person typed, said or sent; WeChat writes each as one section.
_TYPED = ("Content", "Recognition", "Title", "Description", "Label", "Poiname", "EventKey")
_DECLARED = re.compile(r"\s*<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-?8[\"'])", re.IGNORECASE)


class _Strict:
    """expat as xmltodict wants it, refusing a document type: entities and default attributes come from nowhere else."""

    ExpatError = expat.ExpatError

    @staticmethod
    def ParserCreate(*arguments: Any) -> Any:  # noqa: N802 - expat's name
        """Return a parser that stops at a document type."""
        parser = expat.ParserCreate(*arguments)
        parser.StartDoctypeDeclHandler = _refuse
        return parser


def _refuse(*_declared: Any) -> None:
    raise ValueError("a document type is not allowed")


def read(body: bytes) -> Mapping[str, str]:
    """Return the texts of the elements in `<xml>`, by name; what is nested, repeated or empty is left out.

    Raises RefusalError for everything that is not such a document in UTF-8, once what a person typed is cleaned.
    """
    clean = _cleaned(body)
    rest, typed = _without_typed(clean)
    try:
        elements = _parsed(clean)
        if not typed or all(isinstance(value, str | None) for value in elements.values()):
            return _texts(elements)
    except RefusalError:
        if not typed:
            raise
    # What was typed held the end of its own section, or more: it is taken as a whole, and the rest is read.
    return _texts({**_parsed(rest), **typed})


def read_names(body: bytes) -> Mapping[str, str]:
    """Return from whom and to whom a message is that cannot be read: of each `NAMES` the first, as far as it is there.

    They stand before everything a person can type.
    """
    text = body.decode("utf-8", "replace")
    found = {
        name: re.search(rf"<{name}>(?:<!\[CDATA\[)?([0-9A-Za-z_@.-]{{1,64}})(?:\]\]>)?</{name}>", text)
        for name in NAMES
    }
    return MappingProxyType({name: match[1] for name, match in found.items() if match})


def _cleaned(body: bytes) -> str:
    """Return the body without what XML cannot carry. Raises RefusalError when it says to be in another encoding."""
    text = body.decode("utf-8", "replace")
    if _DECLARED.match(text):
        raise RefusalError(UNREADABLE, "the body says that it is not UTF-8")
    head, *sections = _NOT_XML.sub("", text).split(_OPEN)
    cleaned = [_NUMBER.sub(_without_odd, head)]
    for section in sections:  # inside of one, a number is what somebody typed
        inside, end, outside = section.partition(_CLOSE)
        cleaned += [_OPEN, inside, end, _NUMBER.sub(_without_odd, outside)]
    return "".join(cleaned)


def _without_odd(number: re.Match[str]) -> str:
    digits, base = (number[1], 16) if number[1] else (number[2], 10)
    # Longer than any character's number is none, and not worth counting.
    return number[0] if len(digits) < 10 and _is_xml(int(digits, base)) else ""


def _without_typed(text: str) -> tuple[str, Mapping[str, str]]:
    """Return the text without what was typed, and that: of each element, from where it opens to its last end."""
    typed: dict[str, str] = {}
    for name in _TYPED:
        opening, closing = f"<{name}>{_OPEN}", f"{_CLOSE}</{name}>"
        start, end = text.find(opening), text.rfind(closing)
        if 0 <= start <= end - len(opening):
            typed[name] = text[start + len(opening) : end].replace(_SPLIT, _CLOSE).strip()
            text = text[:start] + text[end + len(closing) :]
    return text, typed


def _is_xml(number: int) -> bool:
    return number <= sys.maxunicode and not _NOT_XML.match(chr(number))


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        document = xmltodict.parse(text, expat=_Strict, xml_attribs=False)
    except (ValueError, expat.ExpatError):
        raise RefusalError(UNREADABLE, "the body is not XML that may be read") from None
    root = document.get("xml") if isinstance(document, dict) else None
    if not isinstance(root, dict):
        raise RefusalError(UNREADABLE, "the body is not an <xml> element")
    return root


def _texts(elements: Mapping[str, Any]) -> Mapping[str, str]:
    return MappingProxyType({name: value for name, value in elements.items() if isinstance(value, str) and value})


def write_text(to: str, sender: str, text: str, now: int) -> str:
    """Return a reply of type text."""
    content = _NOT_XML.sub("", text).replace("]]>", _SPLIT)
    return str(TextReply(target=to, source=sender, time=now, content=content).render())


def write_transfer(to: str, sender: str, now: int) -> str:
    """Return the reply that passes the message to the account's own staff (客服)."""
    return str(TransferCustomerServiceReply(target=to, source=sender, time=now).render())


def write_sealed(encrypted: str, signature: str, timestamp: str, nonce: str) -> str:
    """Return the envelope of an encrypted reply."""
    return (
        f"<xml>\n<Encrypt><![CDATA[{encrypted}]]></Encrypt>\n<MsgSignature><![CDATA[{signature}]]></MsgSignature>\n"
        f"<TimeStamp>{timestamp}</TimeStamp>\n<Nonce><![CDATA[{nonce}]]></Nonce>\n</xml>"
    )
