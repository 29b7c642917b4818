"""Who may see the staff page: one password, kept as a hash; sessions in memory; a pause after wrong attempts.

Pure but for chance and the password's hash; the time comes in as an argument (seconds, monotonic).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

# scrypt, RFC 7914: N, r, p as OWASP's cheat sheet on password storage gives them for 16 MiB.
_COST, _BLOCK, _LANES = 2**14, 8, 5
_FORM = "scrypt"
IDLE_SECONDS, LONGEST_SECONDS = 30 * 60, 8 * 3600
LOCKED_MINUTES = 15
MOST_OF_ONE, MOST_OF_ALL = 5, 30
SHORTEST_PASSWORD = 10
_ALL = "all"


def hash_password(password: str, salt: bytes | None = None) -> str:
    """Return what may stand in the environment instead of the password: `scrypt:N:r:p:SALT:HASH`, base64."""
    salt = secrets.token_bytes(16) if salt is None else salt
    key = _derive(password, salt, _COST, _BLOCK, _LANES)
    return ":".join([_FORM, str(_COST), str(_BLOCK), str(_LANES), _text(salt), _text(key)])


def is_hash(hashed: str) -> bool:
    """Whether a text has the form that `hash_password` gives."""
    return _take_apart(hashed) is not None


def matches(password: str, hashed: str) -> bool:
    """Whether this is the password; compared in constant time. Takes some 50 ms: not on an event loop."""
    parts = _take_apart(hashed)
    if parts is None:
        return False
    (cost, block, lanes), salt, key = parts
    return hmac.compare_digest(_derive(password, salt, cost, block, lanes), key)


@dataclass(frozen=True)
class Session:
    """Someone who gave the password. `csrf` stands in each of their forms."""

    csrf: str
    opened: float
    seen: float


class Sessions:
    """The open sessions, by the hash of their token; they end when the process does."""

    def __init__(self) -> None:
        """Begin with none."""
        self._open: dict[str, Session] = {}

    def open(self, now: float) -> str:
        """Begin a session and return its token."""
        self._open = {key: session for key, session in self._open.items() if not _is_over(session, now)}
        token = secrets.token_urlsafe(32)
        self._open[_key(token)] = Session(secrets.token_urlsafe(32), now, now)
        return token

    def find(self, token: str, now: float) -> Session | None:
        """Return the session of a token, seen now; None when there is none or it is over."""
        session = self._open.get(_key(token))
        if session is None or _is_over(session, now):
            return None
        self._open[_key(token)] = replace(session, seen=now)
        return session

    def close(self, token: str) -> None:
        """End a session."""
        self._open.pop(_key(token), None)


class Attempts:
    """Counts wrong passwords: of one address, and of all together, so that many addresses gain nothing."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept = MemoryStorage()  # the limiter only keeps a weak reference
        self._limiter = MovingWindowRateLimiter(self._kept)
        self._of_one = RateLimitItemPerMinute(MOST_OF_ONE, LOCKED_MINUTES)
        self._of_all = RateLimitItemPerMinute(MOST_OF_ALL, LOCKED_MINUTES)

    def begin(self, address: str) -> bool:
        """Whether this address may try; it counts as wrong until it `succeeded`, so that many at once gain nothing."""
        return bool(self._limiter.test(self._of_all, _ALL) and self._limiter.hit(self._of_one, address))

    def locked(self, address: str) -> bool:
        """Whether this address has to wait."""
        return not (self._limiter.test(self._of_one, address) and self._limiter.test(self._of_all, _ALL))

    def succeeded(self, address: str) -> None:
        """Forget the wrong passwords of this address: the right one came."""
        self._limiter.clear(self._of_one, address)

    def failed(self) -> None:
        """Count a wrong password for all together; for its address `begin` did."""
        self._limiter.hit(self._of_all, _ALL)


def _is_over(session: Session, now: float) -> bool:
    return now - session.seen > IDLE_SECONDS or now - session.opened > LONGEST_SECONDS


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _derive(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=block, p=lanes, maxmem=256 * cost * block, dklen=32)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _take_apart(hashed: str) -> tuple[tuple[int, int, int], bytes, bytes] | None:
    form, *parts = hashed.split(":")
    if form != _FORM or len(parts) != 5 or not all(part.isdecimal() for part in parts[:3]):
        return None
    try:
        salt, key = (base64.b64decode(part, validate=True) for part in parts[3:])
    except (binascii.Error, ValueError):
        return None
    cost, block, lanes = (int(part) for part in parts[:3])
    sound = 2**14 <= cost <= 2**20 and cost & (cost - 1) == 0 and 1 <= block <= 32 and 1 <= lanes <= 16
    return ((cost, block, lanes), salt, key) if sound and len(salt) >= 8 and len(key) == 32 else None
