"""The five bulletins the assistant answers from: what they say of themselves, their passages, kinds and words."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from bot.reading.library import read_library
from bot.reading.records import Library, Passage
from bot.reading.topics import read_topics

ROOT = Path(__file__).parents[2]
BULLETINS = ROOT / "knowledge" / "bulletins"
TODAY = date(2025, 11, 1)

KUAICHA = "2020-11-23-nanning-kuaicha-kuaida"
GUOWUYUAN = "2021-01-18-guowuyuan-duanka-dierlun"
NANNING = "2021-06-20-nanning-lvcheng-duanka-2"
QINGYUAN = "2021-07-08-qingyuan-liangka-bangxin"
LINYI = "linyi-duanka"

DESCRIBED = {
    KUAICHA: (
        "抓获1877人！冻结涉案资金1.8亿元！南宁警方重拳打击电信网络诈骗",
        "南宁市反诈骗",
        "南宁警方",
        "南宁",
        date(2020, 11, 23),
    ),
    GUOWUYUAN: (
        "全国“断卡”行动第二轮集中收网抓获收贩卡犯罪嫌疑人405名缴获电话卡银行卡4.3万张",
        "南宁市反诈骗",
        "公安部刑侦局",
        "全国",
        date(2021, 1, 18),
    ),
    NANNING: (
        "深入推进铲除电诈土壤南宁市开展“绿城反诈•断卡2号”专项行动",
        "南宁市反诈骗",
        "南宁警方",
        "南宁",
        date(2021, 6, 20),
    ),
    QINGYUAN: (
        "涉案上百宗，涉案金额1700余万，清远“两卡”“帮信”团伙被摧毁！",
        "清远市反诈骗中心",
        "平安清城",
        "清远",
        date(2021, 7, 8),
    ),
    LINYI: ("临沂公安重拳断卡！又有多人因此被抓！", "平安临沂", None, "临沂", None),
}

# Every passage that is not background, by its lines in the file. A number is one line.
KINDS: dict[str, dict[str, list[int | tuple[int, int]]]] = {
    KUAICHA: {"advice": [47, 48, 54], "case": [50], "figures": [(34, 36), (42, 44), (55, 58)]},
    GUOWUYUAN: {"advice": [], "case": [23], "figures": [22, 24]},
    NANNING: {
        "advice": [(45, 46), (58, 59), (103, 109), (113, 114), 115],
        "case": [73, 76, 97],
        "figures": [(27, 29), 43, 85, 86, (99, 100)],
    },
    QINGYUAN: {"advice": [(26, 27), 50, 51], "case": [], "figures": [(31, 34), 41]},
    LINYI: {
        "advice": [(5, 15), (25, 33), 67, 69, 75, 77, 79, 85, 87, 91, 93, 95],
        "case": [39, 47, 53, 57, 63],
        "figures": [],
    },
}


def squeezed_as_the_scorer_does(text: str) -> str:
    """Written out again on purpose: the promise must not depend on the code that keeps it."""
    return re.sub(r"[\s*\u200b\ufeff]+", "", re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text))


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library(BULLETINS, read_topics(ROOT / "knowledge" / "topics.yml"), TODAY)


def passage(library: Library, stem: str, first: int) -> Passage:
    return next(each for each in library.passages if each.bulletin == stem and each.lines[0] == first)


def test_nothing_is_wrong_in_the_knowledge_folder(library: Library) -> None:
    """The bulletins we ship have no problems; every one of the five is there."""
    assert library.problems == ()
    assert set(DESCRIBED) <= set(library.bulletins)


@pytest.mark.parametrize("stem", DESCRIBED)
def test_a_bulletin_says_who_published_it_where_and_when(library: Library, stem: str) -> None:
    """Title, publisher, origin, place and date are the text's own; a date that is not there is None."""
    bulletin = library.bulletins[stem]
    found = (bulletin.title, bulletin.publisher, bulletin.origin, bulletin.place, bulletin.published)
    assert found == DESCRIBED[stem]


def test_linyi_links_to_its_original(library: Library) -> None:
    """The 「原文」 line gives the address; the others have none."""
    url = library.bulletins[LINYI].url
    assert url is not None
    assert url.startswith("http://mp.weixin.qq.com/s?__biz=MzIyMDYwMTk0Mw==")
    assert url.endswith("#wechat_redirect")
    assert all(library.bulletins[stem].url is None for stem in DESCRIBED if stem != LINYI)


@pytest.mark.parametrize("stem", KINDS)
def test_every_passage_has_its_kind(library: Library, stem: str) -> None:
    """Advice, cases and figures stand on exactly the lines of the table; the rest is background."""
    expected = {
        (entry, entry) if isinstance(entry, int) else entry: kind
        for kind, entries in KINDS[stem].items()
        for entry in entries
    }
    found = {each.lines: each.kind for each in library.passages if each.bulletin == stem and each.kind != "background"}
    assert found == expected


@pytest.mark.parametrize("stem", DESCRIBED)
def test_every_passage_is_verbatim(library: Library, stem: str) -> None:
    """White space, emphasis and images aside, each passage stands word for word in the file, on the lines it names."""
    lines = (BULLETINS / f"{stem}.md").read_text("utf-8").split("\n")
    for each in (each for each in library.passages if each.bulletin == stem):
        first, last = each.lines
        assert squeezed_as_the_scorer_does(each.text) in squeezed_as_the_scorer_does("\n".join(lines))
        opening, closing = squeezed_as_the_scorer_does(each.text[:4]), squeezed_as_the_scorer_does(each.text[-4:])
        assert opening in squeezed_as_the_scorer_does("\n".join(lines[first - 1 : first + 1]))
        assert closing in squeezed_as_the_scorer_does("\n".join(lines[first - 1 : last]))


def test_sentences_join_to_the_text(library: Library) -> None:
    """No word is lost between a passage and its sentences."""
    assert all("".join(each.sentences) == each.text for each in library.passages)


def test_ids_are_numbered_in_order(library: Library) -> None:
    """Passages go by p01, p02, … in the order of the text."""
    for stem in DESCRIBED:
        ids = [each.id for each in library.passages if each.bulletin == stem]
        assert ids == [f"{stem}#p{number:02d}" for number in range(1, len(ids) + 1)]


def test_no_passage_is_chrome(library: Library) -> None:
    """Bios, credits, captions and the survey call never become a passage."""
    chrome = r"微信号|功能介绍|12340|审核|责编|编辑：|来源：|转自|在线咨询|报警功能|兼职群中收卡|向右滑动|丨|\[|\*|!"
    assert not [each.id for each in library.passages if re.search(chrome, each.text)]


def test_broken_lines_are_whole_again(library: Library) -> None:
    """Words, numbers and lists that the mirrors broke over lines read as they were written."""
    assert passage(library, LINYI, 5).text == (
        "用身份证办张电话卡或者银行卡出售，就能赚几十元甚至上百元；遇到这种“好事”你心动吗？千万别！"
        "目前我市公安机关正在开展“断卡”行动，严厉打击此类违法行为。"
    )
    assert (
        "挽回群众经济损失近2.2亿元；止付涉案银行账号22492个，止付涉案资金5.02亿元；"
        in passage(library, KUAICHA, 34).text
    )
    assert passage(library, NANNING, 27).text.startswith("截止6月20日11时行动共抓获")
    assert "不仅可能会被公安、通讯、金融部门联合执行失信惩戒措施，5年内不能使用" in passage(library, NANNING, 113).text
    assert passage(library, QINGYUAN, 26).text.endswith("因为这很可能涉嫌帮助电信网络诈骗违法犯罪！")


def test_a_list_stays_with_its_introduction(library: Library) -> None:
    """Each item begins a line, with its number where it has one."""
    penalties = passage(library, NANNING, 103).text.split("\n")
    assert penalties[0].endswith("并面临以下惩戒：")
    assert [line[0] for line in penalties[1:]] == ["1", "2", "3"]
    cards = passage(library, LINYI, 25).text.split("\n")
    assert [line.partition("：")[0] for line in cards[1:]] == ["在手机卡方面", "在银行卡方面"]


@pytest.mark.parametrize(
    ("stem", "first", "heading"),
    [
        (NANNING, 115, "南宁反诈中心郑重提醒"),
        (NANNING, 73, "典型案例 打掉一个“跑分”洗钱窝点"),
        (KUAICHA, 54, "火力全开“断卡”部门联动严打黑灰产业"),
        (LINYI, 63, "打击案例"),
        (LINYI, 69, "卖卡失信，有何后果？"),
        (LINYI, 5, ""),
    ],
)
def test_headings_travel_with_their_passages(library: Library, stem: str, first: int, heading: str) -> None:
    """Every passage under a heading knows it, until the next heading; heading lines in a row are one."""
    assert passage(library, stem, first).heading == heading


@pytest.mark.parametrize(
    ("stem", "first", "topic"),
    [
        (LINYI, 91, "lost_id"),
        (QINGYUAN, 51, "safekeeping"),
        (NANNING, 115, "report"),
        (LINYI, 25, "scope"),
        (NANNING, 45, "targets"),
        (QINGYUAN, 26, "lure"),
        (NANNING, 58, "official_app"),
        (NANNING, 103, "penalty"),
    ],
)
def test_topics_come_from_the_marks(library: Library, stem: str, first: int, topic: str) -> None:
    """What residents ask about is found in the passage that answers it."""
    assert topic in passage(library, stem, first).topics
