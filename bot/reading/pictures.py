"""The words in a picture: a poster, a page that was scanned. Recognised, so each may be wrong: somebody must look.

Knows RapidOCR, whose models come inside its package, and pypdfium2, which draws a PDF's pages: both are an extra of the
installation (ocr.lock). Opens no files. Takes seconds and some 500 MB: whoever serves people has it done in another
process.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from bot.reading.office import NEW_ITEM, SENTENCE_END, is_pdf
from bot.reading.records import Problem

PICTURES = (".jpg", ".jpeg", ".png")
_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
MOST_SCANNED = 20
# A photograph of a telephone has some 50 million points, an archive's bomb more.
_MOST_POINTS = 64_000_000
# What is longer is cut into strips: the recogniser makes every picture small enough for its longer side.
_STRIP = 1.6
_LONGEST_SIDE = 3_000
_SHOWN_WIDTH = 1_000
# So many points an inch: a line of 12-point type is some 33 points high.
_SCALE = 200 / 72
_LEAST_SURE = 0.5
_NOT_THERE = "这台机器没有装识别图片文字的部分"
_ALLOWED = "请找原来的文件（Word、能选中文字的 PDF、网页），或把文字录成 .txt"
HOW_TO_GET_IT = f"请运行服务的人运行一次 make ocr（约 250 MB）；{_ALLOWED[1:]}"


@dataclass(frozen=True)
class Line:
    """One line of a picture: its words, and where it stands, in points."""

    words: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


def is_picture(data: bytes) -> bool:
    """Whether the bytes are a JPEG or a PNG."""
    return data.startswith(_STARTS)


def can_recognise() -> bool:
    """Whether the extra is there."""
    return all(find_spec(name) is not None for name in ("rapidocr_onnxruntime", "pypdfium2"))


def not_there(path: Path) -> Problem:
    """Return why a picture is not read on this machine, and what to do."""
    return Problem(path, 1, _NOT_THERE, HOW_TO_GET_IT)


def recognised_text(path: Path, data: bytes) -> str | Problem:
    """Return the words of a picture or of a scanned PDF as Markdown: what is largest at its head as the title."""
    count = pages_of(data)
    if count > MOST_SCANNED:
        allowed = f"扫描件最多 {MOST_SCANNED} 页；请只留下要发布的部分"
        return Problem(path, 1, f"这个扫描件有 {count} 页，太长", allowed)
    from rapidocr_onnxruntime import RapidOCR

    engine = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)
    pages = []
    for number in range(count):
        picture = _page(data, number)
        if picture is None:
            return Problem(path, 1, "这张图片打不开（可能已损坏，或大得不像图片）", _ALLOWED)
        pages.append(_lines_of(engine, picture))
    if sum(len(line.words) for page in pages for line in page) < 10:
        return Problem(path, 1, "图片里没有认出文字（也许太小、太模糊，或是手写的）", _ALLOWED)
    return written(pages)


def pages_of(data: bytes) -> int:
    """Return how many pages there are: one of a picture."""
    if not is_pdf(data):
        return 1
    import pypdfium2

    try:
        return len(pypdfium2.PdfDocument(data))
    except pypdfium2.PdfiumError:
        return 1


def shown_picture(data: bytes, page: int) -> bytes | None:
    """Return a page as a PNG of our own making, no wider than a screen; None for what cannot be shown."""
    picture = _page(data, page) if 0 <= page < pages_of(data) else None
    if picture is None:
        return None
    picture.thumbnail((_SHOWN_WIDTH, 20 * _SHOWN_WIDTH))
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


def written(pages: Sequence[Sequence[Line]]) -> str:
    """Return the lines as Markdown: the title, then a paragraph a line."""
    title, rest = _titled(pages[0])
    head = [f"# {title}"] if title else []
    words = (paragraph for page in (rest, *pages[1:]) for paragraph in _paragraphs(page))
    return "\n\n".join([*head, *words]) + "\n"


def _page(data: bytes, number: int) -> Any:
    """Return a page as a picture in colours; None for what is none, or has too many points."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = _MOST_POINTS // 2  # Pillow itself refuses twice as many
    try:
        if is_pdf(data):
            return _drawn(data, number)
        picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        if picture.width * picture.height > _MOST_POINTS:
            return None
        picture.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))  # a JPEG is decoded no larger than that takes
        turned = ImageOps.exif_transpose(picture)
        seen = turned.convert("RGBA")
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    return paper


def _drawn(data: bytes, number: int) -> Any:
    import pypdfium2

    try:
        page = pypdfium2.PdfDocument(data)[number]
        widest = max(page.get_size())
        return page.render(scale=min(_SCALE, _LONGEST_SIDE / max(widest, 1.0))).to_pil().convert("RGB")
    except pypdfium2.PdfiumError as error:
        raise ValueError("no page") from error


def _lines_of(engine: Any, picture: Any) -> tuple[Line, ...]:
    """Return the lines of a picture, from the top down and from the left to the right."""
    import numpy as np

    found: list[Line] = []
    for top, strip in _strips(picture):
        read, _ = engine(np.asarray(strip)[:, :, ::-1])  # it takes colours as OpenCV keeps them
        for corners, words, sure in read or ():
            across, down = zip(*corners, strict=True)
            if float(sure) >= _LEAST_SURE and words.strip():
                found.append(Line(words.strip(), min(across), top + min(down), max(across), top + max(down)))
    return _in_order(found)


def _strips(picture: Any) -> Iterator[tuple[int, Any]]:
    """Yield a picture in parts not much higher than wide, cut where a row is as plain as any near it."""
    import numpy as np

    width, height = picture.size
    if height <= 2 * _STRIP * width:
        yield 0, picture
        return
    busy = np.asarray(picture.convert("L"), dtype=np.float32).std(axis=1)
    top, step = 0, int(_STRIP * width)
    while top < height:
        end = height
        if height - top > 1.3 * step:
            near = busy[top + int(0.7 * step) : top + step]
            end = top + int(0.7 * step) + int(near.argmin())
        yield top, picture.crop((0, top, width, end))
        top = end


def _in_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return lines as they are read: those on one height from the left to the right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda each: each.top + each.height / 2):
        middle = line.top + line.height / 2
        if rows and rows[-1][0].top < middle < rows[-1][0].bottom and line.height < 2 * rows[-1][0].height:
            rows[-1].append(line)
        else:
            rows.append([line])
    return tuple(line for row in rows for line in sorted(row, key=lambda each: each.left))


def _titled(lines: Sequence[Line]) -> tuple[str, tuple[Line, ...]]:
    """Return what stands largest in the upper half, as one line, and the rest; "" where nothing stands out."""
    if len(lines) < 3:
        return "", tuple(lines)
    upper = [line for line in lines if line.top < (lines[0].top + max(each.bottom for each in lines)) / 2]
    largest = max(line.height for line in upper)
    if largest < 1.3 * median(line.height for line in lines):
        return "", tuple(lines)
    first = next(at for at, line in enumerate(lines) if line.height >= 0.8 * largest)
    last = first
    while last + 1 < len(lines) and lines[last + 1].height >= 0.8 * largest:
        last += 1
    title = "".join(line.words for line in lines[first : last + 1])
    return title, (*lines[:first], *lines[last + 1 :])


def _paragraphs(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the paragraphs: a line that reaches its column's edge goes on in the next one of its size."""
    words = ""
    for at, line in enumerate(lines):
        words += line.words
        following = lines[at + 1] if at + 1 < len(lines) else None
        if following is None or not _goes_on(line, following, lines):
            yield words
            words = ""


def _goes_on(line: Line, following: Line, lines: Sequence[Line]) -> bool:
    size = line.height
    alike = 0.75 < following.height / size < 1.33
    if not alike or following.top - line.bottom > 1.5 * size or NEW_ITEM.match(following.words):
        return False
    column = max(each.right for each in lines if 0.75 < each.height / size < 1.33)
    return line.right >= column - 1.6 * size and not SENTENCE_END.search(line.words)
