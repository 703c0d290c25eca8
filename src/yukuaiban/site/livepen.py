"""The one place below the screens' level where a moment, an identifier and a salt come from the outside world."""

from __future__ import annotations

import secrets
import time
import uuid
from datetime import UTC, datetime

_RAND_BITS = 74


class LivePen:
    """What the journal takes from outside (journal.md section 4); the simulator brings a seeded one instead."""

    def moment(self) -> datetime:
        """The database's clock, UTC; on SQLite that is the host's. Read after the transaction has begun.

        One short question to PostgreSQL each time: two hosts whose clocks differ then still write one order of
        things. Raises OperationalError if the database is away.
        """
        from django.db import connection  # noqa: PLC0415 - the help of commands loads no Django

        if connection.vendor != "postgresql":
            return self.host_moment()
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            found: datetime = cursor.fetchone()[0]
        return found.astimezone(UTC)

    def host_moment(self) -> datetime:
        """The clock of this host, UTC."""
        return datetime.now(UTC)

    def uid(self) -> uuid.UUID:
        """A UUID of version 7: 48 bits of milliseconds, then chance."""
        millis = time.time_ns() // 1_000_000
        bits = secrets.randbits(_RAND_BITS)
        return uuid7(millis, bits)

    def salt(self) -> bytes:
        """32 random bytes for a commitment to a personal payload."""
        return secrets.token_bytes(32)


def uuid7(millis: int, bits: int) -> uuid.UUID:
    """The UUIDv7 (RFC 9562) of a millisecond and 74 bits."""
    head = (millis & 0xFFFFFFFFFFFF) << 80
    middle = 0x7 << 76 | (bits >> 62) << 64
    return uuid.UUID(int=head | middle | 0b10 << 62 | bits & ((1 << 62) - 1))
