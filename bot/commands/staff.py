"""`duanka staff password`: what to put into the environment so that the staff page opens."""

from __future__ import annotations

import typer

from bot.staff.access import SHORTEST_PASSWORD, hash_password

app = typer.Typer(help="工作页。", no_args_is_help=True)


@app.callback()
def staff() -> None:
    """工作页：/webhooks/staff/。"""


@app.command()
def password() -> None:
    """问一个密码，打印它的散列值；把它设为环境变量 DUANKA_STAFF_PASSWORD，工作页才会开放。"""
    chosen = typer.prompt(f"密码（至少{SHORTEST_PASSWORD}个字符）", hide_input=True, confirmation_prompt="再输一次")
    if len(chosen) < SHORTEST_PASSWORD:
        typer.echo(f"太短：至少{SHORTEST_PASSWORD}个字符", err=True)
        raise typer.Exit(1)
    typer.echo(f"DUANKA_STAFF_PASSWORD='{hash_password(chosen)}'")
