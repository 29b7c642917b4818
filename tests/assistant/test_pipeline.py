"""Our components of the pipeline give what the libraries they stand in for give."""

from __future__ import annotations

import io

import jieba
import numpy as np
import pytest
import rasa_quietly  # noqa: F401
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import hstack
from service import ROOT
from sklearn.linear_model import LogisticRegression

from bot.evaluation.judging import Question
from bot.rasa.classifier import DIGITS, IntentRegression
from bot.rasa.components import ChineseTokenizer
from bot.rasa.featurizer import Vectorizers

KNOWLEDGE = ROOT / "knowledge"


def tokenizer() -> ChineseTokenizer:
    """Return the tokenizer as the model has it."""
    return ChineseTokenizer.create(
        {**ChineseTokenizer.get_default_config(), "knowledge": str(KNOWLEDGE)}, None, None, None
    )


def test_it_cuts_as_jieba_does_with_our_lexicon(questions: tuple[Question, ...]) -> None:
    """Each golden question into the same words at the same places, but for white space and punctuation."""
    whole = jieba.Tokenizer()
    for words in sorted((KNOWLEDGE / "lexicon").glob("*.txt")):
        whole.load_userdict(io.BytesIO(words.read_bytes()))
    ours = tokenizer()
    for text in [question.text for question in questions if question.text.strip()]:
        words = [(word, start) for word, start, _ in whole.tokenize(text) if any(map(str.isalnum, word))]
        found = [(token.text, token.start) for token in ours.tokenize(Message({TEXT: text}), TEXT)]
        assert found == words or not words


def test_punctuation_alone_is_kept() -> None:
    """No message is without a token."""
    assert [token.text for token in tokenizer().tokenize(Message({TEXT: "？！"}), TEXT)] == ["？", "！"]


def test_features_are_those_of_scikit_learn(questions: tuple[Question, ...]) -> None:
    """The same columns, the same weights to the last digits; unknown words and no words at all included."""
    texts = [list(question.text.replace("，", " ， ")) for question in questions] + [[], ["龘", "？"], ["A", "a", "A"]]
    vectorizers = Vectorizers.untrained(3)
    vectorizers.fit(texts[::2])
    for words in texts:
        row = vectorizers.transform(words)
        characters = vectorizers._characters.transform(["".join(words)])
        theirs = hstack([vectorizers._words.transform([words]), characters]).tocsr()
        theirs.sort_indices()
        assert row.shape == theirs.shape
        assert row.indices.tolist() == theirs.indices.tolist()
        assert np.allclose(row.data, theirs.data, rtol=1e-12, atol=0)


def test_features_stay_when_stored_and_read() -> None:
    """What was learnt is all that `as_dict` holds."""
    learnt = Vectorizers.untrained(2)
    learnt.fit([["银行", "卡"], ["电话", "卡"]])
    read = Vectorizers.from_dict(learnt.as_dict(), 2)
    assert (read.transform(["银行", "卡"]) != learnt.transform(["银行", "卡"])).nnz == 0


def test_learning_again_forgets_what_was_learnt() -> None:
    """No column of an earlier lesson is left."""
    vectorizers = Vectorizers.untrained(1)
    vectorizers.fit([["一"]])
    assert vectorizers.transform(["一"]).shape == (1, 2)
    vectorizers.fit([["一", "二", "三"]])
    assert vectorizers.transform(["三"]).shape == (1, 6)


@pytest.mark.parametrize("text", ["卖卡", "银行卡借给朋友用违法吗"])
def test_pieces_make_up_the_text(text: str) -> None:
    """Nothing is lost when a text is cut."""
    assert "".join(piece for piece, _ in tokenizer()._segmenter.pieces(text)) == text


def featurized(vectorizers: Vectorizers, text: str, intent: str | None = None) -> Message:
    """Return a message with the features of its characters."""
    message = Message({TEXT: text, **({INTENT: intent} if intent else {})})
    message.add_features(Features(vectorizers.transform(list(text), 5.0), FEATURE_TYPE_SENTENCE, TEXT, "tfidf"))
    return message


@pytest.mark.parametrize("intents", [["a", "b", "c", "d"], ["a", "b"]])
def test_the_classifier_predicts_what_rasas_does(questions: tuple[Question, ...], intents: list[str]) -> None:
    """The same ranking and confidences, to the digits it is rounded to, of many classes and of two."""
    texts = [question.text for question in questions if question.text.strip()]
    vectorizers = Vectorizers.untrained(2)
    vectorizers.fit([list(text) for text in texts])
    config = {**LogisticRegressionClassifier.get_default_config(), "ranking_length": 0}
    both = [kind(config, "name", None, None) for kind in (LogisticRegressionClassifier, IntentRegression)]
    examples = [featurized(vectorizers, text, intents[place % len(intents)]) for place, text in enumerate(texts)]
    trained = LogisticRegression(max_iter=50).fit(both[0]._create_X(examples), [each.get(INTENT) for each in examples])
    for one in both:
        one.clf = trained
    for text in [*texts[:60], "龘"]:
        theirs, ours = (one.process([featurized(vectorizers, text)])[0] for one in both)
        assert ours.get(INTENT)["name"] == theirs.get(INTENT)["name"]
        wanted = {entry["name"]: entry["confidence"] for entry in theirs.get("intent_ranking")}
        assert {entry["name"]: entry["confidence"] for entry in ours.get("intent_ranking")} == pytest.approx(
            wanted, abs=10**-DIGITS
        )
