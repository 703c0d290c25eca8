"""What the journal takes from outside: a moment, identifiers, salts (journal.md section 4).

Nothing else on the way to an event draws randomness or reads a clock, so one seed gives one journal.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from yukuaiban.core.moments import EPOCH

_LOW_BITS = 62
RANDOM_BITS = 74


class Pen(Protocol):
    """The hand that writes: live in service (site), seeded in the simulator and in tests."""

    def moment(self) -> datetime:
        """The moment of writing, aware, UTC. Read after the transaction has begun."""

    def uid(self) -> uuid.UUID:
        """A new UUID of version 7."""

    def salt(self) -> bytes:
        """32 bytes that nobody can guess."""


def uuid7(millis: int, bits: int) -> uuid.UUID:
    """The UUIDv7 (RFC 9562) of a millisecond since 1970 and 74 bits."""
    head = (millis & 0xFFFFFFFFFFFF) << 80
    middle = 0x7 << 76 | (bits >> _LOW_BITS & 0xFFF) << 64
    return uuid.UUID(int=head | middle | 0b10 << _LOW_BITS | bits & ((1 << _LOW_BITS) - 1))


class SeededPen:
    """A pen whose identifiers and salts follow from a seed, and whose moment is that of a simulated clock.

    For the simulator and tests only: who knows the seed knows every salt.
    """

    def __init__(self, seed: int | str, clock: Callable[[], datetime]) -> None:
        self._seed = str(seed).encode()
        self._clock = clock
        self._drawn = 0

    def moment(self) -> datetime:
        """The simulated clock's moment."""
        return self._clock()

    def uid(self) -> uuid.UUID:
        """The next identifier of the seed, at the simulated moment."""
        millis = (self._clock() - EPOCH) // timedelta(milliseconds=1)
        return uuid7(millis, int.from_bytes(self._draw(b"uid")) >> (256 - RANDOM_BITS))

    def salt(self) -> bytes:
        """The next salt of the seed."""
        return self._draw(b"salt")

    def _draw(self, purpose: bytes) -> bytes:
        self._drawn += 1
        return hashlib.sha256(b"%b/%b/%d" % (self._seed, purpose, self._drawn)).digest()
