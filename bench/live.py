"""The retriever as it is in service, on 57,922 articles: quality, a bulletin more, and a whole search."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from stard import Stard, mean_reciprocal_rank

from bot.reading.records import Bulletin, Library, Passage
from bot.retrieval.index import PassageIndex, build_index
from bot.retrieval.matcher import read_matcher
from bot.retrieval.query import Prior, build_query
from bot.retrieval.search import Searcher, read_segmenter
from bot.retrieval.synonyms import read_synonyms

KNOWLEDGE = Path("knowledge")
NEWS = (
    "兹有居民将本人银行卡出借给名为飞毛腿驿站的收卡团伙，现已被依法处理。",
    "飞毛腿驿站收卡团伙的涉案账户已全部止付。",
    "请持卡人于本月底前到开户网点核实身份。",
)


def live_index(data: Stard, folder: Path, more: Sequence[str] = ()) -> PassageIndex:
    """Index all articles, and `more` as a bulletin in their midst, with words and phrases read anew."""
    passages = [_passage("law", title, text) for title, text in zip(data.titles, data.articles, strict=True)]
    middle = len(passages) // 2
    passages[middle:middle] = [_passage("news", "", text) for text in more]
    synonyms = read_synonyms(KNOWLEDGE / "synonyms.yml")
    return build_index(passages, {"law": "法律", "news": "通报"}, read_segmenter(KNOWLEDGE), synonyms, folder)


def _passage(bulletin: str, heading: str, text: str) -> Passage:
    return Passage(f"{bulletin}#p", bulletin, heading, text, (text,), "advice", (), (1, 1), "")


def quality(data: Stard, index: PassageIndex) -> dict[str, dict[str, float]]:
    """MRR@10 of the questions as they are cut and weighed in service."""

    def best(number: int) -> list[int]:
        query = build_query(data.questions[number], index.segmenter, index.synonyms)
        rows: list[int] = index.bm25(query.terms, 10)[0].tolist()
        return rows

    return {"in service": mean_reciprocal_rank(data, best)}


def one_more(data: Stard, folder: Path) -> dict[str, float]:
    """Seconds from a new bulletin of three passages until a question finds it, and until it is withdrawn again."""
    begun = time.perf_counter()
    index = live_index(data, folder, NEWS)
    query = build_query("飞毛腿驿站", index.segmenter, index.synonyms)
    rows, _ = index.bm25(query.terms, 10)
    added = time.perf_counter() - begun
    assert index.passages[rows[0]].bulletin == "news", "the new bulletin is not found"
    begun = time.perf_counter()
    live_index(data, folder)
    return {"added_s": round(added, 2), "withdrawn_s": round(time.perf_counter() - begun, 2)}


def whole_search_ms(data: Stard, index: PassageIndex) -> float:
    """Milliseconds of a whole search by words: cutting, BM25, the matcher; mean of 200 questions."""
    bulletin = Bulletin("law", "法律", None, None, None, None, None, None, None, ())
    searcher = Searcher(Library({"law": bulletin}, index.passages), index, read_matcher())
    searcher.search("卖卡", Prior())
    begun = time.perf_counter()
    for question in data.questions[:200]:
        searcher.search(question, Prior())
    return round((time.perf_counter() - begun) / 200 * 1000, 1)
