"""Rasa's logistic regression, its weights laid out as prediction reads them."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentRegression(LogisticRegressionClassifier):
    """The same classifier: trained, stored and predicting as Rasa's does."""

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
            # SciPy multiplies by the transpose, and copies the whole matrix for each message unless it lies by columns.
            made.clf.coef_ = np.asfortranarray(made.clf.coef_)
        return made
