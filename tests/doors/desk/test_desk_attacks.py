"""What is sent to the desk to do harm: files of every kind, forms of other sites, requests of the wrong people."""

from __future__ import annotations

import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from office_files import docx, paragraph, pdf
from page_checks import Page
from people_at_desk import Person
from staff_door import Staff

RULE = "出借银行卡的，五年内暂停银行账户非柜面业务。"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)><a href=javascript:alert(4)>x</a>"
NAME = '"><script>alert(5)</script>.'
LINK = (
    '<w:p><w:hyperlink r:id="rId9" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    "<w:r><w:t>点这里</w:t></w:r></w:hyperlink></w:p>"
)
RELS = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" '
    b'Target="javascript:alert(6)" TargetMode="External"/></Relationships>'
)
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)


@pytest.fixture(scope="module")
def editor(desk: Staff) -> Person:
    """Who may send files."""
    return Person(desk, "li")


def expect_harmless(page: Page) -> None:
    """Nothing of it is markup: no script, no picture but our own, no address but http's and our own pages'."""
    assert page.all("script") == page.all("svg") == page.all("iframe") == []
    assert all(image.attributes["src"].startswith("picture?") for image in page.all("img"))
    links = [str(each.attributes.get("href", "")) for each in page.all("a")]
    assert not [link for link in links if link.lower().strip().startswith(("javascript:", "data:", "vbscript:"))]


WORD = paragraph("云溪提醒" + SCRIPT, bold=True) + paragraph(RULE + SCRIPT) + LINK
WEB_PAGE = (
    f"<html><head><title>{SCRIPT}</title></head><body><div id=js_content><h1>云溪提醒</h1><p>{RULE}</p>{SCRIPT}"
    f"<p>{RULE}&lt;script&gt;alert(7)&lt;/script&gt;</p></div></body></html>"
)
MARKDOWN = (
    f"---\ntitle: 云溪提醒{SCRIPT}\nurl: javascript:alert(8)\nsource: '{SCRIPT}'\n---\n\n{RULE}{SCRIPT}\n\n"
    "[x](javascript:alert(9))有人这样发链接。\n"
)
HOSTILE = {
    "docx": docx(WORD, [("word/_rels/document.xml.rels", RELS)]),
    "pdf": pdf([("云溪提醒", RULE, SCRIPT)]),
    "html": WEB_PAGE.encode(),
    "md": MARKDOWN.encode(),
    "txt": f"云溪提醒\n\n{RULE}{SCRIPT}\n".encode(),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_a_file_holds_is_only_words(desk: Staff, editor: Person, kind: str) -> None:
    """On the draft's page, on the list, where residents read it; downloaded, it opens nowhere."""
    number = editor.draft(NAME + kind, HOSTILE[kind])
    expect_harmless(editor.page(f"draft?n={number}"))
    received = editor.staff.get(f"received?n={number}")
    assert received.headers["content-type"] == "application/octet-stream"
    assert received.headers["content-disposition"] == "attachment"
    assert "sandbox" in received.headers["content-security-policy"]
    assert editor.change(number, "submit", note=SCRIPT).status_code == 200
    approved = Person(desk, "wang").change(number, "approve", note="")
    assert approved.status_code == 200, approved.text
    expect_harmless(Page(approved.text))
    stem = approved.url.rpartition("stem=")[2]
    for path in ("bulletins", "log", f"bulletin?stem={stem}", "concerns"):
        expect_harmless(editor.page(path))
    reader = desk.url.replace("/staff/", f"/web/bulletins/{stem}")
    deadline = time.monotonic() + 60
    while (shown := requests.get(reader, timeout=30)).status_code != 200 and time.monotonic() < deadline:
        time.sleep(0.5)
    assert RULE in shown.text
    page = Page(shown.text)
    assert page.all("svg") == page.all("img") == page.all("iframe") == []
    assert not [each for each in page.all("a") if "javascript:" in str(each.attributes.get("href", ""))]
    assert "alert(" not in "".join(each.text for each in page.all("script"))


REFUSED = {
    "zip bomb": ("a.docx", docx(paragraph("x"), [("word/media/x.xml", b"0" * 80_000_000)]), "太大"),
    "laughs": ("a.docx", docx(paragraph("&i;").replace("&amp;", "&"), before=LAUGHS), "DOCTYPE"),
    "pages": ("a.pdf", pdf([("一行字",)] * 500), "500 页"),
    "no file": ("a.docx", b"PK\x03\x04" + b"\x00" * 400, "打不开"),
    "half a pdf": ("a.pdf", pdf([("一行字",)])[:300], "打不开"),
    "nothing": ("a.txt", b"", "空的"),
    "program": ("a.exe", b"MZ" + b"\x00\xff" * 4000, ""),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_does_harm_is_refused_in_words(editor: Person, what: str) -> None:
    """In a sentence, in bounded time; no draft comes of it."""
    name, data, why = REFUSED[what]
    before = listed(editor)
    began = time.monotonic()
    answered = editor.upload(name, data)
    assert time.monotonic() - began < 60
    assert answered.status_code == 400
    told = Page(answered.text).one("p", role="alert").text
    assert why in told
    assert "Traceback" not in answered.text
    assert listed(editor) == before


def listed(editor: Person) -> str:
    """The list of bulletins and drafts as it reads, but for the time at which the folder was read."""
    return re.sub(r"\d{1,2}:\d{2}:\d{2}", "", editor.page("bulletins").text)


def test_fifty_megabytes(editor: Person) -> None:
    """Are not even taken in; who may send no files is refused at eight thousand bytes."""
    try:
        answered = editor.upload("a.txt", "字".encode() * (50 * 1024 * 1024 // 3))
        assert answered.status_code == 413
    except requests.ConnectionError:  # the door closes while it is still being sent
        pass
    reader = Person(editor.staff, "sun")
    assert reader.upload("a.txt", b"x" * 20_000).status_code in (403, 413)


def test_an_upload_holds_up_no_answer(desk: Staff, editor: Person) -> None:
    """While four files are read that take all they may, residents get theirs as ever."""
    web = desk.url.replace("/staff/", "/web/")
    session = requests.post(web + "session", json={}, timeout=60).json()["session"]
    deep = b"<html><div id=js_content>" + b"<div>" * 300_000 + b"x"
    waits = []
    with ThreadPoolExecutor(4) as pool:
        sent = [pool.submit(editor.upload, "a.html", deep) for _ in range(4)]
        while not all(each.done() for each in sent):
            began = time.monotonic()
            body = {"session": session, "id": uuid.uuid4().hex, "text": "你好"}
            assert requests.post(web + "message", json=body, timeout=60).status_code == 200
            waits.append(time.monotonic() - began)
            time.sleep(0.3)
    assert len(waits) > 3
    print(f"while reading: median {sorted(waits)[len(waits) // 2]:.2f} s, longest {max(waits):.2f} s of {len(waits)}")
    assert sorted(waits)[len(waits) // 2] < 3
    assert {each.result().status_code for each in sent} <= {200, 400}


@pytest.mark.parametrize("csrf", ["", "x", "x" * 43])
def test_a_file_without_the_sessions_token(editor: Person, csrf: str) -> None:
    """Another site's form begins nothing."""
    before = editor.page("bulletins").text
    assert editor.upload("a.txt", f"云溪提醒\n\n{RULE}\n".encode(), csrf=csrf).status_code == 403
    assert editor.upload("a.txt", b"x", Origin="https://elsewhere.example").status_code == 403
    assert editor.page("bulletins").text == before


def test_roles_by_direct_request(desk: Staff, editor: Person) -> None:
    """Who may only read changes nothing; an editor approves, restores and undoes nothing; nobody their own."""
    number = editor.draft("a.txt", f"云溪提醒另一件事\n\n{RULE}\n".encode())
    reader, approver = Person(desk, "sun"), Person(desk, "wang")
    assert reader.staff.get("new").status_code == 403
    for path, fields in (
        ("draft", {"n": str(number), "act": "submit", "version": "1", "note": "x"}),
        ("draft", {"n": str(number), "act": "approve", "version": "1"}),
        ("bulletin", {"stem": "linyi-duanka", "act": "withdraw", "why": "x"}),
        ("concerns", {"act": "settle", "one": "linyi-duanka", "other": "nanning-2021", "what": "x"}),
        ("new", {"text": f"云溪提醒\n\n{RULE}"}),
        ("gaps", {"wording": "x"}),
        ("doors", {"channel": "web", "to": "off", "why": "x"}),
        ("people", {"act": "role", "name": "sun", "role": "administrator"}),
    ):
        assert reader.send(path, **fields).status_code == 403, path
    assert editor.change(number, "submit", note="新的").status_code == 200
    assert editor.change(number, "approve").status_code == 403
    for act in ("undo", "restore"):
        assert editor.send("bulletin", stem="linyi-duanka", act=act, why="x").status_code == 403
    assert editor.send("doors", channel="web", to="off", why="x").status_code == 403
    assert editor.send("people", act="add", name="qian", role="administrator", password="x" * 20).status_code == 403
    own = approver.draft("b.txt", f"云溪提醒第三件事\n\n{RULE}\n".encode())
    assert approver.change(own, "submit", note="我写的").status_code == 200
    refused = approver.change(own, "approve")
    assert refused.status_code == 400
    assert "另一位" in refused.text
    assert editor.send("draft", n=str(number), act="kind", version="99", passage="p01", kind="case").status_code == 409


@pytest.mark.parametrize(
    "path",
    [
        "bulletin?stem=../../kept/duanka.db",
        "bulletin?stem=..%2f..%2fkept",
        "bulletin?stem=%00",
        "bulletin?stem=" + "x" * 5000,
        "draft?n=99999999999999999999",
        "draft?n=-1",
        "received?n=0",
        "picture?n=1&page=999999999",
        "picture?n=999999",
    ],
)
def test_names_that_lead_elsewhere(editor: Person, path: str) -> None:
    """There is nothing there, said in words."""
    answered = editor.staff.get(path)
    assert answered.status_code == 404
    assert "Traceback" not in answered.text
