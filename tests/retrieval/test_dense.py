"""The dense reader's index: closeness of questions to passages, to their sentences and to titles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from bot.reading.records import Passage
from bot.retrieval.dense import (
    PASSAGE_CHARACTERS,
    QUESTION_CHARACTERS,
    Centre,
    DenseIndex,
    Vectors,
    build_dense,
    centred,
    embedded_texts,
    passage_part,
    question_part,
)


def passage(number: int, *sentences: str) -> Passage:
    return Passage(f"one#p{number:02d}", "one", "", "".join(sentences), sentences, "advice", (), (1, 1), "")


@dataclass(frozen=True)
class Letters:
    """A vector that counts the letters a, b and c: close means made of the same letters."""

    name: str = "letters"

    def questions(self, texts: Sequence[str]) -> Vectors:
        return self.passages(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        counted = np.array([[text.count(letter) + 0.01 for letter in "abc"] for text in texts], np.float32)
        result: Vectors = counted / np.linalg.norm(counted, axis=1, keepdims=True)
        return result


CENTRE = Centre(np.full(3, 0.4, np.float32), np.full(3, 0.4, np.float32))
PASSAGES = (passage(1, "aaa", "aab"), passage(2, "bbb"), passage(3, "ccc", "abc"))
TITLES = {"one": "bbb"}


def indexed(known: Sequence[Passage] = PASSAGES) -> DenseIndex:
    encoder = Letters()
    texts = embedded_texts(known, TITLES)
    vectors = dict(zip(texts, encoder.passages(texts), strict=True))
    return build_dense(PASSAGES, TITLES, encoder, CENTRE, vectors)


def test_each_text_is_embedded_once() -> None:
    """A passage of one sentence, and a title that is a passage, are one text."""
    texts = embedded_texts(PASSAGES, TITLES)
    assert sorted(texts) == sorted({"aaaaab", "aaa", "aab", "bbb", "cccabc", "ccc", "abc"})


def test_what_is_closest_is_proposed() -> None:
    """By the passage as a whole or by one of its sentences, in the order of the rows."""
    index = indexed()
    (question,) = index.encoder.questions(["aaaa"])
    assert index.closest(question, 1).tolist() == [0]
    assert index.closest(question, 3).tolist() == [0, 1, 2]


def test_closeness_is_of_the_rows_that_are_asked_for() -> None:
    """Each with its closest sentence and where that stands."""
    index = indexed()
    (question,) = index.encoder.questions(["aa"])
    close = index.closeness(question, np.array([2, 0]))
    assert close.at.tolist() == [1, 0]
    assert close.passage[1] > close.passage[0]
    assert close.sentence[1] == pytest.approx(1.0, abs=0.02)
    assert (close.uncentred >= close.passage - 1).all()
    assert close.title[0] == close.title[1]


def test_a_sentence_is_known_by_its_words() -> None:
    """One that no passage has is close to nothing."""
    index = indexed()
    (question,) = index.encoder.questions(["aa"])
    close = index.of_sentences(question, ["aaa", "bbb", "unknown"])
    assert close[0] > close[1]
    assert close[2] == 0.0


def test_a_passage_without_all_its_vectors_is_not_proposed() -> None:
    """It has just been published: it is found by its words until it has them."""
    index = indexed(PASSAGES[:2])
    assert index.has.tolist() == [True, True, False]
    (question,) = index.encoder.questions(["cc"])
    assert 2 not in index.closest(question, 3).tolist()


def test_what_all_texts_share_is_taken_off() -> None:
    """A centred vector has length 1; the mean itself has no direction."""
    vectors = np.array([[0.5, 0.4, 0.4], [0.4, 0.4, 0.4]], np.float32)
    shifted = centred(vectors, CENTRE.passage)
    assert np.linalg.norm(shifted[0]) == pytest.approx(1.0)
    assert shifted[1].tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("卖卡会怎样", "卖卡会怎样"),
        ("前因后果，" * 30 + "卡被停了怎么办", "前因后果，" * 11 + "卡被停了怎么办"),
        ("一" * 200, "一" * QUESTION_CHARACTERS),
    ],
)
def test_of_a_long_message_the_end_is_read(text: str, read: str) -> None:
    """There the question stands; a whole clause begins it, and it costs no more than a short one."""
    assert question_part(text) == read
    assert len(question_part(text)) <= QUESTION_CHARACTERS


def test_of_a_long_passage_the_beginning_is_read() -> None:
    """The model's time grows with the text."""
    assert len(passage_part("长" * 5000)) == PASSAGE_CHARACTERS
