"""`duanka serve rasa` and `duanka serve actions`: one program of the assistant, for a supervisor that starts several.

Nothing is trained, built or checked here, and nothing is started beside it: the program takes this process's place, so
that signals and exit codes are its own. How several work together is in docs/deployment.md.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import typer
from rich.console import Console

from bot.commands.errors import telling
from bot.commands.run import ROOT, ActionPort, PerhapsActionPort, Port, action_server, rasa_server
from bot.commands.widget import WIDGET
from bot.processes.loopback import expect_free
from bot.processes.programs import CommandError, Program
from bot.rasa.model import model_file
from bot.settings import Settings, read_settings

app = typer.Typer(help="几个进程一起服务时，一条命令起一个（docs/deployment.md）", no_args_is_help=True)


@app.command("rasa")
def rasa(port: Port = 5005, action_port: PerhapsActionPort = None) -> None:
    """一个对话服务；模型须已训练好（duanka train）。不给动作服务的端口，动作就在它里面做。"""
    os.chdir(ROOT)
    with telling(Console(stderr=True)):
        expect_shared(read_settings())
        expect_free(((port, "DUANKA_PORT"),))
        _become(rasa_server(port, action_port, expect_model(Path())))


@app.command("actions")
def actions(action_port: ActionPort = 5055) -> None:
    """一个动作服务。"""
    os.chdir(ROOT)
    with telling(Console(stderr=True)):
        read_settings()
        expect_free(((action_port, "DUANKA_ACTION_PORT"),))
        _become(action_server(action_port))


def expect_model(root: Path) -> Path:
    """Return the trained model of what lies in the folders. Raises CommandError when there is none, or no widget."""
    model = model_file(root)
    if not model.exists():
        raise CommandError(f"没有现在这份内容的模型（{model}）：先运行 duanka train，或从训练好的机器拷来")
    if not (root / WIDGET / "dist" / "chat.html").exists():
        raise CommandError(
            f"没有构建好的聊天窗（{root / WIDGET}/dist）：先运行 duanka widget build，或从构建好的机器拷来"
        )
    return model


def expect_shared(settings: Settings) -> None:
    """Raise CommandError unless what several processes share can be shared."""
    if settings.database.startswith("sqlite"):
        raise CommandError("DUANKA_DATABASE 是 SQLite，只供 duanka run；这里要 postgresql://用户:密码@主机/库名")
    if not settings.redis:
        raise CommandError("没有 DUANKA_REDIS：几个进程要靠 Redis 排队和计次，例如 redis://127.0.0.1:6379/0")


def _become(program: Program) -> None:
    """Let the program take this process's place; it never returns."""
    environment: Mapping[str, str] = {**os.environ, **program.environment}
    os.execve(program.command[0], program.command, environment)
