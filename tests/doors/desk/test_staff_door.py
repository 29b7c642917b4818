"""The staff door over real HTTP: who gets in, who does not, and what they see there."""

from __future__ import annotations

import io
import re
import shutil
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pyotp
import pytest
import requests
from page_checks import Page
from staff_door import PASSWORD, ROOT, Staff, staff_door

from bot.doors.desk.access import hash_password
from bot.keeping.events import Considered, EventStore, TurnEvent
from bot.keeping.staff_sessions import IDLE_SECONDS, MOST_OF_ONE

HASHED = hash_password(PASSWORD)
PAGES = ("", "questions", "gaps", "try", "bulletins", "doors", "people", "log")
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}}怎么解冻"
NOTICE = """# 桂林反诈提醒：共享充电宝押金

来源：平安桂林

警方提醒：共享充电宝押金被扣，请保留订单截图，不要把银行卡借给自称客服的人，并拨打96110咨询。
"""
# An error's trace, whatever the language around it.
TRACE = re.compile(r"Traceback|File \"|sqlalchemy|sqlite3|\.py:\d+|\w+Error\b")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the knowledge, and a database with a few turns of today."""
    made = tmp_path_factory.mktemp("staff")
    shutil.copytree(ROOT / "knowledge", made / "knowledge")
    store = EventStore(f"sqlite:///{made}/kept/duanka.db")
    near = (Considered("linyi-duanka#p02", 0.3, "依据不足"),)
    answered = TurnEvent(
        time.time(), "web-1", "web", "卖卡有什么后果", "penalty", 0.9, "answer", ("linyi-duanka#p12",), near, 0.1
    )
    store.add(answered)
    store.add(replace(answered, question=HOSTILE, outcome="abstain", quoted=(), intent="nlu_fallback"))
    store.add(replace(answered, question="退税怎么办理", outcome="abstain", quoted=(), channel="<b>rest</b>"))
    store.close()
    return made


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Staff]:
    """The door, with a password."""
    environment = {"DUANKA_STAFF_PASSWORD": HASHED, "DUANKA_KNOWLEDGE": str(folder / "knowledge")}
    with staff_door(folder, environment) as opened:
        yield opened


@pytest.fixture
def stranger(server: Staff) -> Staff:
    """A browser that nobody logged in with."""
    return server.other()


@pytest.fixture
def staff(server: Staff) -> Staff:
    """A browser that someone logged in with."""
    browser = server.other()
    assert browser.log_in().status_code == 200
    return browser


def is_login(response: requests.Response) -> bool:
    return "<h1>登录</h1>" in response.text and 'name="csrf"' not in response.text


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_sees_the_login_form(stranger: Staff, path: str) -> None:
    """On every page, and nothing else."""
    response = stranger.get(path)
    assert is_login(response)
    assert "退税" not in response.text


@pytest.mark.parametrize("path", ["gaps", "try", "doors", "logout"])
def test_a_stranger_changes_nothing(stranger: Staff, path: str) -> None:
    """Whatever the form says."""
    response = stranger.post(path, csrf="", channel="web", to="off", wording="退税怎么办理", q="x")
    assert response.status_code == 403
    assert is_login(response)
    assert stranger.http.cookies.get_dict() == {}


@pytest.mark.parametrize("path", ["chart/hours.svg", "chart/topics.svg", "chart/none.svg"])
def test_a_stranger_gets_no_chart(stranger: Staff, path: str) -> None:
    """Not even whether there is one."""
    assert stranger.get(path).status_code == 403


def test_the_password_opens(stranger: Staff) -> None:
    """A wrong one says so, the right one leads to today's page; every page is then there and names itself."""
    wrong = stranger.log_in(PASSWORD + "x")
    assert (wrong.status_code, is_login(wrong)) == (403, True)
    assert Page(wrong.text).one("p", role="alert").text == "密码不对。"
    opened = stranger.log_in()
    assert opened.status_code == 200
    assert opened.url == stranger.url
    for path in PAGES:
        page = stranger.page(path)
        assert page.one("a", **{"aria-current": "page"}).attributes["href"] == (path or "./")


def test_the_cookie(stranger: Staff) -> None:
    """Out of reach of scripts and of other sites' requests, sent to the staff page alone, over HTTPS only if there."""
    plain = stranger.http.post(stranger.url + "login", data={"password": PASSWORD}, allow_redirects=False, timeout=30)
    assert plain.status_code == 303
    cookie = plain.headers["set-cookie"]
    assert {"Path=/webhooks/staff", "HttpOnly", "SameSite=Strict"} <= {part.strip() for part in cookie.split(";")}
    assert "Secure" not in cookie
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie
    assert len(re.findall(r"duanka_staff=([A-Za-z0-9_-]{43});", cookie)) == 1
    secure = stranger.http.post(
        stranger.url + "login", {"password": PASSWORD}, headers={"X-Forwarded-Proto": "https"},
        allow_redirects=False, timeout=30,
    )  # fmt: skip
    assert "Secure" in secure.headers["set-cookie"]


def test_what_a_browser_may_do(staff: Staff) -> None:
    """Nothing of other origins, no script, no frame elsewhere; nothing is kept in a cache."""
    for path in (*PAGES, "chart/hours.svg", "staff.css"):
        headers = staff.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "unsafe-inline" not in headers["content-security-policy"] or path.startswith("chart/")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
    for path in PAGES:
        page = staff.page(path)
        assert page.all("script") == []
        assert all("style" not in element.attributes for element in page.elements)
        assert not any("//" in each.attributes.get("src", "") for each in page.elements)


def test_logging_out(staff: Staff) -> None:
    """The session is over on the server too: the cookie kept from before opens nothing."""
    kept = staff.http.cookies.get_dict()
    assert is_login(staff.post("logout", csrf=staff.csrf()))
    again = staff.other()
    again.http.cookies.update(kept)
    assert is_login(again.get())


def test_logging_out_takes_the_token(staff: Staff) -> None:
    """Another site cannot end a session."""
    assert staff.post("logout", csrf="x").status_code == 403
    assert not is_login(staff.get())


@pytest.mark.parametrize("csrf", ["", "x", "一", "x" * 43])
def test_a_form_without_its_token_is_refused(staff: Staff, csrf: str) -> None:
    """And nothing has changed."""
    assert staff.post("doors", csrf=csrf, channel="web", to="off").status_code == 403
    assert "已关闭" not in staff.get("doors").text


def test_another_sessions_token_is_refused(staff: Staff) -> None:
    """Each session has a token of its own."""
    other = staff.other()
    other.log_in()
    assert staff.post("doors", csrf=other.csrf(), channel="web", to="off").status_code == 403


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://127.0.0.1", "http://127.0.0.1:1", "x"])
def test_a_form_of_another_site_is_refused(staff: Staff, origin: str) -> None:
    """Even with the right token, and the login form too; our own origin, and that of a page without one, pass."""
    token = staff.csrf()
    refused = staff.post("doors", {"Origin": origin}, csrf=token, channel="web", to="on")
    assert refused.status_code == 403
    assert "请从本页提交" in refused.json()["error"]
    assert staff.other().post("login", {"Origin": origin}, password=PASSWORD).status_code == 403
    for own in (staff.url.partition("/webhooks")[0], "null"):
        assert staff.post("doors", {"Origin": own}, csrf=token, channel="web", to="on").status_code == 200


def test_today(staff: Staff) -> None:
    """The figures of today's turns, with a chart by hour and one by topic; a day in the future is today."""
    page = staff.page()
    figures = dict(zip([each.text for each in page.all("dt")], [each.text for each in page.all("dd")], strict=True))
    assert (figures["提问"], figures["引用通报回答"], figures["没有答案"]) == ("3", "1", "2")
    charts = [image.attributes["src"] for image in page.all("img")]
    assert [chart.partition("?")[0] for chart in charts] == ["chart/hours.svg", "chart/topics.svg"]
    for chart in charts:
        drawn = staff.get(chart)
        assert drawn.headers["content-type"] == "image/svg+xml"
        assert b"<svg" in drawn.content
    assert staff.page("?day=2999-01-01").one("h1").text == page.one("h1").text


def test_questions_leave_as_tables(staff: Staff) -> None:
    """As CSV and as a workbook with what is asked more and less; the log says who took them."""
    page = staff.page("questions?days=7").text
    assert "和之前 7 天比" in page
    assert "网页" in page
    assert staff.get("questions.csv?days=7").content.startswith(b"\xef\xbb\xbf")
    book = openpyxl.load_workbook(io.BytesIO(staff.get("questions.xlsx?days=7&q=退税").content))
    assert book.sheetnames == ["问题", "话题", "渠道", "问题里说到的地方"]
    assert [row[2] for row in book["问题"].iter_rows(values_only=True)] == ["问题", "退税怎么办理"]
    assert "导出问题" in staff.page("log").text


@pytest.mark.parametrize("day", ["", "x", "0001-01-01", "9999-12-31", "2026-02-30", "2020-01-01", "1969-01-01"])
def test_any_day(staff: Staff, day: str) -> None:
    """What is no day is today; one long ago has a page too, and its charts."""
    assert staff.page(f"?day={day}").one("h1")
    assert staff.get(f"chart/hours.svg?day={day}").status_code == 200


@pytest.mark.parametrize("path", ["", "gaps"])
def test_hostile_words_are_text(staff: Staff, path: str) -> None:
    """What residents type, and what programs call their door, comes out as the text it is."""
    response = staff.get(path)
    page = Page(response.text)
    assert page.all("script") == []
    assert page.all("b") == []
    assert [image.attributes["src"].partition("/")[0] for image in page.all("img")] == (
        ["chart"] * 2 if not path else []
    )
    assert ("<b>rest</b>" if not path else HOSTILE) in page.text


def test_a_hostile_question_is_tried(staff: Staff) -> None:
    """It stands in its field as it was typed, and nothing of it becomes markup."""
    page = Page(staff.post("try", csrf=staff.csrf(), q=HOSTILE).text)
    assert page.by_id("q").attributes["value"] == HOSTILE
    assert page.all("script") == page.all("img") == []


def test_try_a_question(staff: Staff) -> None:
    """The reply as it is given, what it was taken for, the words, and why passages won or lost."""
    page = Page(staff.post("try", csrf=staff.csrf(), q="出售银行卡有什么后果？").text)
    assert "意图：卖卡、借卡的后果（0.93）" in page.text
    assert "来源" in page.one("blockquote", **{"class": "reply"}).text
    results = [row.text for row in page.all("li", **{"class": "card"})]
    assert any(text.strip().startswith("引用") for text in results)
    assert any("比最好的差得多" in text or "同一件事" in text for text in results)
    assert all("答得上的可能" in text for text in results)
    assert "银行卡" in [word.text for word in page.all("li")]
    assert re.search(r"凭什么：.*话题相合 \+\d", page.text)
    assert not re.search(r"凭什么：[^。\n]*[a-z]{3}", page.text)


@pytest.mark.parametrize(
    "question", ["", "/restart", "？" * 400, "\x00", "我的卡号是6222021234567890123能解冻吗"], ids=range(5)
)
def test_odd_questions_are_tried(staff: Staff, question: str) -> None:
    """Nothing said, a command, something too long, something personal: a page, and no number in it."""
    response = staff.post("try", csrf=staff.csrf(), q=question)
    assert response.status_code == 200
    assert "6222021234567890123" not in response.text


def test_two_versions_side_by_side(staff: Staff, folder: Path) -> None:
    """A new bulletin answers on one side, as soon as it has its vectors; on the other, as before, nothing does."""
    staff.page("try")
    (folder / "knowledge/bulletins/guilin.md").write_text(NOTICE, "utf-8")
    deadline = time.monotonic() + 60
    while len(options := staff.page("try").all("option")) < 2:
        assert time.monotonic() < deadline, "the new version is not offered"
        time.sleep(0.1)
    older = options[1].attributes["value"]
    new = old = ""
    while "结果：引用通报回答" not in new:
        assert time.monotonic() < deadline, new
        page = Page(staff.post("try", csrf=staff.csrf(), q="共享充电宝押金被扣怎么办", **{"with": older}).text)
        new, old = (each.text for each in page.all("section"))
    assert "订单截图" in new
    assert "结果：没有答案" in old


def test_a_large_group_is_settled(staff: Staff, folder: Path) -> None:
    """Five hundred wordings of one thing go with one click; asked again, it is back and says so."""
    store = EventStore(f"sqlite:///{folder}/kept/duanka.db")
    plain = TurnEvent(time.time(), "web-2", "web", "", "nlu_fallback", 0.1, "abstain")
    for number in range(500):
        store.add(
            replace(plain, question=f"社保卡怎么补办，我已经跑了很多趟都没有人管，这是第{number}次来问社保卡补办")
        )
    page = staff.page("gaps")
    (group,) = [each for each in page.all("li", **{"class": "card"}) if "500 次" in each.text]
    assert "没有答案 500" in group.text
    wordings = [
        each.attributes["value"] for each in page.all("input", name="wording") if "社保卡" in each.attributes["value"]
    ]
    assert staff.post("gaps", csrf=staff.csrf(), wording=wordings).status_code == 200
    assert "社保卡" not in staff.get("gaps").text.partition("最近标为已处理的")[0]
    store.add(
        replace(
            plain, at=time.time() + 1, question="社保卡怎么补办，我已经跑了很多趟都没有人管，这是第7次来问社保卡补办"
        )
    )
    store.close()
    assert "处理过，又有人问" in staff.get("gaps").text


def test_bulletins(staff: Staff) -> None:
    """Each with its state, how often it was cited, the advice never quoted, and the way to its reader page."""
    page = staff.page("bulletins")
    cards = page.all("section", **{"class": "card"})
    cited = {re.search(r"引用 (\d+) 次", card.text)[1] for card in cards}  # type: ignore[index]
    assert cited == {"0", "1"}
    assert "段提示从未被引用" in page.text
    links = [each.attributes["href"] for each in page.all("a") if "bulletin?stem=" in each.attributes["href"]]
    assert len(links) == len(cards)
    assert staff.get(links[0]).status_code == 200


def test_a_door_is_switched_off_and_on(staff: Staff) -> None:
    """While it is off, residents read a notice and the hotlines, a victim 110 first; then answers again."""
    web = staff.url.replace("/staff/", "/web/")
    session = requests.post(web + "session", json={}, timeout=30).json()["session"]

    def reply(text: str) -> dict[str, Any]:
        body = {"session": session, "id": uuid.uuid4().hex, "text": text}
        return dict(requests.post(web + "message", json=body, timeout=60).json()["reply"])

    def say(text: str) -> str:
        return str(reply(text)["text"])

    def soon(beginning: str) -> bool:
        deadline = time.monotonic() + 60
        while not (said := say("你好").startswith(beginning)) and time.monotonic() < deadline:
            time.sleep(0.1)
        return said

    assert say("你好") == "回复：你好"
    assert "已关闭" in staff.post("doors", csrf=staff.csrf(), channel="web", to="off").text
    assert "网页渠道已关闭。" in staff.get().text
    assert soon("本渠道暂停自动答复。想咨询请拨打96110")
    victim = reply("我被骗了五万块钱")
    assert victim["custom"]["kind"] == "emergency"
    assert "110" in victim["text"][:24]
    staff.post("doors", csrf=staff.csrf(), channel="web", to="on")
    assert soon("回复：你好")


def test_a_channel_that_is_not_connected(staff: Staff) -> None:
    """It is not called open; only what is served has a button."""
    web, wechat, *_ = staff.page("doors").all("section")
    assert ("开放中" in web.text, "没有接通" in web.text, "关闭网页" in web.text) == (True, False, True)
    assert ("开放中" in wechat.text, "没有接通" in wechat.text, "关闭微信公众号" in wechat.text) == (False, True, False)
    page = staff.post("doors", csrf=staff.csrf(), channel="wechat", to="off").text
    assert "打开微信公众号" in page  # one that was closed before can be opened again
    assert "没有接通" in staff.post("doors", csrf=staff.csrf(), channel="wechat", to="on").text


def test_a_gap_without_a_passage_names_no_file(staff: Staff, folder: Path) -> None:
    """A folder is nothing to look into."""
    store = EventStore(f"sqlite:///{folder}/kept/duanka.db")
    store.add(TurnEvent(time.time(), "web-7", "web", "注册商标收费标准", "x", 0.5, "abstain"))
    store.close()
    (card,) = [
        each for each in staff.page("gaps").all("li") if "注册商标" in each.text and "card" in str(each.attributes)
    ]
    assert "需要一份新通报" in card.text
    assert "可看的文件" not in card.text


@pytest.mark.parametrize(("channel", "to"), [("", "off"), ("staff", "off"), ("web", ""), ("web", "x")])
def test_no_such_switch(staff: Staff, channel: str, to: str) -> None:
    """It is refused in words."""
    refused = staff.post("doors", csrf=staff.csrf(), channel=channel, to=to)
    assert (refused.status_code, "没有这个渠道" in refused.json()["error"]) == (400, True)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "none", 404), ("GET", "none/at/all", 404), ("DELETE", "gaps", 405), ("PUT", "login", 405),
     ("GET", "chart/none.svg", 404), ("GET", "login", 200), ("GET", "logout", 200), ("HEAD", "", 200)],
)  # fmt: skip
def test_other_requests(staff: Staff, method: str, path: str, status: int) -> None:
    """A status, and where there is a body, Chinese and no trace of an error."""
    response = staff.http.request(method, staff.url + path, timeout=30)
    assert response.status_code == status
    assert not TRACE.search(response.text)


def test_a_flood_of_fields_is_refused(staff: Staff) -> None:
    """Too long a body, or too many fields: a sentence; who is not logged in may send no more than a resident."""
    token = staff.csrf()
    assert staff.post("gaps", csrf=token, wording=["x" * 3_000_000]).status_code == 413
    assert staff.post("gaps", csrf=token, wording=["x"] * 9000).status_code == 400
    assert staff.other().post("gaps", wording=["x" * 9000]).status_code == 413
    assert staff.other().post("login", password="x" * 9000).status_code == 413


def test_no_log_holds_words(server: Staff) -> None:
    """After all of that: neither a question, nor a password, nor the name of a session."""
    log = server.log.read_text("utf-8")
    assert not any(word in log for word in ("押金", "退税", "社保卡", "script", PASSWORD, "6222021234567890123"))


@pytest.fixture(scope="module")
def sick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """The door over a database that is none."""
    made = tmp_path_factory.mktemp("sick")
    (made / "broken.db").write_bytes(b"not a database at all, only long enough " * 40)
    environment = {"DUANKA_STAFF_PASSWORD": HASHED, "DUANKA_DATABASE": f"sqlite:///{made}/broken.db"}
    with staff_door(made, environment) as opened:
        yield opened


def test_a_broken_database(sick: Staff) -> None:
    """Nobody gets in, and it is said in Chinese, with a status; no trace of it."""
    assert sick.log_in().status_code == 503
    for path in PAGES:
        response = sick.get(path)
        assert response.status_code == 503
        assert "数据库暂时不可用" in response.text
        assert not TRACE.search(response.text)
    assert not TRACE.search(sick.get("chart/hours.svg").text)
    assert sick.post("doors", csrf="x", channel="web", to="off").status_code == 503


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Staff]:
    """A door of this test's own, behind a proxy of ours: who is where is what it forwards."""
    with staff_door(tmp_path, {"DUANKA_STAFF_PASSWORD": HASHED, "DUANKA_TRUSTED_PROXIES": "1"}) as opened:
        yield opened


def test_a_session_ends_by_itself(alone: Staff) -> None:
    """Idle for too long, the next request gets the login form, and a form is refused."""
    alone.log_in()
    assert not is_login(alone.get("try"))
    csrf = alone.csrf()
    alone.pass_by(IDLE_SECONDS + 1)
    assert is_login(alone.get("try"))
    assert alone.post("doors", csrf=csrf, channel="web", to="off").status_code == 403


def test_locked_out(alone: Staff) -> None:
    """After five wrong passwords of an address nobody there gets in for a while, not even with the right one.

    Twenty wrong ones at once gain nothing; who is logged in already stays; at another address people get in.
    """
    inside = alone.other()
    inside.post("login", {"X-Forwarded-For": "203.0.113.9"}, password=PASSWORD)

    def log_in(address: str, password: str) -> requests.Response:
        return alone.other().post("login", {"X-Forwarded-For": address}, password=password)

    with ThreadPoolExecutor(20) as pool:
        tried = list(pool.map(lambda _: log_in("203.0.113.9", "x").status_code, range(20)))
    assert sorted(tried) == [403] * MOST_OF_ONE + [429] * (20 - MOST_OF_ONE)
    right = log_in("203.0.113.9", PASSWORD)
    assert right.status_code == 429
    assert Page(right.text).one("p", role="alert").text == "密码错了太多次，请15分钟后再试。"
    assert not is_login(inside.get("try"))
    assert log_in("203.0.113.8", PASSWORD).status_code == 200


def test_an_address_is_not_what_somebody_says(tmp_path: Path) -> None:
    """Without a proxy of ours in front, a made-up address begins no count of its own."""
    with staff_door(tmp_path, {"DUANKA_STAFF_PASSWORD": HASHED}) as opened:

        def forge(number: int) -> int:
            forged = {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"}
            return opened.other().post("login", forged, password="x").status_code

        assert [forge(number) for number in range(MOST_OF_ONE + 1)] == [403] * MOST_OF_ONE + [429]


def test_people_with_accounts(alone: Staff) -> None:
    """The shared password makes the first account and then opens nothing; roles hold for whoever asks directly.

    Everything stands in the log; a closed account is out at once, and thirty wrong passwords lock out nobody else.
    """
    alone.log_in()
    assert "还没有账号" in alone.get("people").text
    first = {"act": "add", "name": "zhang", "shown": "张三<b>", "role": "administrator", "password": PASSWORD}
    assert is_login(alone.post("people", csrf=alone.csrf(), **first))
    assert alone.other().post("login", {"X-Forwarded-For": "203.0.113.1"}, password=PASSWORD).status_code == 403

    def enter(name: str, address: str = "203.0.113.2", password: str = PASSWORD) -> tuple[Staff, int]:
        browser = alone.other()
        return browser, browser.post("login", {"X-Forwarded-For": address}, name=name, password=password).status_code

    chief, entered = enter("Zhang")
    assert entered == 200
    for name, role in (("li", "reader"), ("wang", "approver")):
        made = chief.post("people", csrf=chief.csrf(), act="add", name=name, shown="", role=role, password=PASSWORD)
        assert "已改好" in made.text
    reader, _ = enter("li")
    assert reader.get("bulletins").status_code == 200
    for path, fields in (
        ("gaps", {"wording": "退税怎么办理"}),
        ("doors", {"channel": "web", "to": "off"}),
        ("people", {"act": "role", "name": "li", "role": "administrator"}),
        ("people", {"act": "add", "name": "x", "role": "reader", "password": PASSWORD}),
    ):
        assert reader.post(path, csrf=reader.csrf(), **fields).status_code == 403
    approver, _ = enter("wang")
    assert approver.post("doors", csrf=approver.csrf(), channel="web", to="off", why="规定刚改").status_code == 200
    approver.post("doors", csrf=approver.csrf(), channel="web", to="on")
    for number in range(30):
        enter("wang", f"203.0.114.{number}", "x")
    assert enter("wang", "203.0.115.1")[1] == 429
    assert [enter(name)[1] for name in ("wang", "li", "zhang")] == [200, 200, 200]
    assert chief.post("people", csrf=chief.csrf(), act="close", name="wang").status_code == 200
    assert is_login(approver.get())
    assert enter("wang")[1] == 403
    assert "至少要留一个管理员" in chief.post("people", csrf=chief.csrf(), act="close", name="zhang").text
    log = chief.page("log")
    assert log.all("b") == []
    told = log.text
    for words in ("关闭渠道", "规定刚改", "停用账号", "添加账号", "暂停登录的账号", "张三<b>"):
        assert words in told
    assert PASSWORD not in told


def test_ones_own_password_and_codes(alone: Staff) -> None:
    """A password is changed with the old one; with a telephone's codes on, the password alone opens nothing."""
    alone.log_in()
    first = {"act": "add", "name": "zhang", "shown": "", "role": "administrator", "password": PASSWORD}
    alone.post("people", csrf=alone.csrf(), **first)
    alone.post("login", name="zhang", password=PASSWORD)
    secret = alone.page("me").one("input", name="secret").attributes["value"]
    now, other = pyotp.TOTP(secret).now, "另一个-很长的-密码"
    refused = alone.post("me", csrf=alone.csrf(), act="one-time-on", old="x", secret=secret, code=now())
    assert refused.status_code == 403
    assert (
        "已启用" in alone.post("me", csrf=alone.csrf(), act="one-time-on", old=PASSWORD, secret=secret, code=now()).text
    )
    assert is_login(alone.post("me", csrf=alone.csrf(), act="password", old=PASSWORD, password=other))
    assert alone.post("login", name="zhang", password=other).status_code == 403
    assert alone.post("login", name="zhang", password=other, code=now()).status_code == 200
    assert alone.other().post("login", name="zhang", password=other, code=now()).status_code == 403


def test_off_without_a_password(tmp_path: Path) -> None:
    """Nothing is there: no page, no form, no style sheet, and no word of what it would be."""
    with staff_door(tmp_path, {"DUANKA_STAFF_PASSWORD": ""}) as closed:
        for path in (*PAGES, "login", "staff.css", "chart/hours.svg"):
            response = closed.get(path)
            assert response.status_code == 404
            assert "登录" not in response.text
        assert closed.post("login", password=PASSWORD).status_code == 404


def test_a_question_of_a_megabyte_is_refused_at_once(staff: Staff) -> None:
    """The form for one question takes one question: whoever is signed in, nobody else waits for it."""
    begun = time.monotonic()
    response = staff.post("try", csrf=staff.csrf(), q="卡 " * 400_000)
    assert response.status_code == 413
    assert time.monotonic() - begun < 5
