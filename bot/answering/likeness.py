"""What a message sounds like: a victim's, an offer of trade, or neither. A logistic regression; pure.

It reads characters in runs of one to three. Its weights are learnt by bench/alarm/learn.py from data/nlu,
bench/alarm/*.txt and bench/asked/*.yml, and lie beside the wordings.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.answering.wordings import AMOUNT, Kind

FILE = "likeness.tsv"
# A weight is written as a whole number of hundredths.
SCALE = 100
LONGEST = 3
_RELATIVES = "女儿|儿子|孩子|老公|老婆|母亲|家里|老人|朋友|同学|邻居|外公|爸|妈|爹|娘|爷|奶|姨|姑|弟"
_RELATIVE = re.compile(rf"(?:我|俺|咱)?(?:们|家|的){{0,2}}(?:{_RELATIVES})(?:{_RELATIVES})?")
_AMOUNT = re.compile(AMOUNT)
_PUNCTUATION = re.compile(r"[^\w#]+")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Likeness:
    """The weights of each run, for a victim and for an offer, against neither. `bias` is what nothing says."""

    bias: tuple[float, float]
    weights: Mapping[str, tuple[float, float]]

    def chances(self, runs: frozenset[str]) -> Mapping[Kind, float]:
        """Return the probability that a message is a victim's, and that it is an offer."""
        known = [self.weights[run] for run in runs if run in self.weights]
        length = math.sqrt(len(known)) or 1.0
        victim = self.bias[0] + math.fsum(weight for weight, _ in known) / length
        offer = self.bias[1] + math.fsum(weight for _, weight in known) / length
        most = max(victim, offer, 0.0)
        raised = [math.exp(score - most) for score in (victim, offer, 0.0)]
        return {"victim": raised[0] / sum(raised), "offer": raised[1] / sum(raised)}

    def strongest(self, runs: frozenset[str], kind: Kind, most: int = 3) -> tuple[str, ...]:
        """Return the runs that speak most for a kind: what an editor is told."""
        column = 0 if kind == "victim" else 1
        known = {run: self.weights[run][column] for run in runs if run in self.weights}
        likely = sorted(known, key=lambda run: (-known[run], run))
        return tuple(run for run in likely if known[run] > 0)[:most]


def runs_of(text: str) -> frozenset[str]:
    """Return the runs of characters in a compact text, in which any sum, relative or number is like another."""
    text = _RELATIVE.sub("亲", _AMOUNT.sub("¥", _PUNCTUATION.sub("", text)))
    text = f"^{_DIGITS.sub('0', text)}$"
    return frozenset(
        text[start : start + size] for size in range(1, LONGEST + 1) for start in range(len(text) - size + 1)
    )


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
