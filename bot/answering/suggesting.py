"""What may be asked next: what the passages beside the answer answer themselves, by the words that head them.

A suggestion is a heading of a bulletin, or one of the questions its topics list; it is made only when a search for it
alone finds something to quote. Knows no list of what to suggest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.reading.records import Library, Passage, Topic

MOST = 3
# How many headings of the bulletin are looked at, the nearest first.
MOST_NEIGHBOURS = 4
SHORTEST, LONGEST = 4, 20
_NUMBER = re.compile(
    r"^\s*(?:第[一二三四五六七八九十\d]{1,3}[类步招条个部分种]?[、：:，,\s]*|[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s*|[●■◆▲★▶➤·•-]\s*)+"
)
_ASKS = re.compile(r"[?？]|[吗呢]$|什么|怎么|怎样|如何|哪|谁|何|多少|几|为啥|是否|能否|可否|该不该|要不要|能不能")
# From a question to the passages that answer it when it is asked alone, best first.
Search = Callable[[str], Sequence[Passage]]


@dataclass(frozen=True)
class Suggester:
    """Finds what may be asked next in one state of the knowledge; what was found to lead somewhere is remembered."""

    library: Library
    topics: tuple[Topic, ...]
    search: Search
    words: Callable[[str], Sequence[str]]
    _led: dict[str, str | None] = field(default_factory=dict)

    def after(self, told: Sequence[Passage], others: Sequence[Passage]) -> tuple[str, ...]:
        """Return at most MOST questions or short topics that lead to something else than what was `told`.

        `others` are passages that came near, best first: what they answer comes before what stands beside.
        """
        seen = {passage.id for passage in told}
        found: dict[str, None] = {}
        for suggestion in self._candidates(told, others):
            leads_to = self._leads_to(suggestion)
            if leads_to and leads_to not in seen:
                seen.add(leads_to)
                found[suggestion] = None
            if len(found) == MOST:
                break
        return tuple(found)

    def _candidates(self, told: Sequence[Passage], others: Sequence[Passage]) -> Iterator[str]:
        passages = [passage for passage in (*others, *self._neighbours(told)) if passage not in told]
        known = {suggestion_of(passage) for passage in told}
        yield from (each for each in dict.fromkeys(map(suggestion_of, passages)) if each and each not in known)
        near = {topic for passage in passages for topic in passage.topics}
        yield from (ask for topic in self.topics if topic.slug in near for ask in topic.asks)

    def _neighbours(self, told: Sequence[Passage]) -> list[Passage]:
        """Return the first passage under each heading of the bulletin told of first, the nearest first."""
        if not told:
            return []
        own = [passage for passage in self.library.passages if passage.bulletin == told[0].bulletin]
        place = own.index(told[0]) if told[0] in own else 0
        nearest = sorted(range(len(own)), key=lambda each: (abs(each - place), each))
        by_words: Mapping[str, Passage] = {suggestion_of(own[each]): own[each] for each in reversed(nearest)}
        kept = [own[each] for each in nearest if by_words[suggestion_of(own[each])] is own[each]]
        return kept[: MOST_NEIGHBOURS + 1]

    def _leads_to(self, suggestion: str) -> str | None:
        """Return the passage that answers a suggestion, None when nothing does."""
        if suggestion not in self._led:
            best = next(iter(self.search(suggestion)), None)
            self._led[suggestion] = best.id if best and self._is_spoken_of(suggestion, best) else None
        return self._led[suggestion]

    def _is_spoken_of(self, suggestion: str, passage: Passage) -> bool:
        """Whether a topic is what its passage speaks of: 「热议话题」 heads anything, and asks nothing."""
        words = self.words(suggestion)
        return bool(_ASKS.search(suggestion)) or (len(words) > 1 and all(word in passage.text for word in words))


def suggestion_of(passage: Passage) -> str:
    """Return what heads a passage, as somebody would ask it: its heading, or a short first sentence; "" if neither."""
    first = passage.sentences[0] if len(passage.sentences) > 1 else ""
    return next((words for words in map(_asked, (passage.heading, first)) if words), "")


def suggestions_in(library: Library, topics: Iterable[Topic]) -> frozenset[str]:
    """Return everything that may ever be suggested."""
    headings = (suggestion_of(passage) for passage in library.passages)
    return frozenset((*filter(None, headings), *(ask for topic in topics for ask in topic.asks)))


def _asked(words: str) -> str:
    """Return words as a suggestion: a question, or a short topic without a mark at its end; "" for neither."""
    bare = _NUMBER.sub("", words).strip().rstrip("：:。；;！!")
    plain = SHORTEST <= len(bare) <= LONGEST and not re.search(r"[。；;！!，,\n]", bare)
    return bare if plain and (_ASKS.search(bare) or len(bare) <= LONGEST // 2) else ""
