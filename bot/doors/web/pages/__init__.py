"""The pages a browser gets ready-made: the reader, the chat without JavaScript, the demo page. No script of ours.

Pure: text comes in, HTML goes out. They know no HTTP, no database and no clock. Every link is relative, so they work
below any prefix, and stand where docs/web-channel.md says: the web door's root, one level down for `bulletins/`. Style
sheets and the icon are served under `pages/` beside the root.
"""

from bot.doors.web.pages.assets import asset
from bot.doors.web.pages.bulletins import bulletin_list, bulletin_page, not_found_page
from bot.doors.web.pages.demo import demo_page
from bot.doors.web.pages.links import ELDER
from bot.doors.web.pages.plain import plain_page

__all__ = ["ELDER", "asset", "bulletin_list", "bulletin_page", "demo_page", "not_found_page", "plain_page"]
