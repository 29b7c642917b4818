"""What editors read of gaps and of the search: in what way answers fell short, the passage that came closest, the file
to look into, what became of each candidate.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path

from bot.answering.followup import resolve
from bot.answering.records import Memory
from bot.editing.gaps import MOST_WORDINGS, Gap, Weigh
from bot.reading.records import Passage
from bot.retrieval.ranking import Candidate
from bot.retrieval.search import Searcher
from bot.settings import Settings
from bot.text.words import BIGRAM_MARK

# Why a passage's score was raised or lowered, as the ranking names it (bot/retrieval/ranking.py).
_FACTORS = {
    "topic": "话题",
    "kind": "类别",
    "place": "地点",
    "object": "卡的种类",
    "type": "问法",
    "year": "年份",
    "coverage": "覆盖",
}
# Words that gave a passage less are not worth the editor's time.
_LEAST_POINTS = 0.5
WHY = {"unanswered": "没有答案", "near": "只有最接近的", "weak": "依据薄弱", "unhelpful": "居民说没帮助"}
# The support of a passage of which more speaks against an answer than for it: naming it would lead an editor astray.
NOTHING = 0.0


def verdict(candidate: Candidate, quoted: Collection[str]) -> str:
    """Return what became of a passage that was considered."""
    return "引用" if candidate.passage.id in quoted else candidate.rejected or "可用，没有排进前面"


def points(candidate: Candidate) -> str:
    """Return which words gave a passage its score, most first, and last the pairs of characters together."""
    words = sorted((entry for entry in candidate.by_feature if entry[0][0] != BIGRAM_MARK), key=lambda entry: -entry[1])
    pairs = sum(value for label, value in candidate.by_feature if label[0] == BIGRAM_MARK)
    shown = [*words, ("相邻的字", pairs)]
    return "、".join(f"{label} {value:.1f}" for label, value in shown if value >= _LEAST_POINTS)


def factors(candidate: Candidate) -> str:
    """Return what raised and lowered that score."""
    return "、".join(f"{_FACTORS.get(name, name)}×{factor:.2f}" for name, factor in candidate.factors if factor != 1)


def weigh_by(searcher: Searcher) -> Weigh:
    """Return how questions are compared: by the words they are searched by, and what each says in general Chinese.

    What only makes sense after another question (「为什么」「还有吗」「南宁呢」) says nothing.
    A question takes 3 ms the first time; what is returned remembers it.
    """

    @lru_cache(maxsize=MOST_WORDINGS)
    def weigh(question: str) -> Mapping[str, float]:
        if resolve(question, Memory(), searcher.index.synonyms, searcher.index.segmenter).step != "question":
            return {}
        return {feature.label: feature.importance for feature in searcher.query(question).telling}

    return weigh


def nearest_of(gap: Gap, searcher: Searcher) -> Passage | None:
    """Return the passage that came closest, if it is still there and has anything to do with the questions."""
    wanted = gap.nearest.passage if gap.nearest and gap.nearest.support > NOTHING else None
    return next((passage for passage in searcher.library.passages if passage.id == wanted), None)


def file_of(gap: Gap, searcher: Searcher, settings: Settings) -> Path:
    """Return the file to look into first: the nearest passage's bulletin, else the folder a new one goes into."""
    passage = nearest_of(gap, searcher)
    return settings.bulletins / f"{passage.bulletin}.md" if passage else settings.bulletins


def reasons(gap: Gap) -> str:
    """Return in what ways the group fell short, in words."""
    return "、".join(f"{WHY[reason]} {times}" for reason, times in sorted(gap.why.items(), key=lambda each: -each[1]))
