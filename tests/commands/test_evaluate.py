"""How `duanka eval` asks a running assistant, tells what came of it, and keeps the numbers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import typer
from click.testing import Result
from rich.console import Console
from typer.testing import CliRunner

from bot.commands import evaluate
from bot.evaluation.baseline import Mark, mark
from bot.evaluation.crossvalidation import Confusion
from bot.evaluation.judging import Question, Reply, judge
from bot.evaluation.measuring import Measured
from bot.evaluation.runs import Run as KeptRun
from bot.evaluation.runs import entry_of
from bot.processes.loopback import HOST, free_port
from bot.reading.records import Library, Topic
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., Result]
Here = Callable[[Reply], None]


class Assistant(BaseHTTPRequestHandler):
    """Answers each question with the bubbles its server was given for it."""

    bubbles: Mapping[str, object] = {}

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200 if self.path == "/webhook" else 404)
        self.end_headers()
        self.wfile.write(json.dumps(self.bubbles.get(message["message"], [])).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def answering(bubbles: Mapping[str, object]) -> Iterator[str]:
    """A server on loopback; its address."""
    handler = type("Handler", (Assistant,), {"bubbles": bubbles})
    with HTTPServer((HOST, 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://{HOST}:{server.server_port}/webhook"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    """The command with only our verb and one more, so that the verb has to be named."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    app = typer.Typer()
    evaluate.register(app)
    app.command(name="other")(lambda: None)
    return app


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the reports go."""
    return tmp_path / "reports"


@pytest.fixture
def run(app: typer.Typer, out: Path) -> Run:
    """`duanka eval` with some arguments."""
    return lambda *arguments: CliRunner().invoke(app, ["eval", *map(str, arguments), "--out", str(out)])


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Two questions."""
    path = tmp_path / "talk.yml"
    path.write_text("- {id: t1, q: 你好, expect: chat}\n- {id: t2, q: 天气, expect: abstain}\n", encoding="utf-8")
    return path


GREETING: list[object] = [{"text": "您好！"}, {"custom": {"kind": "chat"}}]
DO_NOT_KNOW: list[object] = [{"text": "通报里没有，请拨打96110。"}, {"custom": {"kind": "abstain"}}]


def test_all_right_is_success(run: Run, questions: Path) -> None:
    """A table by topic and by kind, and one line; a folder is as good as its files."""
    with answering({"你好": GREETING, "天气": DO_NOT_KNOW}) as url:
        result = run(questions.parent, "--url", url)
    assert result.exit_code == 0
    rows = [line.split() for line in result.output.splitlines()]
    for name, count in (("talk", "2"), ("chat（该闲聊）", "1"), ("abstain（该说不知道）", "1"), ("全部", "2")):
        assert ["│", name, "│", count, "│", "1.000", "│", "1.000", "│"] in rows
    assert result.output.splitlines()[-1] == "2 题，每一类都不低于 0.75，没有回复违背承诺"


def test_a_wrong_reply_is_shown_with_what_came_instead(run: Run, questions: Path) -> None:
    """Exit 1 below --least; a lower --least lets it pass."""
    with answering({"你好": GREETING, "天气": GREETING}) as url:
        result = run(questions, "--url", url)
        lenient = run(questions, "--url", url, "--least", "0")
    assert result.exit_code == 1
    assert result.output.splitlines()[:2] == ["错 t2 [abstain → chat] 天气", "     您好！"]
    assert result.output.splitlines()[-1] == "abstain（该说不知道）：0/1 = 0.000，不到 0.75"
    assert lenient.exit_code == 0


def test_silence_is_a_broken_promise(run: Run, questions: Path) -> None:
    """However low --least is."""
    with answering({"你好": GREETING}) as url:
        result = run(questions, "--url", url, "--least", "0")
    assert result.exit_code == 1
    assert "   ！回复是空的" in result.output.splitlines()
    assert result.output.splitlines()[-1] == "1 个回复违背承诺（见上面的「！」）"


def test_verbose_shows_the_right_ones_too(run: Run, questions: Path) -> None:
    """One block a question."""
    with answering({"你好": GREETING, "天气": DO_NOT_KNOW}) as url:
        result = run(questions, "--url", url, "-v")
    assert [line for line in result.output.splitlines() if line.startswith("对 ")] == [
        "对 t1 [chat → chat] 你好",
        "对 t2 [abstain → abstain] 天气",
    ]


def test_the_report_tells_what_changed_since_the_last_run(run: Run, questions: Path, out: Path) -> None:
    """Asked twice, answered otherwise: the second page has both replies, and the first had nothing to compare with."""
    with answering({"你好": GREETING, "天气": GREETING}) as url:
        run(questions, "--url", url)
    first = (out / "eval.html").read_text("utf-8")
    with answering({"你好": GREETING, "天气": DO_NOT_KNOW}) as url:
        result = run(questions, "--url", url)
    second = (out / "eval.html").read_text("utf-8")
    assert f"报告：{out / 'eval.html'}" in result.output.splitlines()
    assert "这是第一次评测" in first
    assert "变好 1 道，变差 0 道" in second
    assert "通报里没有，请拨打96110。" in second


def test_a_part_of_the_questions_leaves_what_is_kept_of_the_others(run: Run, questions: Path, out: Path) -> None:
    """The next run of all of them still has something to compare with."""
    part = questions.with_name("part.yml")
    part.write_text("- {id: t2, q: 天气, expect: abstain}\n", encoding="utf-8")
    with answering({"你好": GREETING, "天气": DO_NOT_KNOW}) as url:
        run(questions, "--url", url)
        run(part, "--url", url)
    kept = evaluate.read_run(out / "eval-last.json")
    assert kept is not None
    assert set(kept.entries) == {"t1", "t2"}


class HereAtHand:
    """Measures without a model: two verdicts, the second right or wrong."""

    def __init__(self, second: Reply) -> None:
        self.second = second
        self.library = Library({}, (), ())
        self.topics: tuple[Topic, ...] = ()

    def __call__(self, questions: tuple[Question, ...], settings: Settings, console: Console) -> HereAtHand:
        self.questions = questions[:2]
        self.settings, self.console = settings, console
        return self

    def here(self, _root: Path, classifier: bool) -> Measured:
        assert classifier
        chat, abstain = (Question("t1", "你好", "chat", "talk", 1), Question("t2", "天气", "abstain", "talk", 2))
        verdicts = (judge(chat, Reply("您好！", "chat"), {}), judge(abstain, self.second, {}))
        entries = {verdict.question.id: entry_of(verdict) for verdict in verdicts}
        confusion = Confusion({("greet", "greet"): 9, ("greet", "help"): 1, ("help", "help"): 10})
        return Measured(verdicts, KeptRun(datetime(2026, 1, 1), "本机", entries), confusion)

    def baseline(self, measured: Measured) -> Mapping[str, Mark]:
        return mark(measured.figures, dict.fromkeys(measured.figures, 0.01))


ABSTAINED, WRONG = Reply("通报里没有，请拨打96110。", "abstain"), Reply("不知道。", "chat")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Callable[[Reply], None]:
    """What the second question gets from here on."""
    return lambda second: monkeypatch.setattr(evaluate, "Bench", HereAtHand(second))


def test_the_check_fails_when_a_figure_falls(run: Run, here: Here, tmp_path: Path) -> None:
    """It names each figure, from what to what, and exits 1; the same replies as in the baseline pass."""
    baseline = tmp_path / "baseline.yml"
    here(ABSTAINED)
    assert run("--update-baseline", "--baseline", baseline).exit_code == 0
    assert run("--check", "--baseline", baseline).exit_code == 0
    here(WRONG)
    worse = run("--check", "--baseline", baseline, "--least", "0")
    assert worse.exit_code == 1
    said = "比基准退步："
    assert [line.removeprefix(said) for line in worse.output.splitlines() if line.startswith(said)] == [
        "全部金题（golden.all）：从 1.0000 降到 0.5000，降了 0.5000，误差只有 0.0100",
        "金题·话题「问好、道谢、闲聊」（golden.topic.talk）：从 1.0000 降到 0.5000，降了 0.5000，误差只有 0.0100",
        "金题·该说不知道（golden.kind.abstain）：从 1.0000 降到 0.0000，降了 1.0000，误差只有 0.0100",
    ]


def test_without_check_a_fall_is_told_in_the_report_alone(run: Run, here: Here, tmp_path: Path, out: Path) -> None:
    """Who works on something is not stopped; the page still says not to put it into service."""
    baseline = tmp_path / "baseline.yml"
    here(ABSTAINED)
    run("--update-baseline", "--baseline", baseline)
    here(WRONG)
    assert run("--baseline", baseline, "--least", "0").exit_code == 0
    assert "弄清原因之前不要上线" in (out / "eval.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "没有基准 "), ("golden.all: 1\n", "baseline.yml:1: 'golden.all' 不合格; 每行是 ")],
)
def test_a_baseline_that_cannot_be_read_is_named(run: Run, tmp_path: Path, content: str | None, said: str) -> None:
    """Before anything is measured; a check against nothing would pass for ever."""
    baseline = tmp_path / "baseline.yml"
    if content:
        baseline.write_text(content, encoding="utf-8")
    result = run("--check", "--baseline", baseline)
    assert result.exit_code == 1
    assert said in result.output


@pytest.mark.parametrize("option", ["--check", "--update-baseline"])
def test_the_baseline_is_of_all_questions_here(run: Run, questions: Path, option: str) -> None:
    """A part of the questions, or another machine's assistant, is not what the numbers are about."""
    for arguments in ((questions,), ("--url", "http://127.0.0.1:1/")):
        result = run(option, *arguments)
        assert result.exit_code == 1
        assert "本机的模型问全部金题" in result.output


def test_no_server_is_one_line(run: Run, questions: Path) -> None:
    """It says what to do."""
    url = f"http://{HOST}:{free_port()}/webhook"
    result = run(questions, "--url", url)
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1
    assert result.output.startswith(f"{url} 没有能读的回复（")
    assert "make run" in result.output


def test_another_server_is_one_line(run: Run, questions: Path) -> None:
    """The wrong path on a server that is there."""
    with answering({}) as url:
        result = run(questions, "--url", f"{url}/other")
    assert result.exit_code == 1
    assert result.output.startswith(f"{url}/other 回复了 HTTP 404：请用 --url")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("- {id: t1, q: 你好, expect: talk}\n", "talk.yml:1: expect 'talk' 不合格; expect 是 answer"),
        ("", "talk.yml:1: 不是题目的列表; "),
    ],
)
def test_a_broken_question_file_stops_before_asking(run: Run, questions: Path, content: str, said: str) -> None:
    """With its path and line."""
    questions.write_text(content, encoding="utf-8")
    result = run(questions)
    assert result.exit_code == 1
    assert said in result.output


def test_files_that_are_not_there_are_named(run: Run, tmp_path: Path) -> None:
    """A path that does not exist, and a folder without questions."""
    missing, empty = run(tmp_path / "missing.yml"), run(tmp_path)
    assert (missing.exit_code, empty.exit_code) == (1, 1)
    assert missing.output.startswith(f"没有 {tmp_path / 'missing.yml'}：")
    assert empty.output.startswith(f"{tmp_path} 里没有题目")
