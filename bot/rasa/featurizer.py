"""Sentence features for the intent classifier: tf-idf of words and of character n-grams, by scikit-learn.

Rasa's CountVectorsFeaturizer counts only; on these intents tf-idf is worth two points of macro-F1
(docs/decisions). The classifier's regularisation is fixed (C = 1), so `scale` stands in for it: features times s
is the same as C = s squared.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class TfidfFeaturizer(SparseFeaturizer, GraphComponent):
    """Gives each message one sparse sentence vector, the words' tf-idf beside the character n-grams'."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Needs tokens."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`max_ngram`: the longest run of characters; `scale`: what every feature is multiplied by."""
        return {**SparseFeaturizer.get_default_config(), "max_ngram": 3, "scale": 5.0}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Raise InvalidConfigException when a value is out of range."""
        if config["max_ngram"] < 1 or config["scale"] <= 0:
            raise InvalidConfigException(
                f"TfidfFeaturizer: max_ngram is {config['max_ngram']}, scale is {config['scale']}; "
                "a whole number from 1 and a number above 0 are allowed"
            )

    def __init__(
        self, config: dict[str, Any], name: str, storage: ModelStorage, resource: Resource, vectorizers: Vectorizers
    ) -> None:
        """Keep the vectorizers, trained or not, and where to store them."""
        super().__init__(name, config)
        self._storage, self._resource, self._vectorizers = storage, resource, vectorizers

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TfidfFeaturizer:
        """Create an untrained featurizer."""
        untrained = Vectorizers.untrained(config["max_ngram"])
        return cls(config, execution_context.node_name, model_storage, resource, untrained)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn vocabulary and inverse document frequencies from the training examples."""
        self._vectorizers.fit([_words(example) for example in training_data.training_examples if example.get(TEXT)])
        with self._storage.write_to(self._resource) as folder:
            (folder / "tfidf.json").write_text(json.dumps(self._vectorizers.as_dict(), ensure_ascii=False), "utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TfidfFeaturizer:
        """Load a trained featurizer."""
        with model_storage.read_from(resource) as folder:
            data = json.loads((folder / "tfidf.json").read_text("utf-8"))
        trained = Vectorizers.from_dict(data, config["max_ngram"])
        return cls(config, execution_context.node_name, model_storage, resource, trained)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to all training examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add features to messages."""
        for message in messages:
            if message.get(TEXT) is not None:
                features = self._vectorizers.transform(_words(message), self._config["scale"])
                self.add_features_to_message(None, features, TEXT, message)
        return messages


class Vectorizers:
    """The two vectorizers: over words, and over the characters of the text that the words make up."""

    def __init__(self, words: TfidfVectorizer, characters: TfidfVectorizer) -> None:
        """Keep both."""
        self._words, self._characters = words, characters
        self._learnt: tuple[Learnt, Learnt] | None = None

    @classmethod
    def untrained(cls, max_ngram: int) -> Vectorizers:
        """Return vectorizers with sublinear term frequency."""
        words = TfidfVectorizer(analyzer=_as_it_is, sublinear_tf=True)
        return cls(words, TfidfVectorizer(analyzer="char", ngram_range=(1, max_ngram), sublinear_tf=True))

    def fit(self, texts: list[list[str]]) -> None:
        """Learn from texts cut into words."""
        self._words.fit(texts)
        self._characters.fit(["".join(words) for words in texts])
        self._learnt = None

    def transform(self, words: list[str], scale: float = 1.0) -> csr_matrix:
        """Return one row of features: `scale` times what scikit-learn's `transform` gives, without its cost."""
        if self._learnt is None:
            self._learnt = Learnt.of(self._words), Learnt.of(self._characters)
        one, other = self._learnt
        columns, weights = one.weigh(words)
        more, their_weights = other.weigh("".join(words))
        columns += [len(one.idf) + column for column in more]
        row = (np.array(weights + their_weights) * scale, np.array(columns, np.int32), [0, len(columns)])
        return csr_matrix(row, shape=(1, len(one.idf) + len(other.idf)))

    def as_dict(self) -> dict[str, Any]:
        """Return vocabularies and idf in a form that JSON can hold."""
        return {name: _as_pairs(one) for name, one in (("words", self._words), ("characters", self._characters))}

    @classmethod
    def from_dict(cls, data: dict[str, Any], max_ngram: int) -> Vectorizers:
        """Read what `as_dict` gave."""
        made = cls.untrained(max_ngram)
        for name, one in (("words", made._words), ("characters", made._characters)):
            one.vocabulary_ = {term: column for column, (term, _) in enumerate(data[name])}
            one.idf_ = np.array([idf for _, idf in data[name]])
        return made


@dataclass(frozen=True)
class Learnt:
    """What a vectorizer learnt: how it cuts a text, the column of each term, and the idf of each column."""

    cut: Callable[[Any], Iterable[str]]
    columns: dict[str, int]
    idf: list[float]

    @classmethod
    def of(cls, vectorizer: TfidfVectorizer) -> Learnt:
        """Return what a fitted vectorizer learnt."""
        return cls(vectorizer.build_analyzer(), vectorizer.vocabulary_, vectorizer.idf_.tolist())

    def weigh(self, text: Any) -> tuple[list[int], list[float]]:
        """Return the columns of a text's terms, ascending, and their tf-idf (sublinear tf), of length 1 together."""
        known = (self.columns.get(term) for term in self.cut(text))
        counted = sorted(Counter(column for column in known if column is not None).items())
        weights = [(1.0 + math.log(count)) * self.idf[column] for column, count in counted]
        length = math.sqrt(sum(weight * weight for weight in weights)) or 1.0
        return [column for column, _ in counted], [weight / length for weight in weights]


def _as_pairs(vectorizer: TfidfVectorizer) -> list[tuple[str, float]]:
    terms = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
    return list(zip(terms, vectorizer.idf_.tolist(), strict=True))


def _as_it_is(words: list[str]) -> list[str]:
    return words


def _words(message: Message) -> list[str]:
    return [token.text for token in message.get(TOKENS_NAMES[TEXT], [])]
