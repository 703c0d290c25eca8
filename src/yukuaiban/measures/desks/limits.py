"""The limits of a sheet as they hold on a day: what it states, and the law's own where a permit states none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yukuaiban.core.limits import Limit
from yukuaiban.people.district import installed

if TYPE_CHECKING:
    from datetime import date

    from yukuaiban.measures.desks.models import MatterSheet

CALENDAR = "office"
NAMES = ("committed", "statutory")


@dataclass(frozen=True, slots=True)
class HeldLimit:
    """A limit with its paper; `limit` is None where there is none. `by_default`: the sheet does not state it."""

    name: str
    limit: Limit | None
    since: date
    source: str = ""
    authority: str = "ours"
    confirmed: bool = False
    by_default: bool = False

    @property
    def title(self) -> str:
        """The limit in words; empty where there is none."""
        return self.limit.title() if self.limit is not None else ""

    def body(self) -> dict[str, Any]:
        """As a case carries it among its `limits`."""
        return {
            "limit": str(self.limit),
            "since": self.since.isoformat(),
            "source": self.source,
            "authority": self.authority,
            "confirmed": self.confirmed,
            "calendar": CALENDAR,
        }


def law_limit(kind: str, day: date) -> Limit | None:
    """The statutory limit of a matter of this kind whose sheet states none, or None."""
    row = installed().default_statutory(kind, day)
    return row.limit if row is not None else None


def held(sheet: MatterSheet | None, kind: str, day: date) -> dict[str, HeldLimit]:
    """Both limits by name, the promise first; nothing without a sheet."""
    if sheet is None:
        return {}
    found = {name: _stated(sheet, name) for name in NAMES}
    row = installed().default_statutory(kind, day)
    if row is not None and found["statutory"].limit is None:
        found["statutory"] = HeldLimit(
            "statutory",
            row.limit,
            row.since,
            row.source,
            row.authority.value,
            confirmed=row.confirmed,
            by_default=True,
        )
    return found


def _stated(sheet: MatterSheet, name: str) -> HeldLimit:
    text = getattr(sheet, f"{name}_limit")
    return HeldLimit(
        name,
        Limit.parse(text) if text else None,
        sheet.since,
        getattr(sheet, f"{name}_source"),
        getattr(sheet, f"{name}_authority"),
        confirmed=getattr(sheet, f"{name}_confirmed"),
    )
