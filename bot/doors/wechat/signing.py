"""Signatures and their age: is a request WeChat's, and is it of now. Pure; the time comes in as an argument."""

from __future__ import annotations

import hmac

from wechatpy.utils import WeChatSigner

from bot.doors.wechat.refusal import FORBIDDEN, UNREADABLE, RefusalError

# Older, or more in the future, is refused: what somebody recorded is of no use to them later.
MOST_SECONDS = 300
_LONGEST_TIMESTAMP = 12


def sign(token: str, *parts: str) -> str:
    """Return WeChat's signature: the SHA-1, in lower-case hex, of the token and the parts, sorted and joined."""
    signer = WeChatSigner()
    signer.add_data(token, *(part.encode("utf-8", "replace") for part in parts))
    return str(signer.signature)


def verify(given: str, token: str, *parts: str) -> None:
    """Raise RefusalError unless `given` is the signature of the parts, in constant time."""
    if not hmac.compare_digest(given.encode("utf-8", "replace"), sign(token, *parts).encode()):
        raise RefusalError(FORBIDDEN, "the signature is not that of the token")


def expect_fresh(timestamp: str, now: float) -> None:
    """Raise RefusalError when `timestamp` (seconds, decimal) is more than five minutes from `now`, or is none."""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= _LONGEST_TIMESTAMP):
        raise RefusalError(UNREADABLE, "the timestamp is not a number of seconds")
    if abs(now - int(timestamp)) > MOST_SECONDS:
        raise RefusalError(FORBIDDEN, "the timestamp is more than five minutes off")
