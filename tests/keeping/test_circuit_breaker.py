"""A neighbour that failed is left alone, and tried again: bot/keeping/circuit_breaker.py."""

from __future__ import annotations

from bot.keeping.circuit_breaker import CircuitBreaker


def test_a_neighbour_that_failed_is_left_alone_for_a_while() -> None:
    """Open for the seconds of its rest, and no longer; what changes is told once each way."""
    now = [0.0]
    breaker = CircuitBreaker(5.0, lambda: now[0])
    assert not breaker.is_open
    assert breaker.succeeded() is False
    assert [breaker.failed(), breaker.failed()] == [True, False]
    now[0] = 4.9
    assert breaker.is_open
    now[0] = 5.0
    assert not breaker.is_open
    assert breaker.failed() is False
    assert breaker.is_open
    now[0] = 10.0
    assert [breaker.succeeded(), breaker.succeeded()] == [True, False]
    assert not breaker.is_open
