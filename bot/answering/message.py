"""A message, read once: cleaned, mended, masked, and what it may be. Pure.

It is made where a message comes in, before any limit, time-out or model. Doors, limits, the apology, Rasa (as
metadata) and the action take from it what they need; nobody normalises, masks or judges a second time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from bot.answering.likeness import FILE, Likeness, read_likeness, runs_of
from bot.answering.wordings import Wordings, compact, read_wordings
from bot.text.masking import mask, masked, without_tokens
from bot.text.normalise import normalise, visible, without_opening

MayBe = Literal["victim", "offer", "plain"]
# Under this name a message goes along in Rasa's metadata.
READ = "message"
KINDS: tuple[MayBe, ...] = get_args(MayBe)
MOST_CHARACTERS = 300
# A number with something between all its digits; and how much of the beginning and the end of what is too long is read.
_LONGEST_NUMBER, _LOOKED_AT = 128, 400
# More is in no body that a resident may send; a member of the staff may paste a book.
_MOST_READ = 8192
# How Rasa marks an intent typed by hand; in full width it is the same to whoever typed it.
_COMMAND = "/"
# Brackets and marks alone sound like nothing.
_WORD = re.compile(r"\w")
# How a reason begins that is no rule.
ALIKE = "像"
# How like it must sound to be taken for one where no rule says so.
LEAST = 0.5


@dataclass(frozen=True)
class Message:
    """What somebody said. `masked` is what may be stored and shown; `typed` is it before masking, and is kept nowhere.

    `clean` is the masked text in one spelling, without what masking left; `mended` has words typed by sound put right
    and no greeting before it: what is searched and understood. `personal` says that something was masked. `kind` is
    what it may be, and `why` the rule, or what it sounds like, that says so. What is
    `too_long` is masked and kept only as far as it may go.
    """

    typed: str
    masked: str
    clean: str
    mended: str
    personal: bool
    kind: MayBe = "plain"
    why: str = ""
    too_long: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return what may leave the door, for Rasa and its action: never what was typed."""
        return {name: value for name, value in asdict(self).items() if name != "typed"}

    @classmethod
    def from_dict(cls, data: Any) -> Message | None:
        """Read what `as_dict` gave; None for anything else."""
        if not isinstance(data, Mapping) or data.get("kind") not in KINDS:
            return None
        texts = [data.get(name) for name in ("masked", "clean", "mended", "why")]
        if not all(isinstance(text, str) for text in texts):
            return None
        said, clean, mended, why = map(str, texts)
        return cls(said, said, clean, mended, data.get("personal") is True, data["kind"], why)


@dataclass(frozen=True)
class MessageReader:
    """Reads messages with the wordings, the likeness and the words of one knowledge folder."""

    wordings: Wordings
    likeness: Likeness
    mend: Callable[[str], str]

    def read(self, raw: str, before: str = "") -> Message:
        """Read a message as it came in.

        `before` is the end of what the same person said last, masked: a number may begin there. However long the
        message is, the work is that of some hundred characters.
        """
        if len(raw) > _MOST_READ:
            raw = raw[: _MOST_READ - _LOOKED_AT] + raw[-_LOOKED_AT:]
        typed = visible(raw).strip()
        while unicodedata.normalize("NFKC", typed[:1]) == _COMMAND:
            typed = typed[1:].lstrip()
        too_long = _too_many(typed)
        if too_long:
            # Masked before it is cut: a cut could leave half a number that nobody recognises as one.
            whole = mask(typed[: MOST_CHARACTERS + _LONGEST_NUMBER], before)
            kept = mask(whole[:MOST_CHARACTERS])
            said = without_tokens(f"{typed[:_LOOKED_AT]}。{typed[-_LOOKED_AT:]}")
        else:
            whole = kept = mask(typed, before)
            said = without_tokens(kept)
        mended = self.mend(_toneless(said))
        kind, why = self.judge(mended)
        return Message(typed, kept, normalise(said), without_opening(mended), masked(whole), kind, why, too_long)

    def judge(self, mended: str) -> tuple[MayBe, str]:
        """Return what a mended text may be, and what says so."""
        found = self.wordings.find(compact(mended))
        for rule in self.wordings.fired(found):
            return rule.kind, rule.name
        if not _WORD.search(found.text):
            return "plain", ""
        runs = runs_of(found.text)
        chances = self.likeness.chances(runs)
        kind = max(chances, key=lambda kind: chances[kind])
        if chances[kind] < LEAST:
            return "plain", ""
        return kind, f"{ALIKE} {chances[kind]:.2f}：{' '.join(self.likeness.strongest(runs, kind))}"


def _toneless(text: str) -> str:
    """Return a text whose letters have no marks: 「wǒ bèi piàn le」 is read as if typed without tones."""
    if text.isascii() or not any(letter in "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ" for letter in text.lower()):
        return text
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))


def _too_many(text: str) -> bool:
    """Tokens of an earlier masking are longer than what they stand for: they do not count, within reason."""
    return len(without_tokens(text)) > MOST_CHARACTERS or len(text) > 3 * MOST_CHARACTERS


def read_reader(folder: Path, mend: Callable[[str], str]) -> MessageReader:
    """Return the reader with the wordings of a folder. Raises ValueError that says where and what is wrong in it."""
    return MessageReader(read_wordings(folder), read_likeness(folder / FILE), mend)
