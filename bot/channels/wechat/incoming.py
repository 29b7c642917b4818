"""From the fields of WeChat's XML to what somebody said or did. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.channels.wechat.refusal import UNREADABLE, RefusalError

Kind = Literal["said", "chosen", "came", "unheard", "unreadable", "nothing"]

_ACCOUNT = re.compile(r"[0-9A-Za-z_@.-]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,20}")
# What WeChat sends as text for a sticker or another thing that it does not hand on.
_NOT_HANDED_ON = ("【收到不支持的消息类型", "[收到不支持的消息类型", "[Unsupported Message]")


@dataclass(frozen=True)
class Incoming:
    """One message or event.

    `follower` is the openid, `account` the Official Account; `identity` tells it from every other and is the same when
    WeChat sends it again. `kind`: said (text or understood speech), chosen (`text` is a menu key), came (subscribed or
    scanned), unheard (speech without text), unreadable (picture, place, ...), nothing (wants no reply).
    """

    follower: str
    account: str
    identity: str
    kind: Kind
    text: str = ""


def parse(fields: Mapping[str, str]) -> Incoming:
    """Read the fields of a message. Raises RefusalError when one that every message has is missing or malformed."""
    follower, account = _expect(fields, "FromUserName", _ACCOUNT), _expect(fields, "ToUserName", _ACCOUNT)
    created = _expect(fields, "CreateTime", _NUMBER)
    if fields.get("MsgType", "").lower() == "event":
        event, key = fields.get("Event", ""), fields.get("EventKey", "")
        kind: Kind = _EVENTS.get(event.lower(), "nothing")
        return Incoming(follower, account, f"{follower}\n{created}\n{event}\n{key}", kind, key)
    kind, text = _message(fields)
    return Incoming(follower, account, f"{follower}\n{_expect(fields, 'MsgId', _NUMBER)}", kind, text)


_EVENTS: Mapping[str, Kind] = {"subscribe": "came", "scan": "came", "click": "chosen"}


def _message(fields: Mapping[str, str]) -> tuple[Kind, str]:
    match fields.get("MsgType", "").lower():
        case "text":
            text = fields.get("Content", "")
            return ("unreadable", "") if text.startswith(_NOT_HANDED_ON) else ("said", text)
        case "voice":
            heard = fields.get("Recognition", "")
            return ("said", heard) if heard else ("unheard", "")
        case "":
            raise RefusalError(UNREADABLE, "MsgType is missing")
        case _:
            return "unreadable", ""


def _expect(fields: Mapping[str, str], name: str, form: re.Pattern[str]) -> str:
    value = fields.get(name, "")
    if not form.fullmatch(value):
        raise RefusalError(UNREADABLE, f"{name} is missing or malformed")
    return value
