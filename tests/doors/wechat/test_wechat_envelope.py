"""The three modes, and what is let in by none of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import xmltodict
from test_wechat_cipher import PUBLISHED
from wechatpy.crypto import WeChatCrypto

from bot.doors.wechat import notices
from bot.doors.wechat.cipher import key_of
from bot.doors.wechat.credentials import Credentials
from bot.doors.wechat.envelope import Envelope
from bot.doors.wechat.refusal import RefusalError
from bot.doors.wechat.signing import sign

APPID, KEY, PREVIOUS = "wxba5fad812f8e6fb9", "A" * 43, "B" * 43
SAFE = Credentials("AAAAA", APPID, "geheim" * 4, "safe", (key_of(KEY), key_of(PREVIOUS)))
PLAIN = replace(SAFE, mode="plain", keys=())
COMPATIBLE = replace(SAFE, mode="compatible")
NOW = 1714112445
BODY = "<xml><ToUserName>gh_a</ToUserName><FromUserName>oF</FromUserName><Content>卖卡会怎样</Content></xml>"
VECTOR = {
    "encrypt_type": "aes",
    "timestamp": "1714112445",
    "nonce": "415670741",
    "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
}
VECTOR_BODY = f"<xml><ToUserName>gh_97417a04a28d</ToUserName><Encrypt>{PUBLISHED}</Encrypt></xml>".encode()


def sealed(key: str = KEY, appid: str = APPID, token: str = "AAAAA") -> tuple[dict[str, str], bytes]:
    """Return query and body of an encrypted message, made by wechatpy."""
    xml = WeChatCrypto(token, key, appid).encrypt_message(BODY, "nonce", str(NOW))
    fields = xmltodict.parse(xml)["xml"]
    query = {"timestamp": str(NOW), "nonce": "nonce", "encrypt_type": "aes", "msg_signature": fields["MsgSignature"]}
    return query, xml.encode()


def plain(**changed: str) -> dict[str, str]:
    """Return the query of a plain message."""
    return {"timestamp": str(NOW), "nonce": "n", "signature": sign("AAAAA", str(NOW), "n"), **changed}


def test_the_published_check() -> None:
    """WeChat's GET: its echo as it came."""
    query = {"signature": "f464b24fc39322e44b38aa78f5edd27bd1441696", "timestamp": "1714036504", "nonce": "1514711492"}
    assert Envelope(SAFE).echo({**query, "echostr": "4375120948345356249"}, 1714036504) == "4375120948345356249"


def test_the_published_messages() -> None:
    """WeChat's plain and its encrypted POST."""
    signature = "899cf89e464efb63f54ddac96b0a0a235f53aa78"
    query = {"signature": signature, "timestamp": "1714037059", "nonce": "486452656"}
    assert Envelope(PLAIN).open(query, BODY.encode(), 1714037059).fields["Content"] == "卖卡会怎样"
    # The published example is a mini programme's, in JSON: signature, key and account are right, the rest not ours.
    with pytest.raises(RefusalError, match="not XML"):
        Envelope(SAFE).open(VECTOR, VECTOR_BODY, NOW)


@pytest.mark.parametrize("credentials", [SAFE, COMPATIBLE])
@pytest.mark.parametrize("key", [KEY, PREVIOUS])
def test_wechatpy_talks_with_us(credentials: Credentials, key: str) -> None:
    """It seals with either key, and opens the reply with the same; the signature covers the message."""
    envelope = Envelope(credentials)
    letter = envelope.open(*sealed(key), NOW)
    assert letter.fields["Content"] == "卖卡会怎样"
    assert letter.bound
    reply = envelope.close(letter, "oF", "gh_a", "通报]]>原话", NOW + 1)
    fields: dict[str, Any] = xmltodict.parse(reply)["xml"]
    message = WeChatCrypto("AAAAA", key, APPID).decrypt_message(
        reply, fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"]
    )
    answer = xmltodict.parse(message)["xml"]
    assert (answer["ToUserName"], answer["FromUserName"], answer["Content"]) == ("oF", "gh_a", "通报]]>原话")


@pytest.mark.parametrize("credentials", [PLAIN, COMPATIBLE])
def test_plain_messages(credentials: Credentials) -> None:
    """Plain and compatible mode take them, and answer plainly; their signature covers no message."""
    envelope = Envelope(credentials)
    letter = envelope.open(plain(), BODY.encode(), NOW)
    assert not letter.bound
    assert "<Content><![CDATA[好]]></Content>" in envelope.close(letter, "oF", "gh_a", "好", NOW)
    assert Envelope(credentials).open(plain(encrypt_type="raw"), BODY.encode(), NOW).fields == letter.fields


def test_a_sealed_message_that_cannot_be_read() -> None:
    """WeChat's seal vouches for it: from whom and to whom it is can be told; without that it is refused."""
    broken = "<xml><ToUserName><![CDATA[gh_a]]></ToUserName><FromUserName><![CDATA[oF]]></FromUserName><Content><a&"
    for message, names in ((broken, {"ToUserName": "gh_a", "FromUserName": "oF"}), (broken[:60], None)):
        xml = WeChatCrypto("AAAAA", KEY, APPID).encrypt_message(message, "nonce", str(NOW))
        query = {"timestamp": str(NOW), "nonce": "nonce", "encrypt_type": "aes"}
        query["msg_signature"] = xmltodict.parse(xml)["xml"]["MsgSignature"]
        if names is None:
            with pytest.raises(RefusalError, match="not XML"):
                Envelope(SAFE).open(query, xml.encode(), NOW)
        else:
            assert Envelope(SAFE).open(query, xml.encode(), NOW).fields == names


def test_a_message_that_is_passed_on() -> None:
    """Has a reply of WeChat's own kind, sealed as any other, and no text."""
    reply = Envelope(PLAIN).close(
        Envelope(PLAIN).open(plain(), BODY.encode(), NOW), "oF", "gh_a", notices.TRANSFER, NOW
    )
    fields = xmltodict.parse(reply)["xml"]
    assert (fields["MsgType"], fields["ToUserName"], "Content" in fields) == ("transfer_customer_service", "oF", False)


def test_in_compatible_mode_what_is_sealed_counts() -> None:
    """The plain fields beside it are signed by nobody."""
    query, body = sealed()
    forged = body.replace(b"<xml>", "<xml><Content>伪造</Content>".encode(), 1)
    assert Envelope(COMPATIBLE).open(query, forged, NOW).fields["Content"] == "卖卡会怎样"


@pytest.mark.parametrize(
    ("credentials", "query", "body", "status"),
    [
        (SAFE, plain(), BODY.encode(), 403),
        (PLAIN, *sealed(), 403),
        (PLAIN, plain(signature="0" * 40), BODY.encode(), 403),
        (PLAIN, plain(timestamp=str(NOW + 1)), BODY.encode(), 403),
        (PLAIN, plain(nonce="m"), BODY.encode(), 403),
        (PLAIN, plain(nonce=""), BODY.encode(), 400),
        (PLAIN, plain(signature=""), BODY.encode(), 400),
        (PLAIN, plain(signature="a" * 1000), BODY.encode(), 400),
        (PLAIN, {}, BODY.encode(), 400),
        (PLAIN, plain(), b"", 400),
        (PLAIN, plain(), BODY.encode()[:-3], 400),
        (SAFE, *sealed(token="BBBBB"), 403),
        (SAFE, *sealed(appid="wx0000000000000000"), 403),
        (SAFE, *sealed(key="C" * 43), 403),
        (SAFE, {**sealed()[0], "msg_signature": "0" * 40}, sealed()[1], 403),
        (SAFE, {**VECTOR, "timestamp": "1714112446"}, VECTOR_BODY, 403),
        (SAFE, VECTOR, VECTOR_BODY.replace(b"+qdx", b"+qdy"), 403),
        (SAFE, VECTOR, b"<xml><Encrypt/></xml>", 403),
        (SAFE, {**VECTOR, "encrypt_type": "des"}, b"<xml><a>1</a></xml>", 403),
    ],
    ids=lambda each: "body" if isinstance(each, bytes) else None,  # what is sealed is never twice the same
)
def test_what_is_let_in_by_none(credentials: Credentials, query: dict[str, str], body: bytes, status: int) -> None:
    """Forged, altered, for another account, in a weaker mode than ours, or no message at all."""
    with pytest.raises(RefusalError) as refused:
        Envelope(credentials).open(query, body, NOW)
    assert refused.value.status == status


@pytest.mark.parametrize("later", [301, -301, 86400])
def test_stale(later: int) -> None:
    """The same request is refused when five minutes have gone."""
    for credentials, query, body in ((SAFE, VECTOR, VECTOR_BODY), (PLAIN, plain(), BODY.encode())):
        with pytest.raises(RefusalError, match="five minutes"):
            Envelope(credentials).open(query, body, NOW + later)


def test_secrets_do_not_show() -> None:
    """A record that gets into a log or a traceback shows none."""
    shown = repr(Envelope(replace(SAFE, redis_url="redis://:geheim@h")))
    assert "geheim" not in shown
    assert "AAAAA" not in shown
    assert repr(key_of(KEY)) not in shown
