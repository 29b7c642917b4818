"""Learns how a question's vector is turned towards the words that answer such questions.

A linear map beside the identity, learned by softmax regression: the passages and the sentences that answer a question
are to lie closer to it than all others of the folder. Kept as two thin matrices, the map's first singular vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from bot.retrieval.dense import Vectors

# Chosen by folds over articles, once: what a cosine is divided by, how much the map may differ from none, its rank.
TEMPERATURE, STRENGTH, RANK = 0.05, 0.03, 64
STEPS = 40


@dataclass(frozen=True)
class Lesson:
    """Questions and texts of one folder, centred vectors of length 1 a row; `answers[i, j]`: text j answers i."""

    questions: np.ndarray
    texts: np.ndarray
    answers: np.ndarray


def lesson(questions: np.ndarray, texts: np.ndarray, answers: np.ndarray) -> Lesson:
    """Return what can be learned from: the questions that some text answers."""
    answered = answers.any(axis=1)
    return Lesson(questions[answered], texts, answers[answered])


def learn_turning(lessons: Sequence[Lesson]) -> tuple[Vectors, Vectors]:
    """Return the map as two matrices, shapes (dimensions, RANK) and (RANK, dimensions)."""
    dimensions = lessons[0].questions.shape[1]
    asked = sum(len(each.questions) for each in lessons)

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        change = flat.reshape(dimensions, dimensions)
        total, gradient = 0.0, np.zeros_like(change)
        for each in lessons:
            scores = (each.questions + each.questions @ change) @ each.texts.T / TEMPERATURE
            raised = np.exp(scores - scores.max(axis=1, keepdims=True))
            right = raised * each.answers
            all_of, right_of = raised.sum(axis=1, keepdims=True), right.sum(axis=1, keepdims=True)
            total += float((np.log(all_of) - np.log(np.maximum(right_of, 1e-300))).sum())
            by_score = (raised / all_of - right / np.maximum(right_of, 1e-300)) / TEMPERATURE
            gradient += each.questions.T @ (by_score @ each.texts)
        return total / asked + STRENGTH * float(flat @ flat) / 2, (gradient / asked + STRENGTH * change).ravel()

    found = minimize(loss, np.zeros(dimensions**2), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    left, size, right = np.linalg.svd(found.x.reshape(dimensions, dimensions))
    root = np.sqrt(size[:RANK])
    return (left[:, :RANK] * root).astype(np.float32), (root[:, None] * right[:RANK]).astype(np.float32)
