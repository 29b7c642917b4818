"""The conversations that only ask whether the assistant is there: nobody's, so they are neither counted nor kept."""

from __future__ import annotations

PROBE_SENDER = "duanka-ready"  # how their senders begin
PROBE_QUESTION = "银行卡可以借给别人用吗？"
