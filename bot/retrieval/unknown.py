"""Which words of a question nothing here speaks of: neither a passage nor the table of synonyms.

Knows nothing of how a question is searched, or whether what was found answers it.
"""

from __future__ import annotations

from bot.retrieval.index import PassageIndex
from bot.retrieval.synonyms import Synonyms, find_phrases


def unknown_words(text: str, index: PassageIndex) -> tuple[str, ...]:
    """Return the words of `text`, stop words left out, that stand in no passage and are no known phrase."""
    rest = index.segmenter.mend(text)
    for phrase in find_phrases(rest, _longer_phrases(index.synonyms)):
        rest = rest.replace(phrase, " ")
    terms, phrases = index.documents.numbers, index.synonyms.phrases
    return tuple(word for word in index.segmenter.words(rest) if word not in terms and word not in phrases)


def _longer_phrases(synonyms: Synonyms) -> frozenset[str]:
    """Every phrase of synonyms.yml but those of one character, which stand in too many words."""
    every = {*synonyms.phrases, *synonyms.objects, *synonyms.places, *synonyms.subject}
    return frozenset(phrase for phrase in every if len(phrase) > 1)
