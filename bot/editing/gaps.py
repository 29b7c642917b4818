"""What could not be answered: questions grouped by likeness, biggest group first. Pure: knows no database, no clock.

Likeness is the cosine of vectors of words, each weighing what it says in general Chinese: among the questions
themselves a word that many share would weigh least, and the biggest matters would fall apart. Groups are those of
average linkage (scikit-learn), so that a chain of slightly different questions does not become one group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from bot.keeping.events import Considered, TurnEvent, wording_of

Why = Literal["unanswered", "near", "weak", "unhelpful"]
# An answer none of whose quotes is likelier than this to answer stood on weak evidence.
WEAK = 0.3
# Wordings at least this alike, on average, are one group. Chosen by reading the groups of 380 real questions: at 0.20
# unlike matters of one word (诈骗) begin to join, at 0.25 one matter (传销) is two groups.
ALIKE = 0.22
# Distances of all pairs are kept in memory: of more wordings than this the latest are grouped.
MOST_WORDINGS = 4000

# From a wording to the words by which two are alike, and how much each says; nothing for what says nothing by itself.
Weigh = Callable[[str], Mapping[str, float]]


@dataclass(frozen=True)
class Gap:
    """Questions that are alike and were not answered well. `wordings` with how often each came, most often first; of
    those, the most typical first.

    `nearest` is the passage that came closest; `returned` says that an editor had dealt with it before. `settles` are
    all its wordings as `settled` keeps them; `comments` are the words people left with 「没帮助」, latest first.
    """

    wordings: tuple[tuple[str, int], ...]
    times: int
    why: Mapping[Why, int]
    last: float
    nearest: Considered | None
    returned: bool
    settles: tuple[str, ...]
    comments: tuple[str, ...] = ()


def why(event: TurnEvent) -> Why | None:
    """Return in what way a turn fell short; None when it did not, or when its words are gone."""
    if not event.question:
        return None
    if event.helpful is False:
        return "unhelpful"
    if event.outcome in ("abstain", "silent"):
        return "unanswered"
    if event.outcome == "near":
        return "near"
    chances = [each.probability for each in event.considered if each.passage in event.quoted]
    return "weak" if event.outcome == "answer" and chances and max(chances) < WEAK else None


def find_gaps(events: Sequence[TurnEvent], weigh: Weigh, settled: Mapping[str, float]) -> tuple[Gap, ...]:
    """Return the groups with a question that came after it was last dealt with, biggest first, then latest.

    Questions that say nothing by themselves are left out: no editor could write what answers 「为什么」.
    """
    short = [event for event in events if why(event)]
    by_wording: dict[str, list[TurnEvent]] = {}
    for event in sorted(short, key=lambda event: -event.at):
        by_wording.setdefault(wording(event), []).append(event)
    groups = _groups([each for each in list(by_wording)[:MOST_WORDINGS] if weigh(each)], weigh)
    found = (_gap([event for each in group for event in by_wording[each]], settled) for group in groups)
    return tuple(sorted((gap for gap in found if gap), key=lambda gap: (-gap.times, -gap.last)))


def wording(event: TurnEvent) -> str:
    """Return an event's question as it is compared with others."""
    return wording_of(event.question or "")


def _groups(wordings: Sequence[str], weigh: Weigh) -> list[list[str]]:
    """Return the wordings in groups; within each the most typical first: the one most like all the others."""
    if len(wordings) < 2:
        return [[each] for each in wordings]
    # Imported when they are needed: it takes 1.5 s, which every verb of `duanka` and the running service would pay.
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.preprocessing import normalize

    vectors = normalize(DictVectorizer(dtype=np.float32).fit_transform([weigh(each) for each in wordings]))
    distances = np.clip(1.0 - (vectors @ vectors.T).toarray(), 0.0, 1.0)
    grouping = AgglomerativeClustering(
        n_clusters=None, affinity="precomputed", linkage="average", distance_threshold=1.0 - ALIKE
    )
    labels = grouping.fit_predict(distances)
    groups = (np.flatnonzero(labels == label) for label in range(grouping.n_clusters_))
    return [[wordings[member] for member in _typical_first(members, vectors)] for members in groups]


def _typical_first(members: Any, vectors: Any) -> Any:
    """Return the members of a group, those first whose likeness to all of it is greatest."""
    likeness = np.asarray(vectors[members] @ vectors[members].sum(axis=0).T).ravel()
    return members[np.argsort(-likeness, kind="stable")]


def _gap(events: Sequence[TurnEvent], settled: Mapping[str, float]) -> Gap | None:
    open_ones = [event for event in events if event.at > settled.get(wording(event), 0.0)]
    if not open_ones:
        return None
    shown: dict[str, str] = {wording(event): event.question or "" for event in reversed(open_ones)}
    counted = Counter(wording(event) for event in open_ones)
    return Gap(
        wordings=tuple((shown[each], times) for each, times in counted.most_common()),
        times=len(open_ones),
        why=dict(Counter(reason for event in open_ones if (reason := why(event)))),
        last=max(event.at for event in open_ones),
        nearest=_nearest(open_ones),
        returned=any(wording(event) in settled for event in events),
        settles=tuple(counted),
        comments=tuple(event.comment for event in sorted(open_ones, key=lambda event: -event.at) if event.comment),
    )


def _nearest(events: Sequence[TurnEvent]) -> Considered | None:
    """Return the passage that is most often the closest; of those, the likeliest one."""
    closest = [max(event.considered, key=lambda each: each.probability) for event in events if event.considered]
    often = Counter(each.passage for each in closest)
    return max(closest, key=lambda each: (often[each.passage], each.probability), default=None)
