"""From the bytes of a file to its text, and from the text to what the bulletin says of itself: title, publisher, date.

Knows the three mirrors' habits. Nothing is guessed: what the text does not say is None. A header that cannot be read
is a Problem with its line and never becomes body.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml
from frontmatter.default_handlers import YAMLHandler

from bot.reading.colophon import Colophon, colophon_of
from bot.reading.dates import written_day
from bot.reading.records import Problem
from bot.text.squeezing import squeeze

# How a file in UTF-16 begins, as Windows' Notepad writes it when one saves as 「Unicode」.
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_FENCE = re.compile(r"^-{3,}[ \t]*$")
_TITLE_LINE = re.compile(r"^#[ \t]*([^#\s].*)$", re.MULTILINE)
_ACCOUNT = re.compile(r"^\[([^\[\]]{2,30})\][ \t]*$", re.MULTILINE)
_ORIGINS = (
    re.compile(r"^以下文章来源于\s{0,8}([^，,\n]{2,30})", re.MULTILINE),
    re.compile(r"^\**[（(]?[^\S\n]*转(?:载)?自[:：]?\s{0,8}([^）)\n，,*]{2,30})[）)]?\**[^\S\n]*$", re.MULTILINE),
    re.compile(r"^\**[（(]?[^\S\n]*来源\s{0,8}[:：]\s{0,8}([^）)\n，,!*]{2,30})", re.MULTILINE),
)
# Who else had a hand in it, on the same line: 「来源：平安梧州  编辑：小李」 names one origin.
_OTHERS = re.compile(r"(?<![\s|｜/·])[\s|｜/·]+(?=\w{1,6}\s*[:：])")
_ORIGINAL = re.compile(r"^>\s*原文[:：].*?\]\((https?://.+)\)\s*$", re.MULTILINE)
_MIRROR = re.compile(r"<blockquote>.*?</blockquote>", re.DOTALL)
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_SHOWN_DAY = re.compile(
    r"^[^\S\n]{0,8}(?:发布|发文|成文|印发)(?:时间|日期)[^\S\n]{0,4}[:：][^\S\n]{0,4}(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)",
    re.MULTILINE,
)
# What stands behind a site's name is no part of it where it is a motto or an address: 「某客-有思想的安全新媒体」.
_BEHIND_A_NAME = re.compile(r"[-–—_|｜]")
_MOTTO = re.compile(r"[,，]|\.(?:com|cn|net|org)\b|(?:平台|门户|媒体|资讯|情报|社区|官网|网站|首页)$")
# Who only hands on what others publish is no publisher.
_FEED = re.compile(r"(?:'s\s+feed|\bRSS)$", re.IGNORECASE)
# How a collection of laws says when one was published, and by whom: 「2007年5月9日 最高人民法院公告公布」.
_PROMULGATED = re.compile(
    r"^[（(]?(\d{4}年\d{1,2}月\d{1,2}日)\s*([^，。；\n]{2,60}?)(?:公告|令(?:第.{1,8}号)?)?(?:公布|发布)[)）]?$",
    re.MULTILINE,
)
_LINES_OF_A_HEAD = 12
_NO_TITLE = "用 `title:` 写明标题，或以 `# 标题` 开头"


@dataclass(frozen=True)
class Field:
    """One value of the header as written, and its line in the file; `cut` is what YAML takes for a comment after it."""

    value: str
    line: int
    cut: str = ""


@dataclass(frozen=True)
class Source:
    """A file taken apart: all its lines, the header's fields, and the body with the line it begins on."""

    path: Path
    lines: tuple[str, ...]
    fields: dict[str, Field]
    body: str
    first: int


@dataclass(frozen=True)
class Header:
    """What a bulletin says of itself; None for what it does not say. `signed` is the signature at its end."""

    title: str
    publisher: str | None = None
    origin: str | None = None
    published: date | None = None
    url: str | None = None
    signed: Colophon = field(default_factory=Colophon)


def decode(path: Path, data: bytes) -> str | Problem:
    """Return the text of a file in UTF-8 or GB18030, or in UTF-16 with its byte order mark; its lines ended by \\n."""
    try:
        text = data.decode("utf-16" if data.startswith(UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            return Problem(path, line, "既不是 UTF-8 也不是 GB18030 编码", "请把文件另存为 UTF-8")
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        return Problem(path, line, "不是文本文件（含有空字节）", "请把文件另存为 UTF-8 文本")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def root_of(path: Path, data: bytes, wrong: str = "不是合格的 YAML", *, allowed: str) -> yaml.Node | Problem | None:
    """Return the root of a YAML file, None for an empty one; a Problem for what is no text or no YAML."""
    text = decode(path, data)
    if isinstance(text, Problem):
        return text
    try:
        root: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        return Problem(path, error_line(error), wrong, allowed)
    return root


def problem_at(path: Path, node: yaml.Node, wrong: str, allowed: str) -> Problem:
    """Return a problem of the line on which a part of a YAML file begins."""
    return Problem(path, node.start_mark.line + 1, wrong, allowed)


def error_line(error: yaml.YAMLError) -> int:
    """Return the line of the text that is no YAML, from 1; 1 where the error does not say."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return int(mark.line) + 1 if mark is not None else 1


def take_apart(path: Path, text: str) -> Source | Problem:
    """Split a file's text into header and body; a header that is open, broken or no mapping is a Problem."""
    if not text.strip():
        return Problem(path, 1, "文件是空的", "通报要有标题和正文")
    lines = tuple(text.removesuffix("\n").split("\n"))
    handler = YAMLHandler()
    opening = handler.FM_BOUNDARY.match(text.lstrip())
    if opening is None:
        return Source(path, lines, {}, text, 1)
    blank = text[: len(text) - len(text.lstrip())].count("\n")
    if sum(bool(_FENCE.match(line)) for line in lines) < 2:
        return Problem(path, blank + 1, "文件头没有结束", "文件头以单独一行 `---` 开始，也以单独一行 `---` 结束")
    yaml_text, body = handler.split(text.lstrip())
    fields = _fields(path, yaml_text, blank + opening[0].count("\n") + 1)
    if isinstance(fields, Problem):
        return fields
    return Source(path, lines, fields, body, text[: len(text) - len(body)].count("\n") + 1)


def _fields(path: Path, yaml_text: str, first: int) -> dict[str, Field] | Problem:
    """Return the header's plain values by key; `yaml_text` begins on line `first` of the file."""
    allowed = "每行写 `名称: 值`；值里有英文冒号、引号或以 [、*、& 开头时，把整个值放进单引号"
    try:
        root = yaml.compose(yaml_text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        return Problem(path, error_line(error) - 1 + first, "文件头不是合格的 YAML", allowed)
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        return Problem(path, root.start_mark.line + first, "文件头不是一组 `名称: 值`", allowed)
    return {
        str(key.value): Field(str(value.value).strip(), value.start_mark.line + first, _comment_after(value, yaml_text))
        for key, value in root.value
        if isinstance(value, yaml.ScalarNode)
    }


def _comment_after(value: yaml.Node, yaml_text: str) -> str:
    rest = yaml_text[value.end_mark.index :].partition("\n")[0].strip()
    return rest if rest.startswith("#") else ""


def cut_values(path: Path, data: bytes) -> tuple[Problem, ...]:
    """Return each value of the header that ends before ` #`: who wrote the rest may have meant it."""
    text = decode(path, data)
    source = text if isinstance(text, Problem) else take_apart(path, text)
    if isinstance(source, Problem):
        return ()
    allowed = "要保留就把整个值放进单引号"
    return tuple(
        Problem(path, field.line, f"{name} 只读到“{field.value}”，后面的“{field.cut}”被当作注释", allowed)
        for name, field in source.fields.items()
        if field.cut
    )


def read_header(source: Source, today: date) -> Header | Problem:
    """Return what the bulletin says of itself; a Problem for a date that is none or lies in the future.

    The title is "" when the text has none: a sidecar may still give it.
    """
    published = _published(source, today)
    if isinstance(published, Problem):
        return published
    publisher, origin = _accounts(source)
    signed = colophon_of(source.body)
    return Header(
        title=_title(source),
        publisher=publisher or signed.publisher,
        origin=origin,
        published=published or _shown_day(source, today) or _signed_day(signed, today),
        url=_url(source),
        signed=signed,
    )


def no_title(path: Path) -> Problem:
    """Return the problem of a bulletin that neither its text nor a sidecar gives a title."""
    return Problem(path, 1, "没有标题", _NO_TITLE)


def parse_date(text: str) -> date | None:
    """Return the date at the start of an ISO date or time; None when there is none."""
    match = _ISO_DATE.fullmatch(text.strip())
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _published(source: Source, today: date) -> date | Problem | None:
    written = source.fields.get("date") or source.fields.get("published")
    if written is None or not written.value:
        return None
    day = parse_date(written.value)
    if day is None:
        return Problem(source.path, written.line, f"日期 '{written.value}' 读不懂", "写成 2021-06-20 这样")
    if day > today:
        return Problem(source.path, written.line, f"日期 {day} 在将来", f"不得晚于今天（{today}）")
    return day


def _shown_day(source: Source, today: date) -> date | None:
    """Return the day the page says it was published on, in a line of its own; None without one that lies behind us."""
    found = _SHOWN_DAY.search(source.body) or _promulgated(source)
    day = written_day(found[1]) if found else None
    return day if day is not None and day <= today else None


def _promulgated(source: Source) -> re.Match[str] | None:
    """Return day and office of the line under the title that says who published a law, and when."""
    return _PROMULGATED.search("\n".join(source.body.lstrip().split("\n")[:_LINES_OF_A_HEAD]))


def _signed_day(signed: Colophon, today: date) -> date | None:
    """Return the day under the signature; None for one to come: the notice may say when it begins to hold."""
    return signed.day if signed.day is not None and signed.day <= today else None


def _title(source: Source) -> str:
    """Return the header's title, or the `#` line where the header has none or has it cut at a space."""
    written = source.fields["title"].value if "title" in source.fields else ""
    heading = _TITLE_LINE.search(source.body)
    whole = heading[1].strip().strip("*").strip() if heading else ""
    if not written or squeeze(whole).startswith(squeeze(written)):
        return whole or written
    return written


def _accounts(source: Source) -> tuple[str | None, str | None]:
    """Return publisher and origin: who posted it, and who wrote it where that is said to be someone else."""
    body = _MIRROR.sub("", source.body)
    bracketed = _ACCOUNT.search(body) if "source" not in source.fields else None
    publisher = bracketed[1].strip() if bracketed else None
    if "source" in source.fields:
        publisher = _named(source.fields["source"].value)
    named = [_OTHERS.split(match[1].strip())[0] for match in (pattern.search(body) for pattern in _ORIGINS) if match]
    if publisher is None:
        issued = _promulgated(source)
        return (named[0] if named else issued[2].strip() if issued else None), None
    return publisher, next((name for name in named if name != publisher), None)


def _named(written: str) -> str | None:
    """Return the name of who publishes, without a motto; None where only a feed is named."""
    mark = _BEHIND_A_NAME.search(written)
    short = written[: mark.start()].strip() if mark and _MOTTO.search(written, mark.end()) else ""
    name = short or written
    return None if not name or _FEED.search(name) else name


def _url(source: Source) -> str | None:
    written = source.fields.get("url")
    if written is not None and written.value.startswith(("http://", "https://")):
        return written.value
    original = _ORIGINAL.search(source.body)
    return original[1] if original else None
