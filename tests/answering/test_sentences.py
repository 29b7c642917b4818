"""The bot's own sentences: they introduce, caution and point to 110 / 96110, and state no rule."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
import yaml

from bot.answering import sentences

ROOT = Path(__file__).parents[2]
FIXED = {name: value for name, value in vars(sentences).items() if name.isupper() and isinstance(value, str)}
OWN = {**FIXED, **{f"TALK[{name}]": value for name, value in sentences.TALK.items()}}


def domain_intents() -> set[str]:
    folder = ROOT / "bot" / "rasa" / "domain"
    return {
        intent for path in folder.glob("*.yml") for intent in yaml.safe_load(path.read_text("utf-8")).get("intents", [])
    }


@pytest.mark.parametrize("name", OWN)
def test_only_a_place_is_filled_in(name: str) -> None:
    """Nothing a person typed can get into a sentence: the one blank is for a place from the closed list."""
    blanks = {field for _, field, _, _ in Formatter().parse(OWN[name]) if field is not None}
    assert blanks <= {"place", "places", "other"}


@pytest.mark.parametrize("name", OWN)
def test_a_sentence_is_one_bubble(name: str) -> None:
    """No line break, no blank at an end."""
    assert OWN[name].strip() == OWN[name] != ""
    assert "\n" not in OWN[name]


@pytest.mark.parametrize("name", OWN)
def test_no_sentence_states_a_figure(name: str) -> None:
    """Years, sums and counts come from bulletins only: but for the two numbers to call there are no digits."""
    assert not re.search(r"\d", re.sub(r"96110|110", "", OWN[name]))


def test_an_emergency_begins_with_the_numbers() -> None:
    """110 and 96110 stand in the first sentence."""
    first = sentences.EMERGENCY.split("。")[0]
    assert "拨打110" in first
    assert "96110" in first


@pytest.mark.parametrize("name", ["ABSTAIN", "UNAVAILABLE"])
def test_who_gets_no_answer_gets_both_numbers(name: str) -> None:
    """96110 to ask, 110 in need."""
    assert {"96110", "110"} <= set(re.findall(r"\d+", FIXED[name]))


@pytest.mark.parametrize("name", ["REFUSE", "REFUSE_WITHOUT_QUOTE", "REFUSE_CLOSE"])
def test_a_refusal_names_no_price_and_no_channel(name: str) -> None:
    """Nothing in it is of use to the trade."""
    assert not re.search(r"元|块钱|价|渠道|微信号|QQ|群|http", FIXED[name])


def test_talk_is_for_intents_that_exist() -> None:
    """Each kind of talk answers an intent of the domain."""
    assert set(sentences.TALK) <= domain_intents()


@pytest.mark.parametrize("talk", ["affirm", "deny", "thanks"])
def test_no_talk_agrees(talk: str) -> None:
    """「卖卡没事，对吧」 may be taken for assent: no reply to assent says yes, no harm, or all right."""
    assert not re.search(r"好的|是的|对[，。！]|没关系|没事|没错|可以(?!接着问)|当然|同意", sentences.TALK[talk])
