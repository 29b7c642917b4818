"""The staff pages, ready-made: text in, HTML out, everything escaped. Pure; they know no HTTP and no database."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.answering.age import chinese_date
from bot.editing.explaining import factors, points, verdict
from bot.reading.records import KIND_NAMES

OUTCOMES = {
    "answer": "引用通报回答",
    "near": "只有最接近的",
    "abstain": "没有答案",
    "ask": "反问一句",
    "emergency": "受害人求助",
    "refuse": "拒绝并警示",
    "chat": "寒暄",
    "silent": "没有回复",
}
DOORS = {"web": "网页", "wechat": "微信公众号", "rest": "程序接口（REST）", "cmdline": "终端"}
_HERE = Path(__file__).parent / "templates"


def render(template: str, **values: Any) -> str:
    """Return a page; a value that a template needs and does not get is an error."""
    return _environment().get_template(f"{template}.html").render(page=template, **values)


def style_sheet() -> bytes:
    """Return the pages' one style sheet."""
    return (_HERE / "staff.css").read_bytes()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(chinese_date=chinese_date, moment=_moment)
    environment.globals.update(
        outcomes=OUTCOMES, kinds=KIND_NAMES, doors=DOORS, verdict=verdict, points=points, factors=factors
    )
    return environment


def _moment(at: float | datetime) -> str:
    """Return a moment, in seconds since 1970 or as it is, in this machine's time."""
    moment = at if isinstance(at, datetime) else datetime.fromtimestamp(at)
    return moment.strftime("%m月%d日 %H:%M:%S")
