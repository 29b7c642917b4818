"""企业微信: its published vectors, and the door on a real server with wechatpy on the other side."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import pytest
import requests
import xmltodict
from wechat_door import Door, doors
from wechatpy.crypto import WeChatCrypto

from bot.answering import sentences as answers
from bot.doors.wechat import notices
from bot.doors.wechat.cipher import key_of
from bot.doors.wechat.credentials import WECOM_VARIABLES, Credentials, from_environment, read_credentials
from bot.doors.wechat.incoming import parse
from bot.doors.wechat.refusal import RefusalError
from bot.doors.wecom.envelope import WeComEnvelope

# The published example: token, key and company, the check of the address, a message.
PUBLISHED_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
PUBLISHED = Credentials("QDG6eK", "wx5823bf96d3bd56c7", "x" * 16, "safe", (key_of(PUBLISHED_KEY),))
CHECK = {
    "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    "timestamp": "1409659589",
    "nonce": "263014780",
    "echostr": "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
}
MESSAGE = {
    "msg_signature": "477715d11cdb4164915debcba66cb864d751f3e6",
    "timestamp": "1409659813",
    "nonce": "1372623149",
}
SEALED = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3"
    "TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gs"
    "ijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUa"
    "x5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIG"
    "HBZZIs2pDBS8R07+qN+E7Q=="
)
TOKEN, CORP, KEY = "simulatedToken", "ww0123456789abcdef", "SimulatedWeComKey0123456789012345678901abcd"
ACCOUNT = {"token": TOKEN, "appid": CORP, "encoding_aes_key": KEY, "sender_secret": "simulated sender secret"}


def test_the_published_check() -> None:
    """The echo is sealed; what comes back is what it says."""
    assert WeComEnvelope(PUBLISHED).echo(CHECK, 1409659589) == "1616140317555161061"


def test_the_published_message() -> None:
    """The fields of the example, and a reply that wechatpy opens."""
    body = f"<xml><ToUserName>{PUBLISHED.appid}</ToUserName><AgentID>218</AgentID><Encrypt>{SEALED}</Encrypt></xml>"
    envelope = WeComEnvelope(PUBLISHED)
    letter = envelope.open(MESSAGE, body.encode(), 1409659813)
    incoming = parse(letter.fields)
    assert (incoming.kind, incoming.text, incoming.follower) == ("said", "hello", "mycreate")
    reply = envelope.close(letter, "mycreate", PUBLISHED.appid, "通报]]>原话", 1409659813)
    fields = xmltodict.parse(reply)["xml"]
    crypto = WeChatCrypto(PUBLISHED.token, PUBLISHED_KEY, PUBLISHED.appid)
    opened = crypto.decrypt_message(reply, fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"])
    assert xmltodict.parse(opened)["xml"]["Content"] == "通报]]>原话"


@pytest.mark.parametrize("name", [*CHECK])
def test_a_check_that_is_not_theirs(name: str) -> None:
    """Forged, altered, or without what it must have: refused."""
    for value in ("", "1" * 40, "x" * 600):
        with pytest.raises(RefusalError):
            WeComEnvelope(PUBLISHED).echo({**CHECK, name: value}, 1409659589)
    with pytest.raises(RefusalError, match="five minutes"):
        WeComEnvelope(PUBLISHED).echo(CHECK, 1409659589 + 301)


def test_nothing_plain_is_taken() -> None:
    """There is no plain mode, whatever a request says."""
    body = b"<xml><FromUserName>a</FromUserName><Content>b</Content></xml>"
    for query in (MESSAGE, {**MESSAGE, "encrypt_type": "raw"}):
        with pytest.raises(RefusalError):
            WeComEnvelope(PUBLISHED).open(query, body, 1409659813)


def test_the_credentials() -> None:
    """By their own variables; everything wrong is said at once, without a secret."""
    read = read_credentials(ACCOUNT, WECOM_VARIABLES)
    assert (read.appid, read.mode, read.links) == (CORP, "safe", False)
    given = from_environment({"WECOM_CORPID": "gh_1", "WECOM_SENDER_SECRET": "$(cat x)"}, WECOM_VARIABLES)
    with pytest.raises(ValueError, match="WECOM_TOKEN：没有填写") as wrong:
        read_credentials(given, WECOM_VARIABLES)
    named = [line.partition("：")[0] for line in str(wrong.value).splitlines()]
    assert named == ["WECOM_TOKEN", "WECOM_CORPID", "WECOM_SENDER_SECRET", "WECOM_ENCODING_AES_KEY"]
    assert "cat x" not in str(wrong.value)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """One process."""
    with doors(tmp_path_factory.mktemp("wecom"), {**ACCOUNT, "channel": "wecom"}) as (started,):
        yield started


_numbers = itertools.count(1)


def push(door: Door, **fields: str) -> str:
    """Send a message or an event as 企业微信 does; return the text that comes back, "" for none."""
    now, nonce = str(int(time.time())), "n"
    common = {"ToUserName": CORP, "FromUserName": "zhang.san@1", "CreateTime": now, "AgentID": "1000002"}
    crypto = WeChatCrypto(TOKEN, KEY, CORP)
    inner = xmltodict.unparse({"xml": {**common, **fields}}, full_document=False)
    sealed = xmltodict.parse(crypto.encrypt_message(inner, nonce, now))["xml"]
    query = {"msg_signature": sealed["MsgSignature"], "timestamp": now, "nonce": nonce}
    outer = {"ToUserName": CORP, "AgentID": "1000002", "Encrypt": sealed["Encrypt"]}
    body = xmltodict.unparse({"xml": outer}, full_document=False).encode()
    answer = requests.post(door.url, params=query, data=body, timeout=60)
    assert answer.status_code == 200, answer.status_code
    if answer.content == b"success":
        return ""
    reply = xmltodict.parse(answer.content)["xml"]
    opened = crypto.decrypt_message(answer.content, reply["MsgSignature"], reply["TimeStamp"], reply["Nonce"])
    message = xmltodict.parse(opened)["xml"]
    assert (message["ToUserName"], message["FromUserName"], message["MsgType"]) == ("zhang.san@1", CORP, "text")
    assert len(message["Content"].encode()) <= 2000
    return str(message["Content"])


def said(door: Door, text: str) -> str:
    """Send a text."""
    return push(door, MsgType="text", Content=text, MsgId=str(next(_numbers)))


def test_a_message_and_its_reply(door: Door) -> None:
    """As WeChat's followers are answered, under a name of its own that is no UserID."""
    assert said(door, "卖卡]]>会怎样") == "答：卖卡]]>会怎样"
    assert answers.UNAVAILABLE in said(door, "坏了")
    senders = {turn["sender"] for turn in door.turns()}
    assert len(senders) == 1
    assert senders.pop().startswith("wecom-")
    assert "zhang.san" not in door.log.read_text("utf-8", errors="replace")


def test_events(door: Door) -> None:
    """A welcome without links that ask, nothing for what wants nothing, and whoever leaves is forgotten."""
    welcome = push(door, MsgType="event", Event="subscribe")
    assert welcome.startswith(notices.WELCOME)
    assert "weixin://" not in welcome
    assert push(door, MsgType="event", Event="enter_agent", EventKey="") == ""
    assert push(door, MsgType="event", Event="unsubscribe") == ""
    assert push(door, MsgType="image", PicUrl="http://x", MediaId="1", MsgId=str(next(_numbers))) == notices.UNREADABLE


def test_the_check_of_the_address(door: Door) -> None:
    """At the real door; a forged one is refused, and so is a plain message."""
    crypto = WeChatCrypto(TOKEN, KEY, CORP)
    now = str(int(time.time()))
    sealed = xmltodict.parse(crypto.encrypt_message("4375120948345356249", "n", now))["xml"]
    query = {"msg_signature": sealed["MsgSignature"], "timestamp": now, "nonce": "n", "echostr": sealed["Encrypt"]}
    assert requests.get(door.url, params=query, timeout=60).text == "4375120948345356249"
    assert requests.get(door.url, params={**query, "msg_signature": "0" * 40}, timeout=60).status_code == 403
    plain = requests.post(door.url, params=query, data=b"<xml><Content>x</Content></xml>", timeout=60)
    assert (plain.status_code, plain.content) == (403, b"")
