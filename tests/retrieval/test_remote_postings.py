"""Postings on a server that finds by inner product: the embedded ones' best, however it orders, rounds and cuts off."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pytest

from bot.retrieval.documents import Documents, count_documents, digest
from bot.retrieval.postings import Rows, Scores, build_postings
from bot.retrieval.remote_postings import MOST_FOUND, AwayError, Content, remote_postings

K1, B = 1.0, 0.75


@dataclass
class PlainServer:
    """Vectors in memory; ties come in no order, and scores are rounded otherwise than ours. Counts its searches."""

    vectors: dict[int, dict[int, float]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    searches: int = 0
    away: bool = False

    def hold(self, content: Content) -> PlainServer:
        self.names.append(content.name)
        for portion in content.portions():
            self.vectors.update(zip(portion.rows, portion.vectors, strict=True))
        assert len(self.vectors) == content.documents
        return self

    def find(self, vector: Mapping[int, float], most: int) -> tuple[Rows, Scores]:
        if self.away:
            raise AwayError("away")
        assert most <= MOST_FOUND
        self.searches += 1
        found = []
        for row, held in self.vectors.items():
            score = sum(held.get(dimension, 0.0) * factor for dimension, factor in vector.items())
            if score > 0:
                found.append((score * (1 + 1e-7 * random.Random(row).random()), -row))
        found.sort(reverse=True)
        rows, scores = [-row for _, row in found[:most]], [score for score, _ in found[:most]]
        return np.array(rows, np.int64), np.array(scores)


def counted(texts: list[str]) -> Documents:
    return count_documents(texts, [digest(text) for text in texts], str.split)


def corpus(count: int, seed: int) -> Documents:
    """Random texts, each third one the same as another, some empty."""
    chance = random.Random(seed)
    texts = [" ".join(chance.choices("甲乙丙丁戊己庚辛", k=chance.choice([0, 2, 3, 6]))) for _ in range(count)]
    return counted([chance.choice(texts) if number % 3 == 0 else text for number, text in enumerate(texts)])


@pytest.mark.parametrize("away", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_the_best_are_the_embedded_ones(seed: int, away: bool) -> None:
    """Rows, scores and order, whether the server answers or not."""
    documents, chance = corpus(300, seed), random.Random(seed)
    server = PlainServer()
    remote = remote_postings(documents, "words", K1, B, server)
    embedded = build_postings(documents, K1, B)
    server.away = away
    for _ in range(10):
        question = {term: chance.choice([0.7, 1.0]) for term in chance.sample(range(len(documents.terms)), k=2)}
        most = chance.choice([1, 10, 50])
        assert [each.tolist() for each in remote.best(question, most)] == [
            each.tolist() for each in embedded.best(question, most)
        ]
    assert (server.searches == 0) == away


def test_more_ties_than_a_server_names_are_scanned_for() -> None:
    """Twenty thousand passages alike: the first ten of them."""
    remote = remote_postings(counted(["甲 乙"] * 20_000), "words", K1, B, PlainServer())
    assert remote.best({0: 1.0}, 10)[0].tolist() == list(range(10))


def test_a_name_is_one_content() -> None:
    """Another text, cut or weighting is another collection; terms numbered otherwise are not."""
    texts = ["甲 乙", "丙"]
    server = PlainServer()

    def held(documents: Documents, cutting: str = "words", k1: float = K1) -> str:
        server.vectors.clear()
        remote_postings(documents, cutting, k1, B, server)
        return server.names[-1]

    name = held(counted(texts))
    vectors = dict(server.vectors)
    renumbered = count_documents(texts, [digest(text) for text in texts], str.split, counted(["丙 丁", "乙"]))
    assert held(renumbered) == name
    assert server.vectors == vectors
    others = {held(counted(["甲 乙", "丁"])), held(counted(texts), "other"), held(counted(texts), k1=1.2)}
    assert len(others | {name}) == 4
