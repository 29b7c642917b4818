"""Decoding, the header, and what the text says of itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.reading.header import Header, Source, decode, parse_date, read_header, take_apart
from bot.reading.records import Problem

PATH = Path("folder/notice.md")
TODAY = date(2025, 1, 1)


def header(text: str) -> Header:
    source = take_apart(PATH, text)
    assert isinstance(source, Source)
    found = read_header(source, TODAY)
    assert isinstance(found, Header)
    return found


@pytest.mark.parametrize(
    "data",
    ["标题\n正文".encode(), b"\xef\xbb\xbf" + "标题\n正文".encode(), "标题\r\n正文".encode("gb18030")],
    ids=["utf-8", "byte order mark", "gb18030 with crlf"],
)
def test_text_comes_out_the_same_however_it_was_saved(data: bytes) -> None:
    """UTF-8 with and without a mark, GB18030 and Windows line ends all give one text."""
    assert decode(PATH, data) == "标题\n正文"


def test_bytes_of_no_known_encoding_are_reported() -> None:
    """The problem names the line of the first bad byte."""
    found = decode(PATH, "标题\n".encode() + b"\xff\xff")
    assert str(found) == "folder/notice.md:2: 既不是 UTF-8 也不是 GB18030 编码; 请把文件另存为 UTF-8"


def test_a_binary_file_is_reported() -> None:
    """A null byte is no text, whatever the encoding."""
    assert isinstance(decode(PATH, b"a\nb\x00"), Problem)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: 抓获: 12人\n---\n正文。\n", 2),
        ('---\nlayout: post\ntitle: "引号"之后\n---\n正文。\n', 3),
        ("\n\n---\ntitle: 抓获: 12人\n---\n正文。\n", 4),
        ("---\n\n\ntitle: 抓获: 12人\n---\n正文。\n", 4),
        ("---\ntitle: 没有结束\n正文。\n", 1),
        ("---\n- 一\n---\n正文。\n", 2),
    ],
    ids=["colon", "quote", "blank lines before", "blank lines inside", "open", "list"],
)
def test_a_malformed_header_is_reported_with_its_line(text: str, line: int) -> None:
    """A header that cannot be read never becomes body."""
    found = take_apart(PATH, text)
    assert isinstance(found, Problem)
    assert found.line == line


def test_the_body_knows_its_first_line() -> None:
    """Lines are counted from 1 in the file, header included."""
    source = take_apart(PATH, "---\ntitle: 题\n---\n\n正文。\n")
    assert isinstance(source, Source)
    assert source.lines[source.first - 1 :] == ("", "正文。")


def test_a_title_cut_at_a_space_is_made_whole() -> None:
    """The `#` line has the whole title when the header's is its beginning."""
    assert header("---\ntitle: 前半句\n---\n#前半句 后半句\n正文。\n").title == "前半句 后半句"


def test_the_header_title_stands_where_it_is_complete() -> None:
    """Another heading at the top does not replace the header's title."""
    assert header("---\ntitle: 全题\n---\n# 另一个小标题\n正文。\n").title == "全题"


@pytest.mark.parametrize(
    ("body", "accounts"),
    [
        ("[甲账号]\n正文。\n（转自乙警方）\n", ("甲账号", "乙警方")),
        ("[甲账号]\n以下文章来源于乙警方，作者丙\n正文。\n", ("甲账号", "乙警方")),
        ("[甲账号]\n正文。\n来源：甲账号\n", ("甲账号", None)),
        ("正文。\n来源：丁账号，戊在行动\n", ("丁账号", None)),
        ("正文。\n来源：丁账号\u00a0 编辑：小李 | 审核：老王\n", ("丁账号", None)),
        ("<blockquote><p>转载：后半句<br>\n来源：微信公众号</p></blockquote>\n正文。\n", (None, None)),
        ("正文。\n", (None, None)),
    ],
)
def test_publisher_and_origin_are_the_texts_own(body: str, accounts: tuple[str | None, str | None]) -> None:
    """The bracketed account publishes; who it was taken from is the origin, or publisher where there is no other."""
    found = header("# 题\n" + body)
    assert (found.publisher, found.origin) == accounts


@pytest.mark.parametrize("written", ["2021-06-20", "2021-06-20 08:00:00", "'2021-06-20'", "2021-06-20T08:00:00+08:00"])
def test_a_date_is_read_however_it_is_written(written: str) -> None:
    """Quoted or not, with or without a time."""
    assert header(f"---\ntitle: 题\ndate: {written}\n---\n正文。\n").published == date(2021, 6, 20)


@pytest.mark.parametrize("written", ["2025-01-02", "2021-02-30", "去年"])
def test_a_date_that_is_none_or_to_come_is_reported(written: str) -> None:
    """Today is the last day allowed."""
    source = take_apart(PATH, f"---\ntitle: 题\ndate: {written}\n---\n正文。\n")
    assert isinstance(source, Source)
    found = read_header(source, TODAY)
    assert isinstance(found, Problem)
    assert found.line == 3


def test_no_date_is_none() -> None:
    """A date is never guessed, not even from today's."""
    assert header("# 题\n正文。\n").published is None


def test_parse_date_takes_iso_dates_only() -> None:
    """Anything else is None."""
    assert parse_date("2021-6-2") == date(2021, 6, 2)
    assert parse_date("20210602") is None


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("发布时间：2024-05-06 10:00", date(2024, 5, 6)),
        ("发布日期: 2024年5月6日", date(2024, 5, 6)),
        ("发布时间：2026-05-06", None),
        ("公安部发布时间表：2024-05-06", None),
    ],
)
def test_the_day_a_page_shows_is_the_day_of_publication(line: str, day: date | None) -> None:
    """On a line that says so; one to come, or in a sentence, is none."""
    assert header(f"# 示例\n{line}\n正文。\n").published == day


@pytest.mark.parametrize(
    ("written", "publisher"),
    [
        ("某客-有思想的安全新媒体", "某客"),
        ("某网 RoarTalk – 网络安全服务平台,example.com", "某网 RoarTalk"),
        ("平安云溪 | 官方网站", "平安云溪"),
        ("中国-东盟博览局", "中国-东盟博览局"),
        ("云溪市公安局-刑侦大队", "云溪市公安局-刑侦大队"),
        ("某某's feed", None),
        ("-官网", "-官网"),
    ],
)
def test_a_motto_is_no_part_of_a_name(written: str, publisher: str | None) -> None:
    """What a site says behind its name is left out; a feed that hands articles on is no publisher."""
    assert header(f'---\ntitle: 题\nsource: "{written}"\n---\n正文。\n').publisher == publisher


@pytest.mark.parametrize(
    ("line", "published", "publisher"),
    [
        ("2007年5月9日 最高人民法院、最高人民检察院公告公布", date(2007, 5, 9), None),
        ("（2020年3月2日云溪市人民政府令第12号公布）", date(2020, 3, 2), "云溪市人民政府"),
        ("2021年12月1日 某省人民代表大会常务委员会第三十七次会议通过", None, None),
    ],
)
def test_when_a_law_was_published(line: str, published: date | None, publisher: str | None) -> None:
    """The line under its title says so; the day it was passed is none of that."""
    found = header(f"# 某条例\n\n{line}\n\n第一条 为了安全，制定本条例。\n")
    assert found.published == published
    if publisher:
        assert found.publisher == publisher
