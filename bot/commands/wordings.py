"""`duanka wordings`: why a message is taken for what it is, and whether the rules do what their examples say."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.answering.proving import needless, proved
from bot.answering.wordings import compact
from bot.knowledge.messages import reader_of
from bot.settings import read_settings

app = typer.Typer(help="判断谁可能正在受骗、什么是买卖卡的规则（knowledge/wordings）。", no_args_is_help=True)
KINDS = {"victim": "可能正在受骗", "offer": "要买卖、出租卡或账户", "plain": "一般的问题"}


@app.command()
def why(text: Annotated[str, typer.Argument(help="居民说的一句话")]) -> None:
    """看一句话会被当作什么，是哪条规则说的。"""
    reader = reader_of(read_settings().knowledge)
    message = reader.read(text)
    typer.echo(f"{KINDS[message.kind]}：{message.why or '没有一条规则，也不像'}")
    found = reader.wordings.find(compact(message.mended))
    for rule in reader.wordings.fired(found):
        typer.echo(f"  {rule.name}（{KINDS[rule.kind]}）")


@app.command()
def check() -> None:
    """用每条规则自己的例子检验规则；列出没有例子需要的说法。"""
    reader = reader_of(read_settings().knowledge)
    wrong = [(rule.name, text) for rule in reader.wordings.rules for text in proved(rule, reader)]
    for name, text in wrong:
        typer.echo(f"{name}：例子「{text}」与规则不符")
    spare = needless(reader)
    for where, word in spare:
        typer.echo(f"{where}：没有例子需要「{word}」")
    typer.echo(f"{len(reader.wordings.rules)} 条规则，{len(wrong)} 个例子不符，{len(spare)} 个说法没有例子需要")
    raise typer.Exit(bool(wrong))
