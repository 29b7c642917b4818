"""Word files and PDFs: every word that stands in them, in order, and no harm from those that mean some."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from office_files import docx, paragraph, pdf, table

from bot.reading.article import Article, is_article, not_readable, take_in
from bot.reading.records import Problem

WORDS = (
    "云溪市公安局关于打击收购银行卡的通告",
    "一、严禁收购、出售、出租、出借银行卡。",
    "二、违反规定的，五年内暂停非柜面业务。",
    "举报电话：96110",
)


def text_of(name: str, data: bytes) -> str:
    """The article's text, which there must be."""
    taken = take_in(Path(name), data)
    assert isinstance(taken, Article), taken
    assert taken.rewritten
    assert taken.data.decode() == taken.text
    return taken.text


def refusal(name: str, data: bytes) -> str:
    """Why it is refused, and what to do."""
    taken = take_in(Path(name), data)
    assert isinstance(taken, Problem), taken
    return f"{taken.wrong}；{taken.allowed}"


def test_a_word_file() -> None:
    """Paragraphs, what is bold, and tables, in order; nothing is escaped."""
    body = paragraph(WORDS[0], bold=True) + "".join(paragraph(each) for each in WORDS[1:])
    text = text_of("通告.docx", docx(body + table((("城市", "电话"), ("云溪", "96110 * 2_3")))))
    lines = [line for line in text.splitlines() if line]
    assert lines[:4] == [f"**{WORDS[0]}**", *WORDS[1:]]
    assert "96110 * 2_3" in text


def test_what_a_file_is_its_first_bytes_say() -> None:
    """A Word file called .txt, a PDF called .md: read as what they are."""
    assert WORDS[1] in text_of("a.txt", docx(paragraph(WORDS[1])))
    assert WORDS[1] in text_of("a.md", pdf([WORDS]))


def test_links_and_scripts_in_a_word_file_are_words() -> None:
    """Markup that somebody typed comes out as they typed it; where a link leads does not come along."""
    typed = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    assert typed in text_of("a.docx", docx(paragraph(typed)))
    link = f"<w:p><w:hyperlink w:anchor='x'><w:r><w:t>{WORDS[1]}</w:t></w:r></w:hyperlink></w:p>"
    assert text_of("a.docx", docx(link)).strip() == WORDS[1]


def test_bombs_are_not_opened() -> None:
    """An archive that unfolds to gigabytes, entities that do, a part that names a file of the machine."""
    assert "太大" in refusal("a.docx", docx(paragraph("x"), [("word/media/x.bin", b"\0" * (65 * 1024 * 1024))]))
    laughs = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]>"
    assert "DOCTYPE" in refusal("a.docx", docx(paragraph("x"), before=laughs))
    outside = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
    assert "DOCTYPE" in refusal("a.docx", docx(paragraph("x"), before=outside))
    many = [(f"word/x{number}.bin", b"") for number in range(5_001)]
    assert "太大" in refusal("a.docx", docx(paragraph("x"), many))


@pytest.mark.parametrize("end", [10, 100, 400])
def test_broken_archives_are_refused(end: int) -> None:
    """Cut short, or an archive of something else."""
    assert "打不开" in refusal("a.docx", docx(paragraph("x"))[:end])
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("../../etc/passwd", "x")
    assert "不是 Word 文件" in refusal("a.docx", other.getvalue())


def test_a_pdf_is_read_in_paragraphs() -> None:
    """Lines that a page's width broke are one again; a number, a short line and a full stop begin anew."""
    lines = (
        "关于启用实名核验的公告",
        "自八月十五日起，办理新入网、过户和补换卡业务，须由本人持有效身份证件到营业厅办",
        "理，并通过人脸核验。同一用户在同一家企业办理的电话卡不得超过五张。",
        "一、已超过的，应当在三个月内到营业厅核实用途；逾期未核实的，企业可以停止超出部",
        "分的服务。",
        "二、咨询电话：96110。",
    )
    text = text_of("a.pdf", pdf([lines]))
    assert text.split("\n\n") == [
        lines[0],
        lines[1] + lines[2],
        lines[3] + lines[4],
        lines[5] + "\n",
    ]


def test_what_repeats_on_each_page_is_left_out() -> None:
    """Its head, its foot and its number; a paragraph goes on over the page's end."""
    full = "各县区公安局、各金融机构应当依照本通告的规定落实风险防控责任并及时报告有关的情况"
    pages = [("云溪市公安局文件", full[number:] + full[:number], f"— {number} —") for number in range(1, 5)]
    text = text_of("a.pdf", pdf(pages))
    assert "云溪市公安局文件" not in text
    assert "— 1 —" not in text
    assert text.count("风险防控责任") == 4
    assert len(text.splitlines()) == 1


def test_pdfs_that_are_not_read() -> None:
    """Too many pages, a scan, half a file: each in a sentence that says what to do."""
    assert "有 500 页" in refusal("a.pdf", pdf([("一行字",)] * 500))
    assert "没有文字" in refusal("a.pdf", pdf([()]))
    assert "打不开" in refusal("a.pdf", pdf([WORDS])[:60])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "gb18030", "utf-8"])
def test_every_encoding_an_office_has(encoding: str) -> None:
    """Notepad's “Unicode”, and what older machines write."""
    data = "\r\n".join(WORDS).encode(encoding)
    data = b"\xff\xfe" + data if encoding == "utf-16-le" else data
    taken = take_in(Path("a.txt"), data)
    assert isinstance(taken, Article), taken
    assert [line for line in taken.text.splitlines() if line] == list(WORDS)


@pytest.mark.parametrize("name", ["a.doc", "a.gif", "a.HEIC", "a.zip", "a.wps", "a.ofd", "a.xlsx"])
def test_what_cannot_be_read_says_what_to_do(name: str) -> None:
    """By its name, and when its bytes come."""
    told = not_readable(Path(name))
    assert told
    assert told.allowed
    assert not is_article(Path(name))
    assert told.wrong in refusal(name, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00")
