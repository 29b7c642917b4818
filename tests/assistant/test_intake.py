"""What stands before Rasa in every door: nothing but clean, masked text gets by, and nobody is left without a reply."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

import pytest
import rasa
import rasa_quietly  # noqa: F401
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot.answering import sentences
from bot.answering.message import READ
from bot.knowledge.messages import read_message
from bot.rasa.patches.intake import guard_every_door, guarded, sender_name

ID_CARD = "450103199003071234"


@dataclass
class Rasa:
    """Stands where Rasa's agent would: keeps what reaches it, says what it is told to, or fails with the text."""

    says: str | None = "好"
    fails: bool = False
    seen: list[UserMessage] = field(default_factory=list)

    async def handle_message(self, message: UserMessage) -> None:
        self.seen.append(message)
        if self.says:
            await message.output_channel.send_response(message.sender_id, {"text": self.says})
        if self.fails:
            raise ValueError(f"cannot understand {message.text}")

    def hears(self, text: Any, **more: Any) -> list[dict[str, Any]]:
        """Put a message through the guard; return what the person gets."""
        output = CollectingOutputChannel()
        message = UserMessage("", output, more.pop("sender_id", "a-person"), **more)
        message.text = text
        asyncio.run(guarded(type(self).handle_message)(self, message))
        return [{key: value for key, value in bubble.items() if key != "recipient_id"} for bubble in output.messages]


def test_a_message_goes_by_clean_and_masked() -> None:
    """Rasa sees no number, no invisible character, no command, and nothing a program put beside the text."""
    agent = Rasa()
    metadata = {"phone": "13800138000"}
    assert agent.hears(f"/我的身份证\u200b{ID_CARD}丢了", metadata=metadata, input_channel="rest") == [{"text": "好"}]
    (message,) = agent.seen
    assert (message.text, message.input_channel) == ("我的身份证〔证件号已隐去〕丢了", "rest")
    assert message.metadata == {READ: read_message(f"我的身份证{ID_CARD}丢了").as_dict()}
    assert ID_CARD not in str(message.metadata)


@pytest.mark.parametrize("text", ["/restart", "/back", "／session_start", '//victim{"a": 1}'])
def test_no_command_reaches_rasa(text: str) -> None:
    """What is typed is text; what follows the slash is what was said."""
    agent = Rasa()
    agent.hears(text)
    assert agent.seen[0].text == text.lstrip("/／")


@pytest.mark.parametrize("text", ["", "  ", "/", None, 5, {"text": "卖卡"}, ["卖卡"]])
def test_what_is_no_text_gets_a_sentence(text: Any) -> None:
    """It makes no turn, and is answered all the same."""
    agent = Rasa()
    (said, custom) = agent.hears(text)
    assert said == {"text": sentences.NOTHING_SAID}
    assert custom["custom"]["kind"] == "chat"
    assert agent.seen == []


def test_too_long_is_told() -> None:
    """With the request to send nothing personal, if there was something."""
    (said, _) = Rasa().hears("卡" * 300 + ID_CARD)
    assert said == {"text": f"{sentences.KEEP_TO_YOURSELF}\n{sentences.TOO_LONG}"}


@pytest.mark.parametrize("agent", [Rasa(says=None), Rasa(says=None, fails=True)])
@pytest.mark.parametrize(
    ("text", "lead"), [("卖卡违法吗", sentences.UNAVAILABLE), ("我被骗了五万", sentences.EMERGENCY)]
)
def test_silence_becomes_an_apology(agent: Rasa, text: str, lead: str) -> None:
    """Whether Rasa failed or said nothing; a victim reads 110 first."""
    (said, custom) = agent.hears(text)
    assert said["text"] == custom["custom"]["lead"] == lead


def test_who_has_a_reply_gets_no_second() -> None:
    """Something that breaks after the reply changes nothing for the person."""
    assert Rasa(fails=True).hears("卖卡违法吗") == [{"text": "好"}]


def test_an_error_is_logged_without_the_text(caplog: pytest.LogCaptureFixture) -> None:
    """Its kind and its place: for whoever mends it."""
    with caplog.at_level(logging.DEBUG):
        Rasa(fails=True).hears("龘靐的卡丢了")
    (record,) = caplog.records
    assert "ValueError at intake.py" in record.getMessage()
    assert "test_intake.py" in record.getMessage()
    assert "龘靐" not in caplog.text
    assert record.exc_info is None


@pytest.mark.parametrize("name", ["me", "web-oABCdef_123", "duanka-ready-0123456789abcdef0123456789abcdef", "a" * 64])
def test_a_name_that_tells_nothing_stays(name: str) -> None:
    """Conversations are found under the name a door gave them."""
    assert sender_name(name) == name


@pytest.mark.parametrize("name", ["13800138000", "zhang@qq.com", ID_CARD, "张三", "x" * 300, "a\x00b", "\ud83d", ""])
def test_a_name_that_tells_who_it_is_goes(name: str) -> None:
    """What is kept instead is always the same, and fits any database."""
    kept = sender_name(name)
    assert kept == sender_name(name)
    assert kept.isascii()
    assert kept.isprintable()
    assert len(kept) < 100
    assert not name or name not in kept


def test_who_has_no_name_is_alone() -> None:
    """Rasa puts everyone without a sender into one conversation; nobody reads another's."""
    assert sender_name("default") != sender_name("default")


def test_another_rasa_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A version the guard was not written for does not run unguarded."""
    monkeypatch.setattr(rasa, "__version__", "3.6.22")
    with pytest.raises(RuntimeError, match=r"3\.6\.22; 3\.6\.21 is allowed"):
        guard_every_door()
