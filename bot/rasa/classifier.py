"""Rasa's logistic regression, predicting without what scikit-learn and SciPy ask of a matrix of many messages."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import (
    FEATURE_TYPE_SENTENCE,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix

# What a confidence is rounded to: a ranking is stored with each message and read back with each of the next ones.
DIGITS = 6


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentRegression(LogisticRegressionClassifier):
    """The same classifier: trained and stored as Rasa's is, and predicting what it would, to `DIGITS` digits.

    The ranking holds the intents that are left with a confidence above 0, the likeliest first.
    """

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking of each message."""
        for message in messages:
            features = _sentence_features(message)
            names, chances = self.clf.classes_.tolist(), self._chances(features).round(DIGITS).tolist()
            ranking = [
                {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: chance}
                for chance, name in sorted(zip(chances, names, strict=True), key=lambda each: -each[0])
                if chance > 0
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _chances(self, features: csr_matrix) -> NDArray[np.float64]:
        """Return the probability of each class for one row of features: softmax, as of several classes by lbfgs."""
        if len(self.clf.classes_) == 2:
            probabilities: NDArray[np.float64] = self.clf.predict_proba(features)[0]
            return probabilities
        weights = self.clf.coef_[:, features.indices] @ features.data + self.clf.intercept_
        raised = np.exp(weights - weights.max())
        return np.asarray(raised / raised.sum())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentRegression:
        """Load a trained classifier."""
        made: IntentRegression = super().load(config, model_storage, resource, execution_context, **kwargs)
        if hasattr(made.clf, "coef_"):
            # A message names a few features: their columns are read in one piece each.
            made.clf.coef_ = np.asfortranarray(made.clf.coef_)
        return made


def _sentence_features(message: Message) -> csr_matrix:
    """Return them as they are where one featurizer made them: Rasa would copy them, to put several side by side."""
    made = [each for each in message.features if each.attribute == TEXT and each.type == FEATURE_TYPE_SENTENCE]
    if len(made) == 1 and made[0].is_sparse():
        return made[0].features
    return message.get_sparse_features(attribute=TEXT)[1].features
