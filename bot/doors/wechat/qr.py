"""QR codes that lead to the account, each with a scene by which the staff page counts who came. Knows WeChat's API."""

from __future__ import annotations

import re
import urllib.parse

from bot.doors.wechat.api import API, ApiError, post, token

# WeChat's limit of a scene's characters.
SCENE = re.compile(r"\S{1,64}")
PICTURE = "https://mp.weixin.qq.com/cgi-bin/showqrcode"


def make(scene: str, appid: str, secret: str, api: str = API) -> tuple[str, str]:
    """Return where the picture of a code that holds for good is, and what it says. Raises ApiError."""
    sent = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}}
    made = post(f"{api}/cgi-bin/qrcode/create?{token(appid, secret, api)}", sent)
    ticket, says = made.get("ticket"), made.get("url")
    if not isinstance(ticket, str) or not isinstance(says, str):
        raise ApiError("微信没有给出二维码")
    return f"{PICTURE}?{urllib.parse.urlencode({'ticket': ticket})}", says
