"""The only places that make a link of something written elsewhere. What is no proper address becomes no link."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

# What a browser would drop, fold or read differently than we do.
_UNSAFE = re.compile(r"[\s\x00-\x20\x7f\\\"'<>`]")
_PASSAGE = re.compile(r"p\d{1,6}", re.ASCII)
# What asks for large letters in an address: no cookie, no script, and the links of such a page carry it on.
ELDER = "?elder=1"
_TELEPHONE = re.compile(r"\d{3,15}", re.ASCII)


@dataclass(frozen=True)
class WebLink:
    """An address on the web, and the host a reader is told it leads to."""

    href: str
    host: str


def web_link(url: str | None) -> WebLink | None:
    """Return a link to an http(s) address with a host and no user name in it; None for anything else."""
    if not url or _UNSAFE.search(url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    return WebLink(url, host)


def reader_link(passage: str, letters: str = "") -> str:
    """Return the path of a bulletin or passage below the reader: `<stem>` or `<stem>#p12`, the stem escaped.

    `letters` is what an address has in it for large letters, ELDER or "".
    """
    stem, _, anchor = passage.rpartition("#")
    if stem and _PASSAGE.fullmatch(anchor):
        return f"{quote(stem, safe='')}{letters}#{anchor}"
    return quote(passage, safe="") + letters


def telephone_link(number: str) -> str | None:
    """Return a `tel:` link to a number of digits only, else None."""
    return f"tel:{number}" if _TELEPHONE.fullmatch(number) else None
