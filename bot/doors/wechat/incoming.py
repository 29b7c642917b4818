"""From the fields of WeChat's XML to what somebody said or did. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.doors.wechat.refusal import UNREADABLE, RefusalError
from bot.keeping.tallies import Way

Kind = Literal["said", "chosen", "came", "left", "viewed", "unheard", "unreadable", "nothing"]

_ACCOUNT = re.compile(r"[0-9A-Za-z_@.-]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,20}")
# What WeChat sends as text for a sticker or another thing that it does not hand on.
_NOT_HANDED_ON = ("【收到不支持的消息类型", "[收到不支持的消息类型", "[Unsupported Message]")


@dataclass(frozen=True)
class Incoming:
    """One message or event.

    `follower` is the openid, `account` the Official Account; `identity` tells it from every other and is the same when
    WeChat sends it again. `kind`: said (text or understood speech), chosen (`text` is a menu key), came (subscribed or
    scanned), left (unsubscribed, or took back or cancelled what they had authorised), viewed (opened a page from the
    menu), unheard (speech without text), unreadable (picture, place, ...), nothing (wants no reply).
    `came_by` is how they came, to be counted: the way, and the scene or the menu's key. `created` is WeChat's time in
    seconds, 0 without one.
    """

    follower: str
    account: str
    identity: str
    kind: Kind
    text: str = ""
    created: int = 0
    came_by: tuple[Way, str] | None = None


def parse(fields: Mapping[str, str]) -> Incoming:
    """Read the fields of a message. Raises RefusalError when it does not say from whom, or to whom, it is.

    One that lacks anything else is unreadable: whoever sent it still reads how to go on.
    """
    follower, account = _expect(fields, "FromUserName", _ACCOUNT), _expect(fields, "ToUserName", _ACCOUNT)
    created = _number(fields, "CreateTime")
    time = int(created or 0)
    if fields.get("MsgType", "").lower() == "event":
        event, key = fields.get("Event", ""), fields.get("EventKey", "")
        identity = f"{follower}\n{created or _digest(fields)}\n{event}\n{key}"
        if event.lower() in _WITHDRAWN:
            # Sent by the platform, about somebody else.
            about = fields.get("OpenID", "")
            told: Kind = "left" if _ACCOUNT.fullmatch(about) else "nothing"
            return Incoming(about or follower, account, f"{identity}\n{about}", told, key, time)
        kind = _EVENTS.get(event.lower(), "nothing")
        return Incoming(follower, account, identity, kind, key, time, _came_by(event.lower(), key))
    number = _number(fields, "MsgId")
    kind, text = _message(fields) if number and created else ("unreadable", "")
    return Incoming(follower, account, f"{follower}\n{number or _digest(fields)}", kind, text, time)


_EVENTS: Mapping[str, Kind] = {
    "subscribe": "came",
    "scan": "came",
    "click": "chosen",
    "view": "viewed",
    "view_miniprogram": "viewed",
    "unsubscribe": "left",
}
# How WeChat names the scene of a QR code to somebody who did not follow before.
_SCENE = "qrscene_"
# Somebody takes back, or ends, what they had authorised: the platform's rule is that their data goes.
_WITHDRAWN = frozenset({"user_authorization_revoke", "user_authorization_cancellation"})


def _came_by(event: str, key: str) -> tuple[Way, str] | None:
    match event:
        case "subscribe" if key.startswith(_SCENE):
            return "followed", key.removeprefix(_SCENE)
        case "scan" if key:
            return "scanned", key
        case "click" if key:
            return "menu", key
        case "view" | "view_miniprogram" if key:
            return "menu", re.split("[?#]", key)[0]  # the page; what is behind it may be somebody's
    return None


def _message(fields: Mapping[str, str]) -> tuple[Kind, str]:
    match fields.get("MsgType", "").lower():
        case "text":
            text = fields.get("Content", "")
            return ("unreadable", "") if text.startswith(_NOT_HANDED_ON) else ("said", text)
        case "voice":
            heard = fields.get("Recognition", "")
            return ("said", heard) if heard else ("unheard", "")
        case _:
            return "unreadable", ""


def _number(fields: Mapping[str, str], name: str) -> str:
    """Return the number of this name as it stands, "" when there is none."""
    value = fields.get(name, "")
    return value if _NUMBER.fullmatch(value) else ""


def _digest(fields: Mapping[str, str]) -> str:
    """Return what tells a message without a number from others, and is the same when it is sent again."""
    return hashlib.sha256(repr(sorted(fields.items())).encode("utf-8", "replace")).hexdigest()


def _expect(fields: Mapping[str, str], name: str, form: re.Pattern[str]) -> str:
    value = fields.get(name, "")
    if not form.fullmatch(value):
        raise RefusalError(UNREADABLE, f"{name} is missing or malformed")
    return value
