"""What the log may tell of an error: bot/conversation/faults.py."""

from __future__ import annotations

from bot.conversation.faults import describe


def test_an_error_is_told_by_its_kind_and_places() -> None:
    """Both of an error and of its cause, each with the line it came from, and not a word of what they say."""
    try:
        try:
            int("我的隐私")
        except ValueError as error:
            raise KeyError("我的隐私") from error
    except KeyError as error:
        told = describe(error)
    assert told.startswith("KeyError at test_fault_descriptions.py:")
    assert " < ValueError at test_fault_descriptions.py:" in told
    assert "隐私" not in told


def test_an_error_that_was_never_raised_has_no_place() -> None:
    """It is told all the same."""
    assert describe(OSError("x")) == "OSError at unknown"
