"""Logs without anybody's words: of an error its kind and its places, of a message nothing.

Rasa logs the text of a message when one fails, and the local variables of every frame with it. What an exception says
can be a person's words too, so that stays out as well. Knows logging and structlog; knows nothing of what is logged.
"""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType
from typing import Any

import structlog

from bot.conversation.faults import describe

# Under these names Rasa logs texts, slots and events (rasa.utils.log_utils).
WORDS = frozenset(
    """text response_text user_text slot_values parse_data_text parse_data_entities prediction_events
    tracker_latest_message prefilled_slots message response slot_candidates rasa_event rasa_events tracker_states
    current_states old_states successes current_entity next_entity states entity token_text user_message
    json_message""".split()  # noqa: SIM905
)
LEFT_OUT = "…"
logger = logging.getLogger(__name__)


def keep_words_out() -> None:
    """Have every log of this process, from now on, leave out words and values."""
    processors = structlog.get_config()["processors"]
    if without_words not in processors:
        processors.insert(0, without_words)  # in place: loggers in use hold this very list
    if logging.getLogRecordFactory() is not _record:
        logging.setLogRecordFactory(_record)
    # A record that cannot be formatted would be printed with its arguments, an error nobody caught with what it says.
    logging.raiseExceptions = False
    sys.excepthook, threading.excepthook = _uncaught, _uncaught_in_thread


def without_words(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Leave words and exceptions out of a structlog event: a processor, to be the first."""
    kept = {name: LEFT_OUT if name in WORDS else value for name, value in event.items()}
    error = _error(kept.pop("exc_info", None))
    # False keeps structlog from looking for the exception by itself.
    return {**kept, "exc_info": False, "error": describe(error)} if error else kept


def _record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    """Make a log record whose exception is described instead of printed."""
    record = logging.LogRecord(*args, **kwargs)
    error = _error(record.exc_info)
    if error and record.name == "asyncio":  # its further lines show the task, with what the error says
        record.msg, record.args = record.getMessage().partition("\n")[0], ()
    if error:
        record.msg, record.args = f"{record.getMessage()} ({describe(error)})", ()
    record.exc_info = None
    return record


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log an error that ends the program; an interruption by hand is none."""
    if not issubclass(kind, KeyboardInterrupt):
        logger.critical("not caught: %s", describe(error.with_traceback(trace)))


def _uncaught_in_thread(told: threading.ExceptHookArgs) -> None:
    """Log an error that ends a thread."""
    if told.exc_value is not None and not isinstance(told.exc_value, SystemExit):
        logger.critical("not caught in a thread: %s", describe(told.exc_value))


def _error(info: Any) -> BaseException | None:
    if isinstance(info, BaseException):
        return info
    error: BaseException | None = info[1] if isinstance(info, tuple) else sys.exc_info()[1] if info else None
    return error
