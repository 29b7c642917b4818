"""The account's menu: what its keys stand for, what WeChat is told of it, and telling it. Knows topics and HTTP."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any

from bot.reading.records import Topic

API = "https://api.weixin.qq.com"
SECONDS = 10.0
EMERGENCY = "emergency"
# WeChat's limits: three buttons of five entries; bytes of a button's and of an entry's name.
ENTRIES, BUTTON_BYTES, ENTRY_BYTES = 5, 16, 60
BUTTONS = ("常见问题", "更多问题", "紧急求助")
# What WeChat answers, and what to do about it.
_ADVICE = {
    40001: "AppSecret 不对，或已经重置",
    40013: "AppID 不对",
    40125: "AppSecret 不对",
    40243: "AppSecret 被冻结了：在微信开发者平台“开发密钥”里解冻，十分钟后再试",
    40164: "本机的公网 IP 不在白名单里：微信开发者平台“开发密钥”→“API IP白名单”",
    48001: "这个公众号没有自定义菜单的接口权限（需要微信认证）",
    61024: "这个公众号由第三方平台代管",
}


class MenuError(Exception):
    """Why the menu could not be published: a Chinese sentence, without the secret."""


def key_of(topic: Topic) -> str:
    """Return the key of a topic's menu entry."""
    return f"topic:{topic.slug}"


def asks_of(topics: Sequence[Topic]) -> Mapping[str, str]:
    """Return the question that each key stands for."""
    return {key_of(topic): topic.asks[0] for topic in topics if topic.asks}


def build(topics: Sequence[Topic]) -> dict[str, Any]:
    """Return the menu as WeChat wants it: the topics in their order, as many as fit, and help for victims."""
    shown = [topic for topic in topics if topic.asks][: 2 * ENTRIES]
    groups = [shown[:ENTRIES], shown[ENTRIES:]]
    buttons = [
        {"name": name, "sub_button": [_entry(topic) for topic in group]}
        for name, group in zip(BUTTONS, groups, strict=False)
        if group
    ]
    return {"button": [*buttons, {"type": "click", "name": BUTTONS[2], "key": EMERGENCY}]}


def publish(menu: Mapping[str, Any], appid: str, secret: str, api: str = API) -> None:
    """Make it the account's menu. Raises MenuError when WeChat does not, or cannot be reached."""
    token = _post(
        f"{api}/cgi-bin/stable_token", {"grant_type": "client_credential", "appid": appid, "secret": secret}
    ).get("access_token")
    if not isinstance(token, str):
        raise MenuError("微信没有给出 access_token")
    _post(f"{api}/cgi-bin/menu/create?{urllib.parse.urlencode({'access_token': token})}", menu)


def _entry(topic: Topic) -> dict[str, str]:
    return {"type": "click", "name": _cut(topic.name, ENTRY_BYTES), "key": key_of(topic)}


def _cut(name: str, most: int) -> str:
    return name.encode()[:most].decode(errors="ignore")


def _post(url: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    # Chinese as it is: WeChat shows \u escapes as they stand.
    data = json.dumps(body, ensure_ascii=False).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:
            answer = json.load(response)
    except (OSError, ValueError, http.client.HTTPException) as error:
        # The address holds a token: it is not repeated.
        raise MenuError(f"连不上微信的接口（{type(error).__name__}）：请检查本机能否访问 {API}") from None
    if not isinstance(answer, dict):
        raise MenuError("微信的答复不是预期的格式")
    code = answer.get("errcode", 0)
    if code:
        raise MenuError(f"微信拒绝了（errcode {code}）：{_ADVICE.get(code, answer.get('errmsg', '没有说明'))}")
    return answer
