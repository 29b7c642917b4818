"""What an account is connected with: read once, checked, and everything wrong is said at once, in Chinese.

The values come from the environment by way of Rasa's credentials file. No problem repeats a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from bot.doors.wechat.cipher import key_of

Mode = Literal["plain", "compatible", "safe"]

# Each setting, as the credentials file calls it, and the variable it comes from.
VARIABLES: Mapping[str, str] = {
    "token": "WECHAT_TOKEN",
    "appid": "WECHAT_APPID",
    "sender_secret": "WECHAT_SENDER_SECRET",
    "mode": "WECHAT_MODE",
    "encoding_aes_key": "WECHAT_ENCODING_AES_KEY",
    "previous_encoding_aes_key": "WECHAT_PREVIOUS_ENCODING_AES_KEY",
    "redis_url": "WECHAT_REDIS_URL",
    "public_url": "WECHAT_PUBLIC_URL",
    "links": "WECHAT_LINKS",
    "transfer": "WECHAT_TRANSFER",
    "late": "WECHAT_LATE_ANSWERS",
    "app_secret": "WECHAT_APP_SECRET",
}
# The same of a 企业微信 application (自建应用), which has no modes and whose texts have no links that ask.
WECOM_VARIABLES: Mapping[str, str] = {
    "token": "WECOM_TOKEN",
    "appid": "WECOM_CORPID",
    "sender_secret": "WECOM_SENDER_SECRET",
    "encoding_aes_key": "WECOM_ENCODING_AES_KEY",
    "previous_encoding_aes_key": "WECOM_PREVIOUS_ENCODING_AES_KEY",
    "redis_url": "WECOM_REDIS_URL",
    "public_url": "WECOM_PUBLIC_URL",
}
APP_SECRET = "WECHAT_APP_SECRET"  # the menu needs it, and late answers
_TOKEN = re.compile(r"[0-9A-Za-z]{3,32}")
_APPIDS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "WECHAT_APPID": (
        re.compile(r"wx[0-9a-f]{16}"),
        "应以 wx 开头，后面 16 位小写十六进制，从“基础信息”复制",
    ),
    "WECOM_CORPID": (
        re.compile(r"w[wx][0-9a-z]{16}"),
        "应以 ww 或 wx 开头，共 18 位，从“我的企业”复制“企业ID”",
    ),
}
_APP_SECRET = re.compile(r"[0-9a-f]{32}")
_LEAST_SECRET = 16  # bytes
# What a shell would have replaced, had it read it: systemd's environment file knows no `$(…)`, and takes it literally.
_SHELL = re.compile(r"[$`]|^[\"']|[\"']$")
_SWITCH = {"": True, "on": True, "off": False}
_OFF_SWITCH = {"": False, "on": True, "off": False}


@dataclass(frozen=True)
class Credentials:
    """`keys` are those of safe mode, the current one first; none in plain mode. `links`: suggestions as links to tap.

    `public_url` is the address of the web channel, under which the bulletins are read; without, there are no links.
    `transfer`: who asks for a person is passed to the account's own staff. With an `app_secret` late answers are sent.
    """

    token: str = field(repr=False)
    appid: str
    sender_secret: str = field(repr=False)
    mode: Mode = "safe"
    keys: tuple[bytes, ...] = field(default=(), repr=False)
    redis_url: str | None = field(default=None, repr=False)
    public_url: str | None = None
    links: bool = True
    transfer: bool = False
    app_secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class _Given:
    """The values by the names of `variables`; one that these lack is empty."""

    values: Mapping[str, str]
    variables: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


def read_credentials(given: Mapping[str, Any] | None, variables: Mapping[str, str] = VARIABLES) -> Credentials:
    """Return the credentials in `given`, by the names of `variables`.

    Raises ValueError with every problem, one a line; each names its variable and what is allowed.
    """
    values = _Given({name: _text(given or {}, name) for name in variables}, variables)
    problems = tuple(_problems(values))
    if problems:
        raise ValueError("\n".join(problems))
    mode: Mode = next((mode for mode in get_args(Mode) if mode == values["mode"]), "safe")
    keys = (values["encoding_aes_key"], values["previous_encoding_aes_key"])
    return Credentials(
        token=values["token"],
        appid=values["appid"],
        sender_secret=values["sender_secret"],
        mode=mode,
        keys=tuple(key_of(key) for key in keys if key) if mode != "plain" else (),
        redis_url=values["redis_url"] or None,
        public_url=values["public_url"].rstrip("/") or None,
        links=_SWITCH[values["links"]] if "links" in variables else False,
        transfer=_OFF_SWITCH[values["transfer"]],
        app_secret=values["app_secret"] if _OFF_SWITCH[values["late"]] else "",
    )


def from_environment(environment: Mapping[str, str], variables: Mapping[str, str] = VARIABLES) -> Mapping[str, str]:
    """Return what the credentials file would make of the environment."""
    return {name: environment.get(variable, "") for name, variable in variables.items()}


def wrong_app_secret(value: str) -> str | None:
    """Return what is wrong with an AppSecret, or None."""
    return (
        None
        if _APP_SECRET.fullmatch(value)
        else f"{APP_SECRET}：应为 32 位小写十六进制，从微信开发者平台“开发密钥”复制"
    )


def _text(given: Mapping[str, Any], name: str) -> str:
    """Return the value as text; a variable that was not put in its place counts as missing."""
    value = given.get(name)
    text = "" if value is None else str(value).strip()
    return "" if text.startswith("${") else text


def _problems(values: _Given) -> Iterator[str]:
    yield from _wrong(values, "token", _TOKEN, "应为 3 到 32 位字母或数字，与后台填写的“令牌(Token)”相同")
    yield from _wrong(values, "appid", *_APPIDS[values.variables["appid"]])
    if _SHELL.search(values["sender_secret"]):
        allowed = "这是命令或带引号的写法（systemd 的环境文件不执行 $(…)）；请写 openssl rand -hex 32 打印出来的那一串"
        yield _told(values, "sender_secret", allowed)
    elif len(values["sender_secret"].encode()) < _LEAST_SECRET:
        allowed = f"至少 {_LEAST_SECRET} 个字节，可用 openssl rand -hex 32 生成；换了它，对话就接不上"
        yield _told(values, "sender_secret", allowed)
    if values["mode"] not in ("", *get_args(Mode)):
        yield _told(values, "mode", "应为 safe（安全模式）、compatible（兼容模式）或 plain（明文模式）")
    if values["mode"] != "plain" or values["encoding_aes_key"]:
        yield from _wrong_key(values, "encoding_aes_key")
    if values["previous_encoding_aes_key"]:
        yield from _wrong_key(values, "previous_encoding_aes_key")
    yield from _wrong_addresses(values)
    if values["links"] not in _SWITCH:
        yield _told(values, "links", "应为 on 或 off")
    for name in ("transfer", "late"):
        if values[name] not in _OFF_SWITCH:
            yield _told(values, name, "应为 on 或 off")
    if values["late"] == "on" and (wrong := wrong_app_secret(values["app_secret"])):
        yield f"{wrong}；{values.variables['late']} 为 on 时必填"


def _wrong_addresses(values: _Given) -> Iterator[str]:
    if values["redis_url"] and _scheme(values["redis_url"]) not in ("redis", "rediss", "unix"):
        yield _told(values, "redis_url", "应为 redis://主机:端口/库号")
    public = values["public_url"]
    if public and (_scheme(public) not in ("http", "https") or re.search(r"[\s\"'<>?#]", public)):
        yield _told(values, "public_url", "应为网页渠道的公网地址，例如 https://主机/webhooks/web，不带 ? 和 #")


def _wrong(values: _Given, name: str, form: re.Pattern[str], allowed: str) -> Iterator[str]:
    if not form.fullmatch(values[name]):
        yield _told(values, name, allowed)


def _wrong_key(values: _Given, name: str) -> Iterator[str]:
    try:
        key_of(values[name])
    except ValueError:
        yield _told(values, name, "应为 43 位字母和数字，与后台填写的“消息加解密密钥(EncodingAESKey)”相同")


def _told(values: _Given, name: str, allowed: str) -> str:
    return f"{values.variables[name]}：{'不合格' if values[name] else '没有填写'}；{allowed}"


def _scheme(url: str) -> str:
    """Return the scheme of an address that names a host (or a socket); "" when it is none."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return ""
    return parts.scheme if parts.hostname or (parts.scheme == "unix" and parts.path) else ""
