"""Signatures, against WeChat's published vectors."""

from __future__ import annotations

import pytest

from bot.doors.wechat.refusal import RefusalError
from bot.doors.wechat.signing import MOST_SECONDS, expect_fresh, sign, verify

NOW = 1714037059
PLAIN = ("AAAAA", "1714037059", "486452656")
PLAIN_SIGNATURE = "899cf89e464efb63f54ddac96b0a0a235f53aa78"


@pytest.mark.parametrize(
    ("parts", "signature"),
    [(("AAAAA", "1714036504", "1514711492"), "f464b24fc39322e44b38aa78f5edd27bd1441696"), (PLAIN, PLAIN_SIGNATURE)],
)
def test_the_published_vectors(parts: tuple[str, ...], signature: str) -> None:
    """The GET check and the plain POST of WeChat's documentation are signed as it says."""
    assert sign(*parts) == signature
    verify(signature, *parts)


@pytest.mark.parametrize("given", ["", "0" * 40, PLAIN_SIGNATURE.upper(), PLAIN_SIGNATURE[:-1], "签名", "\ud800"])
def test_a_wrong_signature(given: str) -> None:
    """Anything else is forbidden, whatever characters it has."""
    with pytest.raises(RefusalError) as refused:
        verify(given, *PLAIN)
    assert refused.value.status == 403


def test_parts_that_are_not_ascii() -> None:
    """What cannot be encoded is compared all the same and is wrong."""
    with pytest.raises(RefusalError):
        verify(PLAIN_SIGNATURE, "AAAAA", "\ud800", "时")


@pytest.mark.parametrize("seconds", [-MOST_SECONDS, 0, MOST_SECONDS])
def test_fresh(seconds: int) -> None:
    """Five minutes either way pass."""
    expect_fresh(str(NOW + seconds), NOW)


@pytest.mark.parametrize(
    ("timestamp", "status"),
    [
        (str(NOW - MOST_SECONDS - 1), 403),
        (str(NOW + MOST_SECONDS + 1), 403),
        ("", 400),
        ("-1", 400),
        ("１７１４０３７０５９", 400),
        ("1e9", 400),
        ("9" * 5000, 400),
    ],
)
def test_stale_or_no_timestamp(timestamp: str, status: int) -> None:
    """Older, later and what is no number of seconds is refused."""
    with pytest.raises(RefusalError) as refused:
        expect_fresh(timestamp, NOW)
    assert refused.value.status == status
