"""`duanka search`: how one question is searched: its words, every candidate's score, and why the others lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.answering.records import Memory, Understanding
from bot.commands.errors import shorten
from bot.doors.desk.pages import OUTCOMES
from bot.editing.explaining import points, verdict
from bot.evaluation.names import Names
from bot.knowledge.loading import embedded_store, load_answerer
from bot.knowledge.messages import read_message
from bot.processes.programs import CommandError
from bot.rasa.understanding import understand
from bot.reading.records import KIND_NAMES
from bot.retrieval.query import Feature
from bot.retrieval.search import Candidate, Result
from bot.settings import read_settings

Question = Annotated[str, typer.Argument(help="居民的问题")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取")]
WithoutIntent = Annotated[bool, typer.Option("--without-intent", help="不载入意图模型（快，但和线上的排序会有出入）")]
Most = Annotated[int, typer.Option("--most", min=1, help="列出多少个候选段落")]


def register(app: typer.Typer) -> None:
    """Add `search` to the `duanka` command."""
    app.command(help="看一个问题是怎样查的：拆出的词、扩展的词、每个候选段落的得分，以及落选的原因。")(search)


def search(question: Question, as_json: AsJson = False, without_intent: WithoutIntent = False, most: Most = 8) -> None:
    """Print the search that a live answer to `question` makes, and what would be quoted."""
    console = Console()
    try:
        settings = read_settings()
        answerer = load_answerer(settings, date.today(), store=embedded_store(settings))
        understood = Understanding("nlu_fallback", 0.0) if without_intent else _understood(question)
    except (CommandError, OSError, ValueError) as error:
        console.print(str(error), style="bold red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
    message = read_message(question)
    result = answerer.look_up(message.mended, understood)
    answer, _ = answerer.reply(message, understood, Memory(), date.today())
    quoted, names = [quote.passage.id for quote in answer.quotes], Names.of(answerer.topics)
    if as_json:
        typer.echo(json.dumps(_report(result, understood, answer.outcome, quoted), ensure_ascii=False, indent=2))
        return
    _print_question(console, result, understood, answer.outcome, names)
    for number, candidate in enumerate(result.candidates[:most], start=1):
        _print_candidate(console, number, candidate, quoted, names)


def _understood(question: str) -> Understanding:
    """Load the model, which takes long: who waits at a terminal is told; a program that reads is not."""
    waiting = Console(stderr=True)
    if waiting.is_terminal:
        _say(waiting, "正在载入模型（约半分钟；不要意图可加 --without-intent）……", style="dim")
    return understand(Path("models"), question)


def _report(result: Result, understood: Understanding, outcome: str, quoted: list[str]) -> dict[str, Any]:
    return {
        "question": result.query.text,
        "intent": understood.intent,
        "confidence": understood.confidence,
        "outcome": outcome,
        "answered": round(result.answered, 4),
        "on_the_matter": round(result.on_the_matter, 4),
        "quoted": quoted,
        "words": [_word(feature) for feature in result.query.features if feature.importance],
        "objects": sorted(result.query.objects),
        "places": list(result.query.places),
        "candidates": [_candidate(candidate) for candidate in result.candidates],
    }


def _word(feature: Feature) -> dict[str, Any]:
    return {
        "word": feature.label,
        "importance": round(feature.importance, 2),
        "expanded_to": [term.lstrip("=") for term, _ in feature.variants[1:]],
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "passage": candidate.passage.id,
        "kind": candidate.passage.kind,
        "topics": list(candidate.passage.topics),
        "text": candidate.passage.text,
        "probability": round(candidate.probability, 4),
        "points": {name: round(points, 3) for name, points in candidate.points},
        "rejected": candidate.rejected,
    }


def _print_question(console: Console, result: Result, understood: Understanding, outcome: str, names: Names) -> None:
    _say(console, f"问题：{result.query.text}", style="bold")
    _say(console, f"意图：{names.topic(understood.intent)}（{understood.confidence:.2f}）  结果：{OUTCOMES[outcome]}")
    _say(console, f"答得上的可能 {result.answered:.0%}  说的是这件事的可能 {result.on_the_matter:.0%}")
    for feature in result.query.telling:
        others = "、".join(term.lstrip("=") for term, _ in feature.variants[1:])
        _say(console, f"  词：{feature.label}（分量{feature.importance:.1f}）" + (f" → {others}" if others else ""))
    named = [*sorted(result.query.objects), *result.query.places]
    if named:
        _say(console, f"  对象、地方：{'、'.join(named)}")


def _print_candidate(console: Console, number: int, candidate: Candidate, quoted: Sequence[str], names: Names) -> None:
    passage = candidate.passage
    topics = "、".join(names.topic(topic) for topic in passage.topics) or "无"
    won = passage.id in quoted
    _say(console, f"\n{number}. {passage.id}  {verdict(candidate, quoted)}", style="bold green" if won else "bold")
    _say(console, f"   答得上的可能 {candidate.probability:.0%}  凭什么：{points(candidate) or '无'}")
    _say(console, f"   {KIND_NAMES[passage.kind]}；话题：{topics}")
    _say(console, f"   {shorten(passage.text)}", style="dim")


def _say(console: Console, text: str, style: str | None = None) -> None:
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
