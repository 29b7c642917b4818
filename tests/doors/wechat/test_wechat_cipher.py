"""The cipher of safe mode: against the published vector, against wechatpy, and against tampering."""

from __future__ import annotations

import base64
import json
import statistics
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto
from wechatpy.crypto.base import WeChatCipher

from bot.doors.wechat.cipher import BLOCK, Cipher, key_of
from bot.doors.wechat.refusal import RefusalError

APPID = "wxba5fad812f8e6fb9"
KEY = key_of("A" * 43)
OTHER = key_of("B" * 43)
CIPHER = Cipher((KEY,), APPID)
PUBLISHED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740X"
    "gXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7m"
    "StwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)


def blob(length: int | None = None, appid: str = APPID, padding: bytes | None = None) -> str:
    """Return a ciphertext whose length field, owner or padding may be wrong."""
    message = "<xml><a>断卡</a></xml>".encode()
    plain = bytes(16) + (len(message) if length is None else length).to_bytes(4, "big") + message + appid.encode()
    amount = BLOCK - len(plain) % BLOCK
    plain += bytes([amount]) * amount if padding is None else padding.rjust(amount, b"\x00")[-amount:]
    return base64.b64encode(WeChatCipher(KEY).encrypt(plain)).decode()


WRONG = {
    "no base64": "断卡",
    "empty": "",
    "half a block": base64.b64encode(bytes(48)).decode(),
    "no padding": blob(padding=b"\x00"),
    "padding too long": blob(padding=b"\x21"),
    "padding uneven": blob(padding=b"\x01\x02\x02\x03"),
    "length beyond the end": blob(length=2**31),
    "length short": blob(length=3),
    "another's appid": blob(appid="wx0000000000000000"),
    "no appid": blob(appid=""),
    "appid and more": blob(appid=APPID + "x"),
    "another key": PrpCrypto(OTHER).encrypt("<xml/>", APPID).decode(),
    "noise": base64.b64encode(bytes(range(256))).decode(),
}


def test_the_published_vector() -> None:
    """WeChat's own example opens, and is a message to the account."""
    opened = CIPHER.open(PUBLISHED)
    assert opened.key == KEY
    assert json.loads(opened.message)["ToUserName"] == "gh_97417a04a28d"
    assert json.loads(opened.message)["debug_str"] == "hello world"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_wechatpy_and_we_read_each_other(text: str) -> None:
    """What one seals the other opens."""
    assert CIPHER.open(PrpCrypto(KEY).encrypt(text, APPID).decode()).message.decode() == text
    assert PrpCrypto(KEY).decrypt(CIPHER.seal(text, KEY), APPID) == text


def test_the_previous_key_still_opens() -> None:
    """And the message says with which key its reply is to be sealed."""
    both = Cipher((OTHER, KEY), APPID)
    assert both.open(PUBLISHED).key == KEY
    assert both.open(both.seal("<xml/>", OTHER)).key == OTHER


def test_no_two_are_alike() -> None:
    """Each is sealed with fresh random bytes."""
    assert CIPHER.seal("<xml/>", KEY) != CIPHER.seal("<xml/>", KEY)


@pytest.mark.parametrize("encrypted", WRONG.values(), ids=WRONG.keys())
def test_whatever_is_wrong_is_one_error(encrypted: str) -> None:
    """Status and reason do not tell what was wrong: nothing for an oracle to say."""
    with pytest.raises(RefusalError) as refused:
        CIPHER.open(encrypted)
    assert (refused.value.status, refused.value.reason) == (403, "the message cannot be decrypted")


@given(st.binary(max_size=200), st.integers(0, 400))
def test_tampering(noise: bytes, place: int) -> None:
    """Whatever bytes are put anywhere, the message opens or is refused; who changed it, the signature tells."""
    raw = bytearray(base64.b64decode(PUBLISHED))
    raw[place : place + len(noise)] = noise
    try:
        assert CIPHER.open(base64.b64encode(bytes(raw)).decode()).key == KEY
    except RefusalError as refused:
        assert refused.status == 403  # noqa: PT017 - both ends are right


def test_every_failure_takes_the_same_time() -> None:
    """The medians of all kinds of failure lie within half a millisecond: below what a network shows.

    A difference of ours would show in every round; one of a busy machine's does not.
    """
    kinds = [encrypted for name, encrypted in WRONG.items() if name not in ("noise", "another key")]
    assert any(_spread(kinds) < 0.0005 for _ in range(6))


def _spread(kinds: list[str]) -> float:
    """By how many seconds the medians of the kinds differ, each tried in turn with the others."""
    rounds = [[_seconds(encrypted) for encrypted in kinds] for _ in range(200)]
    medians = [statistics.median(seconds) for seconds in zip(*rounds, strict=True)]
    return max(medians) - min(medians)


@pytest.mark.parametrize("key", ["", "A" * 42, "A" * 44, "A" * 42 + "=", "断" * 43, "A" * 42 + "-"])
def test_what_is_no_key(key: str) -> None:
    """An EncodingAESKey is 43 letters and digits."""
    with pytest.raises(ValueError, match="43"):
        key_of(key)


def _seconds(encrypted: str) -> float:
    begun = time.perf_counter()
    try:
        CIPHER.open(encrypted)
    except RefusalError:
        return time.perf_counter() - begun
    raise AssertionError("it opened")
