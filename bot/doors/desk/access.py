"""Who may see the desk: passwords, kept as hashes, codes from a telephone, and what a visitor may do.

Pure but for chance and the password's hash; the time comes in as an argument (seconds since 1970).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp

from bot.keeping.accounts import ROLE_NAMES, Account, Role
from bot.keeping.staff_sessions import Session

# scrypt, RFC 7914: N, r, p as OWASP's cheat sheet on password storage gives them for 16 MiB.
_COST, _BLOCK, _LANES = 2**14, 8, 5
_FORM = "scrypt"
SHORTEST_PASSWORD = 10
# No password fits it, and finding that out takes as long as with any other.
NOBODYS = "scrypt:16384:8:5:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


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


def new_one_time_secret() -> str:
    """Return a secret for a telephone's codes (TOTP, RFC 6238)."""
    return str(pyotp.random_base32())


def address_for_telephones(secret: str, account: str) -> str:
    """Return the secret as an authenticator takes it."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name="断卡问答"))


def fits(code: str, secret: str, at: float) -> bool:
    """Whether a code is that of this half minute, or of the one before or after: clocks differ."""
    return bool(pyotp.TOTP(secret).verify(code.replace(" ", ""), for_time=datetime.fromtimestamp(at), valid_window=1))


@dataclass(frozen=True)
class Visitor:
    """Who is logged in: a person with an account, or, until there is one, whoever has the shared password."""

    session: Session
    account: Account | None

    @property
    def csrf(self) -> str:
        """What stands in each of their forms."""
        return self.session.csrf

    @property
    def name(self) -> str:
        """The account's name, "" for the shared password."""
        return self.account.name if self.account else ""

    @property
    def shown(self) -> str:
        """How others read them."""
        return self.account.shown if self.account else "共用密码"

    @property
    def role(self) -> str:
        """What their role is called."""
        return ROLE_NAMES[self.account.role] if self.account else "共用密码"

    def may(self, role: Role) -> bool:
        """Whether they may do what needs this role; with the shared password, only what it always opened."""
        return self.account.may(role) if self.account else role == "reader"


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
