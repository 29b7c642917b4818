"""The dense reader: questions and passages as vectors that lie close together when they mean the same.

It bridges what residents say and what bulletins write where no word is shared. Knows vectors and their products; which
model makes them, and where they are kept, is said in `bot.knowledge.embeddings`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.reading.records import Passage

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]
# The model's time grows with the text. Of a passage the first characters are read, of a long message its end: there the
# question stands.
PASSAGE_CHARACTERS, QUESTION_CHARACTERS = 400, 64
_CLAUSE_END = re.compile(r"[\s,，.。!！?？;；:：]+")


class Encoder(Protocol):
    """A model that makes vectors of length 1. Vectors of encoders with different names cannot be compared."""

    @property
    def name(self) -> str:
        """The model and its version."""
        ...

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of questions, shape (texts, dimensions). Raises OSError when the model cannot be had."""
        ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of passages, shape (texts, dimensions). Raises OSError when the model cannot be had."""
        ...


def question_part(text: str) -> str:
    """Return what is embedded of a message: all of a short one, of a long one its last clauses."""
    if len(text) <= QUESTION_CHARACTERS:
        return text
    end = text[-QUESTION_CHARACTERS:]
    first = _CLAUSE_END.search(end[: QUESTION_CHARACTERS // 2])
    return end[first.end() :] if first else end


def passage_part(text: str) -> str:
    """Return what is embedded of a passage or a sentence."""
    return text[:PASSAGE_CHARACTERS]


def embedded_texts(passages: Sequence[Passage], titles: Mapping[str, str]) -> tuple[str, ...]:
    """Return each text of which `DenseIndex` needs a vector, once: passages, then their sentences, then titles."""
    whole = [passage_part(passage.text) for passage in passages]
    sentences = [passage_part(sentence) for passage in passages for sentence in passage.sentences]
    named = [passage_part(titles[passage.bulletin]) for passage in passages]
    return tuple(dict.fromkeys([*whole, *sentences, *named]))


@dataclass(frozen=True)
class Centre:
    """The mean vectors of questions and of passages: what all texts share says nothing of one, and is taken off.

    A question is then turned towards the words that answer such questions: `turned` is a learned linear map, kept as
    two thin matrices, shapes (dimensions, rank) and (rank, dimensions); their product is added to the question.
    """

    question: Vectors
    passage: Vectors
    turned: tuple[Vectors, Vectors] | None = None

    def asked(self, question: Vectors) -> Vectors:
        """Return the vector with which passages are compared for the vector of a question."""
        plain = centred(question, self.question)
        if self.turned is None:
            return plain
        down, up = self.turned
        return centred(plain + plain @ down @ up, np.zeros(1, np.float32))


@dataclass(frozen=True)
class Closeness:
    """Cosines of one question with passages, shape (passages,) each: less the means, but for `uncentred`.

    `sentence` is that of the closest sentence of each passage, `at` its place among them. `uncentred` is the closest of
    passage and sentences as the model gives it: it tells what is foreign to the folder.
    """

    passage: Vectors
    sentence: Vectors
    title: Vectors
    uncentred: Vectors
    at: Rows


@dataclass(frozen=True)
class DenseIndex:
    """The vectors of passages, of their sentences and of their bulletins' titles. Row i is passages[i].

    `sentences[starts[i]:starts[i + 1]]` are those of passage i. `has` tells which rows have all their vectors,
    `texts` are the sentences as they were embedded.
    """

    encoder: Encoder
    centre: Centre
    passages: Vectors
    sentences: Vectors
    starts: Rows
    titles: Vectors
    has: NDArray[np.bool_]
    texts: tuple[str, ...]

    def closest(self, question: Vectors, most: int) -> Rows:
        """Return the rows of the `most` passages closest to the vector of a question, themselves or by a sentence."""
        asked = self.centre.asked(question)
        of_passage = np.where(self.has, self._centred(self.passages, self._lengths, asked), -np.inf)
        rows = np.argsort(-of_passage, kind="stable")[:most]
        of_sentence = self._centred(self.sentences, self._sentence_lengths, asked)
        by_sentence = self._owners[np.argsort(-of_sentence, kind="stable")[:most]]
        found: Rows = np.union1d(rows, by_sentence)
        proposed: Rows = found[self.has[found]]
        return proposed

    def closeness(self, question: Vectors, rows: Rows) -> Closeness:
        """Return how close the passages `rows` are to the vector of a question."""
        asked = self.centre.asked(question)
        at, best, raw = [], [], []
        for row in rows.tolist():
            part = slice(self.starts[row], self.starts[row + 1])
            each = self._centred(self.sentences[part], self._sentence_lengths[part], asked)
            at.append(int(each.argmax()))
            best.append(float(each.max()))
            raw.append(float((self.sentences[part] @ question).max()))
        return Closeness(
            self._centred(self.passages[rows], self._lengths[rows], asked),
            np.array(best, np.float32),
            self._centred(self.titles[rows], _lengths(self.titles[rows], self.centre), asked),
            np.maximum(self.passages[rows] @ question, np.array(raw, np.float32)),
            np.array(at, np.int64),
        )

    def of_sentences(self, question: Vectors, sentences: Sequence[str]) -> Vectors:
        """Return how close sentences of the passages are to the vector of a question; one that is not known, 0."""
        asked = self.centre.asked(question)
        rows = [self._sentence_rows.get(passage_part(sentence), -1) for sentence in sentences]
        close = self._centred(self.sentences[rows], self._sentence_lengths[rows], asked)
        cosines: Vectors = np.where(np.array(rows) >= 0, close, 0.0).astype(np.float32)
        return cosines

    def _centred(self, vectors: Vectors, lengths: Vectors, asked: Vectors) -> Vectors:
        cosines: Vectors = (vectors @ asked - self.centre.passage @ asked) / lengths
        return cosines

    @cached_property
    def _lengths(self) -> Vectors:
        return _lengths(self.passages, self.centre)

    @cached_property
    def _sentence_lengths(self) -> Vectors:
        return _lengths(self.sentences, self.centre)

    @cached_property
    def _sentence_rows(self) -> Mapping[str, int]:
        return {text: row for row, text in enumerate(self.texts)}

    @cached_property
    def _owners(self) -> Rows:
        """The passage of each sentence."""
        return np.repeat(np.arange(len(self.passages)), np.diff(self.starts))


def centred(vectors: Vectors, mean: Vectors) -> Vectors:
    """Return `vectors` less their mean, of length 1."""
    shifted = vectors - mean
    result: Vectors = shifted / np.maximum(np.linalg.norm(shifted, axis=-1, keepdims=True), 1e-9)
    return result


def build_dense(
    passages: Sequence[Passage],
    titles: Mapping[str, str],
    encoder: Encoder,
    centre: Centre,
    vectors: Mapping[str, Vectors],
) -> DenseIndex:
    """Put together what is known of `vectors` (text as in `embedded_texts` → vector); passages may have none yet."""
    none = np.zeros(len(centre.passage), np.float32)

    def of(texts: Sequence[str]) -> Vectors:
        return np.array([vectors.get(text, none) for text in texts], np.float32).reshape(len(texts), len(none))

    whole = [passage_part(passage.text) for passage in passages]
    sentences = [[passage_part(sentence) for sentence in passage.sentences] for passage in passages]
    named = [passage_part(titles[passage.bulletin]) for passage in passages]
    has = [
        all(text in vectors for text in (one, *own, name))
        for one, own, name in zip(whole, sentences, named, strict=True)
    ]
    starts = np.cumsum([0, *(len(each) for each in sentences)]).astype(np.int64)
    flat = [sentence for own in sentences for sentence in own]
    return DenseIndex(encoder, centre, of(whole), of(flat), starts, of(named), np.array(has, np.bool_), tuple(flat))


def _lengths(vectors: Vectors, centre: Centre) -> Vectors:
    lengths: Vectors = np.maximum(np.linalg.norm(vectors - centre.passage, axis=-1), 1e-9)
    return lengths
