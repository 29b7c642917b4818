"""The web door over real HTTP: bot/doors/web/ in the application that `rasa run` makes, but a fake Rasa."""

from __future__ import annotations

import gzip
import json
import re
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from door import ROOT, Door, door

from bot.doors.http.routing import MOST_BYTES
from bot.doors.web.schema import validator
from bot.processes.loopback import HOST

LISTED, STRANGER = "https://centre.example", "https://elsewhere.example"
BUILT = {
    "widget.js": "/* loader */" * 100,
    "chat.html": "<!doctype html><title>chat</title>",
    "assets/chat-Ab_1.js": "1",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a built widget, and beside it a file that nobody may read."""
    made = tmp_path_factory.mktemp("web")
    (made / "dist/assets").mkdir(parents=True)
    for name, text in BUILT.items():
        (made / "dist" / name).write_text(text)
    (made / "secret.js").write_text("secret")
    (made / "dist/assets/way-out.js").symlink_to(made / "secret.js")
    return made


@pytest.fixture(scope="module")
def web(folder: Path) -> Iterator[Door]:
    """The door, with one other origin listed."""
    with door(folder, {"DUANKA_WEB_ORIGINS": LISTED}) as opened:
        yield opened


@pytest.fixture
def token(web: Door) -> str:
    """A new session."""
    return web.session()


def test_a_conversation(web: Door, token: str) -> None:
    """Session, message, history, feedback: each in the form that the served document describes."""
    turn = web.say(token, " 卖卡会怎样？\u200b", "m-000001")
    validator("Turn").validate(turn)
    assert (turn["id"], turn["text"], turn["helpful"]) == ("m-000001", "卖卡会怎样？", None)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", turn["at"])
    assert turn["reply"]["text"] == turn["reply"]["custom"]["lead"] == "回复：卖卡会怎样？"
    feedback = {"session": token, "message": "m-000001", "helpful": True, "comment": "清楚"}
    given = web.http.post(web.url + "feedback", json=feedback)
    assert (given.status_code, given.content) == (204, b"")
    assert web.history(token) == [{**turn, "helpful": True}]
    validator("Topics").validate(web.http.get(web.url + "topics").json())


def test_sessions_do_not_see_each_other(web: Door) -> None:
    """The same id in two sessions is two messages, of two senders that no client chose."""
    one, other = web.session(), web.session()
    web.say(one, "我是一", "m-000001")
    web.say(other, "我是二", "m-000001")
    assert [turn["text"] for turn in web.history(one)] == ["我是一"]
    senders = {turn["sender"] for turn in web.turns() if turn["text"] in ("我是一", "我是二")}
    assert len(senders) == 2
    assert not any(token in sender for sender in senders for token in (one, other))


def test_sent_twice_at_once(web: Door, token: str) -> None:
    """Eight times the same id over eight connections: one turn, eight times the same reply."""
    mark = uuid.uuid4().hex
    with ThreadPoolExecutor(8) as pool:
        turns = list(pool.map(lambda _: web.say(token, f"{mark} 等20", "m-000001"), range(8)))
    assert all(turn == turns[0] for turn in turns)
    assert [turn["text"] for turn in web.turns() if mark in turn["text"]] == [f"{mark} 等20"]


def test_another_text_under_an_id(web: Door, token: str) -> None:
    """It is refused with 409, and the first reply stands."""
    web.say(token, "一", "m-000001")
    assert web.send(token, "二", "m-000001").status_code == 409
    assert web.say(token, "一", "m-000001")["reply"]["text"] == "回复：一"


def test_a_client_that_leaves(web: Door, token: str) -> None:
    """Who hangs up in mid-turn finds the reply afterwards, and the turn is made once."""
    mark = uuid.uuid4().hex
    body = json.dumps({"session": token, "id": "m-000001", "text": f"{mark} 等60"})
    with socket.create_connection((HOST, web.port), 60) as leaving:
        head = f"POST /webhooks/web/message HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {len(body)}\r\n\r\n"
        leaving.sendall((head + body).encode())
        while not any(mark in turn["text"] for turn in web.turns()):
            time.sleep(0.02)
    assert web.say(token, f"{mark} 等60", "m-000001")["reply"]["text"] == f"回复：{mark} 等60"
    assert len([turn for turn in web.turns() if mark in turn["text"]]) == 1


@pytest.mark.parametrize(
    ("text", "kind"), [("坏", "abstain"), ("无", "abstain"), ("我被骗了五万块钱，坏", "emergency"), ("", "chat")]
)
def test_never_silent(web: Door, token: str, text: str, kind: str) -> None:
    """An error, a silence or nothing said: there is a reply, and a victim's names 110 first."""
    reply = web.say(token, text)["reply"]
    assert reply["custom"]["kind"] == kind
    assert reply["text"]
    if kind == "emergency":
        assert reply["custom"]["hotlines"][0] == "110"


def test_a_command_is_text(web: Door, token: str) -> None:
    """No leading slash reaches Rasa."""
    web.say(token, "/restart")
    assert web.turns()[-1]["text"] == "restart"


def test_numbers_are_not_kept(web: Door, token: str, folder: Path) -> None:
    """What a person sends of their own numbers is in no reply, in no record, and nothing the assistant reads."""
    web.say(token, "我的身份证号是11010519491231002X，丢了怎么办", "m-000001")
    feedback = {"session": token, "message": "m-000001", "helpful": True, "comment": "打我电话13800138000"}
    assert web.http.post(web.url + "feedback", json=feedback).status_code == 204
    kept = b"".join(path.read_bytes() for path in (folder / "kept").iterdir())
    assert "丢了怎么办" in web.history(token)[0]["text"]
    assert "丢了怎么办".encode() in kept
    for number in ("11010519491231002X", "13800138000"):
        assert number not in str(web.history(token))
        assert number not in str(web.turns())
        assert number.encode() not in kept


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "session", 405),
        ("DELETE", "message", 405),
        ("POST", "history", 405),
        ("GET", "history", 401),
        ("GET", "nothing", 404),
        ("GET", "nothing/at/all", 404),
        ("POST", "nothing", 404),
        ("GET", "assets/none.js", 404),
        ("GET", "pages/none.css", 404),
        ("GET", "pages/base.html", 404),
        ("POST", "session", 400),
    ],
)
def test_refusals(web: Door, method: str, path: str, status: int) -> None:
    """Wrong path, method or token: a status, and one Chinese sentence with the hotlines."""
    _assert_refused(web.http.request(method, web.url + path), status)


@pytest.mark.parametrize(
    ("call", "body", "status"),
    [
        ("session", b'{"session": "mine"}', 400),
        ("message", b"{}", 400),
        ("message", b"not json", 400),
        ("message", b'{"session": "nobody", "id": "m-000001", "text": "x"}', 401),
        ("message", b'{"session": "' + b"A" * 43 + b'", "id": "m-000001", "text": "x"}', 401),
        ("feedback", b'{"session": "nobody", "message": "m-000001", "helpful": true, "comment": ""}', 401),
        ("message", b" " * (MOST_BYTES + 1), 413),
        ("session", b" " * 3_000_000, 413),
        ("plain", b"text=" + b"x" * MOST_BYTES, 413),
    ],
)
def test_wrong_bodies(web: Door, call: str, body: bytes, status: int) -> None:
    """Each gets its status and a sentence; nothing of it comes back."""
    response = requests.post(web.url + call, data=body, timeout=60)
    assert response.status_code == status
    assert "96110" in response.text
    if call != "plain":
        _assert_refused(response, status)


def test_a_body_without_a_length(web: Door) -> None:
    """One sent in chunks is read as far as 8 KB, too."""
    short = requests.post(web.url + "session", data=iter([b"{", b"}"]), timeout=60)
    assert short.status_code == 201
    long = requests.post(web.url + "session", data=iter([b" " * 4096] * 3), timeout=60)
    assert long.status_code == 413


def test_feedback_without_its_message(web: Door, token: str) -> None:
    """There is nothing to judge: 404."""
    feedback = {"session": token, "message": "m-999999", "helpful": True, "comment": ""}
    _assert_refused(web.http.post(web.url + "feedback", json=feedback), 404)


@pytest.mark.parametrize("path", ["", "topics", "history", "nothing", "chat", "plain", "bulletins/", "widget.js"])
def test_headers_on_everything(web: Door, path: str) -> None:
    """Whatever is returned, no browser guesses its type, tells where it came from, or runs what is not ours."""
    headers = web.http.get(web.url + path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == f"'self' {LISTED}"


def test_other_origins(web: Door) -> None:
    """Only a listed origin may call from a browser; caches keep the answers apart."""
    for method in ("GET", "OPTIONS"):
        listed = web.http.request(method, web.url + "topics", headers={"Origin": LISTED})
        assert listed.headers["Access-Control-Allow-Origin"] == LISTED
        stranger = web.http.request(method, web.url + "topics", headers={"Origin": STRANGER})
        assert not [name for name in stranger.headers if name.lower().startswith("access-control-allow")]
        assert "Origin" in listed.headers["Vary"]
        assert "Origin" in stranger.headers["Vary"]
    asked = web.http.options(web.url + "message", headers={"Origin": LISTED, "Access-Control-Request-Method": "POST"})
    assert asked.headers["Access-Control-Allow-Headers"] == "authorization, content-type"


def test_head(web: Door) -> None:
    """HEAD is GET without the body."""
    head, get = web.http.head(web.url + "topics"), web.http.get(web.url + "topics")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(get.content))


def test_the_document(web: Door) -> None:
    """The served document describes the very calls, and its schemas hold for what comes back."""
    served = web.http.get(web.url + "openapi.json").json()
    assert served["openapi"].startswith("3.")
    for path in served["paths"]:
        assert web.http.request("PATCH", web.url + path[1:]).status_code == 405


def test_the_widget_is_served(web: Door) -> None:
    """Loader and page are asked for again each time, hashed names never; packed for who takes that."""
    loader = web.http.get(web.url + "widget.js", headers={"Accept-Encoding": "gzip"}, stream=True)
    assert gzip.decompress(loader.raw.read()).decode() == BUILT["widget.js"]
    assert "Accept-Encoding" in loader.headers["Vary"]
    assert web.http.get(web.url + "widget.js", headers={"Accept-Encoding": "gzip;q=0"}).text == BUILT["widget.js"]
    again = web.http.get(web.url + "widget.js", headers={"If-None-Match": loader.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    chat = web.http.get(web.url + "chat?place=南宁&elder=1")
    assert (chat.text, chat.headers["Cache-Control"]) == (BUILT["chat.html"], "no-cache")
    asset = web.http.get(web.url + "assets/chat-Ab_1.js")
    assert asset.headers["Content-Type"].startswith("text/javascript")
    assert "immutable" in asset.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name",
    [
        "..%2F..%2Fsecret.js",
        "%2e%2e%2fwidget.js",
        "..%5c..%5csecret.js",
        "way-out.js",
        ".hidden",
        "%00",
        "a%00.js",
        ".",
    ],
)
def test_no_way_out(web: Door, name: str) -> None:
    """No name leads out of the folder of assets, and neither does a link."""
    request = requests.Request("GET", web.url).prepare()
    request.url = f"{web.url}assets/{name}"
    response = web.http.send(request)
    assert response.status_code == 404
    assert "secret" not in response.text


def test_the_reader(web: Door) -> None:
    """The list leads to every bulletin, and a bulletin has its passages at their anchors."""
    listed = web.http.get(web.url + "bulletins")
    assert listed.url.endswith("/bulletins/")
    for stem in [path.stem for path in sorted((ROOT / "knowledge/bulletins").glob("*.md"))][:5]:
        assert f'"{stem}' in listed.text or f"/{stem}" in listed.text
        page = web.http.get(f"{web.url}bulletins/{stem}")
        assert page.status_code == 200
        assert 'id="p01"' in page.text
    missing = web.http.get(web.url + "bulletins/%3Cscript%3E")
    assert missing.status_code == 404
    assert "<script>" not in missing.text


def test_the_demo_page(web: Door) -> None:
    """It is at the root, with or without the slash, and carries the widget and its own style sheet."""
    page = web.http.get(web.url.rstrip("/"))
    assert page.url == web.url
    assert "widget.js" in page.text
    sheet = re.search(r'href="(pages/[^"]+\.css)"', page.text)
    assert sheet
    assert web.http.get(web.url + sheet[1]).headers["Content-Type"].startswith("text/css")


class Browser:
    """A browser without JavaScript: cookies, a form, redirects."""

    def __init__(self, web: Door) -> None:
        self.http = requests.Session()
        self.url = web.url + "plain"
        self.page = self.http.get(self.url)

    def form_id(self) -> str:
        """The id of the question form on the page."""
        found = re.search(r'name="id" value="([\w-]+)">\s*<label', self.page.text)
        assert found, self.page.text
        return found[1]

    def ask(self, text: str, **more: Any) -> requests.Response:
        """Send the form."""
        self.page = self.http.post(self.url, data={"text": text, "id": more.pop("id", None) or self.form_id()}, **more)
        return self.page


def test_without_javascript(web: Door) -> None:
    """Ask, be led back, ask on, load again: the conversation is on the page, each question once."""
    browser = Browser(web)
    mark = uuid.uuid4().hex
    first = browser.ask(f"{mark} 一", allow_redirects=False)
    assert (first.status_code, first.headers["Location"]) == (303, "plain#latest")
    browser.page = browser.http.get(browser.url)
    assert f"回复：{mark} 一" in browser.page.text
    form_id = browser.form_id()
    for _ in range(2):
        assert f"回复：{mark} 二" in browser.ask(f"{mark} 二", id=form_id).text
    assert f"回复：{mark} 三" in browser.ask(f"{mark} 三", id=form_id).text
    assert [turn["text"] for turn in web.turns() if mark in turn["text"]] == [f"{mark} {word}" for word in "一二三"]
    browser.http.close()


def test_large_letters_last(web: Door) -> None:
    """Who reads the plain page in large letters is led back to it in large letters."""
    browser = Browser(web)
    large = {"params": {"elder": "1"}, "allow_redirects": False}
    answered = browser.http.post(browser.url, data={"text": "一", "id": "large-0001"}, **large)
    assert (answered.status_code, answered.headers["Location"]) == (303, "plain?elder=1#latest")
    browser.http.close()
    for path in ("plain", "bulletins/", "bulletins/linyi-duanka"):
        assert 'class="elder"' in requests.get(web.url + path, params={"elder": "1"}, timeout=60).text
        assert 'class="elder"' not in requests.get(web.url + path, timeout=60).text


def test_the_cookie(web: Door) -> None:
    """No script reads it, no other site sends it, over TLS it stays there; it is sent to this page alone."""
    plain = requests.get(web.url + "plain", timeout=60).headers["Set-Cookie"]
    for part in ("HttpOnly", "SameSite=Strict", "Path=/webhooks/web/plain"):
        assert part in plain
    assert "Secure" not in plain
    tls = requests.get(web.url + "plain", headers={"X-Forwarded-Proto": "https"}, timeout=60)
    assert "Secure" in tls.headers["Set-Cookie"]


def test_without_cookies(web: Door) -> None:
    """Who takes no cookies still reads the answer, on the page that comes at once."""
    mark = uuid.uuid4().hex
    for cookies in ({}, {"duanka_plain": "x" * 43}):
        data = {"text": mark, "id": "f-000001"}
        page = requests.post(web.url + "plain", data=data, cookies=cookies, timeout=60, allow_redirects=False)
        assert page.status_code == 200
        assert f"回复：{mark}" in page.text


def test_what_is_typed_stays_text(web: Door) -> None:
    """A question with markup is shown, not run, and half a character or a wrong id breaks nothing."""
    browser = Browser(web)
    assert "<script>alert(1)</script>" not in browser.ask("<script>alert(1)</script>").text
    assert "&lt;script&gt;" in browser.page.text
    raw = requests.post(web.url + "plain", data=b"text=%ED%A0%80%FF%00ok&id=%0A", timeout=60)
    assert raw.status_code == 200
    browser.http.close()


def test_a_restart(tmp_path: Path) -> None:
    """Killed in mid-turn and started again on the same port and database: history, same reply, and it goes on."""
    with door(tmp_path) as before:
        token = before.session()
        first = before.say(token, "一", "m-000001")
        hanging = threading.Thread(target=_ignore_the_end, args=(before, token))
        hanging.start()
        while len(before.turns()) < 2:
            time.sleep(0.02)
        before.kill()
        hanging.join()
    with door(tmp_path, port=before.port) as after:
        turns = after.history(token)
        assert turns[0] == first
        assert (turns[1]["text"], turns[1]["reply"]) == ("二 等200", None)
        assert after.say(token, "一", "m-000001") == first
        assert after.say(token, "二 等200", "m-000002")["reply"]["text"] == "回复：二 等200"
        assert after.say(token, "三")["reply"]["text"] == "回复：三"
        assert [turn["text"] for turn in after.history(token)] == ["一", "二 等200", "三"]
        assert [turn["text"] for turn in after.turns()] == ["一", "二 等200", "二 等200", "三"]


def test_without_a_widget_or_a_database(tmp_path: Path) -> None:
    """Nothing built: a page says what to do. No database to be had: people are answered all the same."""
    (tmp_path / "file").write_text("not a folder")
    with door(tmp_path, {"DUANKA_DATABASE": f"sqlite:///{tmp_path}/file/web.db"}) as ill:
        chat = ill.http.get(ill.url + "chat")
        assert (chat.status_code, "make run" in chat.text) == (503, True)
        _assert_refused(ill.http.get(ill.url + "widget.js"), 503)
        token = ill.session()
        assert ill.say(token, "你好")["reply"]["text"] == "回复：你好"
        headers = {"Authorization": f"Bearer {token}"}
        _assert_refused(ill.http.get(ill.url + "history", headers=headers), 503)
        assert ill.http.get(ill.url + "plain").status_code == 200
        page = ill.http.post(ill.url + "plain", data={"text": "你好", "id": "f-000001"})
        assert "回复：你好" in page.text
    log = next(tmp_path.glob("*.log")).read_text("utf-8")
    assert "你好" not in log
    assert "Traceback" not in log


def _ignore_the_end(opened: Door, token: str) -> None:
    try:
        opened.send(token, "二 等200", "m-000002")
    except requests.ConnectionError:
        return


def _assert_refused(response: requests.Response, status: int) -> None:
    assert response.status_code == status, response.text
    body = response.json()
    validator("Error").validate(body)
    assert re.search("[一-鿿].*96110.*110", body["error"])
