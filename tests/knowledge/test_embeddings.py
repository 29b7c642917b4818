"""Where vectors come from and are kept: the package's model, a model server that dies or is slow, the store."""

from __future__ import annotations

import json
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from bot.knowledge.embeddings import (
    AWAY_SECONDS,
    PORTION,
    ServerEncoder,
    VectorStore,
    open_encoder,
    open_store,
    sound,
)
from bot.retrieval.dense import Encoder, Vectors
from bot.settings import Settings

HOSTILE = [
    "",
    " ",
    "\x00\x01",
    "😀" * 40,
    "a" * 3000,
    "\ud7ff\ufffd",
    "卡" * 500,
    "﷽" * 60,
    "ﷺ\u202e\u200f",
    "0" * 999,
    "ﷺ" * 3000,
]


@pytest.fixture(scope="module")
def packaged() -> Encoder:
    encoder = open_encoder(Settings())
    assert encoder is not None, "the model of the package is installed by scripts/setup.sh"
    return encoder


class Counting:
    """An encoder whose vectors are the lengths of texts; it counts what it is asked for."""

    name = "counting"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def questions(self, texts: Sequence[str]) -> Vectors:
        return self.passages(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.array([[len(text), 1.0] for text in texts], np.float32)


def test_nothing_outgrows_the_models_memory() -> None:
    """No character that may reach the code in C becomes more than four code points a byte when it is normalised."""
    characters = (chr(code) for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000)
    grown = [each for each in characters if len(unicodedata.normalize("NFKC", each)) > 4 * len(each.encode())]
    assert grown == ["\ufdfa"]
    assert sound("\ufdfa") == "صلى الله عليه وسلم"
    assert sound("\ud800a\0b银") == "?a b银"


def test_the_model_means_what_residents_mean(packaged: Encoder) -> None:
    """A lost ID is closer to what is written of lost IDs than to a recipe, though no word is shared."""
    (question,) = packaged.questions(["身份证弄没了咋整"])
    lost, recipe = packaged.passages(["证件遗失后应及时挂失并补办。", "排骨焯水后加冰糖小火慢炖一个小时。"])
    assert question @ lost > question @ recipe
    assert np.linalg.norm(question) == pytest.approx(1.0, abs=1e-3)


def test_the_same_text_has_the_same_vector(packaged: Encoder) -> None:
    """To the last bit: a passage embedded yesterday is compared with one embedded today."""
    assert (packaged.passages(["卖卡会坐牢"])[0] == packaged.passages(["卖卡会坐牢"])[0]).all()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_have_vectors(packaged: Encoder, text: str) -> None:
    """Whatever bytes they hold: finite numbers, of length 1."""
    for vectors in (packaged.questions([text]), packaged.passages([text])):
        assert np.isfinite(vectors).all()
        assert np.linalg.norm(vectors[0]) == pytest.approx(1.0, abs=1e-2)


def test_a_text_is_embedded_once(tmp_path: Path) -> None:
    """Whoever asks next, in this process or another, finds it in the file."""
    encoder = Counting()
    texts = [f"第{number}段" for number in range(PORTION + 3)]
    assert len(VectorStore(tmp_path / "vectors.db", encoder).embed(texts)) == len(texts)
    again = VectorStore(tmp_path / "vectors.db", encoder)
    assert again.embed([*texts, "新的"])["新的"].tolist() == [2.0, 1.0]
    assert encoder.asked == [*texts, "新的"]
    assert again.known(["没有的"]) == {}


def test_another_model_has_vectors_of_its_own(tmp_path: Path) -> None:
    """Those of one cannot be compared with those of another."""
    first, second = Counting(), Counting()
    second.name = "another"
    VectorStore(tmp_path / "vectors.db", first).embed(["一"])
    assert VectorStore(tmp_path / "vectors.db", second).known(["一"]) == {}


def test_embedding_can_be_ended_early(tmp_path: Path) -> None:
    """What was embedded until then is kept."""
    encoder = Counting()
    texts = [f"第{number}段" for number in range(3 * PORTION)]
    found = VectorStore(tmp_path / "vectors.db", encoder).embed(texts, until=lambda: len(encoder.asked) >= PORTION)
    assert len(found) == PORTION


def test_it_can_be_switched_off(tmp_path: Path) -> None:
    """Then words alone decide."""
    assert open_store(Settings(index=tmp_path, embeddings="off")) is None


class _Server(BaseHTTPRequestHandler):
    reply: bytes | None = None

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        rows = [{"index": at, "embedding": [float(len(text)), 0.0]} for at, text in enumerate(asked["input"])]
        body = self.reply if self.reply is not None else json.dumps({"data": rows[::-1]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(reply: bytes | None = None) -> Iterator[str]:
    handler = type("Handler", (_Server,), {"reply": reply})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/embeddings"
    finally:
        server.shutdown()
        server.server_close()


def test_a_model_server_is_asked_as_openai_has_it() -> None:
    """One vector a text, in the order of the texts whatever the order of the reply, of length 1."""
    with serving() as address:
        vectors = ServerEncoder(address).passages(["一", "一二三"])
    assert vectors.tolist() == [[1.0, 0.0], [1.0, 0.0]]


@pytest.mark.parametrize("reply", [b"", b"{}", b"[]", b'{"data": [{"index": 0, "embedding": [1]}]}', b"\xff"])
def test_a_reply_that_is_none_is_a_server_that_is_away(reply: bytes) -> None:
    """Never an error of another kind."""
    with serving(reply) as address, pytest.raises(OSError, match=r"127\.0\.0\.1"):
        ServerEncoder(address).questions(["一", "二"])


def test_a_server_that_is_away_is_not_waited_for_again_at_once() -> None:
    """The next question goes by words without a second's delay; later it is asked again."""
    now = [0.0]
    with serving() as address:
        encoder = ServerEncoder(address, lambda: now[0])
        assert len(encoder.questions(["一"])) == 1
    with pytest.raises(OSError, match=r"Error"):
        encoder.questions(["一"])
    with pytest.raises(OSError, match="was away a moment ago"):
        encoder.questions(["一"])
    now[0] = AWAY_SECONDS + 1
    with pytest.raises(OSError, match=r"URLError|Refused"):
        encoder.questions(["一"])
