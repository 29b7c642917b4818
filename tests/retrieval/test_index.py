"""The BM25 index: no corpus too small, no term too common."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.records import Passage
from bot.retrieval.index import PHRASE_MARK, PassageIndex, build_index, text_terms
from bot.retrieval.postings import NonNegativeBM25
from bot.retrieval.synonyms import Synonyms
from bot.text.words import BIGRAM_MARK, Segmenter

SYNONYMS = Synonyms(expansions={"卖": ("出售",), "出售": ("卖",), "罪": ("犯罪",)}, objects={"银行卡": "银行卡"})


def passage(text: str, number: int = 1, heading: str = "") -> Passage:
    return Passage(f"one#p{number:02d}", "one", heading, text, (text,), "advice", (), (number, number), "")


def indexed(segmenter: Segmenter, texts: Sequence[str], title: str = "某市通报", heading: str = "") -> PassageIndex:
    passages = [passage(text, number, heading) for number, text in enumerate(texts, start=1)]
    return build_index(passages, {"one": title}, segmenter, SYNONYMS)


def test_an_empty_corpus_finds_nothing(segmenter: Segmenter) -> None:
    """Without passages every term scores nothing, and no error."""
    index = indexed(segmenter, [])
    assert index.score("银行卡").shape == (0,)
    assert index.bm25(["银行卡"], 5)[0].shape == (0,)


def test_passages_without_a_word_find_nothing(segmenter: Segmenter) -> None:
    """A corpus of punctuation is as good as an empty one."""
    assert indexed(segmenter, ["……", "！"]).score("银行卡").tolist() == [0.0, 0.0]


def test_one_document_has_a_positive_score(segmenter: Segmenter) -> None:
    """A single passage is found by its words."""
    assert indexed(segmenter, ["出售银行卡会坐牢。"]).score("银行卡")[0] > 0


def test_a_term_in_all_documents_still_counts(segmenter: Segmenter) -> None:
    """银行卡 is in every passage here and is worth something in each, if less than a rarer word."""
    index = indexed(segmenter, ["出售银行卡会坐牢。", "丢了银行卡要挂失。", "银行卡要保管好。"])
    assert (index.score("银行卡") > 0).all()
    assert index.score("挂失")[1] > index.score("银行卡")[1]


def test_a_term_that_stands_nowhere_scores_nothing(segmenter: Segmenter) -> None:
    """One score a passage, all of them nought."""
    assert indexed(segmenter, ["出售银行卡。", "挂失。"]).score("火锅").tolist() == [0.0, 0.0]


def test_scores_do_not_change_with_asking(segmenter: Segmenter) -> None:
    """The second time a term is asked for it is worth what it was."""
    index = indexed(segmenter, ["出售银行卡。", "挂失。"])
    assert index.score("银行卡").tolist() == index.score("银行卡").tolist()


def test_a_heading_is_found_with_its_passage(segmenter: Segmenter) -> None:
    """What the heading says, each passage under it says too."""
    assert indexed(segmenter, ["会坐牢。"], heading="出售银行卡的后果").score("银行卡")[0] > 0


def test_a_title_tells_the_bulletins_apart(segmenter: Segmenter) -> None:
    """A word of the title is worth something for every passage of that bulletin, and for no other."""
    others = Passage("two#p01", "two", "", "挂失。", ("挂失。",), "advice", (), (1, 1), "")
    index = build_index([passage("坐牢。"), others], {"one": "清远通报", "two": "别的"}, segmenter, SYNONYMS)
    (mine, foreign) = index.score("清远")
    assert mine > foreign == 0.0


def test_bm25_of_rows_is_that_of_the_best(segmenter: Segmenter) -> None:
    """What a passage scores does not depend on how it is asked for; a word asked twice counts twice."""
    index = indexed(segmenter, ["出售银行卡会坐牢。", "丢了银行卡要挂失。", "电话卡要保管好。"])
    rows, scores = index.bm25(["银行卡", "挂失", "火锅"], 3)
    assert rows.tolist() == [1, 0]
    assert index.bm25_of(["银行卡", "挂失", "火锅"], rows).tolist() == pytest.approx(scores.tolist())
    assert index.bm25_of(["银行卡", "银行卡"], rows).tolist() == pytest.approx(
        (2 * index.bm25_of(["银行卡"], rows)).tolist()
    )


def test_what_stands_nowhere_is_worth_most_of_what_is_possible(segmenter: Segmenter) -> None:
    """A word that no passage has is the most telling one to miss."""
    index = indexed(segmenter, ["出售银行卡会坐牢。", "丢了银行卡要挂失。"])
    assert index.most_possible(["火锅"]) > index.most_possible(["挂失"]) > index.most_possible(["银行卡"]) > 0


def test_words_bigrams_and_phrases_stand_side_by_side(segmenter: Segmenter) -> None:
    """Each kind of term has its mark; a phrase of one character counts only as a word of its own."""
    terms = text_terms("出售银行卡是犯罪", segmenter, SYNONYMS)
    assert {"银行卡", BIGRAM_MARK + "行卡", PHRASE_MARK + "出售"} <= set(terms)
    assert PHRASE_MARK + "罪" not in terms


CORPORA = st.lists(st.lists(st.sampled_from("甲乙丙丁戊"), min_size=1), min_size=1)


@given(CORPORA)
def test_idf_is_lucenes(corpus: list[list[str]]) -> None:
    """idf = log(1 + (N - n + 0.5) / (n + 0.5)): positive even for a term that every document has."""
    bm25 = NonNegativeBM25(corpus)
    for term, idf in bm25.idf.items():
        holding = sum(term in document for document in corpus)
        assert idf == pytest.approx(math.log(1 + (len(corpus) - holding + 0.5) / (holding + 0.5)))
        assert idf > 0


@given(CORPORA, st.sampled_from("甲乙丙丁戊"))
def test_a_score_is_positive_exactly_where_the_term_stands(corpus: list[list[str]], term: str) -> None:
    """No document is punished for a word it has."""
    scores = NonNegativeBM25(corpus).get_scores([term])
    assert [score > 0 for score in scores] == [term in document for document in corpus]


def test_what_an_index_before_has_cut_is_not_cut_again(segmenter: Segmenter) -> None:
    """Built on another, it scores as one built alone; cut in another way, nothing of it is taken."""
    before = indexed(segmenter, ["出售银行卡犯罪。", "保管好电话卡。"])
    texts = ["不要出售电话卡。", "保管好电话卡。"]
    passages = [passage(text, number) for number, text in enumerate(texts, start=1)]
    alone = indexed(segmenter, texts)
    after = build_index(passages, {"one": "某市通报"}, segmenter, SYNONYMS, before=before)
    for term in alone.documents.terms:
        assert after.score(term).tolist() == alone.score(term).tolist()
    other = build_index(passages, {"one": "某市通报"}, segmenter, Synonyms(), before=before)
    assert not any(term.startswith(PHRASE_MARK) for term in other.documents.terms)
