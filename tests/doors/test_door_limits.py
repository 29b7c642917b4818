"""The limits over real HTTP: a burst, a wait, a victim; addresses behind a proxy; what a connection may cost."""

from __future__ import annotations

import secrets
import socket
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from door import Door, door

from bot.answering import sentences
from bot.doors.http.server import REQUEST_SECONDS
from bot.processes.loopback import HOST

VICTIM = "我刚刚被骗了，钱已经转过去了"
FEW = {
    "DUANKA_LIMIT_SESSION": "3 per minute",
    "DUANKA_LIMIT_ADDRESS": "8 per minute",
    "DUANKA_LIMIT_OPENING": "4 per minute",
    "DUANKA_TRUSTED_PROXIES": "1",
}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """The door behind one proxy, with few messages a minute."""
    with door(tmp_path_factory.mktemp("limits"), FEW) as opened:
        yield opened


def person(web: Door, address: str) -> tuple[requests.Session, str]:
    """Somebody's browser behind the proxy, and their session."""
    browser = requests.Session()
    browser.headers["X-Forwarded-For"] = f"203.0.113.77, {address}"  # the first was made up by the client
    opened = browser.post(web.url + "session", json={}, timeout=30)
    assert opened.status_code == 201
    return browser, str(opened.json()["session"])


def say(web: Door, browser: requests.Session, token: str, text: str) -> requests.Response:
    """Send a message."""
    return browser.post(web.url + "message", json={"session": token, "id": uuid.uuid4().hex, "text": text}, timeout=30)


def test_who_asks_too_fast_waits_and_a_victim_does_not(web: Door) -> None:
    """The fourth is asked to wait, with the hotlines; a victim's wording is answered, kept, and never put to Rasa."""
    browser, token = person(web, "198.51.100.1")
    assert [say(web, browser, token, f"第{n}句").status_code for n in range(3)] == [200] * 3
    refused = say(web, browser, token, "第四句")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "96110" in refused.json()["error"]
    assert "拨打110" in refused.json()["error"]
    helped = say(web, browser, token, VICTIM)
    assert helped.status_code == 200
    assert helped.json()["reply"]["custom"]["kind"] == "emergency"
    assert "110" in helped.json()["reply"]["text"]
    asked = [turn["text"] for turn in web.turns()]
    assert "第2句" in asked
    assert not {"第四句", VICTIM} & set(asked)
    kept = browser.get(web.url + "history", headers={"Authorization": f"Bearer {token}"}, timeout=30).json()["turns"]
    assert [turn["text"] for turn in kept] == ["第0句", "第1句", "第2句", VICTIM]


def test_one_address_has_a_limit_of_its_own(web: Door) -> None:
    """Three sessions of one address together have more than it may; another address has its own room."""
    browser, _ = person(web, "198.51.100.2")
    tokens = [browser.post(web.url + "session", json={}, timeout=30).json()["session"] for _ in range(3)]
    sent = [say(web, browser, token, "问").status_code for token in tokens for _ in range(3)]
    assert sent == [200] * 8 + [429]
    assert browser.post(web.url + "session", json={}, timeout=30).status_code == 429
    other, token = person(web, "198.51.100.3")
    assert say(web, other, token, "问").status_code == 200


def test_who_has_no_session_spends_nobody_elses_room(tmp_path: Path) -> None:
    """Invented sessions cost their own address; the service's allowance is for those who are let in."""
    few = {**FEW, "DUANKA_LIMIT_ADDRESS": "1000 per minute", "DUANKA_LIMIT_SERVICE": "5 per minute"}
    with door(tmp_path, few) as opened:
        stranger = requests.Session()
        stranger.headers["X-Forwarded-For"] = "198.51.100.6"
        assert {say(opened, stranger, secrets.token_urlsafe(32), "1 " * 1900).status_code for _ in range(30)} == {401}
        browser, token = person(opened, "198.51.100.7")
        assert say(opened, browser, token, "问").status_code == 200


def test_the_page_without_scripts_says_it_in_a_page(web: Door) -> None:
    """A page with the sentence and the hotlines; a victim's form gets the emergency page, session or not."""
    browser = requests.Session()
    browser.headers["X-Forwarded-For"] = "198.51.100.4"
    assert browser.get(web.url + "plain", timeout=30).status_code == 200
    pages = [browser.post(web.url + "plain", data={"text": "卖卡"}, timeout=30) for _ in range(4)]
    assert [page.status_code for page in pages] == [200, 200, 200, 429]
    assert sentences.BUSY in pages[3].text
    assert 'href="tel:96110"' in pages[3].text
    helped = browser.post(web.url + "plain", data={"text": VICTIM}, timeout=30)
    assert helped.status_code == 200
    assert "urgent" in helped.text


def test_a_victim_who_may_not_begin_a_conversation(web: Door) -> None:
    """From an address that began too many, a form without a session gets the emergency page; others wait."""
    headers = {"X-Forwarded-For": "198.51.100.5"}
    begun = [requests.post(web.url + "session", json={}, headers=headers, timeout=30).status_code for _ in range(5)]
    assert begun == [201] * 4 + [429]
    waits, helped = (
        requests.post(web.url + "plain", data={"text": text}, headers=headers, timeout=30) for text in ("卖卡", VICTIM)
    )
    assert (waits.status_code, helped.status_code) == (429, 200)
    assert sentences.BUSY in waits.text
    assert "urgent" in helped.text
    assert "Retry-After" in waits.headers


def test_without_a_trusted_proxy_nobody_is_believed(tmp_path: Path) -> None:
    """Who invents addresses stays one address."""
    with door(tmp_path, {**FEW, "DUANKA_TRUSTED_PROXIES": "0"}) as opened:
        made_up = ({"X-Forwarded-For": f"10.0.0.{n}", "X-Real-IP": f"10.0.0.{n}"} for n in range(5))
        opens = [requests.post(opened.url + "session", json={}, headers=each, timeout=30) for each in made_up]
    assert [each.status_code for each in opens] == [201] * 4 + [429]


def test_nothing_is_told_of_what_is_not_there(web: Door) -> None:
    """Outside the doors there is a sentence, with the headers, and no echo of what was asked."""
    for path in (
        "/nothing/%E9%93%B6%E8%A1%8C",
        "/webhooks/rest/webhook",
        "/status",
        "/model",
        "/conversations/x/tracker",
    ):
        response = requests.get(f"http://{HOST}:{web.port}{path}", timeout=30)
        assert response.status_code == 404
        assert response.json() == {"error": "没有这个网址。咨询请拨打96110，紧急情况请拨打110。"}
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_long_headers_are_refused(web: Door) -> None:
    """More than 8 KB of them end the request."""
    response = requests.get(web.url + "topics", headers={"X-Long": "x" * 12_000}, timeout=30)
    assert response.status_code in (400, 413, 431)


def test_who_sends_too_slowly_is_cut_off(web: Door) -> None:
    """A request that never ends costs a connection for a quarter of a minute, no more."""
    with socket.create_connection((HOST, web.port)) as slow:
        slow.settimeout(REQUEST_SECONDS + 60)
        slow.sendall(b"POST /webhooks/web/message HTTP/1.1\r\nHost: x\r\n")
        begun = time.monotonic()
        assert b" 408 " in slow.recv(4096)
        assert time.monotonic() - begun > REQUEST_SECONDS - 2
