"""From the lines of a file to the lines of the article: what the page put around it goes, the words stay.

Nothing is ever added or reworded, and nothing goes in silence: what is left out is listed with its line and the reason.
Where words were taken out, the next line says so (`wall`), because a quote must not bridge the gap; images and blank
lines leave no gap in the words, so they are only noted (`image`, `gap`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.reading.chrome import ends_article, points_elsewhere, why_chrome
from bot.reading.numbering import rank_of
from bot.reading.records import Dropped
from bot.text.squeezing import IMAGE, LINK

# Stand-ins, from the private use area, for what is not text.
_PICTURE, _WALL = "\ue000", "\ue001"
_MARKS = re.compile(f"[{_PICTURE}{_WALL}]")

_ZERO_WIDTH = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MIRROR = re.compile(
    r"<blockquote>(?:(?!</?blockquote>)[\s\S]){0,200}(?:转载|来源)[:：](?:(?!</?blockquote>)[\s\S]){0,200}</blockquote>",
    re.I,
)
_BLOCK_TAG = re.compile(r"</?(p|div|br|hr|li|ul|ol|table|tr|td|th|section|blockquote|h[1-6])\b[^<>]*>", re.IGNORECASE)
_INLINE_TAG = re.compile(r"</?(strong|b|i|em|u|span|a|font|img|code|sup|sub)\b[^<>]*>", re.IGNORECASE)
_LINKED_PICTURE = re.compile(rf"\[\s*{_PICTURE}[\s{_PICTURE}]*\]\([^()\n]*\)")
_BROKEN_LINK = re.compile(r"\[([^\[\]]*\n[^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)")
_RULE = re.compile(r"^\s*(\*\s*\*\s*\*|-\s*-\s*-[-\s]*|_\s*_\s*_[_\s]*|={3,})\s*$")
_TABLE_ROW = re.compile(r"^[^\S\n]*\|.*\|[^\S\n]*$", re.MULTILINE)
# 「……不要成为骗子的猎物来源：某中心」: a credit glued to the end of the last line.
_GLUED_CREDIT = re.compile(
    rf"(?<=[^\s>（(*{_PICTURE}]{{6}})(?=(来源|编辑|责编|审核)[:：][^\n，。；：{_PICTURE}]{{2,30}}[{_PICTURE}\s*]*$)",
    re.MULTILINE,
)
_HASHES = re.compile(r"^(#{1,6})\s*(.*)$")
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’…—·•《》"
_SPACE_AT_WIDE = re.compile(rf"(?<=[{_WIDE}])\s+|(?<!\s)\s+(?=[{_WIDE}])")
_SENTENCE_MARK = re.compile(r"[，。；：！？、…,;:!?]")
_ITEM_START = re.compile(r"^(第[一二三四五六七八九十]|[一二三四五六七八九十][是、]|\d{1,2}[、.)）])")
_PARAGRAPH = re.compile(r"[。！？；]")
_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(\s{0,3}\d{1,2}:\d{2}(:\d{2})?)?")
_CAPTION_LENGTH = 25
_LONGEST_NAME = 20
_LONGEST_BIO = 240
# So many characters in sentences before the title is repeated are the article's, not the page's.
_HEAD_LENGTH = 240
_HEAD_PARAGRAPH = 60
# Under 「推荐阅读」 a line of this many characters, with a stop, is the article's again.
_RESUMED_LENGTH = 30
_MENU_LINES = 5
_MENU_WORD = 8


@dataclass(frozen=True)
class Line:
    """One line, or a part of one, of the article: clean text, the line's number in the file, and what stood around it.

    `bold`: emphasised as a whole. `level`: of a Markdown heading, else 0. `bullet`: a `*` item. `row`: of a table.
    `gap`, `image`, `wall`: a blank line, an image, removed words before it. `opens`, `closes`: it begins or ends
    emphasised.
    """

    number: int
    text: str
    bold: bool = False
    level: int = 0
    bullet: bool = False
    gap: bool = False
    image: bool = False
    wall: bool = False
    row: bool = False
    opens: bool = False
    closes: bool = False


@dataclass(frozen=True)
class Cleaned:
    """The lines of the article, and what else stood in the file."""

    lines: tuple[Line, ...]
    dropped: tuple[Dropped, ...] = ()


@dataclass
class _Basket:
    """What was left out so far; lines that editors want kept never fall into it."""

    keep: Collection[int] = ()
    dropped: list[Dropped] = field(default_factory=list)

    def holds(self, line: Line, reason: str | None) -> bool:
        """Whether the line is left out: there is a reason, and nobody wants it kept."""
        if reason is None or line.number in self.keep:
            return False
        self.add(line.number, line.text, reason)
        return True

    def add(self, number: int, text: str, reason: str) -> None:
        if re.search(r"\w", text):
            self.dropped.append(Dropped((number, number + text.count("\n")), text, reason))


def tidy(text: str) -> str:
    """Return `text` without emphasis marks, and without white space next to Chinese characters."""
    plain = re.sub(r"\s+", " ", text.replace("*", "")).strip()
    return _SPACE_AT_WIDE.sub("", plain)


def clean(body: str, first: int, names: Sequence[str] = (), keep: Collection[int] = ()) -> Cleaned:
    """Return the lines of the article in `body`, whose first line is line `first` of the file, and what was left out.

    `names` are the title, the publisher and the like, the title first: a line that says no more than one of them is the
    page's. Lines with a number in `keep` are left in whatever they look like.
    """
    known = tuple(dict.fromkeys(tidy(name) for name in names if name))
    basket = _Basket(keep)
    parts = _without_head(tuple(_parts(body, first, basket)), known[:1], basket)
    lines = _without_captions(tuple(_kept(parts, frozenset(known), basket)), basket)
    return Cleaned(lines, tuple(sorted(basket.dropped, key=lambda each: each.lines)))


def _parts(body: str, first: int, basket: _Basket) -> Iterator[Line]:
    """Yield every stretch of text; removed pieces and images become the flags of the one after them."""
    gap = image = wall = False
    for number, raw in enumerate(_marked(body, first, basket).split("\n"), start=first):
        if not raw.strip():
            gap = True
        for piece in re.split(f"([{_PICTURE}{_WALL}])", raw):
            if piece == _PICTURE:
                image = True
            elif piece == _WALL:
                wall = True
            elif piece.strip():
                line = _line(number, piece)
                wall = wall or _RULE.match(piece) is not None
                if line.text and not _RULE.match(piece):
                    yield replace(line, gap=gap, image=image, wall=wall or line.wall)
                    gap = image = wall = False


def _marked(body: str, first: int, basket: _Basket) -> str:
    """Return `body` with stand-ins for images and tags, and with the same line breaks."""
    text = _ZERO_WIDTH.sub("", _MARKS.sub("", body)).replace("\u00a0", " ").replace("\t", " ")
    text = _LINKED_PICTURE.sub(_PICTURE, _stand_in(IMAGE, _PICTURE, text))
    for match in _MIRROR.finditer(text):
        basket.add(first + text.count("\n", 0, match.start()), _BLOCK_TAG.sub("", match[0]), "镜像网站的说明")
    for pattern in (_COMMENT, _MIRROR, _BLOCK_TAG):
        text = _stand_in(pattern, _WALL, text)
    text = _GLUED_CREDIT.sub(_WALL, text)
    text = _BROKEN_LINK.sub(lambda match: match[1] + "\n" * (match[0].count("\n") - match[1].count("\n")), text)
    return "\n".join(_without_tags(line) if "<" in line else line for line in text.split("\n"))


def _without_tags(line: str) -> str:
    """Take the tags out of a line; one between words leaves a wall, for those do not follow each other in the file."""
    inside = _INLINE_TAG.sub(_WALL, line)
    return re.sub(rf"^([\s>#*\-{_WALL}]*)", lambda start: start[0].replace(_WALL, ""), inside)


def _stand_in(pattern: re.Pattern[str], mark: str, text: str) -> str:
    return pattern.sub(lambda match: mark + "\n" * match[0].count("\n"), text)


def _line(number: int, piece: str) -> Line:
    """Return the piece as a line."""
    stripped = re.sub(r"^(>\s*)+", "", _MARKS.sub("", piece).strip())
    hashes = _HASHES.match(stripped)
    content = hashes[2] if hashes else stripped
    row = bool(_TABLE_ROW.match(content))
    # The mark of a quotation stands between its lines, also where a sentence goes on over them.
    quoted = piece.lstrip().startswith(">")
    return Line(
        number=number,
        text=_unlinked(tidy(content.strip().strip("|") if row else content)),
        bold=_is_bold(content),
        level=len(hashes[1]) if hashes else 0,
        bullet=bool(re.match(r"\*(?!\*)\s*[^*]+$", content)) and not content.rstrip().endswith("*"),
        wall=quoted,
        row=row,
        opens=content.startswith("*"),
        closes=content.rstrip().endswith("*"),
    )


def _unlinked(text: str) -> str:
    """Return the words of a link where they, but for a number before them, are all of the line; else the text as it is.

    A link in the middle of a sentence stays as it is written: without its address the sentence would not stand in the
    file word for word.
    """
    if "](" not in text:
        return text
    found = LINK.fullmatch(re.sub(r"^[\W\d_]*(?=\[)|(?<=\))[\W_]*$", "", text))
    return found[1] if found and re.search(r"[。！？]", found[1]) else text


def _is_navigation(text: str) -> bool:
    """Whether links, and marks and numbers between them, are all there is."""
    return "](" in text and not re.search(r"[^\W_\d]", LINK.sub("", text))


def _is_bold(content: str) -> bool:
    """Whether emphasis covers every word; runs of `*` between words neither open nor close anything."""
    outside = re.sub(r"\*\*[^*]+\*\*", "", content)
    return content.strip().startswith("**") and not re.search(r"\w|[，。；：！？、]", outside.replace("*", ""))


def _without_head(lines: tuple[Line, ...], titles: Sequence[str], basket: _Basket) -> tuple[Line, ...]:
    """Leave out what the page shows above the article: all before the title, when that is said again under menus."""
    repeats = [at for at, line in enumerate(lines) if line.text in titles]
    if not repeats:
        return lines
    top = repeats[-1]
    said = [line.text for line in lines[:top] if _PARAGRAPH.search(line.text) and line.text not in titles]
    menus = sum(_is_menu_word(line) or _is_navigation(line.text) for line in lines[:top])
    if sum(map(len, said)) > _HEAD_LENGTH or max(map(len, said), default=0) > _HEAD_PARAGRAPH or menus < _MENU_LINES:
        return lines
    kept = [line for line in lines[:top] if line.text in titles or not basket.holds(line, "题目上方的页面")]
    return (*kept, *lines[top:])


def _kept(lines: Sequence[Line], known: Collection[str], basket: _Basket) -> Iterator[Line]:
    """Yield the lines that are the article's; each says whether words were removed before it."""
    removed = over = elsewhere = False
    bio = _NO_BIO
    for line in lines:
        bio = bio.after(line)
        over = over or ends_article(line.text)
        elsewhere = not over and (points_elsewhere(line.text) or (elsewhere and not _resumes(line)))
        if basket.holds(line, _why(line, known, bio, over, elsewhere)):
            removed = True
            continue
        yield replace(line, wall=line.wall or removed)
        removed = False


def _why(line: Line, known: Collection[str], bio: _Bio, over: bool, elsewhere: bool) -> str | None:
    """Return why the line is left out; None when it is not."""
    if over:
        return "文章之后的页面"
    if elsewhere:
        return "推荐的其他文章"
    if bio.inside:
        return "账号简介"
    if line.text in known or line.text.strip("[]【】") in known or _says_only(line.text, known):
        return "题目或账号的名字"
    return "只有链接" if _is_navigation(line.text) else why_chrome(line.text)


def _says_only(text: str, known: Collection[str]) -> bool:
    """Whether a line says no more than a name and the day of publication."""
    plain = _DATE.sub("", text)
    return plain != text and re.sub(r"[\W_]|发布|来源|时间|日期|于", "", plain) in known


def _resumes(line: Line) -> bool:
    """Whether the line is a paragraph, not the title of another article."""
    return len(line.text) >= _RESUMED_LENGTH and bool(_PARAGRAPH.search(line.text)) and not _is_navigation(line.text)


@dataclass(frozen=True)
class _Bio:
    """Where in the card of a quoted account the line stands: its name and author, then one line of what it is about.

    The card begins with 「以下文章来源于」; under 「功能介绍」 on a line of its own only the one line follows.
    """

    part: Literal["", "name", "about"] = ""
    inside: bool = False

    def after(self, line: Line) -> _Bio:
        if line.text.startswith("以下文章来源于"):
            return _Bio("name", inside=True)
        if line.text == "功能介绍":
            return _Bio("about", inside=True)
        if self.part == "name":
            author = line.text.startswith(("，", ","))
            if author or _is_name(line):
                return _Bio("name" if author else "about", inside=True)
        if self.part == "about":
            if not re.search(r"\w", line.text):
                return self
            return _Bio(inside=len(line.text) <= _LONGEST_BIO)
        return _NO_BIO


_NO_BIO = _Bio()


def _is_name(line: Line) -> bool:
    return len(line.text) <= _LONGEST_NAME and not _SENTENCE_MARK.search(line.text.removesuffix("."))


def followed(lines: Sequence[Line]) -> Iterator[tuple[Line, Line | None]]:
    """Yield each line with the one after it; None after the last."""
    for index, line in enumerate(lines, start=1):
        yield line, lines[index] if index < len(lines) else None


def _without_captions(lines: tuple[Line, ...], basket: _Basket) -> tuple[Line, ...]:
    kept: list[Line] = []
    removed = False
    for line, following in followed(lines):
        if _is_caption(line, following) and basket.holds(line, "图片下面的短句"):
            removed = True
            continue
        kept.append(replace(line, wall=line.wall or removed))
        removed = False
    return tuple(kept)


def _is_caption(line: Line, following: Line | None) -> bool:
    """Whether a short line under a picture, without any stop, says what the picture shows.

    It does not when the next line goes on with it.
    """
    if not line.image or line.bold or line.level or line.bullet or rank_of(line.text) is not None:
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


def _is_menu_word(line: Line) -> bool:
    return len(line.text) <= _MENU_WORD and not _SENTENCE_MARK.search(line.text)
