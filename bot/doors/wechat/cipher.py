"""The cipher of safe mode: AES-256-CBC, padded to blocks of 32, the account's id at the end of the message. Pure.

wechatpy's AES and its padding are right and used; its reading of a decrypted message checks neither padding nor
length, so that is done here: all of it, always, and with one error whatever is wrong.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from dataclasses import dataclass

from wechatpy.crypto.base import WeChatCipher
from wechatpy.crypto.pkcs7 import PKCS7Encoder

from bot.doors.wechat.refusal import FORBIDDEN, RefusalError

BLOCK = 32
_RANDOM = 16
_LENGTH = 4
# Random bytes, length and at least one byte of padding.
_SHORTEST = BLOCK


@dataclass(frozen=True)
class Opened:
    """A decrypted message, and the key that opened it: the reply is to be sealed with it."""

    message: bytes
    key: bytes


@dataclass(frozen=True)
class Cipher:
    """`keys` are 32 bytes each, the current one first; `appid` is the account's."""

    keys: tuple[bytes, ...]
    appid: str

    def open(self, encrypted: str) -> Opened:
        """Return the message in `encrypted` (base64). Raises RefusalError, always the same one."""
        blob = _decoded(encrypted)
        # Every key is tried even when one fits: which one it was takes no time to tell.
        tried = [(self._message(key, blob), key) for key in self.keys]
        for message, key in tried:
            if message is not None:
                return Opened(message, key)
        raise RefusalError(FORBIDDEN, "the message cannot be decrypted")

    def seal(self, message: str, key: bytes) -> str:
        """Return `message` encrypted, in base64."""
        text = message.encode()
        plain = os.urandom(_RANDOM) + len(text).to_bytes(_LENGTH, "big") + text + self.appid.encode()
        return base64.b64encode(WeChatCipher(key).encrypt(PKCS7Encoder.encode(plain))).decode()

    def _message(self, key: bytes, blob: bytes) -> bytes | None:
        plain = WeChatCipher(key).decrypt(blob)
        padding = plain[-1] if 1 <= plain[-1] <= BLOCK else 1
        padded = hmac.compare_digest(plain[-padding:], bytes([padding]) * padding) & (padding == plain[-1])
        end = _RANDOM + _LENGTH + int.from_bytes(plain[_RANDOM : _RANDOM + _LENGTH], "big")
        owned = hmac.compare_digest(plain[end : len(plain) - padding], self.appid.encode())
        return plain[_RANDOM + _LENGTH : end] if padded & owned else None


def key_of(encoding_aes_key: str) -> bytes:
    """Return the 32 bytes of an EncodingAESKey (43 characters). Raises ValueError when it is none."""
    if len(encoding_aes_key) != 43 or not (encoding_aes_key.isascii() and encoding_aes_key.isalnum()):
        raise ValueError("an EncodingAESKey has 43 letters and digits")
    return base64.b64decode(encoding_aes_key + "=")


def _decoded(encrypted: str) -> bytes:
    """Return the bytes of base64; what is no ciphertext becomes one that no key opens: the same work, the same end."""
    try:
        blob = base64.b64decode(encrypted, validate=True)
    except (binascii.Error, ValueError):
        return bytes(_SHORTEST)
    return blob if len(blob) >= _SHORTEST and len(blob) % BLOCK == 0 else bytes(_SHORTEST)
