"""The page: what it says to a reader, and that nothing in it can be anything but text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser

import pytest

from bot.evaluation.baseline import Fall, Mark
from bot.evaluation.crossvalidation import Confusion
from bot.evaluation.judging import Question
from bot.evaluation.names import Names
from bot.evaluation.report import Report, expectation, fall_sentence, render, summary
from bot.evaluation.runs import Change, Changes, Entry, Run, Support
from bot.reading.records import Topic

NOW = datetime(2026, 11, 24, 8, 5)
HOSTILE = "<script>alert(1)</script><img src=http://evil.example/x onerror=alert(1)>\"'&{{ 7*7 }}"
NAMES = Names.of([Topic("penalty", "出租的后果", (), ())])
RIGHT = Entry("penalty-01", "卖卡会怎样", "penalty", "answer", "answer", "「惩戒」", True, True, (), Support(1.2, 0.5))
WRONG = Entry("out-01", "有奖金吗", "out", "abstain", "answer", "「举报」", False, False, (), Support(0.6, 0.5))
FAR = Entry("out-02", "天气", "out", "abstain", "abstain", "不知道", True, True, (), Support(-0.4, 0.85))
CONFUSION = Confusion({("penalty", "penalty"): 8, ("penalty", "greet"): 2, ("greet", "greet"): 10})


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def report(*entries: Entry) -> Report:
    """A report on these."""
    return Report(Run(NOW, "本机", {entry.id: entry for entry in entries}), NAMES, {})


def test_the_summary_says_how_much_is_right_and_where_it_is_weak() -> None:
    """In sentences; a first run has nothing to compare with."""
    assert list(summary(report(RIGHT, WRONG, FAR))) == [
        "问了 3 道考题，答对 2 道（66%），答错 1 道。",
        "每一句引文都能在通报里逐字找到，都写明了出处。",
        "这是第一次评测，还没有上一次可以比较。",
        "最薄弱的是「out」：2 道答对 1 道。",
    ]


def test_nothing_is_called_weak_when_all_is_right() -> None:
    """Nor is a share of 99.9 % called 100."""
    assert not any("薄弱" in sentence for sentence in summary(report(RIGHT, FAR)))
    many = [replace(FAR, id=str(number)) for number in range(999)]
    assert next(summary(report(WRONG, *many))) == "问了 1000 道考题，答对 999 道（99%），答错 1 道。"


@pytest.mark.parametrize(
    ("more", "said", "good"),
    [
        ({"baseline": {}}, "和基准相比没有退步，这次改动可以放心用。", True),
        (
            {"baseline": {}, "falls": (Fall("golden.topic.penalty", Mark(1.0, 0.0), 0.5),)},
            "和基准相比，有 1 个数字退步超过了误差（列在下面），弄清原因之前不要上线。",
            False,
        ),
        (
            {"last": NOW, "changes": Changes(worse=(Change(RIGHT, replace(RIGHT, first=False)),))},
            "和上一次（11月24日 08:05）相比，变好 0 道，变差 1 道。",
            True,
        ),
        ({"last": NOW, "changes": Changes()}, "和上一次（11月24日 08:05）相比，对错没有变化。", True),
    ],
)
def test_the_summary_says_what_it_means(more: dict[str, object], said: str, good: bool) -> None:
    """Whether to put it into service, and what changed; the box turns red with a fall."""
    told = replace(report(RIGHT), **more)  # type: ignore[arg-type]
    assert said in list(summary(told))
    assert ('class="summary bad"' not in render(told)) == good


def test_a_broken_promise_is_said_first_and_shown() -> None:
    """Even where the reply was right otherwise."""
    broken = report(replace(RIGHT, problems=("linyi 里没有这句原话：甲",)))
    page = Page(render(broken))
    assert "有 1 条回复违背了承诺" in page.text
    assert "违背承诺：linyi 里没有这句原话：甲" in page.text
    assert 'class="summary bad"' in render(broken)


def test_every_miss_stands_there_with_what_was_expected_and_what_came() -> None:
    """And what was right does not."""
    told = replace(report(RIGHT, WRONG, FAR), expected={"out-01": "该说不知道"})
    text = Page(render(told)).text
    misses = text[text.index("答错的题（1）") : text.index("依据够不够")]
    assert all(words in misses for words in ("有奖金吗", "out-01", "该说不知道", "引用了通报", "「举报」"))
    assert "卖卡会怎样" not in misses


def test_a_change_shows_both_replies_side_by_side() -> None:
    """The earlier one before the later one."""
    change = Change(replace(WRONG, text="从前这样说"), replace(WRONG, text="现在那样说", first=True, any=True))
    text = Page(render(replace(report(change.now), last=NOW, changes=Changes(better=(change,))))).text
    assert 0 < text.index("从前这样说") < text.index("现在那样说")
    assert text.index("变好的") < text.index("从前这样说")


def test_what_was_not_measured_is_said() -> None:
    """A run over REST has no support and no cross-validation: the page says so instead of leaving a hole."""
    text = Page(render(report(replace(RIGHT, support=None)))).text
    assert "看不到依据分" in text
    assert "没有做交叉验证" in text


def test_charts_say_how_many_lie_on_the_wrong_side() -> None:
    """One chart for each threshold, the matrix with its intents by name."""
    page = Page(render(replace(report(RIGHT, WRONG, FAR), confusion=CONFUSION)))
    assert [tag for tag, _ in page.tags].count("svg") == 3
    assert "有答案的 1 道，0 道没到门槛；没有答案的 1 道，1 道过了门槛。" in page.text
    assert "有答案的 0 道，0 道没到门槛；没有答案的 1 道，0 道过了门槛。" in page.text
    assert "门槛 0.85" in page.text
    assert re.search(r"出租的后果\s*问好\s*2", page.text)


def test_no_id_stands_twice() -> None:
    """Three charts share a page: a shape of one must not be drawn in another."""
    page = render(replace(report(RIGHT, WRONG, FAR), confusion=CONFUSION))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)) > 10
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids)


def test_the_page_asks_for_nothing() -> None:
    """No script, no picture, no style sheet, no font from anywhere: it can be sent as one file."""
    page = Page(render(replace(report(RIGHT, WRONG, FAR), confusion=CONFUSION)))
    assert not {tag for tag, _ in page.tags} & {"script", "img", "iframe", "object", "embed", "form", "image", "a"}
    loaded = [value for _, attributes in page.tags for name, value in attributes.items() if name in ("src", "href")]
    assert [value for value in loaded if value != "data:,"] == []
    assert "@import" not in page.text
    assert "url(h" not in page.text


def test_hostile_text_stays_text() -> None:
    """In every place where words from a question, a reply, a bulletin or a topic go."""
    bad = Entry(HOSTILE, HOSTILE, HOSTILE, "abstain", HOSTILE, HOSTILE, False, False, (HOSTILE,), Support(0.6, 0.5))
    told = Report(
        Run(NOW, HOSTILE, {"x": bad}),
        Names({HOSTILE: HOSTILE}),
        {HOSTILE: HOSTILE},
        last=NOW,
        changes=Changes((Change(bad, bad),), (Change(bad, bad),), (Change(bad, bad),), (bad,)),
        baseline={},
        falls=(Fall(HOSTILE, Mark(1.0, 0.0), None),),
        confusion=Confusion({(HOSTILE, HOSTILE): 1, (HOSTILE, "b"): 1}),
    )
    html = render(told)
    page = Page(html)
    assert not {"script", "img"} & {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert page.text.count(HOSTILE) > 20
    assert ">49" not in html


def test_the_expectation_names_words_and_bulletin() -> None:
    """Two of the places that would do, how many more there are, and the city."""
    evidence = (("linyi", "惩戒"), ("nanning", "五年"), ("linyi", "停卡"))
    question = Question("a", "问", "answer", "penalty", 1, evidence, "临沂")
    assert expectation(question, {"linyi": "临沂重拳"}) == (
        "第一条引文里有「惩戒」（《临沂重拳》），或「五年」（《nanning》），或另外 1 处，出自临沂的通报"
    )
    assert expectation(Question("b", "问", "emergency", "safety", 1), {}) == "该先报警"


@pytest.mark.parametrize(
    ("fall", "said"),
    [
        (
            Fall("classifier.macro_f1", Mark(0.83, 0.005), 0.82),
            "分类器 macro-F1（classifier.macro_f1）：从 0.8300 降到 0.8200，降了 0.0100，误差只有 0.0050",
        ),
        (Fall("golden.kind.chat", Mark(1.0, 0.0), None),
         "金题·该闲聊（golden.kind.chat）：这次没有量到，基准里是 1.0000"),
    ],
)  # fmt: skip
def test_a_fall_is_a_sentence(fall: Fall, said: str) -> None:
    """From what to what, and how much would have been let pass."""
    assert fall_sentence(fall, NAMES) == said
