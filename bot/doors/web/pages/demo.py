"""The demo page: a centre's public page with the chat on it, as an engineer would embed it."""

from __future__ import annotations

from markupsafe import Markup

from bot.doors.web.pages.bulletins import newest_first
from bot.doors.web.pages.templates import HERE, render
from bot.reading.records import Library

_NEWEST = 5
# What an engineer copies; the host is theirs to fill in.
_EMBED = Markup(
    '<script src="https://您的服务器/webhooks/web/widget.js" data-title="{title}" data-place="{place}"'
    ' data-color="#1f4e9e" data-position="right" defer></script>'
)


def demo_page(library: Library, title: str = "断卡问答", place: str = "") -> str:
    """Return the page of a centre in `place` ("" for one that is not named); `title` is the name of the chat."""
    in_force = [bulletin for bulletin in newest_first(library.bulletins.values()) if bulletin.in_force]
    return render(
        "demo.html",
        HERE,
        title=title,
        place=place,
        centre=f"{place or '××市'}反诈中心（演示页）",
        bulletins=in_force[:_NEWEST],
        # Escaped once as the code it is, and once more by the template, as text that shows code.
        embed=str(_EMBED.format(title=title, place=place)),
    )
