"""The door on a real server: wechatpy as WeChat in all modes, two hundred wrong requests, real seconds, real Redis."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import requests
from redis_program import redis_program
from simulated_wechat import APPID, CREDENTIALS, KEY, TOKEN, Got, WeChat, in_real_seconds, signature
from test_wechat_cipher import blob
from test_wechat_markup import BOMBS
from wechat_door import ROOT, Door, doors
from wechatpy.crypto import WeChatCrypto, _get_signature
from wechatpy.crypto.base import WeChatCipher

from bot.answering import sentences as answers
from bot.doors.wechat import notices
from bot.doors.wechat.cipher import key_of
from bot.doors.wechat.credentials import VARIABLES

MODES = ("plain", "compatible", "safe")
PREVIOUS = "B" * 43
SEED = 96110


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """One process in safe mode."""
    given = {**CREDENTIALS, "previous_encoding_aes_key": PREVIOUS}
    with doors(tmp_path_factory.mktemp("door"), given) as (started,):
        yield started


@pytest.fixture(scope="module")
def plain_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """One process in plain mode."""
    with doors(tmp_path_factory.mktemp("plain"), {**CREDENTIALS, "mode": "plain"}) as (started,):
        yield started


@pytest.fixture(scope="module")
def compatible_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """One process in compatible mode."""
    with doors(tmp_path_factory.mktemp("compatible"), {**CREDENTIALS, "mode": "compatible"}) as (started,):
        yield started


@pytest.mark.parametrize("mode", MODES)
def test_every_mode(mode: str, door: Door, plain_door: Door, compatible_door: Door) -> None:
    """The check of the address, a message and its reply, as wechatpy makes and reads them."""
    opened = {"plain": plain_door, "compatible": compatible_door, "safe": door}[mode]
    now = str(int(time.time()))
    query = {"timestamp": now, "nonce": "n", "signature": signature(now, "n"), "echostr": "4375120948345356249"}
    assert requests.get(opened.url, params=query, timeout=60).text == "4375120948345356249"
    assert requests.get(opened.url, params={**query, "signature": "0" * 40}, timeout=60).status_code == 403
    got = asyncio.run(WeChat([opened.url], mode).say("oMode", "卖卡]]>会怎样"))
    assert (got.text, got.attempts) == ("答：卖卡]]>会怎样", 1)


def test_the_headers(door: Door) -> None:
    """The check's echo, a refusal and what is not there say to a browser that there is nothing to see or to keep."""
    now = str(int(time.time()))
    query = {"timestamp": now, "nonce": "n", "signature": signature(now, "n"), "echostr": "<script>"}
    asked = [
        requests.get(door.url, params=query, timeout=60),
        requests.get(door.url, params={**query, "signature": "0" * 40}, timeout=60),
        requests.post(door.url, data=b"<xml>", timeout=60),
        requests.get(f"{door.url}/nothing", timeout=60),
    ]
    assert [each.status_code for each in asked] == [200, 403, 400, 404]
    for each in asked:
        assert each.headers["X-Content-Type-Options"] == "nosniff"
        assert each.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert each.headers["Cache-Control"] == "no-store"
        assert "html" not in each.headers.get("Content-Type", "")


def test_the_previous_key(door: Door) -> None:
    """Messages sealed with it are read, and answered with it."""
    assert asyncio.run(WeChat([door.url], key=PREVIOUS).say("oPrevious", "旧钥匙")).text == "答：旧钥匙"


def test_the_sender_is_a_hash(door: Door) -> None:
    """Rasa never sees an openid; the same follower has one conversation, others have others."""
    wechat = WeChat([door.url])

    async def scene() -> None:
        for follower, text in (("oAnna", "甲一"), ("oAnna", "甲二"), ("oBerta", "乙一")):
            await wechat.say(follower, text)

    asyncio.run(scene())
    senders = {turn["text"]: turn["sender"] for turn in door.turns() if turn["text"] in ("甲一", "甲二", "乙一")}
    assert senders["甲一"] == senders["甲二"] != senders["乙一"]
    assert "oAnna" not in json.dumps(door.turns())


@pytest.mark.parametrize("text", ["坏了", "无话"])
def test_whatever_breaks(door: Door, text: str) -> None:
    """The person reads the apology."""
    assert answers.UNAVAILABLE in str(asyncio.run(WeChat([door.url]).say("oBroken", text)).text)


def test_events_and_what_is_not_text(door: Door) -> None:
    """A welcome, friendly lines, or nothing; no turn is made of any."""
    wechat, before = WeChat([door.url]), len(door.turns())

    async def scene() -> dict[str, Got]:
        image = wechat.message("oE", MsgType="image", PicUrl="http://x", MediaId="1", MsgId=str(next(wechat.numbers)))
        return {
            "came": await wechat.event("oE", Event="subscribe", EventKey=""),
            "gone": await wechat.event("oE", Event="unsubscribe", EventKey=""),
            "view": await wechat.event("oE", Event="VIEW", EventKey="http://x"),
            "image": await wechat.push(image),
        }

    got = asyncio.run(scene())
    assert str(got["came"].text).startswith(notices.WELCOME)
    assert "weixin://bizmsgmenu" in str(got["came"].text)
    assert (got["gone"].text, got["view"].text) == ("", "")
    assert got["image"].text == notices.UNREADABLE
    assert len(door.turns()) == before


def test_the_same_again(door: Door) -> None:
    """Ten times the same request, at once and later: one turn, and the very same text."""
    wechat = WeChat([door.url])
    fields = wechat.message("oTwice", MsgType="text", Content="重发，等30", MsgId="77")
    event = wechat.message("oTwice", MsgType="event", Event="CLICK", EventKey="topic:report")

    async def scene() -> set[str | None]:
        got = await asyncio.gather(*(wechat.push(fields) for _ in range(3)))
        return {one.text for one in [*got, *[await wechat.push(fields) for _ in range(7)]]}

    async def clicks() -> set[str | None]:
        return {(await wechat.push(event)).text for _ in range(2)}

    before = len(door.turns())
    assert asyncio.run(scene()) == {"答：重发，等30"}
    assert len(asyncio.run(clicks())) == 1
    assert len(door.turns()) == before + 2


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("我被骗了\x02三万", "我被骗了三万"),
        ("\x00\x1b[31m钱没了\ufffe", "[31m钱没了"),
        ("他说]]>再转一笔", "他说]]>再转一笔"),
        ("a]]></Content><FromUserName>oOther</FromUserName><Content><![CDATA[", "a]]></Content><From"),
    ],
)
def test_what_a_phone_can_send(
    mode: str, typed: str, read_as: str, door: Door, plain_door: Door, compatible_door: Door
) -> None:
    """WeChat hands it on as it came; whoever sent it is answered, in every mode."""
    opened = {"plain": plain_door, "compatible": compatible_door, "safe": door}[mode]
    wechat = WeChat([opened.url], mode)
    fields = wechat.message("oOdd", MsgType="text", Content="", MsgId=str(next(wechat.numbers)))
    xml = "".join(f"<{name}><![CDATA[{typed if name == 'Content' else fields[name]}]]></{name}>" for name in fields)
    query, body = wechat.sealed(fields)
    if mode == "plain":
        body = f"<xml>{xml}</xml>".encode()
    else:
        query, body = _envelope(f"<xml>{xml}</xml>", query["timestamp"])
        body = body.replace(b"<xml>", b"<xml>" + (xml.encode() if mode == "compatible" else b""))
    answer = requests.post(opened.url, params=query, data=body, timeout=60)
    assert answer.status_code == 200
    assert wechat.opened(answer.content).startswith(f"答：{read_as}")
    assert len({turn["sender"] for turn in opened.turns() if read_as in turn["text"]}) == 1


def test_a_sealed_message_that_nobody_can_read(door: Door) -> None:
    """Is answered all the same: that it cannot be read, and where to call."""
    wechat = WeChat([door.url])
    broken = "<xml><ToUserName>gh_account</ToUserName><FromUserName>oBroken2</FromUserName><MsgType>text</MsgType><a&"
    answer = requests.post(door.url, params=(made := _sealed_xml(broken))[0], data=made[1], timeout=60)
    assert wechat.opened(answer.content) == notices.UNREADABLE


def test_a_recorded_request(door: Door) -> None:
    """Who plays it again within its five minutes learns what was said, and makes no turn."""
    wechat = WeChat([door.url])
    query, body = wechat.sealed(wechat.message("oTaped", MsgType="text", Content="录下来的", MsgId="1"))
    said = [requests.post(door.url, params=query, data=body, timeout=60) for _ in range(3)]
    assert [wechat.opened(each.content) for each in said] == ["答：录下来的"] * 3
    assert [turn["text"] for turn in door.turns()].count("录下来的") == 1


def test_a_signature_of_another_message(plain_door: Door) -> None:
    """In plain mode the signature covers no message: a second message with the first one's is refused."""
    wechat = WeChat([plain_door.url], "plain")
    query, body = wechat.sealed(wechat.message("oA", MsgType="text", Content="真的", MsgId="1"))
    forged = body.replace("真的".encode(), "假的".encode()).replace(b"<MsgId>1<", b"<MsgId>2<")
    first, second, again = (
        requests.post(plain_door.url, params=query, data=sent, timeout=60) for sent in (body, forged, body)
    )
    assert (first.status_code, second.status_code, again.status_code) == (200, 403, 200)
    assert wechat.opened(first.content) == wechat.opened(again.content) == "答：真的"
    assert "假的" not in json.dumps(plain_door.turns(), ensure_ascii=False)


def wrong_requests(wechat: WeChat) -> list[tuple[str, dict[str, str], bytes, int]]:
    """Return 200 requests that are not WeChat's: what is wrong, query, body, the status it must get."""
    chance = random.Random(SEED)
    made: list[tuple[str, dict[str, str], bytes, int]] = []
    for number in range(20):
        fields = wechat.message("oEvil", MsgType="text", Content="不该到", MsgId=str(number))
        query, body = wechat.sealed(fields)
        now, nonce = query["timestamp"], query["nonce"]
        made += [
            ("signature", {**query, "msg_signature": f"{chance.getrandbits(160):040x}"}, body, 403),
            ("stale", *_stale(fields, 301 + chance.randrange(10**6)), 403),
            ("future", *_stale(fields, -301 - chance.randrange(10**6)), 403),
            ("appid", *_sealed(wechat, fields, appid="wx" + f"{chance.getrandbits(64):016x}"), 403),
            ("key", *_sealed(wechat, fields, key="C" * 43), 403),
            ("truncated", query, body[: chance.randrange(len(body) - 1)], 400),
            ("padding", *_signed(_tampered(body, chance), now, nonce), 403),
            ("downgraded", {key: query[key] for key in ("timestamp", "nonce", "signature")}, body, 403),
        ]
    for bomb in BOMBS.values():
        query, _ = wechat.sealed(wechat.message("oEvil", MsgType="text", Content="x", MsgId="1"))
        made.append(("bomb outside", query, bomb.encode(), 400))
        made.append(("bomb inside", *_sealed_xml(bomb), 400))
    made += [("too long", query, b"<xml>" + b" " * 70000 + b"</xml>", 400)] * 4
    made += [
        ("missing", {k: v for k, v in query.items() if k != name}, b"<xml/>", 400) for name in ("nonce", "timestamp")
    ]
    made += [("empty", query, b"", 400)] * 4
    made += [("noise", query, chance.randbytes(500), 400) for _ in range(200 - len(made))]
    return made


def _stale(fields: Mapping[str, str], seconds: int) -> tuple[dict[str, str], bytes]:
    timestamp = str(int(time.time()) - seconds)
    return _envelope(json.dumps(dict(fields)), timestamp)


def _envelope(text: str, timestamp: str, key: str = KEY, appid: str = APPID) -> tuple[dict[str, str], bytes]:
    xml = WeChatCrypto(TOKEN, key, appid).encrypt_message(text, "1", timestamp)
    query = {"timestamp": timestamp, "nonce": "1", "encrypt_type": "aes"}
    return {**query, "msg_signature": xml.partition("<MsgSignature><![CDATA[")[2][:40]}, xml.encode()


def _sealed(
    wechat: WeChat, fields: Mapping[str, str], key: str = KEY, appid: str = APPID
) -> tuple[dict[str, str], bytes]:
    _, body = WeChat(wechat.urls, "plain").sealed(fields)
    return _envelope(body.decode(), str(int(time.time())), key, appid)


def _sealed_xml(xml: str) -> tuple[dict[str, str], bytes]:
    return _envelope(xml, str(int(time.time())))


def _tampered(body: bytes, chance: random.Random) -> str:
    """Return the ciphertext with a byte of its last block but one changed: what a padding oracle is asked with."""
    encrypted = body.partition(b"<Encrypt>")[2].partition(b"<")[0]
    raw = bytearray(base64.b64decode(encrypted))
    raw[-17 - chance.randrange(16)] ^= 1 + chance.randrange(255)
    return base64.b64encode(bytes(raw)).decode()


def _signed(encrypted: str, timestamp: str, nonce: str) -> tuple[dict[str, str], bytes]:
    query = {"timestamp": timestamp, "nonce": nonce, "encrypt_type": "aes"}
    query["msg_signature"] = _get_signature(TOKEN, timestamp, nonce, encrypted)
    return query, f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode()


def test_two_hundred_wrong_requests(door: Door) -> None:
    """Each is refused with its status and no body; none reaches Rasa; the server answers afterwards as before."""
    made = wrong_requests(WeChat([door.url]))
    assert len(made) == 200
    before = len(door.turns())
    with requests.Session() as http:
        for what, query, body, status in made:
            response = http.post(door.url, params=query, data=body, timeout=60)
            assert (what, response.status_code, response.content) == (what, status, b"")
    assert len(door.turns()) == before
    assert asyncio.run(WeChat([door.url]).say("oAfter", "还在吗")).text == "答：还在吗"


def test_a_body_without_an_end(door: Door) -> None:
    """64 KB are read of it, whatever its header says, and no more."""
    parts = urlsplit(door.url)
    query = urlencode(WeChat([door.url]).sealed(WeChat([door.url]).message("oF", MsgType="text"))[0])
    head = f"POST {parts.path}?{query} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection((parts.hostname or "", parts.port or 0), 60) as line:
        line.sendall(head.encode())
        for _ in range(80):
            line.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")
        assert line.recv(64).startswith(b"HTTP/1.1 400")


def test_decryption_failures_take_the_same_time(door: Door) -> None:
    """Bad padding, length, owner and no ciphertext at all: one status, and medians within two milliseconds.

    A difference of ours would show in every round; one of a busy machine's does not.
    """
    key = key_of(KEY)
    wrong = {
        "padding": _blob(key, padding=b"\x00"),
        "uneven": _blob(key, padding=b"\x01\x02\x02\x03"),
        "length": _blob(key, length=2**31),
        "appid": _blob(key, appid="wx0000000000000000"),
        "base64": "断卡",
    }
    assert any(_spread(door, wrong) < 0.002 for _ in range(6))


def _spread(door: Door, wrong: Mapping[str, str]) -> float:
    """By how many seconds the medians of the kinds of failure differ."""
    seconds: dict[str, list[float]] = {name: [] for name in wrong}
    with requests.Session() as http:
        for _ in range(60):
            for name, encrypted in wrong.items():
                query, body = _signed(encrypted, str(int(time.time())), "1")
                begun = time.perf_counter()
                response = http.post(door.url, params=query, data=body, timeout=60)
                seconds[name].append(time.perf_counter() - begun)
                assert (response.status_code, response.content) == (403, b"")
    medians = [statistics.median(taken) for taken in seconds.values()]
    return max(medians) - min(medians)


def _blob(key: bytes, **wrong: object) -> str:
    """Return a wrong ciphertext of this account's key."""
    plain = WeChatCipher(key_of("A" * 43)).decrypt(base64.b64decode(blob(**wrong)))  # type: ignore[arg-type]
    return base64.b64encode(WeChatCipher(key).encrypt(plain)).decode()


def test_real_seconds(door: Door) -> None:
    """After 3, 6, 11 and 20 s: by the first, second and third attempt, and by 继续; whatever the machine does, once."""

    async def scene(number: int) -> list[list[Got]]:
        return await _slowly(WeChat([door.url]), number)

    in_real_seconds(lambda number: _expect_slow(number, asyncio.run(scene(number))))
    turns = [turn["text"] for turn in door.turns() if turn["text"].endswith("00")]
    assert len(turns) == len(set(turns))


async def _slowly(wechat: WeChat, number: int) -> list[list[Got]]:
    """What four followers read whose questions take 3, 6, 11 and 20 s."""
    asked = ((f"oSlow{number}-{seconds}", f"第{number}次等{seconds}00") for seconds in (3, 6, 11, 20))
    return await asyncio.gather(*(wechat.ask(*each) for each in asked))


def _expect_slow(number: int, got: list[list[Got]]) -> None:
    (three,), (six,), (eleven,), (wait, *_, owed) = got
    assert [(one.text, one.attempts) for one in (three, six, eleven)] == [
        (f"答：第{number}次等300", 1),
        (f"答：第{number}次等600", 2),
        (f"答：第{number}次等1100", 3),
    ]
    assert (wait.text, wait.attempts) == (notices.WAIT, 3)
    assert re.fullmatch(rf"您\d\d:\d\d问的，查到了：\n答：第{number}次等2000", str(owed.text))


def test_nothing_of_a_person_is_logged(door: Door) -> None:
    """After all this: no words, no openid, no signature in what the server wrote."""
    log = door.log.read_text("utf-8", errors="replace")
    assert "refused with 403: the signature is not that of the token" in log
    assert not [
        word for word in ("oAnna", "oSlow", "oEvil", "卖卡", "重发", "不该到", "signature=", "等2000") if word in log
    ]
    assert "Traceback" not in log


def test_two_processes_and_redis(tmp_path: Path) -> None:
    """200 followers at two processes that share a Redis, what is sent again reaching the other one; events twice.

    The slow answers come afterwards: which attempt has them is told on a machine that has nothing else to do.
    """

    async def crowd(wechat: WeChat, attempt: int) -> None:
        followers = (_follower(wechat, f"oF{attempt}-{number}", number) for number in range(200))
        for number, (came, again, answer) in enumerate(await asyncio.gather(*followers)):
            assert str(answer.text).endswith(f"答：oF{attempt}-{number}，等{PAUSES[number % 5]}")
            assert came.text == again.text
        await _at_once(wechat, attempt)

    with redis_program() as redis, doors(tmp_path, {**CREDENTIALS, "redis_url": redis.url}, 2) as both:
        wechat = WeChat([door.url for door in both])
        in_real_seconds(lambda attempt: asyncio.run(crowd(wechat, attempt)))
        in_real_seconds(lambda attempt: _expect_slow(attempt, asyncio.run(_slowly(wechat, attempt))))
        turns = [turn["text"] for door in both for turn in door.turns() if "继续" not in turn["text"]]
        shares = [len(door.turns()) for door in both]
    assert len(turns) == len(set(turns)) >= 244
    assert min(shares) > 50


PAUSES = (0, 20, 300, 600, 1100)


async def _at_once(wechat: WeChat, attempt: int) -> None:
    """Send 40 messages to both processes in the same moment: one text each; that it was one turn is counted outside."""
    for number in range(40):
        name = f"oAt{attempt}-{number}"
        fields = wechat.message(name, MsgType="text", Content=f"{name}，等20", MsgId="1")
        answers = await asyncio.gather(wechat.post(fields, 0), wechat.post(fields, 1))
        assert {wechat.opened(body) for _, body in answers} == {f"答：{name}，等20"}


async def _follower(wechat: WeChat, name: str, number: int) -> tuple[Got, Got, Got]:
    """What a new follower reads: the welcome twice, and the answer to a question that takes a while."""
    event = wechat.message(name, MsgType="event", Event="subscribe", EventKey="")
    came, again = await wechat.push(event), await wechat.push(event)
    await asyncio.sleep(number % 20 / 20)
    return came, again, (await wechat.ask(name, f"{name}，等{PAUSES[number % 5]}"))[-1]


def test_redis_goes_away(tmp_path: Path) -> None:
    """Everybody is answered all the same, in time, and the log says so."""

    async def scene(url: str, number: int) -> list[Got]:
        wechat = WeChat([url])
        return await asyncio.gather(*(wechat.say(f"oF{each}", f"{number}第{each}") for each in range(10)))

    with redis_program() as redis, doors(tmp_path, {**CREDENTIALS, "redis_url": redis.url}) as (door,):
        first = asyncio.run(scene(door.url, 1))
        redis.stop()
        second = asyncio.run(scene(door.url, 2))
        log = door.log.read_text("utf-8")
    assert [got.text for got in first] == [f"答：1第{each}" for each in range(10)]
    assert [got.text for got in second] == [f"答：2第{each}" for each in range(10)]
    assert all(got.attempts == 1 for got in second)
    assert log.count("Redis cannot be reached") == 1


@pytest.mark.parametrize(
    ("wrong", "code", "says"),
    [
        ({}, 0, "没有问题"),
        ({"previous_encoding_aes_key": PREVIOUS}, 0, "没有问题"),
        ({"token": "AAAAA"}, 1, "拒绝了签名"),
        ({"encoding_aes_key": "C" * 43}, 1, "WECHAT_ENCODING_AES_KEY"),
        ({"appid": "wxfedcba9876543210"}, 1, "WECHAT_APPID"),
        ({"previous_encoding_aes_key": "C" * 43}, 1, "WECHAT_PREVIOUS_ENCODING_AES_KEY"),
        ({"mode": "plain"}, 1, "WECHAT_MODE"),
    ],
)
def test_the_check_command_visits_the_door(door: Door, wrong: dict[str, str], code: int, says: str) -> None:
    """As WeChat does: it tells a door with our token, keys and AppID from one with others, and makes no turn."""
    account = {VARIABLES[name]: value for name, value in {**CREDENTIALS, **wrong}.items()}
    command = (sys.executable, "-W", "ignore", "-m", "bot", "wechat", "check", "--url", door.url)
    before = len(door.turns())
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **account}, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, says in done.stdout) == (code, True), done.stdout
    assert len(door.turns()) == before
    assert not [value for name, value in CREDENTIALS.items() if name != "appid" and value in done.stdout]
