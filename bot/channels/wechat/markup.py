"""WeChat's XML: one flat element of texts. No entities and no document type are read; `]]>` is written escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from xml.parsers import expat

import xmltodict
from wechatpy.replies import TextReply

from bot.channels.wechat.refusal import UNREADABLE, RefusalError

# What XML 1.0 cannot carry; WeChat shows a fault instead of a reply that has any of it.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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

    Raises RefusalError for everything that is not such a document in UTF-8.
    """
    try:
        document = xmltodict.parse(body.decode("utf-8"), expat=_Strict, xml_attribs=False)
    except (ValueError, expat.ExpatError):
        raise RefusalError(UNREADABLE, "the body is not XML that may be read") from None
    root = document.get("xml") if isinstance(document, dict) else None
    if not isinstance(root, dict):
        raise RefusalError(UNREADABLE, "the body is not an <xml> element")
    return MappingProxyType({name: value for name, value in root.items() if isinstance(value, str)})


def write_text(to: str, sender: str, text: str, now: int) -> str:
    """Return a reply of type text."""
    content = _NOT_XML.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return str(TextReply(target=to, source=sender, time=now, content=content).render())


def write_sealed(encrypted: str, signature: str, timestamp: str, nonce: str) -> str:
    """Return the envelope of an encrypted reply."""
    return (
        f"<xml>\n<Encrypt><![CDATA[{encrypted}]]></Encrypt>\n<MsgSignature><![CDATA[{signature}]]></MsgSignature>\n"
        f"<TimeStamp>{timestamp}</TimeStamp>\n<Nonce><![CDATA[{nonce}]]></Nonce>\n</xml>"
    )
