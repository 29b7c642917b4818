"""How high and how new a rule is, told from its title, who speaks, and what it says of itself."""

from __future__ import annotations

from datetime import date

import pytest

from bot.reading.force import force_of
from bot.reading.records import Authority

DAY = date(2024, 5, 6)


@pytest.mark.parametrize(
    ("authority", "title", "publisher", "origin", "place"),
    [
        ("law", "中华人民共和国反洗钱法", None, None, "全国"),
        ("national", "最高人民法院关于审理某类案件具体应用法律若干问题的解释", None, None, "全国"),
        ("national", "公安部公布八起典型案例", "某某杂志", "公安部网站", "全国"),
        ("national", "电信网络诈骗惩戒办法", "国家金融监督管理总局", None, "全国"),
        ("provincial", "山东省禁毒条例", None, None, "山东"),
        ("provincial", "反诈提醒", "山东省公安厅", None, "山东"),
        ("city", "关于收缴电话卡的通告", "临沂市公安局", None, "临沂"),
        ("city", "又有多人被抓", "平安临沂", None, "临沂"),
        ("city", "反诈提醒", "郯城县公安局", None, "郯城"),
        ("other", "临沂警方抓获多人", "某某晚报", None, "临沂"),
        ("other", "网络安全周报", "某某杂志", None, None),
        ("other", "为网络上好锁", "信息安全国家工程研究中心", None, None),
    ],
)
def test_the_rank_is_of_who_lays_it_down(
    authority: Authority, title: str, publisher: str | None, origin: str | None, place: str | None
) -> None:
    """A law by its title; else who wrote it, and at which level that office stands; a newspaper has no rank."""
    assert force_of(title, publisher, origin, place, None, "").authority == authority


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("第九条 本办法自2024年12月1日起施行。", date(2024, 12, 1), None),
        ("本条例自二〇二二年一月一日起施行，原条例同时废止。", date(2022, 1, 1), None),
        ("2011年4月8日施行", date(2011, 4, 8), None),
        ("本通告自发布之日起施行。", DAY, None),
        ("本通告自2024年1月1日起施行，有效期至2026年12月31日。", date(2024, 1, 1), date(2026, 12, 31)),
        ("本办法自2024年2月29日起施行，有效期五年。", date(2024, 2, 29), date(2029, 2, 28)),
        ("《某某法》自2022年12月1日起施行，各地认真学习。", None, None),
        ("自2024年1月1日起，警方抓获十人。", None, None),
    ],
)
def test_the_days_are_what_the_rule_says_of_itself(text: str, since: date | None, until: date | None) -> None:
    """The day of another rule is not its own; 「自发布之日」 is the day of publication."""
    force = force_of("某某办法", None, None, None, DAY, text)
    assert (force.since, force.until) == (since, until)


@pytest.mark.parametrize(
    ("authority", "title", "publisher", "articles"),
    [
        ("law", "《某某诈骗法》正式施行，附全文", "某某杂志", 50),
        ("other", "《某某诈骗法》正式施行", "某某杂志", 1),
        ("national", "某某诈骗联合惩戒办法", None, 19),
        ("other", "防骗的十个办法", None, 0),
    ],
)
def test_the_text_of_a_law_has_its_rank_under_any_title(
    authority: Authority, title: str, publisher: str | None, articles: int
) -> None:
    """Three articles or more are a law's own text; a rule that names no place and nobody is for the whole country."""
    assert force_of(title, publisher, None, None, None, "", articles).authority == authority


def test_without_a_day_of_publication_nothing_is_guessed() -> None:
    """「自发布之日起」 of an undated notice is no day."""
    assert force_of("某某通告", None, None, None, None, "本通告自发布之日起施行。").since is None
