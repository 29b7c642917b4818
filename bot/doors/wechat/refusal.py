"""The one error of this door: a request that gets no answer. Its words are ours, never the sender's."""

from __future__ import annotations

FORBIDDEN = 403
UNREADABLE = 400


class RefusalError(Exception):
    """A request is refused with `status`; `reason` goes into the log and holds nothing of what was sent."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
