"""Being forgotten, over real HTTP: by a program's call, by the page without scripts, and every day by age."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests
from door import Door, door


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The door's folder."""
    return tmp_path_factory.mktemp("rights")


@pytest.fixture(scope="module")
def web(folder: Path) -> Iterator[Door]:
    """The door."""
    with door(folder) as opened:
        yield opened


def found(folder: Path, words: str) -> bool:
    """Whether the words stand in the database's files or the log."""
    files = [*(folder / "kept").iterdir(), *folder.glob("*.log")]
    return any(each in file.read_bytes() for file in files for each in (words.encode(), words.encode("unicode-escape")))


def test_a_session_is_erased(web: Door, folder: Path) -> None:
    """204; the bytes are gone, the token opens nothing, and a second time there is nothing to erase."""
    token, other = web.session(), web.session()
    web.say(token, "我想被忘记")
    web.say(other, "我想留下来")
    assert found(folder, "我想被忘记")
    erased = requests.post(web.url + "erase", json={"session": token}, timeout=60)
    assert (erased.status_code, erased.content) == (204, b"")
    assert not found(folder, "我想被忘记")
    assert found(folder, "我想留下来")
    assert web.send(token, "再问一句").status_code == 401
    assert requests.post(web.url + "erase", json={"session": token}, timeout=60).status_code == 401
    assert [turn["text"] for turn in web.history(other)] == ["我想留下来"]


def test_what_is_being_answered_is_erased_too(web: Door, folder: Path) -> None:
    """The reply comes, then everything goes; nothing is written afterwards, and nothing is taken meanwhile."""
    token = web.session()
    got: list[int] = []
    asking = threading.Thread(target=lambda: got.append(web.send(token, "等100慢慢来的问题").status_code))
    asking.start()
    while not any("慢慢来的问题" in turn["text"] for turn in web.turns()):
        time.sleep(0.02)
    assert requests.post(web.url + "erase", json={"session": token}, timeout=60).status_code == 204
    asking.join()
    assert got == [200]
    time.sleep(0.5)
    assert not found(folder, "慢慢来的问题")


@pytest.mark.parametrize("body", [{}, {"session": 1}, {"session": "x", "more": 1}])
def test_a_malformed_wish_is_refused(web: Door, body: dict[str, object]) -> None:
    """With a sentence."""
    refused = requests.post(web.url + "erase", json=body, timeout=60)
    assert refused.status_code == 400
    assert "96110" in refused.json()["error"]


def test_a_database_that_is_busy_is_told(web: Door, folder: Path) -> None:
    """503, and the next attempt does it."""
    token = web.session()
    web.say(token, "数据库正忙时的话")
    with closing(sqlite3.connect(folder / "kept/web.db", isolation_level=None)) as other:
        other.execute("begin immediate")
        refused = requests.post(web.url + "erase", json={"session": token}, timeout=60)
        other.execute("rollback")
    assert refused.status_code == 503
    assert requests.post(web.url + "erase", json={"session": token}, timeout=60).status_code == 204
    assert not found(folder, "数据库正忙时的话")


def test_the_page_without_scripts(web: Door, folder: Path) -> None:
    """A box to tick and a button; afterwards the cookie is gone and so are the words."""
    browser = requests.Session()
    browser.get(web.url + "plain", timeout=60)
    assert "删除本次对话" not in browser.get(web.url + "plain", timeout=60).text
    asked = browser.post(web.url + "plain", data={"text": "从页面来的话"}, timeout=60)
    assert "删除本次对话" in asked.text
    assert found(folder, "从页面来的话")
    erased = browser.post(web.url + "plain", data={"erase": "yes"}, timeout=60)
    assert erased.status_code == 200
    assert "已经全部删除" in erased.text
    assert "从页面来的话" not in erased.text
    assert not browser.cookies.get("duanka_plain")
    assert not found(folder, "从页面来的话")


def test_the_service_purges_by_itself(tmp_path: Path) -> None:
    """What is older than it may be is gone soon after the start."""
    with door(tmp_path) as opened:
        opened.say(opened.session(), "四十天前的话")
    with closing(sqlite3.connect(tmp_path / "kept/web.db")) as database, database:
        database.execute("update web_turns set asked = asked - 40 * 86400")
        database.execute("update web_sessions set started = started - 40 * 86400")
    with door(tmp_path, {"DUANKA_TEST_FIRST_PURGE": "0.5"}) as opened:
        opened.say(opened.session(), "今天的话")
        deadline = time.monotonic() + 120
        while found(tmp_path, "四十天前的话") and time.monotonic() < deadline:
            time.sleep(0.2)
        assert not found(tmp_path, "四十天前的话")
        assert found(tmp_path, "今天的话")
