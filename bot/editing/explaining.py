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
from bot.retrieval.search import Candidate, Searcher
from bot.settings import Settings

# What speaks for a passage or against it less than this, in logits, is not worth the editor's time.
_LEAST_POINTS = 0.15
# The matcher's columns (bot/retrieval/features.py), as an editor reads them.
_KINDS = {
    "whether": "是不是",
    "number": "多少",
    "when": "什么时候",
    "where": "哪里",
    "who": "谁",
    "why": "为什么",
    "how": "怎么办",
    "what": "什么",
}
COLUMNS = {
    "words: share of the best possible": "字词相合的程度",
    "words: score": "字词得分",
    "words: below the best": "字词比最好的差",
    "words: of the bulletin": "整篇通报的字词",
    "covered by the passage": "问到的词这一段有",
    "covered with heading and title": "连题目小标题都算上",
    "covered with other words for it": "连换一种说法都算上",
    "most telling word missing": "要紧的词没有",
    "words missing": "缺几个词",
    "unknown in the folder": "通报里都没有的词",
    "a thing unknown in the folder": "通报里没有的东西",
    "another place": "说的是别处",
    "another number": "数字对不上",
    "length of the passage": "段落长短",
    "length of the question": "问题长短",
    "is advice": "是提示",
    "is background": "是背景",
    **{f"asks {kind}": f"问{name}" for kind, name in _KINDS.items()},
    **{f"asks {kind}, not given": f"问{name}而没有说到" for kind, name in _KINDS.items()},
    "place: the one asked": "问的就是这里",
    "place: another": "问的是别处",
    "home": "训练时就有的通报",
    "home: on the topic": "话题相合",
    "home: foreign to it": "像是通报之外的事",
    "home: covered with other words": "换一种说法相合",
    "home: words below the best": "训练时就有的通报：字词比最好的差",
    "home: speaks of another thing": "训练时就有的通报：说的是别的事",
    "home: topic of its own": "训练时就有的通报：自己的话题",
    "home: is advice": "训练时就有的通报：是提示",
    "home: is background": "训练时就有的通报：是背景",
    "home: meaning of passage": "训练时就有的通报：整段意思相近",
    "home: meaning of sentence": "训练时就有的通报：有一句意思相近",
    "meaning: passage": "整段意思相近",
    "meaning: passage below the best": "意思比最近的差",
    "meaning: sentence": "有一句意思相近",
    "meaning: sentence below the best": "这一句比最近的差",
    "meaning: uncentred": "总的相近",
    "meaning: title": "与题目相近",
    "meaning: bulletin": "整篇通报相近",
    "meaning: bulletin below the best": "整篇比最近的差",
    "covered by the closest sentence": "最近的一句有问到的词",
}
WHY = {"unanswered": "没有答案", "near": "只有最接近的", "weak": "依据薄弱", "unhelpful": "居民说没帮助"}
# A passage less likely than this to answer is not named: it would lead an editor astray.
NOTHING = 0.05


def verdict(candidate: Candidate, quoted: Collection[str]) -> str:
    """Return what became of a passage that was considered."""
    return "引用" if candidate.passage.id in quoted else candidate.rejected or "可用，没有排进前面"


def points(candidate: Candidate) -> str:
    """Return what spoke for a passage and what against, most first: the matcher's columns with their logit points."""
    told = sorted(candidate.points, key=lambda entry: -abs(entry[1]))
    return "、".join(f"{COLUMNS[name]} {value:+.1f}" for name, value in told if abs(value) >= _LEAST_POINTS)


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
    wanted = gap.nearest.passage if gap.nearest and gap.nearest.probability > NOTHING else None
    return next((passage for passage in searcher.library.passages if passage.id == wanted), None)


def file_of(passage: Passage | None, settings: Settings) -> Path:
    """Return the file to look into first: the nearest passage's bulletin, else the folder a new one goes into."""
    return settings.bulletins / f"{passage.bulletin}.md" if passage else settings.bulletins


def reasons(gap: Gap) -> str:
    """Return in what ways the group fell short, in words."""
    return "、".join(f"{WHY[reason]} {times}" for reason, times in sorted(gap.why.items(), key=lambda each: -each[1]))
