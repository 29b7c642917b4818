"""`duanka eval`: golden questions put to the trained model or to a running assistant, and what came of it.

Asks and tells; what is right is in bot/evaluation/judging.py, what the page says in bot/evaluation/report.py.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.evaluation.baseline import Fall, Mark, falls, parse_baseline, write_baseline
from bot.evaluation.judging import KINDS, Question, Tally, Verdict, parse_questions, tally
from bot.evaluation.measuring import Bench, Measured
from bot.evaluation.names import EXPECTED, Names
from bot.evaluation.report import Report, expectation, fall_sentence, render
from bot.evaluation.runs import Run, compare, dump, load, merge
from bot.processes.loopback import HOST
from bot.processes.programs import CommandError
from bot.reading.records import Problem
from bot.settings import read_settings

QUESTIONS = Path("tests/questions")
BASELINE = Path("tests/baseline.yml")
REPORTS = Path("reports")
PAGE, LAST = "eval.html", "eval-last.json"
URL = f"http://{HOST}:5005/webhooks/rest/webhook"
SECONDS = 60.0
LONGEST = 60  # characters of a quote or a text in the list of wrong replies

Files = Annotated[
    list[Path] | None, typer.Argument(help="题目文件或文件夹（默认 tests/questions）", show_default=False)
]
Url = Annotated[str | None, typer.Option("--url", help=f"改问运行中的助手：它的 REST 地址，例如 {URL}")]
Least = Annotated[float, typer.Option("--least", min=0.0, max=1.0, help="每一类至少要答对的比例")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="列出每一题，不只是答错的")]
Check = Annotated[bool, typer.Option("--check", help="有一个数字比基准低出误差以上，就以 1 退出")]
Update = Annotated[bool, typer.Option("--update-baseline", help="重新量误差（要几分钟），改写基准")]
BaselineFile = Annotated[Path, typer.Option("--baseline", help="基准文件")]
Out = Annotated[Path, typer.Option("--out", help="报告和上一次的记录所在的文件夹")]


def register(app: typer.Typer) -> None:
    """Add `eval` to the `duanka` command."""
    app.command(
        name="eval",
        help="用金题和交叉验证评测，写出 reports/eval.html；有一类答对的不够多，或有回复违背承诺，就以 1 退出。",
    )(evaluate)


def evaluate(
    files: Files = None,
    url: Url = None,
    least: Least = 0.75,
    verbose: Verbose = False,
    check: Check = False,
    update_baseline: Update = False,
    baseline: BaselineFile = BASELINE,
    out: Out = REPORTS,
) -> None:
    """Print what was wrong and the shares, and write the report.

    Exits 1 when a promise is broken, a share is too small, or, if `check`, a figure fell by more than its noise.
    """
    console = Console(highlight=False, soft_wrap=True, emoji=False)
    with _telling(console):
        _expect_everything_is_asked(files, url, check or update_baseline)
        bench = Bench(read_questions(files or [QUESTIONS]), read_settings(), console)
        whole = not files and url is None
        marks = read_baseline(baseline) if check or (whole and baseline.exists()) else None
        measured = _over_rest(bench, url) if url else bench.here(Path.cwd(), classifier=whole)
        _print_verdicts(console, measured.verdicts, verbose)
        if update_baseline:
            marks = bench.baseline(measured)
            baseline.write_text(write_baseline(marks), encoding="utf-8")
            console.print(f"基准：{baseline}", markup=False)
        fallen = falls(measured.figures, marks) if marks is not None else ()
        page = write_report(out, bench, measured, marks, fallen, everything=not files)
    console.print(f"报告：{page}", markup=False)
    names = Names.of(bench.topics)
    _conclude(console, measured.verdicts, least, [fall_sentence(fall, names) for fall in fallen] if check else [])


def write_report(
    out: Path,
    bench: Bench,
    measured: Measured,
    marks: Mapping[str, Mark] | None,
    fallen: Sequence[Fall],
    everything: bool,
) -> Path:
    """Write the page, and the run for the next one to compare with; return where the page is.

    A run of some of the questions, not `everything`, leaves what is kept of the others.
    """
    out.mkdir(parents=True, exist_ok=True)
    last = read_run(out / LAST)
    titles = {stem: bulletin.title for stem, bulletin in bench.library.bulletins.items()}
    report = Report(
        run=measured.run,
        names=Names.of(bench.topics),
        expected={question.id: expectation(question, titles) for question in bench.questions},
        last=last.at if last else None,
        changes=compare(last, measured.run) if last else None,
        baseline=marks,
        falls=tuple(fallen),
        confusion=measured.confusion,
    )
    (out / PAGE).write_text(render(report), encoding="utf-8")
    (out / LAST).write_text(dump(measured.run if everything else merge(last, measured.run)), encoding="utf-8")
    return out / PAGE


def read_run(path: Path) -> Run | None:
    """Return the run that was kept there, if any."""
    return load(path.read_text("utf-8")) if path.is_file() else None


def read_baseline(path: Path) -> Mapping[str, Mark]:
    """Return the baseline. Raises CommandError when it is not there, or when something is wrong with it."""
    if not path.is_file():
        raise CommandError(f"没有基准 {path}；请先 duanka eval --update-baseline")
    found = parse_baseline(path, path.read_bytes())
    if isinstance(found, Problem):
        raise CommandError(str(found))
    return found


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
        f"{kind}（{EXPECTED[kind]}）：{part.first}/{part.count} = {part.first / part.count:.3f}，不到 {least:g}"
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


def _expect_everything_is_asked(files: Sequence[Path] | None, url: str | None, against_baseline: bool) -> None:
    if against_baseline and (files or url):
        raise CommandError("--check 和 --update-baseline 用本机的模型问全部金题：不要写题目文件，也不要写 --url")


def _over_rest(bench: Bench, url: str) -> Measured:
    console = bench.console
    questions = track(bench.questions, "提问", console=console, transient=True, disable=not console.is_terminal)
    return bench.over_rest(url, lambda text: ask(url, text), questions)


def _print_verdicts(console: Console, verdicts: Sequence[Verdict], verbose: bool) -> None:
    for verdict in verdicts:
        if verbose or not verdict.first or verdict.problems:
            for line in describe(verdict):
                console.print(line, markup=False)
    console.print(_table(verdicts))


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
            table.add_row(f"{kind}（{EXPECTED[kind]}）", *_shares(kinds[kind]))
    table.add_section()
    for name, part in tally(verdicts, lambda _: "全部").items():
        table.add_row(name, *_shares(part))
    return table


def _shares(part: Tally) -> tuple[str, str, str]:
    return str(part.count), f"{part.first / part.count:.3f}", f"{part.any / part.count:.3f}"


def _conclude(console: Console, verdicts: Sequence[Verdict], least: float, fallen: Sequence[str]) -> None:
    """Say whether that is good enough; exit 1 when it is not."""
    wrong = [*too_few(verdicts, least), *(f"比基准退步：{sentence}" for sentence in fallen)]
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
        console.print(_told(error), style="red", markup=False)
        raise typer.Exit(1) from error


def _told(error: Exception) -> str:
    log = error.log if isinstance(error, CommandError) else None
    return f"{error}（详见 {log}）" if log else str(error)
