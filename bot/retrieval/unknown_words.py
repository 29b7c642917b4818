"""Which words of a question nothing here speaks of: neither a passage nor the table of synonyms.

Knows nothing of how a question is searched, or whether what was found answers it.
"""

from __future__ import annotations

from bot.retrieval.index import PassageIndex
from bot.retrieval.synonyms import find_phrases


def unknown_words(text: str, index: PassageIndex) -> tuple[str, ...]:
    """Return the words of `text`, stop words left out, that stand in no passage and are no known phrase."""
    rest = index.segmenter.mend(text)
    for phrase in find_phrases(rest, index.synonyms.longer_phrases):
        rest = rest.replace(phrase, " ")
    terms, phrases = index.documents.numbers, index.synonyms.phrases
    return tuple(word for word in index.segmenter.words(rest) if word not in terms and word not in phrases)
