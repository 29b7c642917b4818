"""From a question to the features it is searched by: its words and phrases, each with what may stand in its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import jieba

from bot.reading.places import places_named
from bot.retrieval.index import PHRASE_MARK
from bot.retrieval.synonyms import Synonyms
from bot.text.words import Segmenter, quantities

OWN_WEIGHT = 1.0
EXPANSION_WEIGHT = 0.7
BIGRAM_WEIGHT = 0.3
# The general inverse document frequencies that ship with jieba run from about 2 to 13.9.
_QUANTITY_IMPORTANCE = 4.0
_LEAST_IMPORTANCE, _MOST_IMPORTANCE, _UNSEEN_IMPORTANCE = 3.0, 11.0, 9.0


@dataclass(frozen=True)
class Feature:
    """One thing the question is about. `variants` are index terms with their weights, its own first.

    `importance` is how much the word says in general Chinese (an inverse document frequency); bigrams have none,
    they only help to rank.
    """

    label: str
    variants: tuple[tuple[str, float], ...]
    importance: float

    def said_by(self, words: frozenset[str], text: str) -> float:
        """Return the weight of the best variant that a sentence has, 0 for none.

        `words` are its terms, `text` is its searchable form.
        """
        return max((weight for term, weight in self.variants if _stands(term, words, text)), default=0.0)


@dataclass(frozen=True)
class Prior:
    """What is known beside the words: the probability of each topic (0 to 1), and the place, if one was named.

    `cited` are the bulletins that the reply before this follow-up quoted.
    """

    topics: Mapping[str, float] = field(default_factory=dict)
    place: str | None = None
    cited: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Query:
    """A question ready to be searched. `text` is in its searchable form, words typed by sound mended.

    `places` are those named that have bulletins, `elsewhere` those that have none. `terms` are what BM25 looks
    for, `words` the words among them, each once and with its importance.
    """

    text: str
    features: tuple[Feature, ...]
    objects: frozenset[str]
    places: tuple[str, ...]
    elsewhere: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    words: tuple[tuple[str, float], ...] = ()

    @cached_property
    def telling(self) -> tuple[Feature, ...]:
        """The features that say something by themselves: all but the bigrams."""
        return tuple(feature for feature in self.features if feature.importance)


def _stands(term: str, words: frozenset[str], text: str) -> bool:
    return term[len(PHRASE_MARK) :].replace(" ", "") in text if term.startswith(PHRASE_MARK) else term in words


def build_query(question: str, segmenter: Segmenter, synonyms: Synonyms) -> Query:
    """Cut a question into words and features, each feature with its synonyms.

    The names of the places bulletins come from are set apart: they only rank. A district stays a word.
    """
    text = segmenter.mend(question)
    words = segmenter.words(text)
    places = synonyms.places_in(text)
    rest = _without(text, [spelling for spelling, place in synonyms.places.items() if spelling == place])
    return Query(
        text=text,
        features=(*_phrases_and_words(rest, segmenter, synonyms), *_bigrams(rest, segmenter)),
        objects=synonyms.objects_in(text),
        places=places,
        elsewhere=tuple(name for name in places_named(text) if name not in places),
        terms=(*words, *segmenter.bigrams(text)),
        words=tuple((word, importance(word)) for word in dict.fromkeys(words)),
    )


def _phrases_and_words(text: str, segmenter: Segmenter, synonyms: Synonyms) -> Iterator[Feature]:
    rest = text
    words = segmenter.words(rest)
    for phrase in synonyms.phrases_in(rest):
        if _is_part_of_a_word(phrase, words):
            continue
        own = (PHRASE_MARK + phrase, OWN_WEIGHT)
        others = ((PHRASE_MARK + other, EXPANSION_WEIGHT) for other in synonyms.expansions[phrase])
        yield Feature(phrase, (own, *others), _importance(phrase, segmenter))
        rest = rest.replace(phrase, " ")
    for quantity in dict.fromkeys(quantities(text)):
        yield Feature(quantity, ((quantity, OWN_WEIGHT),), _QUANTITY_IMPORTANCE)
    for word in dict.fromkeys(segmenter.words(rest)):
        yield Feature(word, ((word, OWN_WEIGHT),), importance(word))


def _is_part_of_a_word(phrase: str, words: Sequence[str]) -> bool:
    """Whether a phrase of one character only stands inside longer words: 查 in 快查快打, but not 卖 in 卖卡."""
    holding = [word for word in words if phrase in word]
    return len(phrase) == 1 and bool(holding) and all(len(word) > 2 for word in holding)


def _bigrams(text: str, segmenter: Segmenter) -> Iterator[Feature]:
    for bigram in dict.fromkeys(segmenter.bigrams(text)):
        yield Feature(bigram, ((bigram, BIGRAM_WEIGHT),), 0.0)


def _without(text: str, phrases: list[str]) -> str:
    for phrase in phrases:
        text = text.replace(phrase, " ")
    return text


def _importance(phrase: str, segmenter: Segmenter) -> float:
    return max((importance(word) for word in segmenter.words_of(phrase)), default=importance(phrase))


def importance(word: str) -> float:
    """Return how much a word says: its inverse document frequency in general Chinese, between 3 and 11."""
    if word.isdigit():
        return _LEAST_IMPORTANCE if len(word) == 1 else _UNSEEN_IMPORTANCE
    frequency = general_idf().get(word, _UNSEEN_IMPORTANCE)
    return min(max(frequency, _LEAST_IMPORTANCE), _MOST_IMPORTANCE)


@cache
def general_idf() -> dict[str, float]:
    """Return jieba's table of inverse document frequencies of general Chinese (word → idf)."""
    path = Path(jieba.__file__).parent / "analyse" / "idf.txt"
    rows = (line.split(" ") for line in path.read_text(encoding="utf-8").splitlines())
    return {word: float(idf) for word, idf in rows}
