"""Documents scanned without postings score as their postings do, to the last bit."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.documents import Documents, count_documents, digest
from bot.retrieval.postings import build_postings
from bot.retrieval.scanned_postings import ScannedPostings

K1, B = 1.0, 0.75
CORPORA = st.lists(st.lists(st.sampled_from("甲乙丙丁戊")), min_size=1, max_size=30)
FACTORS = st.dictionaries(st.sampled_from("甲乙丙丁戊己"), st.sampled_from([0.3, 0.7, 1.0, 1.3]), max_size=5)


def counted(corpus: list[list[str]]) -> Documents:
    texts = [" ".join(document) for document in corpus]
    return count_documents(texts, [digest(text) for text in texts], str.split)


@given(CORPORA, FACTORS)
def test_scores_and_best_are_the_postings(corpus: list[list[str]], factors: dict[str, float]) -> None:
    """All scores, those of some rows, and the best of them."""
    documents = counted(corpus)
    scanned, postings = ScannedPostings(documents, K1, B), build_postings(documents, K1, B)
    question = {documents.numbers[term]: factor for term, factor in factors.items() if term in documents.numbers}
    expected = postings.scores(question).copy()
    assert scanned.scores(question).tolist() == expected.tolist()
    some = np.arange(0, len(corpus), 2)
    assert scanned.scores_of(question, some).tolist() == expected[some].tolist()
    assert [each.tolist() for each in scanned.best(question, 4)] == [
        each.tolist() for each in postings.best(question, 4)
    ]


@given(CORPORA)
def test_a_term_weighs_as_in_the_postings(corpus: list[list[str]]) -> None:
    """In any rows, nought where it does not stand."""
    documents = counted(corpus)
    scanned, postings = ScannedPostings(documents, K1, B), build_postings(documents, K1, B)
    for rows in (np.arange(len(corpus)), np.arange(0, len(corpus), 3)):
        for term in range(len(documents.terms)):
            assert scanned.weigh(term, rows).tolist() == postings.weigh(term, rows).tolist()


def test_no_documents_find_nothing() -> None:
    """An empty corpus is no error."""
    scanned = ScannedPostings(counted([]), K1, B)
    assert scanned.scores({}).tolist() == []
    assert scanned.best({}, 3)[0].tolist() == []
