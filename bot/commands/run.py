"""`duanka run`, `duanka shell`, `duanka train`: from a folder of bulletins to an assistant that answers.

Knows which programs make up the assistant and in what order they are made ready; how a program is started and ended
is in bot/processes, what makes a model in bot/rasa/model.py.
"""

from __future__ import annotations

import getpass
import os
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot.commands.widget import ensure_widget
from bot.doors.credentials import credentials_file, filled_in, opened, opens_rest
from bot.keeping.accounts import Accounts
from bot.keeping.database import make_folder
from bot.knowledge.embeddings import open_store
from bot.knowledge.live import MOST_EMBEDDED
from bot.knowledge.loading import texts_of
from bot.processes.loopback import HOST, answers, expect_free, free_port, replies, replies_on_the_web
from bot.processes.programs import (
    Child,
    CommandError,
    Program,
    foreground,
    interruptible,
    last_lines,
    running,
    wait_until,
    watch,
)
from bot.processes.progress import waiting
from bot.processes.watchdog import SOCKET, Beats, listening
from bot.rasa.model import QUIET, WITHOUT_TENSORFLOW, ready_model
from bot.reading.library import read_library
from bot.reading.topics import read_topics
from bot.retrieval.word_lists import read_word_lists
from bot.settings import Settings, read_settings

ROOT = Path(__file__).resolve().parents[2]
LOGS = Path(".cache/logs")
READY_SECONDS = 300.0
# Rasa itself, without what nothing of ours needs.
RASA = (sys.executable, "-m", WITHOUT_TENSORFLOW)

Port = Annotated[int, typer.Option("--port", envvar="DUANKA_PORT", min=1, max=65535, help="居民提问的端口")]
_ACTION_PORT = typer.Option("--action-port", envvar="DUANKA_ACTION_PORT", min=1, max=65535, help="动作服务的端口")
ActionPort = Annotated[int, _ACTION_PORT]
# Without one there is no action server: Rasa starts it beside itself (docs/decisions/0016-the-action-beside.md).
PerhapsActionPort = Annotated[int | None, _ACTION_PORT]
Force = Annotated[bool, typer.Option("--force", help="即使模型已是最新，也重新训练")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the `duanka` command."""
    app.command(help="检查通报，需要时训练，启动整套服务；Ctrl-C 结束。")(run)
    app.command(help="在终端里与助手对话；/stop 结束。")(shell)
    app.command(help="需要时训练模型。")(train)


def run(port: Port = 5005, action_port: PerhapsActionPort = None) -> None:
    """Serve until told to end: exit 0 then; exit 1, with the reason, when it cannot start or a program ends."""
    console = Console()
    with _telling(console):
        begun = time.monotonic()
        expect_free(
            tuple((each, name) for each, name in ((port, "DUANKA_PORT"), (action_port, "DUANKA_ACTION_PORT")) if each)
        )
        check_knowledge(console)
        credentials_file(Path(), os.environ)
        _make_database_folder()
        model = ready_model(Path(), console)
        embed_passages(console)
        ensure_widget(Path(), console)
        actions = (action_server(action_port),) if action_port else ()
        with listening() as beats, running(*actions, rasa_server(port, action_port, model, beats.path)) as children:
            with waiting(console, "启动服务（通常半分钟）"):
                _wait_until_ready(children, port, action_port)
            logs = "、".join(str(child.program.log) for child in reversed(children))
            console.print(_welcome(port, time.monotonic() - begun, logs), markup=False, highlight=False, soft_wrap=True)
            _serve(children, beats, console)


def shell() -> None:
    """Talk on the terminal, beside whatever else runs: it takes a port of its own that is free."""
    console = Console()
    with _telling(console):
        check_knowledge(console)
        model = ready_model(Path(), console)
        embed_passages(console)
        console.print("正在载入模型（通常不到半分钟）；出现 Your input 后即可提问，输入 /stop 结束。", highlight=False)
        talk = rasa_shell(model)
        code = foreground(talk)
        if code:
            raise CommandError(f"{talk.name}退出了（退出码 {code}）", talk.log)


def train(force: Force = False) -> None:
    """Make sure the model for what lies in the folders is there."""
    console = Console()
    with _telling(console):
        model = ready_model(Path(), console, force)
        embed_passages(console)
        console.print(f"模型已是最新：{model}", markup=False, highlight=False, soft_wrap=True)


def check_knowledge(console: Console) -> None:
    """Print each problem of the knowledge, one a line; raise CommandError when nothing is left to quote."""
    try:
        settings = read_settings()
        lists = read_word_lists(settings.knowledge)
        library = read_library(settings.bulletins, read_topics(settings.topics), date.today())
    except (OSError, ValueError) as error:
        raise CommandError(str(error)) from error
    for problem in (*library.problems, *lists.problems):
        console.print(str(problem), style="yellow", markup=False, highlight=False, soft_wrap=True)
    quotable = sum(library.bulletins[passage.bulletin].in_force for passage in library.passages)
    if not quotable:
        raise CommandError(f"{settings.bulletins} 里没有可以引用的段落：请放入至少一份有效的通报（.md 文件）")
    out = sum(not bulletin.in_force for bulletin in library.bulletins.values())
    told = f"（{out} 份已撤回、被取代或待改正，不引用）" if out else ""
    console.print(f"通报：{len(library.bulletins)} 份{told}，可引用 {quotable} 段", highlight=False)


def embed_passages(console: Console) -> None:
    """Have the vectors of all passages ready before the first question; without a dense reader words alone decide."""
    settings = read_settings()
    store = open_store(settings)
    if store is None:
        console.print("没有按意思检索用的模型：只按字词检索。", style="yellow", highlight=False)
        return
    texts = texts_of(read_library(settings.bulletins, read_topics(settings.topics), date.today()))
    missing = len(texts) - len(store.known(texts))
    if not missing or len(texts) > MOST_EMBEDDED:
        return
    try:
        with waiting(console, f"读懂 {missing} 处新的文字（每千处约一分钟，只做一次）"):
            store.embed(texts)
    except OSError as error:
        console.print(f"{error}：先只按字词检索，连上以后自动补上。", style="yellow", markup=False, highlight=False)


def _make_database_folder() -> None:
    """Where conversations are kept; a folder that cannot be made is told now, not at the first message."""
    url = read_settings().database
    try:
        make_folder(url)
    except OSError as error:
        raise CommandError(f"DUANKA_DATABASE：不能建立数据库所在的文件夹（{error.strerror}）") from error


def action_server(port: int) -> Program:
    """The program that chooses the quotes, on loopback only: it has no authentication."""
    command = (sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port))
    return Program("动作服务", command, LOGS / "actions.log", {**QUIET, "SANIC_HOST": HOST})


def rasa_server(port: int, action_port: int | None, model: Path, beats: Path | None = None) -> Program:
    """The program residents' messages reach; it starts the action beside itself when no action server has a port.

    `beats` is where it says that it lives, where that is not systemd's to hear.
    """
    where = ("--port", str(port), "-i", HOST, "--credentials", str(credentials_file(Path(), os.environ)))
    what = ("--endpoints", str(endpoints_for(Path(), action_port)), "-m", str(model))
    command = (*RASA, "run", *where, *what)
    told = {SOCKET: str(beats)} if beats else {}
    return Program("对话服务", command, LOGS / "rasa.log", {**QUIET, **filled_in(os.environ), **told})


def rasa_shell(model: Path) -> Program:
    """Rasa's own shell; it serves itself on a port too."""
    where = ("--port", str(free_port()), "-i", HOST, "--quiet")
    what = ("--endpoints", str(endpoints_for(Path(), None)), "-m", str(model))
    return Program("对话终端", (*RASA, "shell", *where, *what), LOGS / "shell.log", QUIET)


def endpoints_for(root: Path, action_port: int | None) -> Path:
    """endpoints.yml, by which Rasa starts the action; for an action server a copy in .cache/ that names its port.

    Rasa puts environment variables into endpoints.yml but knows no default for them, and a plain `rasa shell` must
    work without any.
    """
    given = root / "endpoints.yml"
    if action_port is None:
        return given
    endpoints = yaml.safe_load(given.read_text(encoding="utf-8"))
    endpoints["action_endpoint"] = {"url": f"http://{HOST}:{action_port}/webhook"}
    copy = root / f".cache/endpoints-{action_port}.yml"
    copy.parent.mkdir(exist_ok=True)
    copy.write_text(yaml.safe_dump(endpoints, allow_unicode=True), encoding="utf-8")
    return copy


def _wait_until_ready(children: tuple[Child, ...], port: int, action_port: int | None) -> None:
    """Ready is: all answer, the page is there, and a real question gets a reply that says something."""
    rasa = children[-1]
    rest, web = f"http://{HOST}:{port}", f"http://{HOST}:{port}/webhooks/web/"
    if action_port:
        health = f"http://{HOST}:{action_port}/health"
        wait_until(lambda: answers(health), READY_SECONDS, children, children[0], "没有启动完")
    wait_until(lambda: answers(web), READY_SECONDS, children, rasa, "没有启动完")
    programs = opens_rest(Path(), os.environ)
    asked = partial(replies, f"{rest}/webhooks/rest/webhook") if programs else partial(replies_on_the_web, web)
    wait_until(asked, READY_SECONDS, children, rasa, "没有答复试问的问题")


def _serve(children: tuple[Child, ...], beats: Beats, console: Console) -> None:
    try:
        watch(children, beats.hung)
    except KeyboardInterrupt:
        console.print("\n正在停止……", highlight=False)


def _welcome(port: int, seconds: float, logs: str) -> str:
    told = [
        f"断卡问答已就绪（共用时 {seconds:.0f} 秒）。",
        f"在浏览器里打开：http://{HOST}:{port}/webhooks/web/",
        "在终端里对话（另开一个窗口）：make shell",
        *_ways_in(f"http://{HOST}:{port}/webhooks"),
        f"日志：{logs}",
        "结束：Ctrl-C",
    ]
    return "\n  ".join(told)


def _ways_in(webhooks: str) -> Iterator[str]:
    """Yield what else is open, a line each; what is not set up is not named."""
    if opens_rest(Path(), os.environ):
        asked = (
            """-d '{"sender": "me", "message": "银行卡借给朋友用违法吗？"}' | python3 -m json.tool --no-ensure-ascii"""
        )
        yield f"用 HTTP 提问：\n    curl -s {webhooks}/rest/webhook {asked}"
    else:
        yield "没有开放 HTTP 提问（rest）：正式服务的渠道"
    settings = read_settings()
    if settings.staff_password or _has_accounts(settings):
        yield f"工作页：{webhooks}/staff/"
    for account in opened(os.environ):
        yield f"{account.name}：{webhooks}/{account.channel}/webhook（{account.reached}）"
    if settings.web_origins:
        yield f"可以放聊天窗的网站：{'、'.join(settings.web_origins)}"


def _has_accounts(settings: Settings) -> bool:
    with closing(Accounts(settings.database)) as accounts:
        try:
            return accounts.any()
        except (SQLAlchemyError, OSError):
            return False


@contextmanager
def _telling(console: Console) -> Iterator[None]:
    """Work in the project's folder; turn a CommandError into its sentence, the end of its log, and exit 1."""
    os.chdir(ROOT)
    try:
        with interruptible():
            yield
    except CommandError as failure:
        console.print(failure.sentence, style="red", markup=False, highlight=False, soft_wrap=True)
        if failure.log:
            for line in last_lines(failure.log):
                console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
            console.print(f"完整日志：{failure.log}", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from failure
    except PermissionError as denied:
        console.print(_denied(denied), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from denied
    except KeyboardInterrupt as interrupt:
        console.print("\n已中断。", highlight=False)
        raise typer.Exit(130) from interrupt


def _denied(denied: PermissionError) -> str:
    """Say what the user that this runs as may not write to, and what makes it so."""
    user, where = getpass.getuser(), denied.filename2 or denied.filename or "这里的文件"
    folders = "models/、.cache/、var/ 和 bot/widget/"
    return f"没有权限写 {where}：现在的用户是 {user}。{folders} 要归运行服务的用户（docs/deployment.md）"
