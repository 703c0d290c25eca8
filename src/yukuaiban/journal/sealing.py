"""Personal data at rest: encrypted with the installation's key, tied to its event by a salted commitment.

The commitment stands in the event for ever; salt and payload can be erased, and without the salt nobody can test
guesses against the commitment (journal.md section 3).
"""

from __future__ import annotations

import hashlib
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_PURPOSE = b"yukuaiban/journal/1/secret"
_NONCE_PURPOSE = b"yukuaiban/seal/1/nonce"
_FORM = b"\x01"
_NONCE_BYTES = 12


class SealBroken(Exception):
    """The bytes were changed, or sealed with another key."""


def commitment(salt: bytes, payload: bytes) -> bytes:
    """What the event says about its personal payload: 32 bytes."""
    return hashlib.sha256(_PURPOSE + salt + payload).digest()


def seal(data: bytes, *, salt: bytes | None = None, bound_to: bytes = b"") -> bytes:
    """`data` under AES-256-GCM with the key of this installation; opens only with the same `bound_to`.

    A salt that is used once gives the nonce, so a seeded pen gives the same bytes; without one the nonce is chance.
    """
    nonce = secrets.token_bytes(_NONCE_BYTES) if salt is None else _nonce(salt)
    return _FORM + nonce + _cipher().encrypt(nonce, data, bound_to)


def unseal(sealed: bytes, *, bound_to: bytes = b"") -> bytes:
    """What `seal` was given. Raises SealBroken."""
    if sealed[:1] != _FORM:
        raise SealBroken("密封的形式不认识")
    start = len(_FORM) + _NONCE_BYTES
    try:
        return _cipher().decrypt(sealed[len(_FORM) : start], sealed[start:], bound_to)
    except (InvalidTag, ValueError) as error:
        raise SealBroken("密封的内容被改动，或密钥不是当时的密钥") from error


def _nonce(salt: bytes) -> bytes:
    return hashlib.sha256(_NONCE_PURPOSE + salt).digest()[:_NONCE_BYTES]


def _cipher() -> AESGCM:
    return _cipher_of(settings.YKB_SEAL_KEY)


@lru_cache(maxsize=4)
def _cipher_of(key: bytes) -> AESGCM:
    return AESGCM(key)
