"""The menu: within WeChat's limits, and published to a server that answers as WeChat's does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import pytest
from typer.testing import CliRunner

from bot.commands import wechat
from bot.doors.wechat import menu, qr
from bot.doors.wechat.api import ApiError
from bot.reading.records import Topic
from bot.reading.topics import read_topics

ROOT = Path(__file__).resolve().parents[3]
TOPICS = read_topics(ROOT / "knowledge/topics.yml")
SECRET = "0123456789abcdef0123456789abcdef"


class Api(HTTPServer):
    """Answers as told, and keeps what it was asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = answers
        self.asked: list[tuple[str, dict[str, Any]]] = []

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Api

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert b"\\u" not in body
        self.server.asked.append((self.path, json.loads(body)))
        answer = self.server.answers[self.path.partition("?")[0]]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {}))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(self.server.answers[self.path.partition("?")[0]]).encode())

    def log_message(self, *_arguments: Any) -> None:
        pass


@pytest.fixture
def api() -> Iterator[Api]:
    """A server that agrees."""
    server = Api(
        {"/cgi-bin/stable_token": {"access_token": "T&1", "expires_in": 7200}, "/cgi-bin/menu/create": {"errcode": 0}}
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def entries(built: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what can be tapped."""
    return [entry for button in built["button"] for entry in button.get("sub_button", [button])]


@pytest.mark.parametrize("count", [0, 1, 5, 6, 10, 40])
def test_within_the_limits(count: int) -> None:
    """Three buttons of five entries at most, names short enough, and help for victims always."""
    topics = [Topic(f"t{number}", "很长的话题名称" * 9, ("怎么办？",), ()) for number in range(count)]
    built = menu.build(topics)
    assert len(built["button"]) <= 3
    assert all(len(button["name"].encode()) <= 16 for button in built["button"])
    assert all(1 <= len(button.get("sub_button", [1])) <= 5 for button in built["button"])
    assert all(len(entry["name"].encode()) <= 60 for entry in entries(built))
    assert entries(built)[-1]["key"] == menu.EMERGENCY
    assert len(entries(built)) == min(count, 10) + 1


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.slug)
def test_a_name_is_shown_whole(topic: Topic) -> None:
    """WeChat shows the width of eight Chinese characters of an entry and dots for the rest."""
    assert sum(2 if east_asian_width(character) in "WFA" else 1 for character in topic.name) <= 16


def test_every_key_is_answered() -> None:
    """Each entry but the emergency one stands for the first question of its topic."""
    asks = menu.asks_of(TOPICS)
    keys = [entry["key"] for entry in entries(menu.build(TOPICS))][:-1]
    assert keys == [f"topic:{topic.slug}" for topic in TOPICS]
    assert [asks[key] for key in keys] == [topic.asks[0] for topic in TOPICS]


def test_publishing(api: Api) -> None:
    """One token, then the menu, in Chinese as it is."""
    built = menu.build(TOPICS)
    menu.publish(built, "wx1", SECRET, api.url)
    (token_path, token), (path, sent) = api.asked
    assert token_path == "/cgi-bin/stable_token"
    assert token == {"grant_type": "client_credential", "appid": "wx1", "secret": SECRET}
    assert path == "/cgi-bin/menu/create?access_token=T%261"
    assert sent == built


@pytest.mark.parametrize(
    ("path", "answer", "says"),
    [
        ("/cgi-bin/stable_token", {"errcode": 40164, "errmsg": "invalid ip"}, "IP白名单"),
        ("/cgi-bin/stable_token", {"errcode": 40125, "errmsg": "x"}, "AppSecret"),
        ("/cgi-bin/stable_token", {}, "access_token"),
        ("/cgi-bin/stable_token", b"<html>", "连不上"),
        ("/cgi-bin/stable_token", [], "格式"),
        ("/cgi-bin/menu/create", {"errcode": 48001, "errmsg": "x"}, "微信认证"),
        ("/cgi-bin/menu/create", {"errcode": 40018, "errmsg": "invalid button name size"}, "invalid button name size"),
    ],
)
def test_what_wechat_refuses(api: Api, path: str, answer: Any, says: str) -> None:
    """A sentence that says what to do, without the secret and without the token."""
    api.answers[path] = answer
    with pytest.raises(ApiError, match=says) as failed:
        menu.publish({}, "wx1", SECRET, api.url)
    assert SECRET not in str(failed.value)
    assert "T&1" not in str(failed.value)


def test_nobody_there() -> None:
    """A sentence, not a traceback."""
    with pytest.raises(ApiError, match="连不上"):
        menu.publish({}, "wx1", SECRET, "http://127.0.0.1:1")


THEIRS = {
    "button": [
        {"type": "view", "name": "办事大厅", "url": "http://a.example.cn", "sub_button": []},
        {"name": "关于我们", "sub_button": [{"type": "click", "name": "地址", "key": "where", "sub_button": []}]},
    ]
}


def test_the_menu_that_is_there(api: Api) -> None:
    """As it was made by an interface, or by hand; or none."""
    api.answers["/cgi-bin/menu/get"] = {"menu": THEIRS}
    assert menu.current("wx1", SECRET, api.url) == THEIRS
    api.answers["/cgi-bin/menu/get"] = {"errcode": 46003, "errmsg": "menu no exist"}
    by_hand = {"button": [{"name": "手工", "sub_button": {"list": [{"type": "text", "name": "一", "value": "x"}]}}]}
    api.answers["/cgi-bin/get_current_selfmenu_info"] = {"is_menu_open": 1, "selfmenu_info": by_hand}
    assert menu.current("wx1", SECRET, api.url) == by_hand
    assert menu.lines_of(by_hand) == ["手工：一"]
    api.answers["/cgi-bin/get_current_selfmenu_info"] = {"is_menu_open": 0}
    assert menu.current("wx1", SECRET, api.url) is None


def test_merging() -> None:
    """Others' buttons stay as they are; ours become one beside them, with help for victims; again, it is the same."""
    merged = menu.merge(menu.build(TOPICS), THEIRS)
    assert [button["name"] for button in merged["button"]] == ["办事大厅", "关于我们", "断卡问答"]
    assert merged["button"][0] == {"type": "view", "name": "办事大厅", "url": "http://a.example.cn"}
    ours = merged["button"][2]["sub_button"]
    assert (len(ours), ours[-1]["key"]) == (5, menu.EMERGENCY)
    assert menu.merge(menu.build(TOPICS), merged) == merged
    assert menu.replaces_others(merged)
    assert not menu.replaces_others(menu.build(TOPICS))


def test_no_place_left() -> None:
    """Three buttons are all that WeChat has: which one goes is for the centre to say."""
    full = {"button": [*THEIRS["button"], {"type": "click", "name": "三", "key": "x"}]}
    with pytest.raises(ApiError, match="没有空位"):
        menu.merge(menu.build(TOPICS), full)


@pytest.mark.parametrize(
    ("words", "answer", "published"),
    [((), "", None), ((), "y\n", 3), (("--yes",), "", 3), (("--merge",), "", 3), ((), "n\n", None)],
)
def test_the_command_replaces_nothing_unasked(
    api: Api,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    answer: str,
    published: int | None,
) -> None:
    """It shows the menu that is there, keeps a copy of it, and asks, unless it was told what to do."""
    api.answers["/cgi-bin/menu/get"] = {"menu": THEIRS}
    monkeypatch.setattr(menu, "API", api.url)
    for function in (menu.current, menu.publish):
        monkeypatch.setattr(function, "__defaults__", (api.url,))
    for name, value in {"APPID": "wx0123456789abcdef", "APP_SECRET": SECRET}.items():
        monkeypatch.setenv(f"WECHAT_{name}", value)
    monkeypatch.setenv("DUANKA_DATABASE", f"sqlite:///{tmp_path}/kept/duanka.db")
    result = CliRunner().invoke(wechat.app, ["menu", "--publish", *words], input=answer)
    made = [sent for path, sent in api.asked if path.startswith("/cgi-bin/menu/create")]
    assert [len(menu["button"]) for menu in made] == ([published] if published else [])
    assert result.exit_code == (0 if published else 1), result.output
    assert "关于我们：地址" in result.output
    (copy,) = (tmp_path / "kept").glob("wechat-menu-*.json")
    assert json.loads(copy.read_text("utf-8")) == THEIRS
    assert SECRET not in result.output


def test_a_code_with_a_scene(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command says where its picture is; what WeChat cannot take, or refuses, is a sentence without the secret."""
    monkeypatch.setenv("WECHAT_APPID", "wx0123456789abcdef")
    monkeypatch.setenv("WECHAT_APP_SECRET", SECRET)
    make = qr.make
    monkeypatch.setattr(qr, "make", lambda *given: make(*given, api=api.url))
    api.answers["/cgi-bin/qrcode/create"] = {
        "ticket": "gQH+47/joA==",
        "url": "http://weixin.qq.com/q/kZgfwMTm72WWPkovabbI",
    }
    made = CliRunner().invoke(wechat.app, ["qr", "社区海报"])
    assert made.exit_code == 0
    assert made.stdout.splitlines() == [
        "图片：https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=gQH%2B47%2FjoA%3D%3D",
        "二维码里的网址：http://weixin.qq.com/q/kZgfwMTm72WWPkovabbI",
    ]
    asked = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "社区海报"}}}
    assert api.asked[-1] == ("/cgi-bin/qrcode/create?access_token=T%261", asked)
    for scene in ("", "社区 海报", "长" * 65):
        wrong = CliRunner().invoke(wechat.app, ["qr", scene])
        assert (wrong.exit_code, "1 到 64 个字" in wrong.stdout) == (1, True)
    for answer in ({"errcode": 48001}, {"ticket": None}, b"<html>"):
        api.answers["/cgi-bin/qrcode/create"] = answer
        refused = CliRunner().invoke(wechat.app, ["qr", "社区海报"])
        assert refused.exit_code == 1
        assert "✗" in refused.stdout
        assert SECRET not in refused.stdout
