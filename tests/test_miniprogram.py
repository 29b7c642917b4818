"""The mini program: whole, calling on nobody but the service; its pages run in Node, with WeChat faked."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest

from bot.commands.widget import node_folder

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "deploy/miniprogram"
PAGES = json.loads((FOLDER / "app.json").read_text("utf-8"))["pages"]
SCRIPTS = sorted(FOLDER.rglob("*.js"))
# Runs a page as WeChat does: what it is told to do comes in, what it then shows and asks of the telephone goes out.
PLAY = """
const [folder, page, steps] = process.argv.slice(1);
const calls = [];
let made;
global.App = () => undefined;
global.wx = {makePhoneCall: ({phoneNumber, fail}) => { calls.push(phoneNumber); fail(); }};
global.Page = (given) => { made = {...given, setData(data) { this.data = {...this.data, ...data}; }}; };
require(`${folder}/app.js`);
require(`${folder}/${page}.js`);
const told = JSON.parse(steps).map(([name, given]) => made[name] ? made[name](given) ?? null : "nothing");
process.stdout.write(JSON.stringify({data: made.data, calls, told, handlers: Object.keys(made)}));
"""


def play(page: str, *steps: tuple[str, Any]) -> dict[str, Any]:
    """What a page comes to."""
    command = (node_folder() / "node", "-e", PLAY, str(FOLDER), page, json.dumps(steps))
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def address(**query: str) -> tuple[str, dict[str, list[str]]]:
    """Where the chat is shown from, and the options of its address."""
    shown = play("pages/ask/ask", ("onLoad", query))["data"]["address"]
    parts = urlsplit(shown)
    return f"{parts.scheme}://{parts.netloc}{parts.path}", parse_qs(parts.query)


def markup(page: str) -> ElementTree.Element:
    """A page's markup, which must be well-formed."""
    text = (FOLDER / f"{page}.wxml").read_text("utf-8").replace(" wx:", " wx-").replace(" wx-else", ' wx-else=""')
    return ElementTree.fromstring(f"<page>{text}</page>")


def test_it_is_whole() -> None:
    """Every page has its files, every file of settings can be read, each tab is a page."""
    for file in FOLDER.rglob("*.json"):
        assert isinstance(json.loads(file.read_text("utf-8")), dict)
    assert {path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.glob("pages/*/*")} == set(PAGES)
    for page in PAGES:
        assert all((FOLDER / f"{page}.{kind}").exists() for kind in ("js", "json", "wxml"))
    tabs = json.loads((FOLDER / "app.json").read_text("utf-8"))["tabBar"]["list"]
    assert [tab["pagePath"] for tab in tabs] == PAGES


def test_it_calls_on_nobody_else() -> None:
    """The one address in it is the service's, as deploy/nginx.conf names it; it asks WeChat for a call and no more."""
    text = "".join(file.read_text("utf-8") for file in FOLDER.rglob("*") if file.is_file())
    (found,) = set(re.findall(r"https?://[^\s\"'`]+", text))
    name = re.search(r"listen 443 ssl;\s+server_name (\S+);", (ROOT / "deploy/nginx.conf").read_text("utf-8"))
    assert name
    assert found == f"https://{name[1]}/webhooks/web/"
    asked = {each for file in SCRIPTS for each in re.findall(r"\bwx\.(\w+)", file.read_text("utf-8"))}
    assert asked == {"makePhoneCall"}


@pytest.mark.parametrize("page", PAGES)
def test_what_is_tapped_is_there(page: str) -> None:
    """Each handler that the markup names is the page's; both hotlines can be dialled, 110 first."""
    elements = list(markup(page).iter())
    bound = {value for each in elements for name, value in each.attrib.items() if name.startswith("bind")}
    assert bound <= set(play(page)["handlers"])
    numbers = [each.attrib["data-number"] for each in elements if "data-number" in each.attrib]
    assert numbers == ["110", "96110"]
    taps = [("onCall", {"currentTarget": {"dataset": {"number": number}}}) for number in numbers]
    assert play(page, *taps)["calls"] == numbers


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({}, None),
        ({"place": "%E5%8D%97%E5%AE%81"}, ["南宁"]),
        ({"place": "南宁"}, ["南宁"]),
        ({"place": "%E5%8D%97%"}, None),
        ({"place": "&title=x#"}, ["&title=x#"]),
        ({"place": "长" * 200}, ["长" * 20]),
        ({"scene": "o123"}, None),
    ],
)
def test_where_the_chat_is_shown_from(given: dict[str, str], place: list[str] | None) -> None:
    """The service's chat, whatever a link to the page says; a place is one option of it and nothing else."""
    where, options = address(**given)
    assert where == "https://duanka.example.gov.cn/webhooks/web/chat"
    assert options == {"title": ["断卡问答"], **({"place": place} if place else {})}


def test_a_chat_that_does_not_load() -> None:
    """The hotlines stand in its place; 再试一次 shows it again, at the same address."""
    shown, hidden = markup("pages/ask/ask")
    assert (shown.tag, shown.attrib["binderror"], "{{!failed}}" in shown.attrib.values()) == (
        "web-view",
        "onFailed",
        True,
    )
    assert "110" in "".join(hidden.itertext())
    opened = play("pages/ask/ask", ("onLoad", {}))["data"]
    failed = play("pages/ask/ask", ("onLoad", {}), ("onFailed", {}))["data"]
    again = play("pages/ask/ask", ("onLoad", {}), ("onFailed", {}), ("onAgain", {}))["data"]
    assert (opened["failed"], failed["failed"], again) == (False, True, opened)


@pytest.mark.parametrize("page", PAGES)
def test_what_is_shared(page: str) -> None:
    """The page as anybody opens it: no conversation, no place, no name."""
    told = play(page, ("onLoad", {"place": "南宁"}), ("onShareAppMessage", {"from": "menu"}))["told"][1]
    assert told["path"] == f"/{page}"
    assert "110" in told["title"] or "通报" in told["title"]
