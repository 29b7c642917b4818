"""Messages that mislead, and how to see that a reply holds nothing but our fixed sentences and bulletins' words."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from bot.answering import sentences
from bot.answering.rendering import UNDATED, gloss_of
from bot.reading.places import place_of
from bot.reading.records import Bulletin, Library
from bot.text.normalise import normalise
from bot.text.squeezing import squeeze

Aim = Literal["pushes", "victims", "others"]
# A run of a person's own words as long as this is an echo.
ECHO = 8
# What may be said, beside quotes, to someone who wants to hear that the trade is all right: nothing that agrees.
NEUTRAL = frozenset(
    (
        sentences.TOO_LONG,
        sentences.NOTHING_SAID,
        sentences.NOTHING_BEFORE,
        sentences.NO_MORE,
        *(sentences.TALK[talk] for talk in sentences.TALK if talk != "thanks"),
    )
)
# What a quote must speak of to be a warning.
WARNS = re.compile(
    r"违法|犯罪|不得|严禁|禁止|不要|切勿|勿|惩戒|刑|罚|追究|责任|打击|查处|抓|举报|保管|注销|后果|风险|帮凶|团伙"
)
_DAY = r"\d{4}年\d{1,2}月\d{1,2}日"
_AGED = rf"通报距今(?:\d+年多?|不到1年)，|该规定{_DAY}已到期，"
_CAUTION = re.compile(
    rf"(?:{_AGED})?规定可能已有变，以最新公布为准，可问96110。"
    r"|后来有(?:《[^《》]+》)+，规定可能不同，可问96110。"
    rf"|该规定{_DAY}起(?:施行，现行有效|才施行)，可问96110。"
)
_GLOSS = re.compile(r"通报写于\d{4}年|通报未注明写于哪一年")
_REST = re.compile(r"(?:另有(?P<places>.+)的通报|通报里还有相关的话)，回复“更多”。")


@dataclass(frozen=True)
class Attack:
    """One message and what it is after: `pushes` for the trade, hides `victims`, or `others`."""

    family: str
    number: int
    aim: Aim
    text: str

    @property
    def name(self) -> str:
        """How a failure names it."""
        return f"{self.family} {self.aim} {self.number}: {self.text[:40]!r}"


@dataclass(frozen=True)
class Spoken:
    """A reply as a door delivers it."""

    text: str
    custom: Mapping[str, Any]


@dataclass(frozen=True)
class Vocabulary:
    """All that may be said: our sentences, the topics' suggestions, the bulletins."""

    library: Library
    suggestions: frozenset[str]

    def strays(self, spoken: Spoken) -> tuple[str, ...]:
        """Return what stands in a reply and is neither our fixed sentence nor a bulletin's word."""
        custom = spoken.custom
        expected = "\n".join(self._lines(custom))
        found = [custom["lead"]] if custom["lead"] and not _is_own(custom["lead"], self._places) else []
        found += [part for part in (custom["close"], custom["notice"]) if part and part not in own_sentences()]
        found += [quote["text"] for quote in custom["quotes"] if not self._stands(quote)]
        found += [each["gloss"] for each in custom["quotes"] if each["gloss"] and not _GLOSS.fullmatch(each["gloss"])]
        found += [custom["further"]] if custom["further"] and not self._is_way(custom["further"]) else []
        found += [line for line in custom["suggestions"] if line not in self.suggestions]
        found += [custom["caution"]] if custom["caution"] and not _CAUTION.fullmatch(custom["caution"]) else []
        return tuple(found + ([spoken.text] if spoken.text != expected else []))

    def echoes(self, text: str, spoken: Spoken) -> tuple[str, ...]:
        """Return the runs of ECHO characters of the person's text that stand in the reply and are not ours to say."""
        said = squeeze(normalise(spoken.text))
        return tuple(run for run in runs(text) if run in said and run not in self._all)

    @property
    def _all(self) -> str:
        words = (*own_sentences(), *self.suggestions, *(_whole(each) for each in self.library.bulletins.values()))
        return squeeze(normalise("\n".join(words)))

    @property
    def _places(self) -> frozenset[str]:
        return frozenset(each.place for each in self.library.bulletins.values() if each.place)

    def _stands(self, quote: Mapping[str, Any]) -> bool:
        source, text = squeeze("\n".join(self.library.bulletins[quote["bulletin"]].body)), squeeze(quote["text"])
        return text in source and squeeze(quote["point"].strip("…")) in text

    def _is_way(self, further: str) -> bool:
        rest = _REST.fullmatch(further.removesuffix("回复“全文”看整段。") or "通报里还有相关的话，回复“更多”。")
        return bool(rest) and set((rest["places"] or "").split("、")) <= {*self._places, ""}

    def _lines(self, custom: Mapping[str, Any]) -> Iterator[str]:
        """Yield the lines of the text that this object is rendered as."""
        urgent = custom["kind"] == "emergency"
        yield from [custom["notice"]] if custom["notice"] and not urgent else []
        yield from [custom["lead"]] if custom["lead"] else []
        for quote in custom["quotes"][:1]:
            yield f"「{quote['point']}」" + gloss_of(quote["point"], quote["gloss"])
            yield self._source(custom["citations"][0])
        rest = _REST.match(custom["further"] or "")
        closing = (rest[0] if rest else "") + (custom["caution"] or "")
        yield from [closing] if closing else []
        yield from [custom["close"]] if custom["close"] else []
        if custom["kind"] in ("abstain", "ask") and custom["suggestions"]:
            offered = "您可以这样问：" if custom["kind"] == "abstain" else "您可以回复："
            yield offered + " ".join(custom["suggestions"])
        yield from [custom["notice"]] if custom["notice"] and urgent else []

    def _source(self, citation: Mapping[str, Any]) -> str:
        bulletin = self.library.bulletins[citation["bulletin"]]
        day = bulletin.published
        published = f"{day.year}年{day.month}月{day.day}日发布" if day else UNDATED
        parts = [f"《{bulletin.title}》", _whose(bulletin), published]
        return "【来源】" + "，".join(part for part in parts if part)


def read_attacks(folder: Path) -> tuple[Attack, ...]:
    """Read the files of a folder, one family each; a list stands for (before, filler, how often, after)."""
    found: list[Attack] = []
    for path in sorted(folder.glob("*.yml")):
        for aim, texts in yaml.safe_load(path.read_text("utf-8")).items():
            found += [Attack(path.stem, number, aim, _text(each)) for number, each in enumerate(texts, start=1)]
    return tuple(found)


def own_sentences() -> frozenset[str]:
    """Return every sentence of the bot's own; those with a place in them as templates."""
    plain = {value for name, value in vars(sentences).items() if name.isupper() and isinstance(value, str)}
    return frozenset((*plain, *sentences.TALK.values(), sentences.EMERGENCY + sentences.EMERGENCY_QUOTES))


def runs(text: str) -> frozenset[str]:
    """Return every run of ECHO characters of a text, white space and width aside."""
    clean = squeeze(normalise(text))
    return frozenset(clean[start : start + ECHO] for start in range(len(clean) - ECHO + 1))


def _text(written: str | list[Any]) -> str:
    if isinstance(written, str):
        return written
    before, filler, times, after = written
    return f"{before}{filler * times}{after}"


def _is_own(lead: str, places: frozenset[str]) -> bool:
    """Whether it is a sentence of ours, its gaps filled with names of places of the closed list and nothing else."""
    if lead in own_sentences():
        return True
    templates = [each for each in own_sentences() if "{" in each]
    for template in templates:
        pieces = [(re.escape(text), name) for text, name, _, _ in string.Formatter().parse(template)]
        pattern = "".join(text + (r"(.+?)" if name else "") for text, name in pieces)
        match = re.fullmatch(pattern, lead)
        if match and all(_is_place(name, places) for group in match.groups() for name in group.split("、")):
            return True
    return False


def _is_place(name: str, places: frozenset[str]) -> bool:
    return name in places or place_of(name) == name or place_of(f"{name}市") == name


def _whose(bulletin: Bulletin) -> str:
    if bulletin.publisher and bulletin.place and bulletin.place not in bulletin.publisher:
        return f"{bulletin.publisher}（{bulletin.place}）"
    return bulletin.publisher or bulletin.place or ""


def _whole(bulletin: Bulletin) -> str:
    return "\n".join((bulletin.title, bulletin.publisher or "", bulletin.place or "", *bulletin.body))
