"""WeChat's own interfaces, as we ask them: a token, a post, a get. Knows HTTP; calls block."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Any

API = "https://api.weixin.qq.com"
SECONDS = 10.0
# What WeChat answers, and what to do about it.
_ADVICE = {
    40001: "AppSecret 不对，或已经重置",
    40013: "AppID 不对",
    40125: "AppSecret 不对",
    40243: "AppSecret 被冻结了：在微信开发者平台“开发密钥”里解冻，十分钟后再试",
    40164: "本机的公网 IP 不在白名单里：微信开发者平台“开发密钥”→“API IP白名单”",
    45015: "这位关注者超过 48 小时没有说话",
    45047: "给这位关注者主动发的消息已到上限",
    48001: "这个公众号没有这项接口权限（需要微信认证）",
    61024: "这个公众号由第三方平台代管",
}
_NO_MENU = 46003


class ApiError(Exception):
    """Why WeChat did not do it: a Chinese sentence, without the secret."""


class NoMenuError(ApiError):
    """The account has no menu that was made as we make it."""


def token(appid: str, secret: str, api: str = API) -> str:
    """Return the access token as a query. Raises ApiError."""
    sent = {"grant_type": "client_credential", "appid": appid, "secret": secret}
    given = post(f"{api}/cgi-bin/stable_token", sent).get("access_token")
    if not isinstance(given, str):
        raise ApiError("微信没有给出 access_token")
    return urllib.parse.urlencode({"access_token": given})


def post(url: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what WeChat answers. Raises ApiError."""
    # Chinese as it is: WeChat shows \\u escapes as they stand.
    data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return _asked(urllib.request.Request(url, data, {"Content-Type": "application/json"}))


def get(url: str) -> Mapping[str, Any]:
    """Return what WeChat answers. Raises ApiError."""
    return _asked(urllib.request.Request(url))


def _asked(request: urllib.request.Request) -> Mapping[str, Any]:
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:
            answer = json.load(response)
    except (OSError, ValueError, http.client.HTTPException) as error:
        # The address holds a token: it is not repeated.
        raise ApiError(f"连不上微信的接口（{type(error).__name__}）：请检查本机能否访问 {API}") from None
    if not isinstance(answer, dict):
        raise ApiError("微信的答复不是预期的格式")
    code = answer.get("errcode", 0)
    if code == _NO_MENU:
        raise NoMenuError("这个公众号还没有用接口设过菜单")
    if code:
        raise ApiError(f"微信拒绝了（errcode {code}）：{_ADVICE.get(code, answer.get('errmsg', '没有说明'))}")
    return answer
