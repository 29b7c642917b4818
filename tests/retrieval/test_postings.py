"""Postings give rank-bm25's scores, and the best documents in order."""

from __future__ import annotations

from collections import Counter
from threading import Thread

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval import postings as module
from bot.retrieval.documents import Documents, count_documents, digest
from bot.retrieval.postings import BOUND_RANK, WORTH_SCIPY, NonNegativeBM25, best_of, build_postings

CORPORA = st.lists(st.lists(st.sampled_from("甲乙丙丁戊"), min_size=1), min_size=1, max_size=40)
QUESTIONS = st.lists(st.sampled_from("甲乙丙丁戊己"), max_size=8)
K1, B = 1.2, 0.75


def counted(corpus: list[list[str]]) -> Documents:
    texts = [" ".join(document) for document in corpus]
    return count_documents(texts, [digest(text) for text in texts], str.split)


def numbered(documents: Documents, question: list[str]) -> dict[int, float]:
    """Return the question's terms by number, as often as they stand in it; unknown ones are left out."""
    return {documents.numbers[term]: n for term, n in Counter(question).items() if term in documents.numbers}


@pytest.mark.parametrize(("dtype", "precision"), [(np.float32, 1e-6), (np.float64, 1e-12)])
@given(corpus=CORPORA, question=QUESTIONS)
def test_scores_are_rank_bm25s(
    dtype: type[np.floating], precision: float, corpus: list[list[str]], question: list[str]
) -> None:
    """The sum over a question's terms, repeated ones repeated, to the precision of the numbers it is kept in."""
    documents = counted(corpus)
    scores = build_postings(documents, K1, B, dtype).scores(numbered(documents, question))
    assert scores == pytest.approx(NonNegativeBM25(corpus, k1=K1, b=B).get_scores(question), rel=precision)


@given(CORPORA)
def test_a_single_term_is_weighed_as_rank_bm25_does(corpus: list[list[str]]) -> None:
    """For any choice of documents, in their order; nought where the term does not stand."""
    documents = counted(corpus)
    postings = build_postings(documents, K1, B, np.float64)
    some = np.arange(0, len(corpus), 2)
    for term, number in documents.numbers.items():
        expected = NonNegativeBM25(corpus, k1=K1, b=B).get_scores([term])
        assert postings.weigh(number, some) == pytest.approx(expected[some], rel=1e-12)


@given(CORPORA, QUESTIONS, st.integers(1, 12))
def test_the_best_are_the_first_of_all(corpus: list[list[str]], question: list[str], most: int) -> None:
    """Best first, ties in the order of the documents, never one that holds nothing of the question."""
    documents = counted(corpus)
    postings = build_postings(documents, K1, B)
    scores = postings.scores(numbered(documents, question)).copy()
    expected = [row for row in np.argsort(-scores, kind="stable").tolist() if scores[row] > 0][:most]
    rows, found = postings.best(numbered(documents, question), most)
    assert rows.tolist() == expected
    assert found.tolist() == scores[expected].tolist()


def test_a_bound_leaves_nobody_out() -> None:
    """The ten best of thousands are found with the bound as without it."""
    random = np.random.default_rng(7)
    corpus = [[f"词{word}" for word in random.zipf(1.6, 12) if word < 200] or ["空"] for _ in range(3000)]
    documents = counted(corpus)
    postings = build_postings(documents, K1, B)
    for _ in range(100):
        question = numbered(documents, [f"词{word}" for word in random.zipf(1.4, 6)])
        by_bound, without = postings.best(question, BOUND_RANK), postings.best(question, BOUND_RANK + 1)
        assert by_bound[0].tolist() == without[0].tolist()[:BOUND_RANK]


def test_nothing_asked_finds_nothing() -> None:
    """No term, no document."""
    rows, scores = build_postings(counted([["甲"]]), K1, B).best({}, 3)
    assert rows.tolist() == scores.tolist() == []


def test_no_documents_find_nothing() -> None:
    """An empty corpus is no error."""
    postings = build_postings(counted([]), K1, B)
    assert postings.scores({}).tolist() == []
    assert postings.best({}, 3)[0].tolist() == []


def test_two_threads_do_not_meet() -> None:
    """Questions of two threads at once each get their own scores."""
    documents = counted([["甲"], ["乙"]] * 2000)
    postings = build_postings(documents, K1, B)
    wrong: list[str] = []

    def ask(term: str, row: int) -> None:
        for _ in range(300):
            if postings.best(numbered(documents, [term]), 1)[0].tolist() != [row]:
                wrong.append(term)

    threads = [Thread(target=ask, args=("甲", 0)), Thread(target=ask, args=("乙", 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_too_many_postings_are_refused() -> None:
    """What 32 bits cannot number is an error that says so."""
    ids = np.broadcast_to(np.int32(0), (2**31,))
    documents = Documents(("甲",), b"", np.array([0, 2**31]), ids, ids)
    with pytest.raises(OverflowError, match="2147483648 postings; fewer than 2147483648 are allowed in one index"):
        build_postings(documents, K1, B)


def test_many_postings_are_as_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """However they are sorted, the same postings come out, each term's documents in ascending order."""
    corpus = [[f"词{n}", f"词{n + 1}", "每"] for n in range(40_000)]
    many = build_postings(counted(corpus), K1, B)
    assert len(many.rows) >= WORTH_SCIPY
    assert many.rows[many.starts[1] : many.starts[2]].tolist() == [0, 1]
    assert many.rows[many.starts[2] : many.starts[3]].tolist() == list(range(40_000))
    monkeypatch.setattr(module, "WORTH_SCIPY", len(many.rows) + 1)
    few = build_postings(counted(corpus), K1, B)
    for name in ("starts", "rows", "weights", "bounds"):
        one, other = getattr(many, name), getattr(few, name)
        assert one.dtype == other.dtype
        assert (one == other).all()


def test_best_of_takes_only_what_is_positive() -> None:
    """A score of nought is no find."""
    rows, scores = best_of(np.array([0.0, 2.0, 0.0, 3.0]), 10)
    assert rows.tolist() == [3, 1]
    assert scores.tolist() == [3.0, 2.0]
