"""WeChat's server, simulated: it signs and encrypts with wechatpy, cuts after 5 s, and sends three times in all."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp
import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner

from bot.doors.wechat import notices

CUT, ATTEMPTS = 5.0, 3
TRIES, MOST_PATIENT = 4, 40
TOKEN, APPID, KEY = "simulatedToken", "wx0123456789abcdef", "SimulatedWeChatKey012345678901234567890abcd"
CREDENTIALS: Mapping[str, str] = {
    "token": TOKEN,
    "appid": APPID,
    "encoding_aes_key": KEY,
    "sender_secret": "simulated sender secret",
}
# An account as the environment names it.
ACCOUNT = {
    "WECHAT_TOKEN": "AAAAA",
    "WECHAT_APPID": "wxba5fad812f8e6fb9",
    "WECHAT_SENDER_SECRET": "0123456789abcdef",
    "WECHAT_ENCODING_AES_KEY": "A" * 43,
}


@dataclass(frozen=True)
class Got:
    """What a follower read: None is WeChat's notice that the account cannot serve. `seconds` of the last attempt."""

    text: str | None
    attempts: int
    seconds: float


@dataclass
class WeChat:
    """Sends to the addresses in turn, so that what is sent again reaches another process."""

    urls: Sequence[str]
    mode: str = "safe"
    key: str = KEY
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(random.randrange(10**17)))

    async def say(self, follower: str, text: str) -> Got:
        """Send a text."""
        return await self.push(self.message(follower, MsgType="text", Content=text, MsgId=str(next(self.numbers))))

    async def ask(self, follower: str, text: str) -> list[Got]:
        """Send a text and, as long as no answer came, 继续; return all that the follower read."""
        got = [await self.say(follower, text)]
        while got[-1].text in (None, notices.WAIT) and len(got) < MOST_PATIENT:
            got.append(await self.say(follower, "继续"))
        return got

    async def event(self, follower: str, **fields: str) -> Got:
        """Send an event."""
        return await self.push(self.message(follower, MsgType="event", **fields))

    def message(self, follower: str, **fields: str) -> dict[str, str]:
        """Return the fields of a message or event of now."""
        return {"ToUserName": "gh_account", "FromUserName": follower, "CreateTime": str(int(time.time())), **fields}

    async def push(self, fields: Mapping[str, str]) -> Got:
        """Send as WeChat does, until somebody answers in time."""
        first = random.randrange(len(self.urls))
        begun = time.monotonic()
        for attempt in range(1, ATTEMPTS + 1):
            begun = time.monotonic()
            try:
                status, body = await asyncio.wait_for(self.post(fields, first + attempt), CUT)
            except asyncio.TimeoutError:
                continue
            assert status == 200, status
            return Got(self.opened(body), attempt, time.monotonic() - begun)
        return Got(None, ATTEMPTS, time.monotonic() - begun)

    async def post(self, fields: Mapping[str, str], number: int = 0) -> tuple[int, bytes]:
        """Send one request on a connection of its own."""
        query, body = self.sealed(fields)
        url = self.urls[number % len(self.urls)]
        connector = aiohttp.TCPConnector(force_close=True)
        async with (
            aiohttp.ClientSession(connector=connector) as http,
            http.post(url, params=query, data=body) as response,
        ):
            return response.status, await response.read()

    def sealed(self, fields: Mapping[str, str]) -> tuple[dict[str, str], bytes]:
        """Return query and body in the account's mode."""
        xml = xmltodict.unparse({"xml": dict(fields)}, full_document=False)
        timestamp, nonce = str(int(time.time())), str(random.randrange(10**9))
        query = {"timestamp": timestamp, "nonce": nonce, "signature": signature(timestamp, nonce)}
        query["openid"] = fields["FromUserName"]
        if self.mode == "plain":
            return query, xml.encode()
        sealed = xmltodict.parse(WeChatCrypto(TOKEN, self.key, APPID).encrypt_message(xml, nonce, timestamp))["xml"]
        query |= {"encrypt_type": "aes", "msg_signature": sealed["MsgSignature"]}
        outer = {"ToUserName": fields["ToUserName"], "Encrypt": sealed["Encrypt"]}
        outer |= dict(fields) if self.mode == "compatible" else {}
        return query, xmltodict.unparse({"xml": outer}, full_document=False).encode()

    def opened(self, body: bytes) -> str:
        """Return the text of a reply; "" when it wants none shown. Raises when WeChat could not read it."""
        if body in (b"", b"success"):
            return ""
        reply = xmltodict.parse(body)["xml"]
        if self.mode != "plain":
            crypto = WeChatCrypto(TOKEN, self.key, APPID)
            xml = crypto.decrypt_message(body, reply["MsgSignature"], reply["TimeStamp"], reply["Nonce"])
            reply = xmltodict.parse(xml)["xml"]
        assert reply["MsgType"] == "text", reply
        assert reply["FromUserName"] == "gh_account"
        text = str(reply["Content"])
        assert len(text.encode()) <= 2000
        return text


def in_real_seconds(check: Callable[[int], None]) -> None:
    """Check something that depends on five real seconds, on a machine that may stall for some of them.

    What fails when the machine stalls succeeds when it is tried again, with the number of the try; a fault of ours
    fails every time. To be used where virtual time has shown the very moments.
    """
    for number in range(TRIES - 1):
        with suppress(AssertionError):
            return check(number)
    return check(TRIES - 1)


def signature(timestamp: str, nonce: str, token: str = TOKEN) -> str:
    """Return WeChat's signature of a request."""
    signer = WeChatSigner()
    signer.add_data(token, timestamp, nonce)
    return str(signer.signature)
