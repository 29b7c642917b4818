"""The staff pages, ready-made: text in, HTML out, everything escaped. Pure; they know no HTTP and no database."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from bot.answering.age import chinese_date
from bot.answering.records import OUTCOME_NAMES
from bot.answering.templates import templates_in
from bot.editing.conflicts import told_lines
from bot.editing.corrections import name_among
from bot.editing.explaining import points, verdict
from bot.keeping.switches import DOOR_NAMES
from bot.reading.records import AUTHORITY_NAMES, KIND_NAMES

OUTCOMES = {**OUTCOME_NAMES, "silent": "没有回复"}
# What the log's words mean.
DEEDS = {
    "login": "登录",
    "logout": "退出",
    "locked": "密码输错太多次，暂停登录的账号：",
    "added": "添加账号",
    "role": "改了角色：",
    "reset": "给了新密码：",
    "closed": "停用账号",
    "opened": "重新启用账号",
    "password": "改了自己的密码：",
    "one_time_on": "启用手机验证码：",
    "one_time_off": "不再用手机验证码：",
    "settled": "把一组没答好的问题标为已处理",
    "unsettled": "把一组问题重新列出",
    "drafted": "起草",
    "submitted": "送审",
    "approved": "批准",
    "returned": "退回",
    "discarded": "放弃草稿",
    "published": "发布",
    "failed": "没有发布成",
    "withdrawn": "撤回通报",
    "passage_withdrawn": "撤回一段",
    "restored": "恢复通报",
    "undone": "撤销上一次改动",
    "concern_settled": "看过、不再提醒",
    "outdated": "以新规定取代旧的一段",
    "exported": "导出问题",
    "door_off": "关闭渠道",
    "door_on": "打开渠道",
}
STATES = {
    "open": "起草中",
    "submitted": "等待审核",
    "approved": "已批准，到时发布",
    "published": "已发布",
    "discarded": "已放弃",
}
_HERE = Path(__file__).parent / "templates"


def render(template: str, **values: Any) -> str:
    """Return a page; a value that a template needs and does not get is an error."""
    return _environment().get_template(f"{template}.html").render(page=template, **values)


def style_sheet() -> bytes:
    """Return the pages' one style sheet."""
    return (_HERE / "staff.css").read_bytes()


@cache
def _environment() -> Environment:
    environment = templates_in(_HERE)
    environment.filters.update(chinese_date=chinese_date, moment=_moment, told_lines=told_lines)
    environment.globals.update(
        name_among=name_among,
        outcomes=OUTCOMES,
        deeds=DEEDS,
        states=STATES,
        kinds=KIND_NAMES,
        authority_names=AUTHORITY_NAMES,
        doors=DOOR_NAMES,
        verdict=verdict,
        points=points,
    )
    return environment


def _moment(at: float | datetime) -> str:
    """Return a moment, in seconds since 1970 or as it is, in this machine's time."""
    moment = at if isinstance(at, datetime) else datetime.fromtimestamp(at)
    return moment.strftime("%m月%d日 %H:%M:%S")
