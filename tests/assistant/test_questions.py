"""The golden questions, put to the running assistant."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from service import Client

from bot.commands.evaluate import describe
from bot.evaluation.judging import KINDS, Question, Source, Verdict, judge

# The lists that fitted these questions are gone; more are shown as the nearest (docs/decisions/0021-matcher.md).
LEAST = 0.75


@pytest.fixture(scope="module")
def verdicts(client: Client, questions: tuple[Question, ...], sources: Mapping[str, Source]) -> tuple[Verdict, ...]:
    """Each question, asked in a conversation of its own."""
    return tuple(judge(question, client.say(question.text), sources) for question in questions)


@pytest.mark.parametrize("kind", KINDS)
def test_most_of_each_kind_are_right(verdicts: tuple[Verdict, ...], kind: str) -> None:
    """At least three quarters of the questions of each kind get what they ask for in the first place."""
    asked = [verdict for verdict in verdicts if verdict.question.expect == kind]
    wrong = [verdict for verdict in asked if not verdict.first]
    assert len(asked) - len(wrong) >= LEAST * len(asked), _told(wrong)


def test_no_reply_breaks_a_promise(verdicts: tuple[Verdict, ...]) -> None:
    """Right or wrong, every quote is verbatim and cited, and nobody reads nothing."""
    broken = [verdict for verdict in verdicts if verdict.problems]
    assert not broken, _told(broken)


def _told(verdicts: list[Verdict]) -> str:
    return "\n" + "\n".join(line for verdict in verdicts for line in describe(verdict))
