"""`duanka staff password`: what to put into the environment so that the staff page opens."""

from __future__ import annotations

import typer

from bot.doors.desk.access import SHORTEST_PASSWORD, hash_password

app = typer.Typer(help="工作页。", no_args_is_help=True)


@app.callback()
def staff() -> None:
    """工作页：/webhooks/staff/。"""


@app.command()
def password() -> None:
    """问一个密码，打印它的散列值；把它设为环境变量 DUANKA_STAFF_PASSWORD，工作页才会开放。"""
    asked = f"密码（至少{SHORTEST_PASSWORD}个字符）"
    chosen = typer.prompt(asked, hide_input=True, confirmation_prompt="再输一次", value_proc=_long_enough)
    typer.echo(f"DUANKA_STAFF_PASSWORD='{hash_password(chosen)}'")
    # Beside what is printed, not in it: the line may be led into a file.
    typer.echo("把上面一行放进启动服务的环境（export，或 systemd 的 EnvironmentFile），重启服务，", err=True)
    typer.echo("再打开 http://127.0.0.1:5005/webhooks/staff/（改过端口或有反向代理的，用自己的地址）。", err=True)


def _long_enough(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        typer.echo(f"太短：至少{SHORTEST_PASSWORD}个字符", err=True)
        raise typer.Exit(1)
    return password
