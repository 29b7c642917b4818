"""The duty officer: told of emergencies and of who asks for a person; masked, signed, sent again, never waited for."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from typing import Any

import pytest
from aiohttp import web

from bot.answering import sentences
from bot.answering.message import Message
from bot.answering.records import Answer
from bot.answering.reply import Reply
from bot.conversation import duty
from bot.conversation.duty import Duty, Notice, asks_for_a_person, duty_of, handing_over
from bot.knowledge.messages import read_message
from bot.processes.loopback import HOST, free_port
from bot.settings import Settings, read_settings

SECRET = "a secret of sixteen bytes and more"


class Officer:
    """Takes notices, the first `failing` of them with an error."""

    def __init__(self, failing: int = 0) -> None:
        self.failing = failing
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.url = f"http://{HOST}:{free_port()}/notices?key=geheim"

    async def __aenter__(self) -> Officer:
        app = web.Application()
        app.router.add_post("/notices", self._take)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, int(self.url.split(":")[2].split("/")[0])).start()
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        if len(self.got) <= self.failing:
            raise web.HTTPServiceUnavailable
        return web.Response(text="ok")

    async def until(self, count: int) -> None:
        """Wait for so many requests."""
        for _ in range(500):
            if len(self.got) >= count:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"{len(self.got)} of {count} came")


async def assistant(message: Message, _sender: str) -> Reply | None:
    """Answers; with 坏 breaks, with 慢 takes too long, with 骗 it is an emergency."""
    text = message.masked
    if "坏" in text:
        raise RuntimeError(text)
    await asyncio.sleep(5 if "慢" in text else 0)
    return Reply.of(Answer("emergency" if "骗" in text else "chat", f"答：{text}"))


def test_an_emergency_is_told_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    """With what was typed, masked as it came in, when and where; never who. The reply is as it was."""

    async def scene() -> None:
        async with Officer() as officer:
            ask = handing_over(assistant, "web", Duty(officer.url, SECRET))
            for text in ("你好", "我被骗了，卡号［银行卡号］"):
                reply = await ask(read_message(text), "web-0123456789")
                assert reply
                assert reply.text.startswith("答：")
            await officer.until(1)
            await asyncio.sleep(0.1)
            ((headers, body),) = officer.got
        told = json.loads(body)
        assert (told["why"], told["text"], told["door"]) == ("emergency", "我被骗了，卡号［银行卡号］", "web")
        assert "web-0123456789" not in body.decode()
        signed = hmac.new(SECRET.encode(), f"{headers['X-Duanka-Timestamp']}.".encode() + body, hashlib.sha256)
        assert headers["X-Duanka-Signature"] == f"sha256={signed.hexdigest()}"

    caplog.set_level(logging.DEBUG)
    asyncio.run(scene())
    assert "骗" not in caplog.text
    assert "geheim" not in caplog.text


@pytest.mark.parametrize("text", ["我被骗了三万，坏", "骗子正在让我转账，慢"])
def test_an_emergency_is_told_whatever_breaks(text: str) -> None:
    """Also when the assistant fails or is late, and the person reads the emergency reply of the door."""

    async def scene() -> None:
        async with Officer() as officer:
            ask = handing_over(assistant, "wechat", Duty(officer.url))
            with pytest.raises((RuntimeError, asyncio.TimeoutError)):
                await asyncio.wait_for(ask(read_message(text), "a"), 0.2)
            await officer.until(1)
            assert json.loads(officer.got[0][1])["text"] == text

    asyncio.run(scene())


def test_who_asks_for_a_person() -> None:
    """Is told that somebody was told, with the hotlines; the assistant is not asked. Once a minute, no more."""

    async def scene() -> None:
        async with Officer() as officer:
            ask = handing_over(assistant, "web", Duty(officer.url))
            for _ in range(3):
                reply = await ask(read_message("转人工"), "a")
                assert reply
                assert reply.text == sentences.HANDED_OVER
                assert "96110" in reply.text
                assert "110" in reply.text
            await officer.until(1)
            await asyncio.sleep(0.1)
            assert [json.loads(body)["why"] for _, body in officer.got] == ["person"]

    asyncio.run(scene())


def test_what_is_not_taken_is_sent_again(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Until it is taken; nobody waits for it meanwhile; at last it is given up, and the log says so without a word."""
    monkeypatch.setattr(duty, "PAUSES", (0.01, 0.02, 0.05))

    async def scene(failing: int, expected: int) -> None:
        async with Officer(failing) as officer:
            begun = asyncio.get_running_loop().time()
            await handing_over(assistant, "web", Duty(officer.url))(read_message("骗"), f"sender{failing}")
            assert asyncio.get_running_loop().time() - begun < 0.2
            await officer.until(expected)
            await asyncio.sleep(0.3)
            assert len(officer.got) == expected

    asyncio.run(scene(2, 3))
    assert "given up" not in caplog.text
    asyncio.run(scene(9, 4))
    assert "given up after 4 times" in caplog.text
    assert "geheim" not in caplog.text


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address where nobody is harms no reply."""
    monkeypatch.setattr(duty, "PAUSES", (0.01,))

    async def scene() -> None:
        told = Duty(f"http://{HOST}:{free_port()}/x")
        assert await handing_over(assistant, "web", told)(read_message("骗"), "a")
        await asyncio.sleep(0.3)
        assert not told._under_way

    asyncio.run(scene())


def test_a_robot_of_wecom() -> None:
    """Gets its own format, in words an officer reads; its refusals are known by its answer."""
    notice = Notice("emergency", "我被骗了", "wechat", "0a1b2c3d", 1_767_488_400.0)
    body, headers = Duty("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x", SECRET).request(notice)
    content = json.loads(body)
    assert content["msgtype"] == "text"
    assert content["text"]["content"] == (
        "【断卡问答】有人可能正在被骗\n01月04日 09:00:00，微信公众号，会话 0a1b2c3d\n原话（已隐去号码）：我被骗了"
    )
    assert "X-Duanka-Signature" not in headers
    assert duty._refused(b'{"errcode": 0, "errmsg": "ok"}') == ""
    assert duty._refused(b'{"errcode": 45009, "errmsg": "freq"}') == "errcode 45009"


@pytest.mark.parametrize(
    "text",
    [
        "转人工",
        "人工",
        "人工客服",
        "我要找真人",
        "请转人工服务。",
        "能不能找个民警说话",
        "轉人工！",
        "我想联系值班民警",
        "客服",
        "找工作人员",
    ],
)
def test_asking_for_a_person(text: str) -> None:
    """However it is put."""
    assert asks_for_a_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "客服让我转账是真的吗",
        "民警给我打电话要钱",
        "人工智能诈骗是什么",
        "自称客服的人要我退款",
        "公安民警会在微信办案吗",
        "",
        "找工作遇到骗子",
        "假冒客服",
    ],
)
def test_a_question_about_such_people(text: str) -> None:
    """Is a question like any other: swindlers call themselves so."""
    assert not asks_for_a_person(text)


def test_off_unless_configured(tmp_path: Any) -> None:
    """Without an address nothing is wrapped; what is no address, or no secret, is refused without repeating it."""
    (tmp_path / "knowledge").mkdir()
    assert duty_of(Settings()) is None
    assert handing_over(assistant, "web", None) is assistant
    given = {"DUANKA_KNOWLEDGE": str(tmp_path / "knowledge")}
    good = read_settings({**given, "DUANKA_DUTY_WEBHOOK": "https://a.example.cn/hook?key=geheim"})
    assert duty_of(good) is duty_of(good)
    assert "geheim" not in repr(good)
    for name, value in (
        ("WEBHOOK", "http://a.example.cn/geheim"),
        ("SECRET", "geheim"),
        ("SECRET", "$(cat geheim file)"),
    ):
        with pytest.raises(ValueError, match=f"DUANKA_DUTY_{name}") as wrong:
            read_settings({**given, f"DUANKA_DUTY_{name}": value})
        assert "geheim" not in str(wrong.value)
