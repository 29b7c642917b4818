"""Word files and PDFs as Markdown: the words as they stand, headings, lists and tables as such, nothing else.

Knows the two formats; opens no files. Both are archives of other people's making: what is too large, locked or not what
it says it is a Problem. It may still take long: whoever serves people has it read in another process.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.reading.records import Problem

DOCX, PDF = ".docx", ".pdf"
SCANNED = "这个 PDF 里没有文字，多半是扫描件（一页一张图片）"
MOST_PAGES = 200
# What a Word file may unfold to: a hundred pages of text are some 3 MB, pictures are not looked at.
_MOST_UNFOLDED, _MOST_PARTS = 64 * 1024 * 1024, 5_000
_TEXT_PARTS = (".xml", ".rels")
_PAGE_NUMBER = re.compile(
    r"[-—－–·\s]{0,6}(?:第?\s{0,2}\d{1,4}\s{0,2}页?(?:\s{0,2}[/／共]\s{0,2}共?\s{0,2}\d{1,4}\s{0,2}页?)?)[-—－–·\s]{0,6}"
)
SENTENCE_END = re.compile(r"[。！？!?；;：:…]['\"”’）)】』」]{0,3}$")
NEW_ITEM = re.compile(
    r"(?:[一二三四五六七八九十]{1,4}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|第[一二三四五六七八九十百零〇\d]{1,8}[条章节]|\d{1,2}[.．、]|[●•◆■▪·*])"
)
# A line is whole when it fills this share of the longest ones of its page: the next one goes on with its sentence.
_FULL = 0.88


def is_docx(data: bytes) -> bool:
    """Whether the bytes are an archive as Word writes it."""
    return data.startswith(b"PK\x03\x04")


def is_pdf(data: bytes) -> bool:
    """Whether the bytes are a PDF."""
    return data[:1024].lstrip().startswith(b"%PDF-")


def docx_page(path: Path, data: bytes) -> str | Problem:
    """Return a Word file as the body of a web page, without pictures."""
    wrong = _unsafe(path, data)
    if wrong:
        return wrong
    import mammoth  # with the PDF reader it takes half a second: not at every start of the service

    logging.getLogger("mammoth").setLevel(logging.ERROR)
    try:
        read = mammoth.convert_to_html(
            io.BytesIO(data), convert_image=mammoth.images.img_element(lambda _: {"src": ""})
        )
    except Exception as error:  # whatever the archive holds: it is somebody else's
        if isinstance(error, (MemoryError, RecursionError)):
            raise
        return Problem(
            path, 1, "这个 Word 文件打不开（可能已损坏）", "用 Word 或 WPS 打开，另存为 .docx，或把正文另存为 .txt"
        )
    return str(read.value)


def pdf_text(path: Path, data: bytes) -> str | Problem:
    """Return the text of a PDF, a paragraph a line, without what repeats on its pages."""
    import pypdf
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    allowed = "请换一份能选中文字的 PDF，或把正文另存为 .txt"
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return Problem(path, 1, "这个 PDF 有密码，打不开", "请去掉密码再上传")
        count = len(reader.pages)
        if count > MOST_PAGES:
            return Problem(path, 1, f"这个 PDF 有 {count} 页，太长", f"最多 {MOST_PAGES} 页；请只留下要发布的部分")
        pages = [_lines(page.extract_text()) for page in reader.pages]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, NotImplementedError):
        return Problem(path, 1, "这个 PDF 打不开（可能已损坏）", allowed)
    if sum(len(line) for page in pages for line in page) < 20:
        return Problem(path, 1, SCANNED, "请找原来的文件，或把文字录成 .txt")
    return "\n\n".join(_paragraphs(_without_repeats(pages)))


def _unsafe(path: Path, data: bytes) -> Problem | None:
    """Return why an archive is not opened: it unfolds to too much, or it is no Word file."""
    allowed = "用 Word 或 WPS 打开，另存为 .docx，或把正文另存为 .txt"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNFOLDED:
                return Problem(path, 1, "这个文件解开以后太大，没有打开", allowed)
            if not any(part.filename == "word/document.xml" for part in parts):
                return Problem(path, 1, "这不是 Word 文件（.docx）", allowed)
            for part in parts:
                if part.filename.endswith(_TEXT_PARTS) and b"<!DOCTYPE" in archive.read(part):
                    return Problem(path, 1, "这个文件里有 Word 不会写的内容（DOCTYPE），没有打开", allowed)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return Problem(path, 1, "这个 Word 文件打不开（可能已损坏，或有密码）", allowed)
    return None


def _lines(text: str) -> list[str]:
    return [line for line in (" ".join(raw.replace("\x00", "").split()) for raw in text.split("\n")) if line]


def _without_repeats(pages: Sequence[list[str]]) -> list[list[str]]:
    """Return the pages without their numbers, and without first and last lines that most pages have."""
    edges = Counter(line for page in pages for line in {*page[:1], *page[-2:]})
    often = {line for line, times in edges.items() if len(pages) >= 3 and times > len(pages) / 2}
    found = []
    for page in pages:
        kept = [line for at, line in enumerate(page) if not (line in often and (at == 0 or at >= len(page) - 2))]
        while kept and _PAGE_NUMBER.fullmatch(kept[-1]):
            kept.pop()
        while kept and _PAGE_NUMBER.fullmatch(kept[0]):
            kept.pop(0)
        found.append(kept)
    return found


def _paragraphs(pages: Sequence[list[str]]) -> Iterator[str]:
    """Yield the paragraphs: a line that fills its page's width goes on in the next one, over the page's end too."""
    open_line, full = "", False
    for page in pages:
        longest = sorted((_width(line) for line in page), reverse=True)
        width = longest[min(len(longest) - 1, len(longest) // 10)] if longest else 0
        for line in page:
            if open_line and full and not NEW_ITEM.match(line):
                joint = " " if open_line[-1].isascii() and line[0].isascii() and line[0].isalnum() else ""
                open_line += joint + line
            else:
                if open_line:
                    yield open_line
                open_line = line
            full = (
                width > 12
                and _width(line) >= width * _FULL
                and not (SENTENCE_END.search(line) and _width(line) < width - 1)
            )
    if open_line:
        yield open_line


def _width(line: str) -> float:
    """Return how wide a line is: a Chinese character is 1, a letter or figure half of that."""
    return sum(0.5 if ord(character) < 0x2E80 else 1.0 for character in line)
