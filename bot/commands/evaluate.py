"""`duanka eval`: golden questions put to a running assistant over REST, and how many replies are right.

Asks and prints; what is right is in `judging`.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.commands.judging import (
    KINDS,
    Question,
    Source,
    Tally,
    Verdict,
    judge,
    parse_questions,
    parse_reply,
    sources_of,
    tally,
)
from bot.commands.loopback import HOST
from bot.commands.processes import CommandError
from bot.reading.library import read_library
from bot.reading.records import Problem
from bot.reading.topics import read_topics
from bot.settings import read_settings

QUESTIONS = Path("tests/questions")
URL = f"http://{HOST}:5005/webhooks/rest/webhook"
SECONDS = 60.0
NAMES = {"answer": "该引用通报", "abstain": "该说不知道", "emergency": "该先报警", "refuse": "该拒绝", "chat": "该闲聊"}
LONGEST = 60  # characters of a quote or a text in the list of wrong replies

Files = Annotated[
    list[Path] | None, typer.Argument(help="题目文件或文件夹（默认 tests/questions）", show_default=False)
]
Url = Annotated[str, typer.Option("--url", help="助手的 REST 地址")]
Least = Annotated[float, typer.Option("--least", min=0.0, max=1.0, help="每一类至少要答对的比例")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="列出每一题，不只是答错的")]


def register(app: typer.Typer) -> None:
    """Add `eval` to the `duanka` command."""
    app.command(name="eval", help="用金题给运行中的助手打分；有一类答对的不够多，或有回复违背承诺，就以 1 退出。")(
        evaluate
    )


def evaluate(files: Files = None, url: Url = URL, least: Least = 0.8, verbose: Verbose = False) -> None:
    """Print what was wrong and the shares by topic and kind; exit 1 when a promise is broken or a share too small."""
    console = Console(highlight=False, soft_wrap=True, emoji=False)
    with _telling(console):
        questions = read_questions(files or [QUESTIONS])
        sources = _read_sources()
        verdicts = [
            judge(question, parse_reply(ask(url, question.text)), sources)
            for question in track(questions, "提问", console=console, transient=True, disable=not console.is_terminal)
        ]
    for verdict in verdicts:
        if verbose or not verdict.first or verdict.problems:
            for line in describe(verdict):
                console.print(line, markup=False)
    console.print(_table(verdicts))
    _conclude(console, verdicts, least)


def read_questions(paths: Sequence[Path]) -> tuple[Question, ...]:
    """Return the questions in files, and in folders' `*.yml`.

    Raises CommandError with everything wrong in them, one a line, or when there is no question.
    """
    found = [entry for path in _files(paths) for entry in parse_questions(path, path.read_bytes())]
    problems = [entry for entry in found if isinstance(entry, Problem)]
    if problems:
        raise CommandError("\n".join(map(str, problems)))
    if not found:
        raise CommandError(f"{'、'.join(map(str, paths))} 里没有题目（.yml 文件）")
    return tuple(entry for entry in found if isinstance(entry, Question))


def ask(url: str, text: str, sender: str | None = None, seconds: float = SECONDS) -> object:
    """Put one message to the assistant, in a new conversation unless `sender` names one; return what came back.

    Raises CommandError when nothing that can be read came back.
    """
    message = {"sender": sender or uuid.uuid4().hex, "message": text}
    headers = {"Content-Type": "application/json"}
    try:
        request = urllib.request.Request(url, json.dumps(message).encode(), headers)
        with _opener(url).open(request, timeout=seconds) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        error.close()
        raise CommandError(f"{url} 回复了 HTTP {error.code}：请用 --url 写明助手的 REST 地址，例如 {URL}") from error
    except (OSError, ValueError) as error:
        advice = "请先在另一个窗口 make run；端口不是 5005 时用 --url 写明地址"
        raise CommandError(f"{url} 没有能读的回复（{_reason(error)}）：{advice}") from error


def describe(verdict: Verdict) -> Iterator[str]:
    """Yield lines that say what was asked, what came instead, and which promises were broken."""
    question, reply = verdict.question, verdict.reply
    mark = "对" if verdict.first else "次" if verdict.any else "错"
    yield f"{mark} {question.id} [{question.expect} → {reply.kind or '无'}] {question.text}"
    for quote in reply.quotes:
        yield f"     {quote.bulletin}：{_short(quote.text)}"
    if not reply.quotes:
        yield f"     {_short(reply.text)}"
    for problem in verdict.problems:
        yield f"   ！{problem}"


def too_few(verdicts: Sequence[Verdict], least: float) -> tuple[str, ...]:
    """Return a sentence for each kind of question of which less than `least` was right."""
    return tuple(
        f"{kind}（{NAMES[kind]}）：{part.first}/{part.count} = {part.first / part.count:.3f}，不到 {least:g}"
        for kind, part in tally(verdicts, lambda question: question.expect).items()
        if part.first < least * part.count
    )


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.glob("*.yml"))
        elif path.is_file():
            yield path
        else:
            raise CommandError(f"没有 {path}：请写题目文件，或题目所在的文件夹")


def _read_sources() -> Mapping[str, Source]:
    settings = read_settings()
    return sources_of(read_library(settings.bulletins, read_topics(settings.topics), date.today()))


def _opener(url: str) -> urllib.request.OpenerDirector:
    """Around the proxy for this machine: the environment may name one, and it does not know our loopback."""
    local = urllib.parse.urlsplit(url).hostname in (HOST, "localhost", "::1")
    return urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if local else []))


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", None) or reason)


def _table(verdicts: Sequence[Verdict]) -> Table:
    table = Table("话题 / 类别", "题数", "first", "any", caption="first：第一条引文就对；any：有一条引文对")
    for column in table.columns[1:]:
        column.justify = "right"
    for topic, part in tally(verdicts, lambda question: question.topic).items():
        table.add_row(topic, *_shares(part))
    table.add_section()
    kinds = tally(verdicts, lambda question: question.expect)
    for kind in KINDS:
        if kind in kinds:
            table.add_row(f"{kind}（{NAMES[kind]}）", *_shares(kinds[kind]))
    table.add_section()
    for name, part in tally(verdicts, lambda _: "全部").items():
        table.add_row(name, *_shares(part))
    return table


def _shares(part: Tally) -> tuple[str, str, str]:
    return str(part.count), f"{part.first / part.count:.3f}", f"{part.any / part.count:.3f}"


def _conclude(console: Console, verdicts: Sequence[Verdict], least: float) -> None:
    """Say whether that is good enough; exit 1 when it is not."""
    wrong = list(too_few(verdicts, least))
    broken = sum(bool(verdict.problems) for verdict in verdicts)
    if broken:
        wrong.append(f"{broken} 个回复违背承诺（见上面的「！」）")
    for line in wrong:
        console.print(line, style="bold red", markup=False)
    if wrong:
        raise typer.Exit(1)
    console.print(f"{len(verdicts)} 题，每一类都不低于 {least:g}，没有回复违背承诺", style="green", markup=False)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


@contextmanager
def _telling(console: Console) -> Iterator[None]:
    """Turn what cannot be read or reached into its sentence, and exit 1."""
    try:
        yield
    except (CommandError, OSError, ValueError) as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from error
