"""Whether rules of wording do what their examples say, and which of their words no example needs. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.answering.message import MessageReader
from bot.answering.wordings import Found, Rule, Words, compact


def proved(rule: Rule, reader: MessageReader) -> tuple[str, ...]:
    """Return the examples for which a rule does not do what it says; none when all is well."""
    wrong = [text for text in rule.reads if not rule.holds(_found(text, reader))]
    return (*wrong, *(text for text in rule.other if rule.holds(_found(text, reader))))


def needless(reader: MessageReader) -> tuple[tuple[str, str], ...]:
    """Return (where it stands, word) of each word without which every example is read as before."""
    rules = reader.wordings.rules
    told = {rule.name + text: _found(text, reader) for rule in rules for text in (*rule.reads, *rule.other)}
    names = {id(words): f"〈{name}〉" for name, words in reader.wordings.parts.items()}
    found = []
    for words in _all(rules):
        using = [rule for rule in rules if any(words is each for each in _of(rule))]
        for word in words.words:
            less = replace(words, words=tuple(each for each in words.words if each != word))
            if not any(_changes(rule, words, less, told) for rule in using):
                found.append((names.get(id(words), using[0].name), word))
    return tuple(found)


def _changes(rule: Rule, words: Words, less: Words, told: dict[str, Found]) -> bool:
    fields = {name: tuple(less if each is words else each for each in several) for name, several in rule.fields.items()}
    other = replace(rule, fields=fields, unless=tuple(less if each is words else each for each in rule.unless))
    texts = [told[rule.name + text] for text in (*rule.reads, *rule.other)]
    return any(rule.holds(text) != other.holds(Found(text.text)) for text in texts)


def _all(rules: tuple[Rule, ...]) -> Iterator[Words]:
    yield from {id(words): words for rule in rules for words in _of(rule)}.values()


def _of(rule: Rule) -> Iterator[Words]:
    for several in rule.fields.values():
        yield from several
    yield from rule.unless


def _found(text: str, reader: MessageReader) -> Found:
    return reader.wordings.find(compact(reader.mend(text)))
