"""`duanka status`: is the service there, what does it answer from, which doors are off, how has today been."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot.commands.errors import telling
from bot.commands.run import PerhapsActionPort, Port
from bot.doors.credentials import ACCOUNTS
from bot.doors.desk.pages import OUTCOMES
from bot.keeping.events import EventStore, TurnEvent
from bot.keeping.switches import CHANNELS, Switches
from bot.knowledge.live import status_file
from bot.processes.loopback import HOST, answers, has_route, replies, replies_on_the_web
from bot.settings import read_settings

PROBE_SECONDS = 15.0
_ELSEWHERE = "（换过端口？加 --port，或设 DUANKA_PORT）"


@dataclass(frozen=True)
class Finding:
    """One line for the operator: what was looked at, what was seen, whether that is as it should be."""

    about: str
    seen: str
    right: bool = True


def register(app: typer.Typer) -> None:
    """Add the command to `duanka`."""
    app.command(help="服务在不在、知识读得怎样、哪个渠道关着、今天答了多少；有不对的以 1 退出。")(status)


def status(port: Port = 5005, action_port: PerhapsActionPort = None) -> None:
    """Print one finding a line; exit 1 when one is not as it should be."""
    console = Console()
    with telling(console):
        settings = read_settings()
        found = [
            *programs(port, action_port),
            *knowledge(status_file(settings)),
            _from_database("渠道", lambda: doors(_off(settings.database), connected(port))),
            _from_database("今天", lambda: today(_turns_of(settings.database, date.today()))),
        ]
    for finding in found:
        mark, style = ("✓", None) if finding.right else ("✗", "red")
        line = f"{mark} {finding.about}：{finding.seen}"
        console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)
    if not all(finding.right for finding in found):
        raise typer.Exit(1)


def programs(port: int, action_port: int | None = None) -> tuple[Finding, ...]:
    """Return whether the programs answer on loopback (the action server, if one is meant), and a real question too."""
    rasa = f"http://{HOST}:{port}"
    there = {f"对话服务（端口 {port}）": answers(f"{rasa}/webhooks/web/topics")}
    if action_port:
        there[f"动作服务（端口 {action_port}）"] = answers(f"http://{HOST}:{action_port}/health")
    found = [Finding(name, "在" if is_there else "没有答复", is_there) for name, is_there in there.items()]
    if not found[0].right:
        found[0] = replace(found[0], seen=found[0].seen + _ELSEWHERE)
    if not all(there.values()):
        return (*found, Finding("试问一句", "没有试：服务不全", False))
    # In production there is no REST, and the question goes the way people's do.
    rest, web = f"{rasa}/webhooks/rest/", f"{rasa}/webhooks/web/"
    replied = replies(f"{rest}webhook", PROBE_SECONDS) if answers(rest) else replies_on_the_web(web, PROBE_SECONDS)
    return (*found, Finding("试问一句", "有答复" if replied else "没有答复", replied))


def knowledge(file: Path) -> tuple[Finding, ...]:
    """Return what the process that answers said of its knowledge last, and each problem of it."""
    try:
        said: Mapping[str, Any] = json.loads(file.read_text("utf-8"))
        read_at = datetime.fromisoformat(said["read_at"]).astimezone()
    except (OSError, ValueError, KeyError, TypeError):
        return (Finding("知识", f"还不知道：回答第一个问题以后才有 {file}", False),)
    size = f"{said.get('bulletins')} 份通报（{said.get('in_force')} 份使用中），{said.get('passages')} 个段落"
    failed = said.get("failed")
    found = [Finding("知识", f"{size}，{read_at:%m月%d日 %H:%M:%S} 读入", bool(said.get("in_force")))]
    found.append(Finding("检索", reading_by_meaning(said.get("meaning")), said.get("meaning") is not None))
    found += [Finding("知识", f"最近一次没有读成，仍用上次读好的：{failed}", False)] if failed else []
    return (*found, *(Finding("通报", str(problem), False) for problem in said.get("problems", ())))


def reading_by_meaning(share: float | None) -> str:
    """Say whether passages are found by their meaning too, and how many of them already are."""
    if share is None:
        return "只按字词：没有按意思检索的模型（DUANKA_EMBEDDINGS，或装好 dense.lock）"
    return "按字词，也按意思" if share == 1 else f"按字词；{share:.0%} 的段落也按意思，其余正在补"


def connected(port: int) -> frozenset[str]:
    """Return the channels that are there at all: of the service, where it runs, else of this terminal's settings."""
    base = f"http://{HOST}:{port}/webhooks"
    running = has_route(f"{base}/web/topics")
    named = {account.channel: account.named(os.environ) for account in ACCOUNTS}
    there = {name: has_route(f"{base}/{name}/webhook") if running else given for name, given in named.items()}
    return frozenset(name for name in CHANNELS if there.get(name, True))


def doors(off: Mapping[str, float], there: Collection[str]) -> Finding:
    """Return which doors are open; one that is off was switched off by somebody: that is not wrong."""
    return Finding("渠道", "，".join(name + _door(channel, off, there) for channel, name in CHANNELS.items()))


def _door(channel: str, off: Mapping[str, float], there: Collection[str]) -> str:
    if channel not in there:
        return "没有接通"
    return f"已关闭（{datetime.fromtimestamp(off[channel]):%m月%d日 %H:%M} 起）" if channel in off else "开放"


def today(turns: Sequence[TurnEvent]) -> Finding:
    """Return how many turns there were, and of what outcome; a turn without a reply is wrong."""
    counts = {name: sum(turn.outcome == outcome for turn in turns) for outcome, name in OUTCOMES.items()}
    told = "，".join(f"{name} {count}" for name, count in counts.items() if count)
    silent = any(turn.outcome == "silent" for turn in turns)
    return Finding("今天", f"提问 {len(turns)}" + (f"（{told}）" if told else ""), not silent)


def _from_database(about: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except (SQLAlchemyError, OSError) as error:
        return Finding(about, f"读不到数据库（{type(error).__name__}）：请检查 DUANKA_DATABASE", False)


def _off(database: str) -> Mapping[str, float]:
    with closing(Switches(database)) as switches:
        return switches.off()


def _turns_of(database: str, day: date) -> tuple[TurnEvent, ...]:
    with closing(EventStore(database)) as store:
        return store.since(datetime.combine(day, time()).timestamp())
