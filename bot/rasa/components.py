"""Our Rasa NLU components: one spelling before the tokenizer, and the unknown-input guard after.

They only carry text between Rasa and the pure modules; every rule lives there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.answering.message import READ
from bot.answering.message import Message as Said
from bot.retrieval.search import read_segmenter
from bot.text.familiarity import Familiarity, learn_familiarity
from bot.text.masking import masked, without_tokens
from bot.text.normalise import without_opening
from bot.text.words import Segmenter

# What an emoji or an empty message becomes: classifiers crash on a message without text.
_NOTHING_SAID = "？"
# In Rasa's parse of a message: something personal was sent, and masked.
MASKED = "masked"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class TextNormaliser(GraphComponent):
    """Puts every message, and every training example, into one spelling, words typed by sound put right."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`knowledge`: the folder whose lexicon and synonyms are the words that people may have meant."""
        return {"knowledge": "knowledge"}

    def __init__(self, segmenter: Segmenter) -> None:
        """Keep the words."""
        self._segmenter = segmenter

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TextNormaliser:
        """Create the component with the words of the knowledge folder."""
        return cls(read_segmenter(Path(config["knowledge"])))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Normalise the text of all training examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Put the text of messages as it was read at the door; of examples, and where no door was, it is read here.

        What is left empty becomes a question mark. That something personal was masked is kept as MASKED.
        """
        for message in messages:
            read = Said.from_dict((message.get("metadata") or {}).get(READ))
            text = message.get(TEXT)
            if text is not None:
                said = read.mended if read else without_opening(self._segmenter.mend(without_tokens(text)))
                message.set(TEXT, said or _NOTHING_SAID, add_to_output=True)
            if text and (read.personal if read else masked(text)):
                message.set(MASKED, True, add_to_output=True)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ChineseTokenizer(Tokenizer):
    """Cuts as Rasa's JiebaTokenizer, without the white space and punctuation that keeps (「你好！！！」 is 「你好」).

    With the search's own jieba, not the process-wide one: a dictionary is in memory once.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`knowledge`: the folder whose lexicon is known beside jieba's words; the rest is every tokenizer's."""
        return {
            "knowledge": "knowledge",
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def __init__(self, config: dict[str, Any]) -> None:
        """Read the words."""
        super().__init__(config)
        self._segmenter = read_segmenter(Path(config["knowledge"]))

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Cut into words; a text of punctuation alone keeps it, so that no message is without a token."""
        tokens = [Token(piece, start) for piece, start in self._segmenter.pieces(message.get(attribute))]
        words = [token for token in tokens if any(character.isalnum() for character in token.text)]
        return words or tokens


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class UnknownInputGuard(GraphComponent):
    """Turns a message in which hardly anything is familiar into the fallback: classifiers are too sure on it."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`least_familiar`: the least share of a message's character pairs that training must have shown."""
        return {"least_familiar": 0.34}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, known: Familiarity) -> None:
        """Keep what is familiar, and where to store it."""
        self._least = float(config["least_familiar"])
        self._storage, self._resource, self._known = storage, resource, known

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> UnknownInputGuard:
        """Create an untrained guard, to which nothing is familiar."""
        return cls(config, model_storage, resource, Familiarity())

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which characters and pairs people use when they write to us."""
        texts = [example.get(TEXT) for example in training_data.intent_examples if example.get(TEXT)]
        self._known = learn_familiarity(texts)
        with self._storage.write_to(self._resource) as folder:
            (folder / "familiar.json").write_text(json.dumps(self._known.as_dict(), ensure_ascii=False), "utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> UnknownInputGuard:
        """Load a trained guard."""
        with model_storage.read_from(resource) as folder:
            data = json.loads((folder / "familiar.json").read_text("utf-8"))
        return cls(config, model_storage, resource, Familiarity.from_dict(data))

    def process(self, messages: list[Message]) -> list[Message]:
        """Predict the fallback for messages whose familiar share is too small."""
        for message in messages:
            share = self._known.share(message.get(TEXT) or "")
            if share < self._least:
                _decide(message, DEFAULT_NLU_FALLBACK_INTENT_NAME, 1.0 - share)
        return messages


def _decide(message: Message, intent: str, confidence: float) -> None:
    """Make `intent` the message's first; the classifier's ranking stays behind it."""
    decided = {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: confidence}
    others = [entry for entry in message.get(INTENT_RANKING_KEY) or [] if entry[INTENT_NAME_KEY] != intent]
    message.set(INTENT, decided, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [decided, *others], add_to_output=True)
