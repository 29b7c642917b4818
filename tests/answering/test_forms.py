"""What form a message has: messages written apart from the examples it was learned from."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.forms import FORMS, WEIGHTS, forms, tokens
from bot.text.words import Segmenter

TOLD = yaml.safe_load(Path(__file__).with_name("forms_told.yml").read_text("utf-8"))
EXAMPLES = yaml.safe_load((Path(__file__).parents[2] / "bench" / "turns" / "examples.yml").read_text("utf-8"))
LEAST_RIGHT, OF_EACH = 0.9, 0.7
# What is taken for another of these is answered as if asked alone, or not at all: the costly mistake.
WHOLE = "complete"


def best(text: str, segmenter: Segmenter) -> str:
    chances = forms().of(text, segmenter)
    return max(chances, key=chances.__getitem__)


def test_every_form_is_told() -> None:
    """None is left out of what it is measured by, and none of it is an example it learned from."""
    assert set(TOLD) == set(FORMS)
    assert {text for texts in TOLD.values() for text in texts}.isdisjoint(
        example for form in FORMS for example in EXAMPLES[form]
    )


def test_most_forms_are_known(segmenter: Segmenter) -> None:
    """Nine of ten messages, and of each form seven of ten."""
    right = {form: [best(text, segmenter) == form for text in texts] for form, texts in TOLD.items()}
    assert sum(map(sum, right.values())) >= LEAST_RIGHT * sum(map(len, right.values()))
    assert [form for form, each in right.items() if sum(each) < OF_EACH * len(each)] == []


def test_hardly_a_whole_question_is_taken_for_less(segmenter: Segmenter) -> None:
    """Whoever names a thing and asks something of it is not made to ask of the last one."""
    assert sum(best(text, segmenter) == WHOLE for text in TOLD[WHOLE]) >= len(TOLD[WHOLE]) - 2


def test_the_weights_are_small() -> None:
    """They are read in a moment and looked at in a review."""
    assert WEIGHTS.stat().st_size < 160_000


@given(st.text())
def test_whatever_is_typed_has_a_form(segmenter: Segmenter, text: str) -> None:
    """The probabilities of the forms are those of one message: they sum to one."""
    chances = forms().of(text, segmenter)
    assert set(chances) == set(FORMS)
    assert sum(chances.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("抓了几个人", ("抓", "了", "几", "个人")),
        ("李某卖了什么", ("李某", "卖", "了", "什", "么")),
        ("黄某霖呢？", ("黄某霖", "呢")),
        ("不对，我问的是电话卡。", ("不", "对", ",", "我", "问", "的", "是", "电话卡")),
    ],
)
def test_function_characters_and_names_stand_alone(segmenter: Segmenter, text: str, words: tuple[str, ...]) -> None:
    """However a dictionary would join them."""
    assert tokens(text, segmenter) == words
