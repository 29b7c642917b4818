"""Whatever is sent to the Official Account's address: a message or a refusal; nothing else is raised, none forged."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping

import pytest
from fuzz_times import times
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from bot.doors.wechat import markup
from bot.doors.wechat.cipher import key_of
from bot.doors.wechat.credentials import Credentials
from bot.doors.wechat.envelope import Envelope, Letter
from bot.doors.wechat.incoming import Incoming, parse
from bot.doors.wechat.refusal import RefusalError
from bot.doors.wechat.signing import sign

EXAMPLES = times(150)
TOKEN, APPID, KEY, NOW = "fuzzedToken", "wx0123456789abcdef", "F" * 43, 1_800_000_000
SAFE = Credentials(TOKEN, APPID, "a secret of sixteen", "safe", (key_of(KEY),))
PLAIN = Credentials(TOKEN, APPID, "a secret of sixteen", "plain")
GOOD = {
    "ToUserName": "gh_a",
    "FromUserName": "oF",
    "CreateTime": "1",
    "MsgType": "text",
    "MsgId": "1",
    "Content": "卖卡",
}

PIECES = st.sampled_from(
    ["<xml>", "</xml>", "<", ">", "/", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", "&amp;", "&#0;", "<![CDATA[", "]]>",
     "<?xml", "?>", "<Content>", "</Content>", "<FromUserName>oF</FromUserName>", "<MsgType>text</MsgType>",
     "<Encrypt>", "</Encrypt>", "<a:b xmlns:a='c'>", "\x00", "\ufffe", "卖卡", "1", " ", "\n",
     "=", "'", "encoding='utf-16'"]
)  # fmt: skip
WRITTEN = st.one_of(
    st.binary(max_size=300),
    st.lists(PIECES | st.text(max_size=6), max_size=40).map(lambda parts: "".join(parts).encode("utf-8", "replace")),
)
VALUES = st.one_of(
    st.text(max_size=60), st.sampled_from(["", "event", "voice", "text", "CLICK", "subscribe", "0" * 30])
)
FIELDS = st.dictionaries(
    st.sampled_from([*GOOD, "Event", "EventKey", "Recognition", "Encrypt"]), VALUES, max_size=6
).map(lambda changed: {**GOOD, **changed})


def plainly(body: bytes) -> Letter:
    """Open a body whose signature is right: plain mode signs no message."""
    query = {"timestamp": str(NOW), "nonce": "n", "signature": sign(TOKEN, str(NOW), "n")}
    return Envelope(PLAIN).open(query, body, NOW)


def refusal_or(read: Callable[[], Incoming]) -> Incoming | RefusalError:
    """Return what was read, or why it was not; whatever else is raised fails the test."""
    try:
        return read()
    except RefusalError as refusal:
        return refusal


def sealed(encrypted: str) -> tuple[Mapping[str, str], bytes]:
    """Return query and body of a message that is signed as WeChat does, whatever is encrypted in it."""
    signature = sign(TOKEN, str(NOW), "n", encrypted)
    query = {"timestamp": str(NOW), "nonce": "n", "encrypt_type": "aes", "msg_signature": signature}
    return query, f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()


@settings(max_examples=EXAMPLES, deadline=None)
@given(WRITTEN)
def test_any_body(body: bytes) -> None:
    """Signed, it is read or refused; sealed, it is refused: nobody without the key makes a message."""
    read = refusal_or(lambda: parse(plainly(body).fields))
    assert isinstance(read, Incoming) or read.status == 400
    with pytest.raises(RefusalError):
        Envelope(SAFE).open(*sealed(base64.b64encode(body).decode()), NOW)


@settings(max_examples=EXAMPLES, deadline=None)
@given(WRITTEN)
def test_any_message_inside(message: bytes) -> None:
    """Encrypted with our own key, so that only its reading is left: read or refused."""
    crypto = WeChatCrypto(TOKEN, KEY, APPID)
    encrypted = markup.read(crypto.encrypt_message(message.decode("utf-8", "replace"), "n", str(NOW)).encode())[
        "Encrypt"
    ]
    read = refusal_or(lambda: parse(Envelope(SAFE).open(*sealed(encrypted), NOW).fields))
    assert isinstance(read, Incoming) or read.status == 400


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.dictionaries(st.sampled_from(["timestamp", "nonce", "signature", "msg_signature", "encrypt_type", "echostr"]),
                       st.text(max_size=150), max_size=6), WRITTEN)  # fmt: skip
def test_any_query(query: Mapping[str, str], body: bytes) -> None:
    """Without the token nothing gets in, and no check of the address succeeds."""
    for credentials in (SAFE, PLAIN):
        with pytest.raises(RefusalError):
            Envelope(credentials).open(query, body, NOW)
        with pytest.raises(RefusalError):
            Envelope(credentials).echo(query, NOW)


@settings(max_examples=EXAMPLES, deadline=None)
@given(FIELDS)
def test_any_fields(fields: Mapping[str, str]) -> None:
    """Somebody said or did something, or the request is refused; the reply that repeats it can be read as XML."""
    incoming = refusal_or(lambda: parse(fields))
    if isinstance(incoming, RefusalError):
        assert incoming.status == 400
        return
    assert incoming.identity.startswith(incoming.follower)
    reply = markup.read(markup.write_text(incoming.follower, incoming.account, incoming.text, NOW).encode("utf-8"))
    assert reply["ToUserName"] == incoming.follower
