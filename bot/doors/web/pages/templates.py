"""From a template beside this module to a page: what is filled in comes out as text, what is missing is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from bot.answering.age import chinese_date
from bot.answering.rendering import UNDATED
from bot.answering.templates import templates_in
from bot.doors.web.pages.links import ELDER, reader_link, telephone_link, web_link

HERE, ONE_DOWN = "", "../"
_HOTLINES = {"96110": "反诈专线", "110": "报警"}


def render(template: str, root: str, elder: bool = False, **values: Any) -> str:
    """Return the page; `elder`: in large letters. `root` leads from it to the web door's root: HERE or ONE_DOWN."""
    letters = ELDER if elder else ""
    return _environment().get_template(template).render(root=root, elder=elder, letters=letters, **values)


@cache
def _environment() -> Environment:
    environment = templates_in(Path(__file__).parent)
    environment.filters.update(
        chinese_date=chinese_date, reader_link=reader_link, telephone_link=telephone_link, web_link=web_link
    )
    environment.globals.update(undated=UNDATED, hotline_names=_HOTLINES)
    return environment
