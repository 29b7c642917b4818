"""One topic, one stem: the folders agree, and what tests the assistant never teaches it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.text.normalise import normalise

ROOT = Path(__file__).parents[1]
FOLDERS = ("data/nlu", "bot/rasa/domain", "tests/questions")
RULES = "data/rules/answer.yml"
# What every conversation has, and no topic: the domain's own.
DOMAIN_ONLY = {"conversation"}


def read(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)


def stems(folder: str) -> set[str]:
    return {path.stem for path in (ROOT / folder).glob("*.yml")} - (DOMAIN_ONLY if "domain" in folder else set())


def slugs() -> list[str]:
    return [topic["slug"] for topic in read(ROOT / "knowledge" / "topics.yml")]


def spoken(text: str) -> str:
    """What two questions have in common when only spelling and punctuation tell them apart."""
    return re.sub(r"\W+", "", normalise(text)).lower()


@cache
def trained() -> dict[str, str]:
    """Every training sentence, and where it stands."""
    return {
        spoken(line.strip().removeprefix("- ")): f"data/nlu/{path.name}: {intent['intent']}"
        for path in (ROOT / "data" / "nlu").glob("*.yml")
        for intent in read(path)["nlu"]
        if "intent" in intent
        for line in intent["examples"].splitlines()
    }


@cache
def golden() -> dict[str, str]:
    """Every golden question, and its id."""
    return {
        spoken(question["q"]): str(question["id"])
        for path in sorted((ROOT / "tests" / "questions").glob("*.yml"))
        for question in read(path)
    }


@pytest.mark.parametrize("folder", FOLDERS[1:])
def test_the_folders_have_the_same_stems(folder: str) -> None:
    """How people ask, the domain and the golden questions: a file each, of the same name."""
    assert stems(FOLDERS[0])
    assert stems(folder) == stems(FOLDERS[0])


def test_the_conversation_is_the_domains_own() -> None:
    """Slots, actions and the words for when nothing works stand in conversation.yml, and no intent does."""
    conversation = read(ROOT / "bot" / "rasa" / "domain" / "conversation.yml")
    assert "action_answer" in conversation["actions"]
    assert "intents" not in conversation


@pytest.mark.parametrize("slug", slugs())
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_topic_has_all_three(folder: str, slug: str) -> None:
    """A topic of topics.yml that nobody could ask about, or that nothing tests, would be a promise not kept."""
    assert slug in stems(folder)


@pytest.mark.parametrize("stem", sorted(stems("data/nlu")))
def test_a_stems_files_speak_of_the_same_intents(stem: str) -> None:
    """What is trained is in the domain, under the same stem."""
    declared = set(read(ROOT / "bot" / "rasa" / "domain" / f"{stem}.yml")["intents"])
    learned = {entry["intent"] for entry in read(ROOT / "data" / "nlu" / f"{stem}.yml")["nlu"] if "intent" in entry}
    assert learned <= declared
    assert declared - {"nlu_fallback"} == learned


def test_the_one_rule_leads_every_intent_to_the_one_action() -> None:
    """Each intent of the domain, then action_answer: nothing is decided in the rules."""
    (rule,) = read(ROOT / RULES)["rules"]
    either, action = rule["steps"]
    declared = [
        intent for stem in stems("bot/rasa/domain") for intent in read(ROOT / f"bot/rasa/domain/{stem}.yml")["intents"]
    ]
    assert [path.name for path in (ROOT / "data" / "rules").iterdir()] == [Path(RULES).name]
    assert sorted(step["intent"] for step in either["or"]) == sorted(declared)
    assert action == {"action": "action_answer"}


def test_no_golden_question_is_trained_on() -> None:
    """A golden question among the training sentences would say nothing any more."""
    assert golden()
    assert {name: trained()[question] for question, name in golden().items() if question in trained()} == {}


def test_no_golden_question_is_a_synonym() -> None:
    """Nor is one written into the table of synonyms."""

    def phrases(node: Any) -> list[str]:
        if isinstance(node, dict):
            return [phrase for key, value in node.items() for phrase in (str(key), *phrases(value))]
        return [phrase for each in node for phrase in phrases(each)] if isinstance(node, list) else [str(node)]

    table = {spoken(phrase) for phrase in phrases(read(ROOT / "knowledge" / "synonyms.yml"))}
    assert len(table) > 100
    assert {golden()[phrase] for phrase in table & set(golden())} == set()


def test_golden_questions_have_ids_of_their_own() -> None:
    """So that a failure names one question; each begins with its topic."""
    ids = [
        (path.stem, str(question["id"]))
        for path in (ROOT / "tests" / "questions").glob("*.yml")
        for question in read(path)
    ]
    assert len({name for _, name in ids}) == len(ids)
    assert [name for stem, name in ids if not name.startswith(f"{stem}-")] == []
