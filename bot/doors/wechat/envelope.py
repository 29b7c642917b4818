"""What surrounds a message in the three modes: plain, compatible, safe. Pure; the time comes in as an argument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.doors.wechat import markup, notices
from bot.doors.wechat.cipher import Cipher
from bot.doors.wechat.credentials import Credentials
from bot.doors.wechat.refusal import FORBIDDEN, UNREADABLE, RefusalError
from bot.doors.wechat.signing import expect_fresh, sign, verify

_LONGEST_PARAMETER = 128


@dataclass(frozen=True)
class Letter:
    """A request that is WeChat's: the message's fields, and what the reply must be sealed with (None: plain).

    `stamp` is the request's timestamp and nonce; `bound` says whether its signature covers the message.
    """

    fields: Mapping[str, str]
    key: bytes | None
    nonce: str
    stamp: str

    @property
    def bound(self) -> bool:
        """Whether the signature is this message's and no other's; plain mode signs timestamp and nonce only."""
        return self.key is not None


@dataclass(frozen=True)
class Envelope:
    """Opens what WeChat sends and closes what it gets, for one account."""

    credentials: Credentials

    def echo(self, query: Mapping[str, str], now: float) -> str:
        """Return the `echostr` of WeChat's check of the address. Raises RefusalError when it is not WeChat's."""
        echo = _parameter(query, "echostr")
        self._verify(query, "signature", now)
        return echo

    def open(self, query: Mapping[str, str], body: bytes, now: float) -> Letter:
        """Return the message in a POST. Raises RefusalError for whatever is not WeChat's to this account."""
        nonce, stamp = _parameter(query, "nonce"), f"{query.get('timestamp')}\n{query.get('nonce')}"
        if query.get("encrypt_type", "raw") == "raw":
            if self.credentials.mode == "safe":
                raise RefusalError(FORBIDDEN, "a plain message in safe mode")
            self._verify(query, "signature", now)
            # Nobody signed the body: one that cannot be read is not known to be WeChat's.
            return Letter(markup.read(body), None, nonce, stamp)
        if not self._cipher.keys:
            raise RefusalError(FORBIDDEN, "an encrypted message in plain mode")
        _parameter(query, "msg_signature")
        # The outer XML must be read before it can be known as WeChat's: it holds what was signed.
        encrypted = markup.read(body).get("Encrypt", "")
        self._verify(query, "msg_signature", now, encrypted)
        opened = self._cipher.open(encrypted)
        return Letter(_fields(opened.message), opened.key, nonce, stamp)

    def close(self, letter: Letter, follower: str, account: str, text: str, now: float) -> str:
        """Return the XML of a reply to `letter`, sealed as it was; for TRANSFER, that which hands over to a person."""
        passed_on = text == notices.TRANSFER
        reply = (
            markup.write_transfer(follower, account, int(now))
            if passed_on
            else markup.write_text(follower, account, text, int(now))
        )
        if letter.key is None:
            return reply
        encrypted, timestamp = self._cipher.seal(reply, letter.key), str(int(now))
        signature = sign(self.credentials.token, timestamp, letter.nonce, encrypted)
        return markup.write_sealed(encrypted, signature, timestamp, letter.nonce)

    @property
    def _cipher(self) -> Cipher:
        return Cipher(self.credentials.keys, self.credentials.appid)

    def _verify(self, query: Mapping[str, str], name: str, now: float, *signed: str) -> None:
        timestamp, nonce = _parameter(query, "timestamp"), _parameter(query, "nonce")
        verify(_parameter(query, name), self.credentials.token, timestamp, nonce, *signed)
        expect_fresh(timestamp, now)


def sealed_event(credentials: Credentials, key: bytes | None, now: int, nonce: str) -> tuple[dict[str, str], bytes]:
    """Return query and body of an event that has no effect, as WeChat would send it, sealed with `key` if there is one.

    Whoever understands it has the same token, and with a key the same key and AppID.
    """
    names = {"ToUserName": "gh_check", "FromUserName": "duanka-check", "MsgType": "event", "Event": "VIEW"}
    message = f"<xml>{''.join(f'<{name}>{value}</{name}>' for name, value in names.items())}"
    message += f"<CreateTime>{now}</CreateTime><EventKey>{nonce}</EventKey></xml>"
    query = {"timestamp": str(now), "nonce": nonce, "signature": sign(credentials.token, str(now), nonce)}
    if key is None:
        return query, message.encode()
    encrypted = Cipher((key,), credentials.appid).seal(message, key)
    query |= {"encrypt_type": "aes", "msg_signature": sign(credentials.token, str(now), nonce, encrypted)}
    return query, f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()


def _fields(message: bytes) -> Mapping[str, str]:
    """Return the fields of a message that WeChat sealed: of one that nobody can read, from whom and to whom it is.

    Raises RefusalError when not even that can be told.
    """
    try:
        return markup.read(message)
    except RefusalError:
        if len(names := markup.read_names(message)) < len(markup.NAMES):
            raise
        return names


def _parameter(query: Mapping[str, str], name: str) -> str:
    value = query.get(name, "")
    if not value or len(value) > _LONGEST_PARAMETER:
        raise RefusalError(UNREADABLE, f"the parameter {name} is missing or too long")
    return value
