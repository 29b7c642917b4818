"""Documents as numbered terms: counted once, known again by content."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.documents import DIGEST_SIZE, Documents, count_documents, digest

TEXTS = st.lists(st.text("甲乙丙丁 ", max_size=8), max_size=6)


def counted(texts: list[str], known: Documents | None = None, asked: list[str] | None = None) -> Documents:
    """Count the characters of `texts`; what was cut is added to `asked`."""

    def cut(text: str) -> list[str]:
        if asked is not None:
            asked.append(text)
        return text.split()

    spaced = [" ".join(text) for text in texts]
    return count_documents(spaced, [digest(text) for text in spaced], cut, known)


def held(documents: Documents) -> list[Counter[str]]:
    """Return each document's terms, as often as it holds them."""
    return [
        Counter({documents.terms[n]: c for n, c in zip(documents.ids[a:b], documents.counts[a:b], strict=True)})
        for a, b in zip(documents.starts, documents.starts[1:], strict=False)
    ]


@given(TEXTS)
def test_every_term_is_counted(texts: list[str]) -> None:
    """Each document holds its terms, as often as they stand in it."""
    documents = counted(texts)
    assert held(documents) == [Counter(" ".join(text).split()) for text in texts]
    assert documents.lengths.tolist() == [len(" ".join(text).split()) for text in texts]
    assert [documents.terms_of(row) for row in range(len(texts))] == [frozenset(text) - {" "} for text in texts]


@given(TEXTS, TEXTS)
def test_known_documents_change_nothing_but_the_time(before: list[str], texts: list[str]) -> None:
    """Whether some were counted before or not, the same documents come out."""
    assert held(counted(texts, known=counted(before))) == held(counted(texts))


def test_only_what_is_new_is_cut() -> None:
    """Of three documents with two known ones, one is cut."""
    asked: list[str] = []
    counted(["甲乙", "丙丁", "丁"], known=counted(["丙丁", "甲乙", "乙"]), asked=asked)
    assert asked == ["丁"]


def test_what_stands_twice_is_cut_once() -> None:
    """Two passages of the same words cost one."""
    asked: list[str] = []
    documents = counted(["甲乙", "甲乙"], asked=asked)
    assert asked == ["甲 乙"]
    assert held(documents)[0] == held(documents)[1]


def test_known_numbers_stay() -> None:
    """A term keeps its number when documents come and go."""
    first = counted(["甲乙"])
    second = counted(["丙乙"], known=first)
    assert second.terms == (*first.terms, "丙")
    assert second.numbers == {"甲": 0, "乙": 1, "丙": 2}


def test_digests_tell_contents_apart() -> None:
    """Another text, another digest, of the size that is promised."""
    assert digest("卖卡") == digest("卖卡") != digest("卖卡 ")
    assert len(digest("")) == DIGEST_SIZE


def test_documents_that_moved_keep_what_was_counted() -> None:
    """However old and new ones are mixed, turned round or repeated, each holds what it would alone."""
    texts = ["甲 乙", "乙 丙 丙", "", "丁", "甲 丁 丁"]
    known = count_documents(texts, [digest(text) for text in texts], str.split)
    mixed = ["戊", "丁", "甲 丁 丁", "", "乙 丙 丙", "戊", "甲 己", "甲 乙", "甲 乙"]
    asked: list[str] = []

    def cut(text: str) -> list[str]:
        asked.append(text)
        return text.split()

    counted = count_documents(mixed, [digest(text) for text in mixed], cut, known)
    assert asked == ["戊", "甲 己"]
    assert [counted.terms_of(row) for row in range(len(mixed))] == [frozenset(text.split()) for text in mixed]
    assert counted.lengths.tolist() == [len(text.split()) for text in mixed]
