"""`duanka staff`: who may work at the desk, and the password that opens it before anybody has an account."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime

import typer
from sqlalchemy.exc import SQLAlchemyError

from bot.doors.desk.access import SHORTEST_PASSWORD, hash_password
from bot.doors.desk.pages import DEEDS
from bot.keeping.accounts import ROLE_NAMES, Account, Accounts, RefusedChangeError, role_of
from bot.keeping.audit import AuditLog, Entry
from bot.keeping.staff_sessions import Sessions
from bot.settings import read_settings

app = typer.Typer(help="工作页：密码、账号、操作记录。", no_args_is_help=True)
# Who the log names for what is done in the terminal.
TERMINAL = "命令行"
_Name = typer.Argument(..., metavar="账号")


@app.callback()
def staff() -> None:
    """工作页：/webhooks/staff/。"""


@app.command()
def password() -> None:
    """问一个密码，打印它的散列值；把它设为环境变量 DUANKA_STAFF_PASSWORD，工作页才会开放。有账号以后不再用它。"""
    chosen = _asked_password()
    typer.echo(f"DUANKA_STAFF_PASSWORD='{hash_password(chosen)}'")
    # Beside what is printed, not in it: the line may be led into a file.
    typer.echo("把上面一行放进启动服务的环境（export，或 systemd 的 EnvironmentFile），重启服务，", err=True)
    typer.echo("再打开 http://127.0.0.1:5005/webhooks/staff/（改过端口或有反向代理的，用自己的地址）。", err=True)


@app.command()
def add(
    name: str = _Name,
    role: str = typer.Option("editor", "--role", help="reader 查看、editor 编辑、approver 审核、administrator 管理员"),
    shown: str = typer.Option("", "--name", help="姓名"),
) -> None:
    """添加一个账号（第一个要是管理员）：问他的密码。不用重启服务；从第一个账号起，共用的密码不再能登录。"""
    with _accounts() as (accounts, log):
        wanted = role_of(role)
        made = accounts.add(name, shown, wanted, hash_password(_asked_password()), time.time())
        _note(log, "added", made.name, role)
    typer.echo(f"已添加 {_told(made)}")


@app.command(name="list")
def list_accounts() -> None:
    """列出账号。"""
    with _accounts() as (accounts, _):
        everyone = accounts.all()
    for account in everyone:
        typer.echo(_told(account))
    if not everyone:
        typer.echo("还没有账号")


@app.command()
def role(name: str = _Name, to: str = typer.Argument(..., metavar="角色")) -> None:
    """改一个账号的角色。"""
    with _accounts() as (accounts, log):
        accounts.set_role(name, role_of(to))
        _note(log, "role", name, to)
    typer.echo(f"{name} 的角色改为 {ROLE_NAMES[role_of(to)]}")


@app.command()
def reset(name: str = _Name) -> None:
    """给一个账号新密码（忘了密码、丢了手机时）：原来的登录随即失效，手机验证码也取消。"""
    with _accounts() as (accounts, log):
        accounts.set_password(name, hash_password(_asked_password()))
        accounts.set_one_time_secret(name, "")
        _end_sessions(name)
        _note(log, "reset", name)
    typer.echo(f"{name} 已换新密码")


@app.command()
def close(name: str = _Name) -> None:
    """停用一个账号：随即不能再用；做过的事仍在操作记录里。"""
    with _accounts() as (accounts, log):
        accounts.set_closed(name, time.time())
        _end_sessions(name)
        _note(log, "closed", name)
    typer.echo(f"{name} 已停用")


@app.command()
def log(most: int = typer.Option(50, "--most", min=1, help="最多几条")) -> None:
    """列出操作记录，新的在前；有人绕过工作页改动过它时，以 1 退出。"""
    with _accounts() as (_, kept):
        entries, broken = kept.latest(most), kept.broken_at()
    for entry in entries:
        when = datetime.fromtimestamp(entry.at).strftime("%Y-%m-%d %H:%M:%S")
        why = f"：{entry.why}" if entry.why else ""
        typer.echo(f"{when}  {entry.who or '共用密码'}  {DEEDS.get(entry.what, entry.what)} {entry.about}{why}")
    if broken is not None:
        typer.echo(f"第 {broken} 条与写下时不符：有人绕过工作页改动了数据库", err=True)
        raise typer.Exit(1)


@contextmanager
def _accounts() -> Iterator[tuple[Accounts, AuditLog]]:
    """Open the service's database; what cannot be is said in a sentence, with exit code 1."""
    try:
        url = read_settings().database
        with closing(Accounts(url)) as accounts, closing(AuditLog(url)) as log:
            yield accounts, log
    except (RefusedChangeError, ValueError) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from refused
    except (SQLAlchemyError, OSError) as error:
        typer.echo("数据库打不开（DUANKA_DATABASE）：请先看 duanka status", err=True)
        raise typer.Exit(1) from error


def _note(log: AuditLog, what: str, about: str, why: str = "") -> None:
    log.add(Entry(time.time(), TERMINAL, what, about, why))


def _end_sessions(name: str) -> None:
    with closing(Sessions(read_settings().database)) as sessions:
        sessions.end_all(name)


def _told(account: Account) -> str:
    closed = "，已停用" if account.closed else ""
    return f"{account.name}（{account.shown}）：{ROLE_NAMES[account.role]}{closed}"


def _asked_password() -> str:
    asked = f"密码（至少{SHORTEST_PASSWORD}个字符）"
    return str(typer.prompt(asked, hide_input=True, confirmation_prompt="再输一次", value_proc=_long_enough))


def _long_enough(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        typer.echo(f"太短：至少{SHORTEST_PASSWORD}个字符", err=True)
        raise typer.Exit(1)
    return password
