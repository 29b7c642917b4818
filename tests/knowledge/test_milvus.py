"""Postings on a real Milvus: the same best as the embedded ones, also while it is away and after it came back."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.answering.records import Answer, Memory, Understanding
from bot.knowledge.live import LiveKnowledge
from bot.knowledge.messages import read_message
from bot.knowledge.milvus import KEPT, PREFIX, Milvus
from bot.retrieval import index, search
from bot.retrieval.documents import Documents, count_documents, digest
from bot.retrieval.postings import build_postings
from bot.retrieval.remote_postings import Content, RemotePostings, remote_postings
from bot.settings import Settings
from tests.milvus_program import MilvusProgram, milvus_program

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 1, 1)
K1, B = 1.0, 0.75
WORDS = [f"词{number}" for number in range(60)]
LONGEST = 60.0


@pytest.fixture(scope="module")
def program() -> Iterator[MilvusProgram]:
    """A Milvus for all tests of this file."""
    with milvus_program() as running:
        yield running


@pytest.fixture
def milvus(program: MilvusProgram) -> Iterator[Milvus]:
    """Our side of it, which looks after it often."""
    ours = Milvus(program.uri, retry_seconds=0.2)
    yield ours
    ours.close()


def documents(count: int, seed: int) -> Documents:
    """Random texts, each third one the same as another, some empty: many tie."""
    chance = random.Random(seed)
    texts = [" ".join(chance.choices(WORDS, k=chance.choice([0, 3, 3, 8, 20]))) for _ in range(count)]
    texts = [chance.choice(texts) if number % 3 == 0 else text for number, text in enumerate(texts)]
    return count_documents(texts, [digest(text) for text in texts], str.split)


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + LONGEST
    while not holds():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def held(milvus: Milvus, counted: Documents) -> RemotePostings:
    postings = remote_postings(counted, "words", K1, B, milvus)
    until(lambda: milvus.serving)
    return postings


def questions(counted: Documents, count: int) -> list[dict[int, float]]:
    chance = random.Random(5)
    return [
        {number: chance.choice([0.7, 1.0, 1.3]) for number in chance.sample(range(len(counted.terms)), k=5)}
        for _ in range(count)
    ]


def test_the_ten_best_are_the_embedded_ones(milvus: Milvus) -> None:
    """Rows and scores of a hundred questions over some hundred documents, to the last bit, ties in order."""
    counted = documents(600, seed=1)
    remote, embedded = held(milvus, counted), build_postings(counted, K1, B)
    for question in questions(counted, 100):
        rows, scores = remote.best(question, 10)
        expected_rows, expected_scores = embedded.best(question, 10)
        assert rows.tolist() == expected_rows.tolist()
        assert scores.tolist() == expected_scores.tolist()
    assert milvus.serving


def test_a_term_weighs_what_it_weighs(milvus: Milvus) -> None:
    """In any rows, whoever holds the postings."""
    counted = documents(50, seed=4)
    remote, embedded = held(milvus, counted), build_postings(counted, K1, B)
    rows = np.arange(0, 50, 3)
    for term in range(len(counted.terms)):
        assert remote.weigh(term, rows).tolist() == embedded.weigh(term, rows).tolist()


def test_another_machine_shares_the_collection(milvus: Milvus, program: MilvusProgram) -> None:
    """Terms numbered otherwise there, the content is the same: nothing is written a second time."""
    texts = ["甲 乙", "乙 丙", "", "丁 甲"]
    keys = [digest(text) for text in texts]
    one = count_documents(texts, keys, str.split)
    other = count_documents(texts, keys, str.split, count_documents(["己 丁 丙"], [digest("己 丁 丙")], str.split))
    assert one.terms != other.terms
    held(milvus, one)
    second = Milvus(program.uri, retry_seconds=0.2)
    asked: list[str] = []
    hold = second.hold

    def watched(content: Content) -> object:
        return hold(Content(content.name, content.documents, lambda: asked.append(content.name) or iter(())))  # type: ignore[func-returns-value]

    second.hold = watched  # type: ignore[method-assign,assignment]
    remote = held(second, other)
    assert remote.best({other.numbers["丁"]: 1.0}, 2)[0].tolist() == [3]
    assert asked == []
    second.close()


def test_old_collections_go(milvus: Milvus, program: MilvusProgram) -> None:
    """Of many states of the knowledge the newest few stay."""
    for seed in range(KEPT + 2):
        held(milvus, documents(20, seed=50 + seed))
    from pymilvus import MilvusClient

    client = MilvusClient(program.uri)
    until(lambda: sum(name.startswith(PREFIX) for name in client.list_collections()) == KEPT)
    client.close()


def test_milvus_goes_and_comes_back(milvus: Milvus, program: MilvusProgram, caplog: pytest.LogCaptureFixture) -> None:
    """Killed under questions: the answers stay the same, the operator reads it once, and it is asked again later."""
    counted = documents(300, seed=7)
    remote, embedded = held(milvus, counted), build_postings(counted, K1, B)
    expected = [embedded.best(question, 10)[0].tolist() for question in questions(counted, 20)]
    program.kill()
    for _ in range(3):
        assert [remote.best(question, 10)[0].tolist() for question in questions(counted, 20)] == expected
    assert not milvus.serving
    assert caplog.text.count("does not answer") == 1
    until(lambda: "is away" in caplog.text)
    assert caplog.text.count("documents are scanned until it is back") == 1
    program.start()
    until(lambda: milvus.serving)
    assert [remote.best(question, 10)[0].tolist() for question in questions(counted, 20)] == expected
    assert milvus.serving


def test_a_server_that_is_not_there_hinders_nothing() -> None:
    """From the first question on the documents are scanned."""
    counted = documents(100, seed=8)
    milvus = Milvus("http://127.0.0.1:9", retry_seconds=0.2)
    remote = remote_postings(counted, "words", K1, B, milvus)
    question = questions(counted, 1)[0]
    assert remote.best(question, 10)[0].tolist() == build_postings(counted, K1, B).best(question, 10)[0].tolist()
    assert milvus.serving is False
    milvus.close()


def test_the_service_answers_the_same_from_milvus(
    program: MilvusProgram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The knowledge we ship, taken for very much of it: the same answers, also of a bulletin that is added."""
    monkeypatch.setattr(search, "MANY_FOR_A_SERVER", 10)
    monkeypatch.setattr(index, "MANY_PASSAGES", 10)
    knowledge = Path(shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge"))
    embedded, remote = (
        LiveKnowledge(Settings(knowledge=knowledge, index=tmp_path / name, milvus=uri), lambda: TODAY)
        for name, uri in (("embedded", ""), ("remote", program.uri))
    )
    asked = ["出售银行卡有什么后果？", "卖电话卡判几年", "抓了多少人", "临沂的案例", "身份证丢了怎么办", "飞毛腿驿站"]

    def answers(live: LiveKnowledge) -> list[Answer]:
        understood = Understanding("penalty", 0.8)
        return [live.state.answerer.reply(read_message(each), understood, Memory(), TODAY)[0] for each in asked]

    assert isinstance(remote.state.answerer.searcher.index.postings, RemotePostings)
    until(lambda: remote.milvus_serves)
    assert answers(remote) == answers(embedded)
    notice = "# 桂林反诈提醒\n\n来源：平安桂林\n\n警方提醒：不要把银行卡借给名为飞毛腿驿站的收卡团伙。\n"
    (knowledge / "bulletins" / "guilin.md").write_text(notice, "utf-8")
    assert embedded.refresh()
    assert remote.refresh()
    expected = answers(embedded)
    assert expected[-1].citations[0].bulletin == "guilin"
    assert answers(remote) == expected  # whether it is written there already or not
    until(lambda: remote.milvus_serves)
    assert answers(remote) == expected
    assert remote.milvus_serves
    remote.close()
