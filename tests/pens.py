"""The pen of requests in tests: the setting YKB_PEN names it, and a test holds the clock it reads."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import ClassVar

from yukuaiban.journal.pen import SeededPen

HELD = f"{__name__}.HeldPen"
_SEEDS = itertools.count()


class HeldPen(SeededPen):
    """Reads `HeldPen.clock`, whichever it is at that moment; each handler draws from a seed of its own."""

    clock: ClassVar[Callable[[], datetime]] = lambda: datetime(2026, 3, 2, 1, tzinfo=UTC)

    def __init__(self) -> None:
        super().__init__(f"requests-{next(_SEEDS)}", self._read)

    @staticmethod
    def _read() -> datetime:
        return HeldPen.clock()
