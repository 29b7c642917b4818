"""How high and how new what a bulletin lays down is: who laid it down, from which day it holds, and until when.

Told from the title, from who publishes and signs, and from what the text says of itself, 「本办法自……起施行」. What it
says of another rule's day is not its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.reading.dates import written_day
from bot.reading.numbering import value_of
from bot.reading.places import NATIONAL, is_province, place_of
from bot.reading.records import Authority

_DAY = r"(?P<day>[\d〇○零一二三四五六七八九]{4}年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日)"
_SELF = r"(本|该)?(法|条例|办法|规定|解释|意见|决定|细则|通告|通知|公告|规则|规范|制度)"
_FROM = (
    re.compile(rf"(?<![《》\w]){_SELF}[^。；]{{0,12}}自{_DAY}起[^。；]{{0,6}}(施行|实施|执行|生效)"),
    re.compile(rf"(?m)^[（(]?(自)?{_DAY}(起)?(施行|实施|生效)[)）]?$"),
)
_FROM_PUBLICATION = re.compile(
    rf"(?<![《》\w]){_SELF}[^。；]{{0,12}}自(发布|公布|印发|签发)之日起[^。；]{{0,6}}(施行|实施|执行|生效)"
)
_UNTIL = re.compile(
    rf"有效期?(至|到|截至|截止)[^。；\d]{{0,4}}{_DAY}"
    rf"|(施行|执行|有效)[^。；]{{0,8}}至{_DAY.replace('day', 'end')}(止|为止)"
)
_YEARS = re.compile(r"有效期(为|限为)?(?P<years>[\d一二三四五六七八九十]{1,3})年")

_STATUTE = re.compile(
    r"^《?(中华人民共和国)[^》]{2,30}法》?(修正案|（[^）]{2,20}）)?$|^全国人(大|民代表大会)[^，。]{0,10}关于[^，。]{2,40}的决定$"
)
# The text of a law under another title: 「《某某法》全文」, or a law without its country.
_NAMES_LAW = re.compile(r"《[^》]{2,30}(?<![办方做手执])法》|^[^，。《》]{2,30}(?<![办方做手执])法$")
_FEWEST_ARTICLES = 3
_REGULATION = re.compile(
    r"^《?[^，。！？]{2,60}(法|条例|办法|规定|解释|意见|决定|细则|规则|通告|公告|通知|批复|若干问题的解释)》?(（[^）]{2,20}）)?$"
)
_NATIONAL_OFFICE = re.compile(
    r"公安部|国务院|最高人民(法院|检察院)|最高(法|检)|全国人大|(?<!安全)国家[^，。]{2,10}(局|办|委|中心|总局)|工业和信息化部|工信部|人民银行|金融监管总局|网信办"
    r"|[^，。]{2,6}部(网站|官网)$"
)
_LOCAL_OFFICE = re.compile(
    r"公安|警|反诈|反电信|反虚假|平安|政府|检察|法院|派出所|联席办|银行|通信管理局|委员会|人大|条例|中心"
)


@dataclass(frozen=True)
class Force:
    """The rank of who lays it down, and the days between which it holds; None for what the text does not say."""

    authority: Authority = "other"
    since: date | None = None
    until: date | None = None


def force_of(
    title: str,
    publisher: str | None,
    origin: str | None,
    place: str | None,
    published: date | None,
    text: str,
    articles: int = 0,
) -> Force:
    """Return what a bulletin's title, accounts, place and text say of its rank and of the days it holds.

    `articles`: how many articles of a law it has.
    """
    since, until = _since(text, published), None
    if since is not None:
        until = _until(text, since)
    return Force(_authority(title, publisher, origin, place, articles >= _FEWEST_ARTICLES), since, until)


def _authority(title: str, publisher: str | None, origin: str | None, place: str | None, cut: bool) -> Authority:
    plain = re.sub(r"\s+", "", title)
    if _STATUTE.match(plain) or (cut and _NAMES_LAW.search(plain)):
        return "law"
    issuers = [name for name in (origin, publisher) if name]
    if _REGULATION.match(plain):
        issuers.insert(0, plain)
    for issuer in issuers:
        own = place_of("", issuer)
        if _NATIONAL_OFFICE.search(issuer) and own in (None, NATIONAL):
            return "national"
        if own is not None and own != NATIONAL and (_LOCAL_OFFICE.search(issuer) or issuer == plain):
            return "provincial" if is_province(own) else "city"
    if publisher is None and origin is None and place is None and cut and _REGULATION.match(plain):
        # A local rule names its place.
        return "national"
    if publisher is None and origin is None and place is not None:
        # Nobody is named: a notice of the place that it is for.
        return "national" if place == NATIONAL else "provincial" if is_province(place) else "city"
    return "other"


def _since(text: str, published: date | None) -> date | None:
    for pattern in _FROM:
        found = pattern.search(text)
        if found:
            return written_day(found["day"])
    return published if _FROM_PUBLICATION.search(text) else None


def _until(text: str, since: date) -> date | None:
    found = _UNTIL.search(text)
    if found:
        return written_day(found["day"] or found["end"])
    years = _YEARS.search(text)
    return _years_later(since, value_of(years["years"])) if years else None


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February, or a year no calendar has
        return date(min(day.year + years, date.max.year), day.month, min(day.day, 28))
