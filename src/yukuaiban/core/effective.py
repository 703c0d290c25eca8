"""Ask a dated value for a day: newest first, like every rule of the product."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar

from yukuaiban.core.errors import NotYetInForce


class Dated(Protocol):
    """Anything that holds from `since` until before `until` (None: still)."""

    @property
    def since(self) -> date: ...
    @property
    def until(self) -> date | None: ...


Row = TypeVar("Row", bound=Dated)


def in_force(rows: Sequence[Row], day: date) -> Row:
    """The newest row that holds on `day`; NotYetInForce names the first day on which one does."""
    holding = [row for row in rows if row.since <= day and (row.until is None or day < row.until)]
    if not holding:
        first = min((row.since for row in rows), default=None)
        hint = f"最早的版本自 {first.isoformat()} 起施行" if first else "还没有任何版本"
        raise NotYetInForce(f"{day.isoformat()} 没有施行中的规定；{hint}。")
    return max(holding, key=lambda row: row.since)
