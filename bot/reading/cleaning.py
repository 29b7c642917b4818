"""From the lines of a file to the lines of the article: what the page put around it goes, the words stay.

Nothing is ever added or reworded. Where words were taken out, the next line says so (`wall`), because a quote must
not bridge the gap; images and blank lines leave no gap in the words, so they are only noted (`image`, `gap`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.reading.chrome import ends_article, is_chrome, is_list_number
from bot.reading.squeezing import IMAGE

# Stand-ins, from the private use area, for what is not text.
_PICTURE, _WALL, _LINK, _KNIL = "\ue000", "\ue001", "\ue002", "\ue003"
_MARKS = re.compile(f"[{_PICTURE}{_WALL}{_LINK}{_KNIL}]")

_ZERO_WIDTH = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MIRROR = re.compile(r"<blockquote>.{0,400}?</blockquote>", re.DOTALL | re.IGNORECASE)
_BLOCK_TAG = re.compile(r"</?(p|div|br|hr|li|ul|ol|table|tr|td|th|section|blockquote|h[1-6])\b[^<>]*>", re.IGNORECASE)
_INLINE_TAG = re.compile(r"</?(strong|b|i|em|u|span|a|font|img|code|sup|sub)\b[^<>]*>", re.IGNORECASE)
_HYPERLINK = re.compile(r"\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)")
_LINKED = re.compile(f"{_LINK}[^{_KNIL}]*{_KNIL}")
_RULE = re.compile(r"^\s*(\*\s*\*\s*\*|-\s*-\s*-[-\s]*|_\s*_\s*_[_\s]*|={3,})\s*$")
_TABLE_ROW = re.compile(r"^\s*\|.*\|\s*$", re.MULTILINE)
# 「……不要成为骗子的猎物来源：某中心」: a credit glued to the end of the last line.
_GLUED_CREDIT = re.compile(
    rf"(?<=[^\s>（(*{_PICTURE}]{{6}})(?=(来源|编辑|责编|审核)[:：][^\n，。；：{_PICTURE}]{{2,30}}[{_PICTURE}\s*]*$)",
    re.MULTILINE,
)
_HASHES = re.compile(r"^(#{1,6})\s*(.*)$")
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’…—·•《》"
_SPACE_AT_WIDE = re.compile(rf"(?<=[{_WIDE}])\s+|\s+(?=[{_WIDE}])")
_SENTENCE_MARK = re.compile(r"[，。；：！？、…,;:!?]")
_ITEM_START = re.compile(r"^(第[一二三四五六七八九十]|[一二三四五六七八九十][是、]|\d{1,2}[、.)）])")
_CAPTION_LENGTH = 25
_BIO_LINES = 6


@dataclass(frozen=True)
class Line:
    """One line, or a part of one, of the article: clean text, the line's number in the file, and what stood around it.

    `bold`: emphasised as a whole. `level`: of a Markdown heading, else 0. `bullet`: a `*` item.
    `gap`, `image`, `wall`: a blank line, an image, removed words before it.
    """

    number: int
    text: str
    bold: bool = False
    level: int = 0
    bullet: bool = False
    gap: bool = False
    image: bool = False
    wall: bool = False


def tidy(text: str) -> str:
    """Return `text` without emphasis marks, and without white space next to Chinese characters."""
    plain = re.sub(r"\s+", " ", text.replace("*", "")).strip()
    return _SPACE_AT_WIDE.sub("", plain)


def clean(body: str, first: int, names: Sequence[str] = ()) -> tuple[Line, ...]:
    """Return the lines of the article in `body`, whose first line is line `first` of the file.

    `names` are the title, the publisher and the like: a line that says no more than one of them is the page's.
    """
    known = frozenset(tidy(name) for name in names if name)
    return _without_captions(tuple(_kept(_parts(body, first), known)))


def _parts(body: str, first: int) -> Iterator[Line]:
    """Yield every stretch of text; removed pieces and images become the flags of the one after them."""
    gap = image = wall = False
    for number, raw in enumerate(_marked(body).split("\n"), start=first):
        if not raw.strip():
            gap = True
        for piece in re.split(f"([{_PICTURE}{_WALL}])", raw):
            if piece == _PICTURE:
                image = True
            elif piece == _WALL:
                wall = True
            elif piece.strip():
                line = _line(number, piece)
                wall = wall or line is None
                if line is not None and line.text:
                    yield replace(line, gap=gap, image=image, wall=wall)
                    gap = image = wall = False


def _marked(body: str) -> str:
    """Return `body` with stand-ins for images, tags and links, and with the same line breaks."""
    text = _ZERO_WIDTH.sub("", _MARKS.sub("", body)).replace("\u00a0", " ").replace("\t", " ")
    text = _stand_in(IMAGE, _PICTURE, text)
    for pattern in (_COMMENT, _MIRROR, _BLOCK_TAG):
        text = _stand_in(pattern, _WALL, text)
    text = _GLUED_CREDIT.sub(_WALL, text)
    text = _TABLE_ROW.sub(lambda match: match[0].replace("|", _WALL), text)
    return _HYPERLINK.sub(lambda match: _link_lines(match[1], match[0]), _INLINE_TAG.sub("", text))


def _stand_in(pattern: re.Pattern[str], mark: str, text: str) -> str:
    return pattern.sub(lambda match: mark + "\n" * match[0].count("\n"), text)


def _link_lines(label: str, whole: str) -> str:
    """Mark a link's words line by line: a link in a mirror may run over several."""
    lines = "\n".join(_LINK + line + _KNIL if line.strip() else line for line in label.split("\n"))
    return lines + "\n" * (whole.count("\n") - label.count("\n"))


def _line(number: int, piece: str) -> Line | None:
    """Return the piece as a line; None when it is a rule or a list of links."""
    if _RULE.match(piece) or _is_navigation(piece):
        return None
    stripped = re.sub(r"^(>\s*)+", "", _MARKS.sub("", piece).strip())
    hashes = _HASHES.match(stripped)
    content = hashes[2] if hashes else stripped
    return Line(
        number=number,
        text=tidy(content),
        bold=_is_bold(content),
        level=len(hashes[1]) if hashes else 0,
        bullet=bool(re.match(r"\*(?!\*)\s*[^*]+$", content)) and not content.rstrip().endswith("*"),
    )


def _is_navigation(piece: str) -> bool:
    """Whether links, and marks between them, are all there is."""
    return _LINK in piece and not re.search(r"[^\W_]", _LINKED.sub("", piece))


def _is_bold(content: str) -> bool:
    """Whether emphasis covers every word; runs of `*` between words neither open nor close anything."""
    outside = re.sub(r"\*\*[^*]+\*\*", "", content)
    return content.strip().startswith("**") and not re.search(r"\w|[，。；：！？、]", outside.replace("*", ""))


def _kept(lines: Iterator[Line], known: frozenset[str]) -> Iterator[Line]:
    """Yield the lines that are the article's; each says whether words were removed before it."""
    removed = False
    bio = _NO_BIO
    for line in lines:
        if ends_article(line.text):
            return
        bio = bio.after(line)
        if bio.lines or line.text in known or is_chrome(line.text):
            removed = True
            continue
        yield replace(line, wall=line.wall or removed)
        removed = False


@dataclass(frozen=True)
class _Bio:
    """How many more lines the bio of a quoted account may take, and whether its avatar has been seen.

    It begins with 「以下文章来源于」 and is over at the second picture: the first is the avatar, and the account's name
    follows it. Under 「功能介绍」 on a line of its own it is one line.
    """

    lines: int = 0
    avatar: bool = False

    def after(self, line: Line) -> _Bio:
        if line.text.startswith("以下文章来源于"):
            return _Bio(lines=_BIO_LINES)
        if line.text == "功能介绍":
            return _Bio(lines=2)
        if self.lines == 0 or not line.image:
            return _Bio(max(self.lines - 1, 0), self.avatar)
        is_name = line.bold or bool(re.fullmatch(r".{1,14}\.", line.text))
        return _NO_BIO if self.avatar or not is_name else _Bio(self.lines - 1, avatar=True)


_NO_BIO = _Bio()


def followed(lines: Sequence[Line]) -> Iterator[tuple[Line, Line | None]]:
    """Yield each line with the one after it; None after the last."""
    for index, line in enumerate(lines, start=1):
        yield line, lines[index] if index < len(lines) else None


def _without_captions(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    kept: list[Line] = []
    removed = False
    for line, following in followed(lines):
        if _is_caption(line, following):
            removed = True
            continue
        kept.append(replace(line, wall=line.wall or removed))
        removed = False
    return tuple(kept)


def _is_caption(line: Line, following: Line | None) -> bool:
    """Whether a short line under a picture, without any stop, says what the picture shows.

    It does not when the next line goes on with it.
    """
    if not line.image or line.bold or line.level or line.bullet or is_list_number(line.text):
        return False
    if len(line.text) > _CAPTION_LENGTH or _SENTENCE_MARK.search(line.text):
        return False
    return (
        following is None
        or following.image
        or following.wall
        or following.bold
        or following.level > 0
        or bool(_ITEM_START.match(following.text))
    )
