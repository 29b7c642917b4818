"""What a message sounds like: a victim's, an offer of trade, or neither. A logistic regression; pure.

It reads characters in runs of one to three, the parts of the wordings that stand in the message, and the rules that
hold. Its weights are learnt by bench/alarm/learn.py from data/nlu and bench/alarm/*.txt, and lie beside the wordings.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from bot.answering.wordings import AMOUNT, Found, Kind, Rule, Wordings

FILE = "likeness.tsv"
# A weight is written as a whole number of hundredths.
SCALE = 100
LONGEST = 3
RELATIVES = "亲友"
_AMOUNT = re.compile(AMOUNT)
_PUNCTUATION = re.compile(r"[^\w#]+")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Likeness:
    """The weights of each feature, for a victim and for an offer, against neither. `bias` is what nothing says."""

    bias: tuple[float, float]
    weights: Mapping[str, tuple[float, float]]

    def chances(self, features: Iterable[frozenset[str]]) -> Mapping[Kind, float]:
        """Return the probability that a message is a victim's, and that it is an offer."""
        victim, offer = self.bias
        for group in features:
            known = [self.weights[feature] for feature in group if feature in self.weights]
            length = math.sqrt(len(known)) or 1.0
            victim += math.fsum(weight for weight, _ in known) / length
            offer += math.fsum(weight for _, weight in known) / length
        most = max(victim, offer, 0.0)
        raised = [math.exp(score - most) for score in (victim, offer, 0.0)]
        return {"victim": raised[0] / sum(raised), "offer": raised[1] / sum(raised)}

    def strongest(self, features: Iterable[frozenset[str]], kind: Kind, most: int = 3) -> tuple[str, ...]:
        """Return the features that speak most for a kind: what an editor is told."""
        column = 0 if kind == "victim" else 1
        known = {feature: self.weights[feature][column] for group in features for feature in group & self._names}
        likely = sorted(known, key=lambda feature: (-known[feature], feature))
        return tuple(feature for feature in likely if known[feature] > 0)[:most]

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self.weights)


@dataclass(frozen=True)
class Features:
    """Cuts a compact text into what the likeness knows it by."""

    wordings: Wordings

    def of(self, found: Found, fired: Iterable[Rule]) -> tuple[frozenset[str], frozenset[str]]:
        """Return its runs of characters, and what of the wordings is in it: the parts, and the rules that `fired`."""
        text = self._abstract(found.text)
        runs = frozenset(
            text[start : start + size] for size in range(1, LONGEST + 1) for start in range(len(text) - size + 1)
        )
        rules = (f"!{rule.name}" for rule in fired)
        return runs, frozenset((*(f"〈{name}〉" for name in self.wordings.present(found)), *rules))

    def _abstract(self, text: str) -> str:
        """Any sum, any relative, any number is like another."""
        text = self._relative.sub("亲", _AMOUNT.sub("¥", _PUNCTUATION.sub("", text)))
        return f"^{_DIGITS.sub('0', text)}$"

    @cached_property
    def _relative(self) -> re.Pattern[str]:
        words = self.wordings.parts[RELATIVES].words if RELATIVES in self.wordings.parts else ("爸", "妈")
        names = "|".join(sorted(words, key=len, reverse=True))
        return re.compile(rf"(?:我|俺|咱)?(?:们|家|的){{0,2}}(?:{names})(?:{names})?")


@lru_cache(maxsize=4)
def read_likeness(path: Path) -> Likeness:
    """Read what `write_likeness` wrote. Raises ValueError that says where and what is wrong."""
    weights: dict[str, tuple[float, float]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        feature, *values = line.rsplit("\t", 2)
        try:
            victim, offer = map(int, values)
        except ValueError:
            raise ValueError(
                f"{path}:{number}: a feature and two whole numbers, with tabs between, are allowed"
            ) from None
        weights[feature] = (victim / SCALE, offer / SCALE)
    return Likeness(weights.pop("", (0.0, 0.0)), weights)


def write_likeness(likeness: Likeness, path: Path) -> None:
    """Write the weights, the bias first, by the name of the feature."""
    rows = [("", likeness.bias), *sorted(likeness.weights.items())]
    lines = (f"{name}\t{round(victim * SCALE)}\t{round(offer * SCALE)}" for name, (victim, offer) in rows)
    path.write_text("\n".join(lines) + "\n", "utf-8")
