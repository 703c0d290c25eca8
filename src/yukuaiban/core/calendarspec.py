"""What a calendar says, before it is compiled: hours, days off, make-up days, published years (clocks.md section 5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Literal

DayKind = Literal["off", "make_up"]


class DayEnd(StrEnum):
    """When a day that a limit names is over: at its last closing time, or at 24:00 (民法典 203 allows both)."""

    CLOSING = "closing"
    MIDNIGHT = "midnight"


@dataclass(frozen=True, slots=True)
class HoursBlock:
    """Opening hours of some weekdays (Monday is 1) from `since` to `until`, both days included.

    `open` holds (from, to) in minutes after local midnight, in order and apart from each other.
    """

    since: date
    weekdays: tuple[int, ...]
    open: tuple[tuple[int, int], ...]
    until: date | None = None


@dataclass(frozen=True, slots=True, order=True)
class CalendarDay:
    """A date that is off although its weekday works (`off`), or works although it would not (`make_up`)."""

    on: date
    kind: DayKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class CalendarSpec:
    """One version of a calendar, as written. `published` years are complete; any other year is provisional."""

    timezone: str
    hours: tuple[HoursBlock, ...]
    days: tuple[CalendarDay, ...] = ()
    published: frozenset[int] = frozenset()
    day_end: str = DayEnd.CLOSING

    def timetables(self) -> list[tuple[HoursBlock, ...]]:
        """Blocks with the same dates form one timetable; the last one whose dates cover a day holds it alone."""
        tables: dict[tuple[date, date | None], list[HoursBlock]] = {}
        for block in self.hours:
            dates = (block.since, block.until)
            # A block written later moves its whole timetable behind those written before it.
            tables[dates] = [*tables.pop(dates, []), block]
        return [tuple(blocks) for blocks in tables.values()]


@dataclass(frozen=True, slots=True)
class DayChange:
    """A date that both versions of a calendar name, as another kind of day."""

    on: date
    old: CalendarDay
    new: CalendarDay


@dataclass(frozen=True, slots=True)
class Difference:
    """How the days of one calendar version differ from another's."""

    added: tuple[CalendarDay, ...]
    removed: tuple[CalendarDay, ...]
    changed: tuple[DayChange, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def merge_year(spec: CalendarSpec, year: int, days: Iterable[CalendarDay]) -> CalendarSpec:
    """The calendar after a year's notice. Without any day there is no notice yet, and nothing changes.

    The notice rules its own year: what stood there and is not in it goes. Days of the December before or the
    January after that the notice names replace what stood on the same date; the rest of those years stays. Days
    of this December stay too once the next year is published, since it is the next year's notice that named them.
    """

    def ruled_elsewhere(on: date) -> bool:
        return on.year != year or (on.month == 12 and year + 1 in spec.published)

    named = {day.on: day for day in days}
    if not named:
        return spec
    kept = {day.on: day for day in spec.days if ruled_elsewhere(day.on)}
    merged = {**kept, **named}
    return replace(spec, days=tuple(merged[on] for on in sorted(merged)), published=spec.published | {year})


def difference(old: CalendarSpec, new: CalendarSpec) -> Difference:
    """Days added, removed and changed in kind (a change of name alone is none)."""
    before = {day.on: day for day in old.days}
    after = {day.on: day for day in new.days}
    both = sorted(before.keys() & after.keys())
    return Difference(
        added=tuple(after[on] for on in sorted(after.keys() - before.keys())),
        removed=tuple(before[on] for on in sorted(before.keys() - after.keys())),
        changed=tuple(
            DayChange(on, before[on], after[on]) for on in both if before[on].kind != after[on].kind
        ),
    )
