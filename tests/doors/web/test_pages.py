"""All pages: what is written elsewhere comes out as text, every link leads somewhere, everyone can read them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from page_checks import DOOR, TODAY, Asked, Page, addresses, bulletin, library, passage, reply, shipped

from bot.answering.reply import Reply
from bot.doors.web import pages
from bot.doors.web.pages.assets import ASSETS
from bot.doors.web.pages.links import web_link
from bot.reading.records import Topic

PAYLOADS = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert&#40;1&#41;</script></svg>",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    "` onclick=alert(1) `",
    "<a href='javascript:alert(1)'>x</a>",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    " javascript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "//evil.example/x.js",
    "https://user@evil.example/",
    'https://evil.example/"onmouseover="alert(1)',
    "https://evil.example\\@centre.example/",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<style>*{background:url(//evil.example)}</style>",
    "<link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<form action=//evil.example><button>x</button></form>",
    "{{ 7 * 7 }}{% for x in ().__class__.__mro__ %}{{ x }}{% endfor %}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!-- --!><img src=x onerror=alert(1)>",
    "</textarea></title></noscript><img src=x onerror=alert(1)>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)>",
    "＜script＞alert(1)＜/script＞",
)

# All that our templates write. `script` is the widget's loader on the demo page and nothing else.
ELEMENTS = {
    "html", "head", "meta", "title", "link", "body", "header", "nav", "main", "footer", "section", "article", "div",
    "h1", "h2", "h3", "p", "a", "span", "strong", "time", "br", "ul", "ol", "li", "dl", "dt", "dd", "figure",
    "figcaption", "blockquote", "form", "input", "textarea", "label", "button", "pre", "code", "noscript", "details",
    "summary",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "name", "content", "rel", "href", "type", "class", "id", "tabindex", "role", "aria-label",
    "aria-labelledby", "aria-current", "datetime", "target", "action", "method", "value", "for", "maxlength",
    "required", "rows", "autocomplete",
}  # fmt: skip


def hostile(payload: str) -> Iterator[str]:
    """Yield every page with the payload at every place that is filled in."""
    evil = bulletin(
        title=payload, publisher=payload, origin=payload, place=payload, url=payload, withdrawn=date(2025, 10, 2)
    )
    heir = bulletin("heir", title=payload, url=payload, superseded_by="notice")
    odd = bulletin(payload.replace("/", "∕"), title=payload, published=None)
    kept = library(evil, heir, odd, passages=(passage(text=payload, heading=payload), passage(2, text=payload)))
    yield pages.bulletin_list(kept, TODAY)
    for stem in kept.bulletins:
        yield pages.bulletin_page(kept, stem, TODAY, 2) or ""
    citation = {"number": 1, "bulletin": payload, "title": payload, "publisher": payload, "place": payload,
                "published": payload, "url": payload, "reader": payload}  # fmt: skip
    told = reply(
        kind=payload,
        lead=payload,
        quotes=[{"text": payload, "bulletin": payload, "passage": payload, "citation": 1}],
        citations=[citation, {**citation, "number": 2}],
        caution=payload,
        close=payload,
        suggestions=[payload],
        hotlines=[payload],
    )
    yield pages.plain_page(
        [Asked(payload, told), Asked(payload, Reply(payload, {})), Asked(payload, told)], "form-0001"
    )
    yield pages.plain_page([], payload, payload, [Topic("a", payload, (payload,), ())])
    yield pages.demo_page(kept, title=payload, place=payload)


def is_expected(address: str, depth: str) -> bool:
    """Whether an address is a relative one below the door, a hotline, or a bulletin's own address on the web."""
    if address.startswith("tel:"):
        return re.fullmatch(r"tel:\d+", address) is not None
    if address.startswith(("http://", "https://")):
        return web_link(address) is not None
    return not urlsplit(address).scheme and urljoin(DOOR + depth, address).startswith(DOOR)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_whatever_is_filled_in_comes_out_as_text(payload: str) -> None:
    """No payload makes an element, an attribute or an address that the templates do not write themselves."""
    made = [Page(source) for source in hostile(payload)]
    assert len(made) == 7
    for page in made:
        scripts = page.all("script")
        assert all(script.attributes["src"] == "widget.js" and not script.text for script in scripts)
        assert {each.tag for each in page.elements if each not in scripts} <= ELEMENTS
        assert {name for each in page.elements if each not in scripts for name in each.attributes} <= ATTRIBUTES
        depth = "bulletins/" if any(each.startswith("../") for each in addresses(page)) else ""
        assert [each for each in addresses(page) if not is_expected(each, depth)] == []
        assert re.sub(r"\s", "", payload) in re.sub(r"\s", "", page.one("body").text + page.one("title").text + "".join(
            element.attributes.get("value", "") for element in page.all("input")))  # fmt: skip


def test_there_are_enough_payloads() -> None:
    """At least thirty, all different."""
    assert len(set(PAYLOADS)) >= 30


def test_the_demo_page_holds_the_widget_in_one_line() -> None:
    """The loader with its settings, a way without script, the line to copy as text, the newest bulletins in force."""
    many = [bulletin(f"b{day}", title=f"通报{day}", published=date(2025, 1, day)) for day in range(1, 8)]
    gone = bulletin("gone", title="撤回的", withdrawn=TODAY)
    page = Page(pages.demo_page(library(*many, gone), title='断"卡', place="南宁"))
    script = page.one("script")
    assert script.attributes == {
        "src": "widget.js", "data-title": '断"卡', "data-place": "南宁", "data-color": "#1f4e9e",
        "data-position": "right", "defer": "",
    }  # fmt: skip
    assert [each.attributes["href"] for each in page.all("a") if "noscript" in each.inside] == ["plain"]
    copied = Page(page.one("pre").text).one("script").attributes
    assert copied == {**script.attributes, "src": "https://您的服务器/webhooks/web/widget.js"}
    listed = [each.attributes["href"] for each in page.all("a") if each.attributes["href"].startswith("bulletins/b")]
    assert listed == [f"bulletins/b{day}" for day in (7, 6, 5, 4, 3)]
    assert "撤回的" not in page.text
    assert "南宁反诈中心（演示页）" in page.one("header").text


def every_page() -> Iterator[tuple[str, str]]:
    """Yield each kind of page with its path below the door."""
    yield "bulletins/", pages.bulletin_list(shipped(), TODAY)
    for stem in shipped().bulletins:
        yield f"bulletins/{stem}", pages.bulletin_page(shipped(), stem, TODAY, 2) or ""
    yield "bulletins/x", pages.not_found_page()
    yield "x", pages.not_found_page("")
    yield "plain", pages.plain_page([Asked("问", reply()), Asked("问", None)], "form-0001")
    yield "", pages.demo_page(shipped())


def test_every_link_leads_to_a_page_that_is_there() -> None:
    """From where a page stands, below any prefix: to a page of the door, an asset, a passage, a telephone."""
    there = {"", "bulletins/", "plain", "widget.js", *(f"pages/{name}" for name in ASSETS)}
    there |= {f"bulletins/{stem}" for stem in shipped().bulletins}
    for path, source in every_page():
        page = Page(source)
        ids = {each.attributes.get("id") for each in page.elements}
        for address in addresses(page):
            if address.startswith("#"):
                assert address[1:] in ids
            elif not address.startswith(("tel:", "http://", "https://")):
                found = unquote(re.split("[?#]", urljoin(DOOR + path, address).removeprefix(DOOR))[0])
                assert found in there | {"bulletins/a"}, (path, address)


def test_every_page_can_be_read_by_everyone() -> None:
    """Language, viewport, a skip link first, one main part, one h1, headings in order, ids once, nothing inline."""
    for path, source in every_page():
        page = Page(source)
        assert source.startswith("<!DOCTYPE html>"), path
        assert page.one("html").attributes["lang"] == "zh-CN"
        assert page.one("meta", name="viewport").attributes["content"] == "width=device-width, initial-scale=1"
        first = page.all("a")[0]
        assert first.attributes["href"] == f"#{page.one('main').attributes['id']}"
        levels = [int(each.tag[1]) for each in page.elements if re.fullmatch(r"h[1-6]", each.tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
        ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
        assert len(ids) == len(set(ids))
        assert page.all("style") == []
        assert {"header", "nav", "footer"} <= {each.tag for each in page.elements}
        assert "tel:110" in set(addresses(page))


def test_only_listed_files_are_handed_out() -> None:
    """The style sheets and the icon, which ask for nothing else; no template, no module, no way out of the folder."""
    for name in ASSETS:
        content = pages.asset(name)
        assert content
        assert not re.search(rb"url\(|@import|<script|\son\w+=", content)
    for name in ("", "plain.html", "__init__.py", "../guard.py", "/etc/passwd", "PAGES.CSS", "pages.css\x00"):
        assert pages.asset(name) is None


def test_large_letters_are_carried_on() -> None:
    """A page in large letters says so to its style sheet, its links lead to others like it, and one leads back."""
    kept = library(bulletin(), bulletin("heir", superseded_by="notice"), passages=(passage(),))
    large = (
        pages.bulletin_list(kept, TODAY, elder=True),
        pages.bulletin_page(kept, "heir", TODAY, 2, elder=True) or "",
        pages.plain_page([Asked("问", reply())], "form-0001", elder=True),
    )
    for page in map(Page, large):
        assert page.one("html").attributes["class"] == "elder"
        links = [each for each in page.all("a") if each.attributes["href"].startswith(("../", "bulletins", "plain"))]
        ours = [each.attributes["href"] for each in links] + [each.attributes["action"] for each in page.all("form")]
        assert [each for each in ours if each != "../" and "?elder=1" not in each] == []
        assert page.one("a", href="?").text == "标准字"
    usual = Page(pages.plain_page([Asked("问", reply())], "form-0001"))
    assert "class" not in usual.one("html").attributes
    assert usual.one("a", href="?elder=1").text == "大字版"
    sheet = (pages.asset("pages.css") or b"").decode("utf-8")
    assert re.search(r"\.elder \{[^}]*font-size: 1[4-9]\d%", sheet)


@pytest.mark.parametrize("sheet", ["pages.css", "demo.css"])
def test_the_pages_hold_together_in_old_browsers(sheet: str) -> None:
    """No layout hangs on what came after the browsers the chat is built for (browsers.ts): Safari 12, Chrome 70."""
    css = (pages.asset(sheet) or b"").decode("utf-8")
    assert re.findall(r"(?:margin|padding)-(?:inline|block):|\binset:|:is\(|:where\(|\b(?:min|max|clamp)\(", css) == []
    flex = [rule for rule in re.findall(r"[^{}]*{[^{}]*}", css) if re.search(r"display: (?:inline-)?flex", rule)]
    assert flex
    assert [rule for rule in flex if "gap:" in rule] == []
