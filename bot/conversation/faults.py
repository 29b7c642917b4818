"""What may be told of an error: its kind and its places, never what it says. That may be a person's words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

_DEEPEST = 12


def describe(error: BaseException) -> str:
    """Return the kind of an error and where it came from, that of its causes after it; never what it says."""
    return " < ".join(f"{type(each).__name__} at {_places(each.__traceback__)}" for each in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _places(trace: TracebackType | None) -> str:
    places = []
    while trace:
        code = trace.tb_frame.f_code
        places.append(f"{Path(code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(places[-_DEEPEST:]) or "unknown"
