"""No log holds a person's words, whatever fails."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
import rasa_quietly  # noqa: F401
import structlog
from rasa.utils.log_utils import configure_structlog

from bot.rasa.patches.logs import describe, keep_words_out, without_words

MARKER = "龘靐13800138000"


@pytest.fixture
def _quiet() -> Iterator[None]:
    """Rasa's logging with ours on top; afterwards as it was."""
    factory, processors = logging.getLogRecordFactory(), structlog.get_config()
    raising, hooks = logging.raiseExceptions, (sys.excepthook, threading.excepthook)
    configure_structlog(logging.DEBUG)
    keep_words_out()
    yield
    logging.setLogRecordFactory(factory)
    structlog.configure(**processors)
    logging.raiseExceptions = raising
    sys.excepthook, threading.excepthook = hooks


def fail(text: str) -> None:
    try:
        raise KeyError(text)
    except KeyError as error:
        raise ValueError(f"no {text}") from error


@pytest.mark.usefixtures("_quiet")
def test_rasas_own_error_log(caplog: pytest.LogCaptureFixture) -> None:
    """What rest.py logs when a message fails: no text, no local variables, but where it was."""
    logger = structlog.get_logger()
    with caplog.at_level(logging.DEBUG):
        try:
            fail(MARKER)
        except ValueError:
            logger.exception("rest.message.received.failure", text=MARKER)
    assert "rest.message.received.failure" in caplog.text
    assert "ValueError at test_logs.py" in caplog.text
    assert "KeyError at test_logs.py" in caplog.text
    assert "龘靐" not in caplog.text.encode().decode("unicode_escape", "replace") + caplog.text


@pytest.mark.usefixtures("_quiet")
def test_a_plain_logger(caplog: pytest.LogCaptureFixture) -> None:
    """`logger.exception` says where, and not what the exception says."""
    with caplog.at_level(logging.DEBUG):
        try:
            fail(MARKER)
        except ValueError:
            logging.getLogger("rasa.core.processor").exception("Encountered an exception")
    assert "Encountered an exception (ValueError at test_logs.py" in caplog.text
    assert MARKER not in caplog.text


@pytest.mark.usefixtures("_quiet")
def test_a_task_that_nobody_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    """asyncio shows the task with its error: the kind stays, what it says goes."""

    async def forgotten() -> None:
        fail(MARKER)

    async def main() -> None:
        task = asyncio.create_task(forgotten())
        await asyncio.wait([task])

    asyncio.run(main())
    gc.collect()
    assert "Task exception was never retrieved (ValueError at test_logs.py" in caplog.text
    assert "龘靐" not in caplog.text


@pytest.mark.usefixtures("_quiet")
def test_a_thread_that_dies(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    """Nor does an error that ends a thread, or the program, print what it says."""
    thread = threading.Thread(target=fail, args=(MARKER,))
    thread.start()
    thread.join()
    try:
        fail(MARKER)
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert "not caught in a thread: ValueError at" in caplog.text
    assert "not caught: ValueError at test_logs.py" in caplog.text
    assert "龘靐" not in caplog.text + "".join(capfd.readouterr())


@pytest.mark.usefixtures("_quiet")
def test_a_record_that_cannot_be_formatted(capfd: pytest.CaptureFixture[str]) -> None:
    """logging would print its arguments to say so."""
    handler = logging.StreamHandler()
    handler.handle(logging.LogRecord("x", logging.ERROR, "x.py", 1, "%d", (MARKER,), None))
    assert "龘靐" not in "".join(capfd.readouterr())


@pytest.mark.usefixtures("_quiet")
def test_twice_is_once() -> None:
    """Both stores ask for it."""
    keep_words_out()
    assert structlog.get_config()["processors"].count(without_words) == 1


def test_words_of_events_are_left_out() -> None:
    """Under whatever name Rasa logs them, in the most talkative log too."""
    event = without_words(
        None, "debug", {"event": "processor.message.parse", "parse_data_text": MARKER, "level": "debug"}
    )
    assert event == {"event": "processor.message.parse", "parse_data_text": "…", "level": "debug"}


def test_an_error_without_a_trace() -> None:
    """One that was never raised has no place."""
    assert describe(ValueError(MARKER)) == "ValueError at unknown"
