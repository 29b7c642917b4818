"""`duanka purge`: forget what is older than the settings allow, now. The service does the same by itself every day."""

from __future__ import annotations

import time

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot.commands.errors import telling
from bot.keeping.erasure import Records
from bot.processes.programs import CommandError
from bot.settings import read_settings


def register(app: typer.Typer) -> None:
    """Add the command to `duanka`."""
    app.command(help="删除超过保存期限的对话，并把数据库里的旧数据覆盖掉；服务可以照常运行。")(purge)


def purge() -> None:
    """Purge and write the database anew; exit 1, with the reason, when the database does not do it."""
    console = Console()
    with telling(console):
        settings = read_settings()
        records = Records(settings.database)
        try:
            gone = records.purge(time.time(), settings.keep_days, settings.keep_events_days)
            records.compact()
        except SQLAlchemyError as error:
            # Its text may repeat what stands in the database.
            raise CommandError(f"数据库暂时不可用（{type(error).__name__}）：没有删完，请稍后再试") from error
        finally:
            records.close()
    console.print(
        f"超过 {settings.keep_days} 天的已删除：对话事件 {gone.events} 条，网页问答 {gone.turns} 条；"
        f"工作页上 {gone.words} 条提问去掉了文字，统计数字保留 {settings.keep_events_days} 天。",
        highlight=False,
        soft_wrap=True,
    )
