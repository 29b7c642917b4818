"""Of very many passages the likeliest are ranked: what stands first among all stands first among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.reading.records import Bulletin, Library, Passage
from bot.retrieval import shortlist as module
from bot.retrieval.index import FEW, MANY, MANY_PASSAGES, build_index
from bot.retrieval.ranking import Prior
from bot.retrieval.search import Searcher
from bot.retrieval.shortlist import SHORTLIST, group, shortlist

WORDS = ("开户", "注销", "补办", "网点", "柜台", "短信", "通知", "材料")
PLACES = ("临沂", "清远", "北京", None)
CROWD, SHORT = 600, 100


@pytest.fixture(scope="module")
def crowd(searcher: Searcher) -> Searcher:
    """Our bulletins among hundreds of passages that say other things."""
    texts = [f"{WORDS[n % 8]}{WORDS[n // 8 % 8]}的银行卡第{n}号。" for n in range(CROWD)]
    noise = [
        Passage(f"n{n % 4}#p{n}", f"n{n % 4}", "", text, (text,), "background", (), (n, n), "")
        for n, text in enumerate(texts)
    ]
    bulletins = {
        f"n{number}": Bulletin(f"n{number}", "办事指南", None, None, place, date(2024, 1, 1), None, None, None, ())
        for number, place in enumerate(PLACES)
    }
    library = Library(
        {**searcher.library.bulletins, **bulletins},
        (*noise[: CROWD // 2], *searcher.index.passages, *noise[CROWD // 2 :]),
    )
    titles = {stem: bulletin.title for stem, bulletin in library.bulletins.items()}
    index = build_index(library.passages, titles, searcher.index.segmenter, searcher.index.synonyms)
    return Searcher(library, index, searcher.settings)


def test_few_passages_are_all_ranked(searcher: Searcher) -> None:
    """On the bulletins we ship nothing is left out."""
    result = searcher.search("卖银行卡会怎么样", Prior())
    assert len(result.candidates) == len(searcher.index.passages)


QUESTIONS = [
    ("卖银行卡会怎么样", Prior({"penalty": 0.9})),
    ("帮信罪判几年", Prior()),
    ("身份证丢了怎么办", Prior({"lost_id": 0.8})),
    ("抓了多少人", Prior({"figures": 0.9}, "清远")),
    ("什么是断卡行动", Prior()),
    ("哪里举报卖卡的", Prior({"report": 0.6})),
]


@pytest.mark.parametrize(("question", "prior"), QUESTIONS, ids=[question for question, _ in QUESTIONS])
def test_the_best_of_all_are_the_best_of_the_few(
    crowd: Searcher, monkeypatch: pytest.MonkeyPatch, question: str, prior: Prior
) -> None:
    """The first ten are those of a ranking that looked at each passage."""
    everyone = crowd.search(question, prior)
    monkeypatch.setattr(module, "ALL_RANKED", 0)
    monkeypatch.setattr(module, "SHORTLIST", SHORT)
    few = crowd.search(question, prior)
    assert len(few.candidates) == SHORT
    assert len(everyone.candidates) == len(crowd.index.passages)
    assert [each.passage.id for each in few.candidates[:10]] == [each.passage.id for each in everyone.candidates[:10]]


def test_rows_ascend(crowd: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ties keep the order of the index, so the list does."""
    monkeypatch.setattr(module, "ALL_RANKED", 0)
    rows = shortlist(
        crowd.query("银行卡"), Prior(), crowd.index, group(crowd.index.passages, crowd.library.bulletins)
    ).tolist()
    assert rows == sorted(set(rows))
    assert len(rows) == SHORTLIST


def test_a_question_without_a_known_word_is_ranked_by_its_topic(
    crowd: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When no word speaks for a passage, the topic does."""
    monkeypatch.setattr(module, "ALL_RANKED", 0)
    result = crowd.search("嗯", Prior({"lost_id": 1.0}))
    assert "lost_id" in result.candidates[0].passage.topics


def test_groups_share_topics_kind_and_place(searcher: Searcher) -> None:
    """Two passages are in one group exactly when no prior tells them apart."""
    passages, bulletins = searcher.index.passages, searcher.library.bulletins
    groups = group(passages, bulletins)

    def traits(passage: Passage) -> tuple[object, ...]:
        return passage.topics, passage.kind, bulletins[passage.bulletin].place

    assert all(traits(groups.members[n][0]) == traits(each) for n, each in zip(groups.of, passages, strict=True))
    assert len({traits(member) for member, _ in groups.members}) == len(groups.members)


def test_many_passages_are_weighed_as_many_and_kept(searcher: Searcher, tmp_path: Path) -> None:
    """From a thousand passages on the index is in the folder, weighed for many; of fewer nothing is kept."""
    texts = [f"第{n}号通知" for n in range(MANY_PASSAGES)]
    passages = [replace(searcher.index.passages[0], text=text, sentences=(text,)) for text in texts]
    titles = {passages[0].bulletin: "通报"}
    segmenter, synonyms = searcher.index.segmenter, searcher.index.synonyms
    few = build_index(passages[1:], titles, segmenter, synonyms, tmp_path)
    assert few.weighting == FEW
    assert list(tmp_path.iterdir()) == []
    kept = build_index(passages, titles, segmenter, synonyms, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    without = build_index(passages, titles, segmenter, synonyms)
    assert kept.weighting == without.weighting == MANY
    assert kept.score("通知") == pytest.approx(without.score("通知"), rel=1e-6)
