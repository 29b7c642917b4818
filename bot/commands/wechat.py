"""`duanka wechat menu`, `duanka wechat qr`, `duanka wechat check`: for the person who connects the Official Account.

Reads the environment as the channel will; what is wrong is in `bot.doors.wechat.credentials`.
"""

from __future__ import annotations

import http.client
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import redis
import typer
from redis.exceptions import RedisError
from rich.console import Console

from bot.commands.errors import telling
from bot.doors.wechat import menu, qr
from bot.doors.wechat.api import ApiError
from bot.doors.wechat.credentials import (
    APP_SECRET,
    VARIABLES,
    Credentials,
    from_environment,
    read_credentials,
    wrong_app_secret,
)
from bot.doors.wechat.envelope import sealed_event
from bot.doors.wechat.signing import sign
from bot.knowledge.live import status_file
from bot.processes.programs import CommandError
from bot.reading.topics import read_topics
from bot.settings import Settings, read_settings

Result = TypeVar("Result")

SECONDS = 10.0
PATH = "/webhooks/wechat/webhook"

app = typer.Typer(help="微信公众号：检查配置，生成和发布菜单，做二维码。", no_args_is_help=True)

Publish = Annotated[bool, typer.Option("--publish", help=f"发布到公众号（需要 WECHAT_APPID 和 {APP_SECRET}）")]
Merge = Annotated[bool, typer.Option("--merge", help="保留公众号现有的菜单，断卡问答的放进其中一个空位")]
Yes = Annotated[bool, typer.Option("--yes", help="不再询问，直接换掉现有的菜单（换下的会存一份）")]
Scene = Annotated[str, typer.Argument(metavar="场景值", help="印在哪里的二维码，例如：社区海报；不要写人名和电话")]
Url = Annotated[str | None, typer.Option("--url", help=f"再像微信那样访问一次这个地址，例如 https://主机{PATH}")]


@app.command(name="menu", help="打印自定义菜单（JSON）；加 --publish 发布到公众号。")
def show_menu(publish: Publish = False, merge: Merge = False, yes: Yes = False) -> None:
    """Print the menu made of the topics; with `publish` make it the account's. Exit 1, with the reason, if it fails."""
    console = Console()
    with telling(console):
        account = _publisher() if publish else None  # what is missing is said first, not below a screen of menu
        settings = read_settings()
        built = menu.build(read_topics(settings.topics))
        if account:
            built = _in_its_place(built, account, _kept_beside(settings), console, merge, yes)
        typer.echo(json.dumps(built, ensure_ascii=False, indent=2))
        if account:
            _told(lambda: menu.publish(built, *account))
            console.print("已发布：已关注的人最迟 24 小时后看到，取消关注再关注可立即看到。", highlight=False)


def _in_its_place(
    built: dict[str, Any], account: tuple[str, str], folder: Path, console: Console, merge: bool, yes: bool
) -> dict[str, Any]:
    """Show what the menu would replace, keep a copy of it, and return what is to be published: merged, or as it is."""
    there = _told(lambda: menu.current(*account))
    if there is None:
        return built
    console.print("公众号现在的菜单：", highlight=False)
    for line in menu.lines_of(there):
        console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
    copy = folder / f"wechat-menu-{datetime.now():%Y%m%d-%H%M%S}.json"
    folder.mkdir(parents=True, exist_ok=True)
    copy.write_text(json.dumps(there, ensure_ascii=False, indent=2), "utf-8")
    console.print(f"已存一份：{copy}", markup=False, highlight=False, soft_wrap=True)
    if merge:
        return _told(lambda: menu.merge(built, there))
    if menu.replaces_others(there) and not yes and not _agreed():
        raise CommandError("没有发布。要保留现有的菜单，加 --merge；要换掉它，加 --yes")
    return built


def _agreed() -> bool:
    try:
        return typer.confirm("换掉现有的菜单吗？")
    except typer.Abort:  # nobody is there to ask
        return False


def _kept_beside(settings: Settings) -> Path:
    """Return where what is worth keeping lies: beside the database, or else in var/."""
    return status_file(settings).parent


@app.command(name="qr", help="做一个带场景值的二维码：谁扫了它，在员工工作页的“今天”上按场景值计数。")
def make_code(scene: Scene) -> None:
    """Print where the code's picture is and what it says. Exit 1, with the reason, if it cannot be made."""
    with telling(Console()):
        if not qr.SCENE.fullmatch(scene):
            raise CommandError("✗ 场景值要有 1 到 64 个字，中间没有空格，例如：社区海报")
        account = _publisher()
        picture, says = _told(lambda: qr.make(scene, *account))
        typer.echo(f"图片：{picture}\n二维码里的网址：{says}")


@app.command(help="检查公众号的配置，一次说出所有问题；有问题就以 1 退出。")
def check(url: Url = None) -> None:
    """Print everything that is wrong, one a line, and what is worth knowing; exit 1 when anything is wrong."""
    console = Console()
    wrong = list(_wrong(url))
    for line in wrong:
        console.print(f"✗ {line}", style="red", markup=False, highlight=False, soft_wrap=True)
    for line in _hints():
        console.print(f"· {line}", markup=False, highlight=False, soft_wrap=True)
    if wrong:
        raise typer.Exit(1)
    console.print("✓ 配置没有问题", style="green", highlight=False)


def _wrong(url: str | None) -> Iterator[str]:
    secret = os.environ.get(APP_SECRET, "")
    if secret and (problem := wrong_app_secret(secret)):
        yield problem
    try:
        credentials = read_credentials(from_environment(os.environ))
    except ValueError as error:
        yield from str(error).splitlines()
        return
    shared = {VARIABLES["redis_url"]: credentials.redis_url, "DUANKA_REDIS": os.environ.get("DUANKA_REDIS")}
    for variable, address in shared.items():
        if address and not _reaches(address):
            yield f"{variable}：连不上这个 Redis；请检查地址、密码和网络"
    if url:
        yield from _visited(url, credentials)


def _hints() -> Iterator[str]:
    given = from_environment(os.environ)
    if given["mode"] == "plain":
        yield f"{VARIABLES['mode']} 是 plain（明文模式）：消息在路上不加密，签名也不覆盖消息本身；请改用安全模式"
    if not given["public_url"]:
        yield f"没有填 {VARIABLES['public_url']}：答复里没有“看通报原文”的链接"
    elif not given["public_url"].startswith("https://"):
        yield f"{VARIABLES['public_url']} 不是 https：“看通报原文”的链接在路上可能被人改动，微信也会警告；请改用 https"
    if not given["redis_url"] and not os.environ.get("DUANKA_REDIS"):
        yield f"没有填 {VARIABLES['redis_url']}，也没有 DUANKA_REDIS：只能用一个进程"
    if not os.environ.get(APP_SECRET):
        yield f"没有填 {APP_SECRET}：不能用命令发布菜单；收发消息用不到它"


def _publisher() -> tuple[str, str]:
    """Return AppID and AppSecret. Raises CommandError with the first that is missing."""
    appid, secret = os.environ.get(VARIABLES["appid"], ""), os.environ.get(APP_SECRET, "")
    if not appid:
        raise CommandError(f"✗ {VARIABLES['appid']}：没有填写；从微信开发者平台“基础信息”复制")
    if problem := wrong_app_secret(secret):
        raise CommandError(f"✗ {problem}")
    return appid, secret


def _told(ask: Callable[[], Result]) -> Result:
    """Return what WeChat answers. Raises CommandError with what it refuses."""
    try:
        return ask()
    except ApiError as error:
        raise CommandError(f"✗ {error}") from error


def _reaches(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS) as client:
            return bool(client.ping())
    except (RedisError, OSError, ValueError):
        return False


def _visited(url: str, credentials: Credentials) -> Iterator[str]:
    """Ask as WeChat asks when the address is saved, once rightly, once with a forged signature; then send an event."""
    timestamp, nonce = str(int(time.time())), uuid.uuid4().hex
    query = {"timestamp": timestamp, "nonce": nonce, "echostr": nonce}
    status, body = _get(url, {**query, "signature": sign(credentials.token, timestamp, nonce)})
    if status is None:
        yield f"{url}：连不上；请检查服务是否启动、域名解析、证书、防火墙和 nginx"
    elif status == 403:
        yield f"{url}：拒绝了签名；那边的 {VARIABLES['token']} 与这里不同，或两边的时钟相差五分钟以上"
    elif status == 404:
        yield f"{url}：HTTP 404；路径应是 {PATH}，服务启动时要有 {VARIABLES['token']}，否则不打开这个渠道"
    elif (status, body) != (200, nonce):
        yield f"{url}：答复不对（HTTP {status}）；请检查路径是不是 {PATH}"
    elif _get(url, {**query, "signature": "0" * 40})[0] != 403:
        yield f"{url}：假签名也放行了；这不是断卡问答的公众号渠道"
    else:
        yield from _spoken_to(url, credentials)


def _spoken_to(url: str, credentials: Credentials) -> Iterator[str]:
    """Send an event that has no effect, as WeChat would: sealed with each key, or plain; it must be understood."""
    names = (VARIABLES["encoding_aes_key"], VARIABLES["previous_encoding_aes_key"])
    for name, key in zip(names, credentials.keys or (None,), strict=False):
        query, body = sealed_event(credentials, key, int(time.time()), uuid.uuid4().hex)
        status, said = _ask(urllib.request.Request(f"{url}?{urllib.parse.urlencode(query)}", body))
        if (status, said) == (200, "success"):
            continue
        if key is None:
            yield f"{url}：明文的消息没有被接受（HTTP {status}）；那边的 {VARIABLES['mode']} 与这里不同"
        elif status == 403:
            what = f"{name}、{VARIABLES['appid']} 或 {VARIABLES['mode']}"
            yield f"{url}：签名认得，加密的消息打不开；那边的 {what} 与这里不同"
        else:
            yield f"{url}：加密的消息没有得到答复（HTTP {status}）；请看服务的日志，以及 nginx 是否也转发 POST"


def _get(url: str, query: dict[str, str]) -> tuple[int | None, str]:
    return _ask(urllib.request.Request(f"{url}?{urllib.parse.urlencode(query)}"))


def _ask(request: urllib.request.Request) -> tuple[int | None, str]:
    """Return status and body; no status when nothing answers."""
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:
            return response.status, response.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        error.close()
        return error.code, ""
    except (OSError, ValueError, http.client.HTTPException):  # nobody there, no address, or no HTTP
        return None, ""
