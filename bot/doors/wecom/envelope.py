"""What surrounds a message of 企业微信: always sealed, also the check of the address. Pure; the time is an argument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.doors.wechat.envelope import Envelope, Letter
from bot.doors.wechat.refusal import UNREADABLE, RefusalError

# Base64 of some hundred sealed bytes.
_LONGEST_ECHO = 512


@dataclass(frozen=True)
class WeComEnvelope(Envelope):
    """The same keys, cipher and signatures; the id in what is sealed is the company's (企业ID)."""

    def echo(self, query: Mapping[str, str], now: float) -> str:
        """Return what the sealed `echostr` of the check says. Raises RefusalError when it is not 企业微信's."""
        sealed = query.get("echostr", "")
        if not sealed or len(sealed) > _LONGEST_ECHO:
            raise RefusalError(UNREADABLE, "the parameter echostr is missing or too long")
        self._verify(query, "msg_signature", now, sealed)
        return self._cipher.open(sealed).message.decode("utf-8", "replace")

    def open(self, query: Mapping[str, str], body: bytes, now: float) -> Letter:
        """Return the message in a POST, which has no word of how it is sealed: it always is."""
        return super().open({**query, "encrypt_type": "aes"}, body, now)
