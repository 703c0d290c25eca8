"""The four kinds of count, each with the same questions (clocks.md sections 1 to 3).

How much of a pause falls on this clock (`between`), where does the limit end if it is shifted by so much (`reach`),
and which shift brings the end to the first closing time after a pause (`land`). `reckon` asks them in the order of
the pauses. All moments are instants in microseconds, all days indexes of the day table.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date
from typing import Protocol

from yukuaiban.core.calendarspec import DayEnd
from yukuaiban.core.grid import DayTable, Tables
from yukuaiban.core.limits import Limit, Unit
from yukuaiban.core.moments import DAY, day_number, day_of
from yukuaiban.core.pauses import Span

YEARS_AHEAD = (2, 21)
"""How far tables are compiled at first, and how far for a result up to 20 years away."""
_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}


class BeyondTables(Exception):
    """The count left the compiled years: widen them, or answer that there is no open time."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a count ends: the instant, the day it belongs to, and the last day before rolling."""

    at: int
    day: int
    last: int


@dataclass(frozen=True, slots=True)
class Shift:
    """What one pause does to the due: `amount` by its overlap, `landed` more because the end fell inside it."""

    span: Span
    amount: int
    landed: int = 0


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The end of a limit and the pauses that moved it there."""

    reached: Reached
    shifts: tuple[Shift, ...] = ()


class Count(Protocol):
    """One limit from one start on one calendar."""

    def reach(self, shift: int) -> Reached:
        """Where the limit ends when it is shifted; BeyondTables if that is outside the compiled years."""

    def land(self, end: int) -> int | None:
        """The shift to the first closing time on a working day not before `end`.

        None where an end never lies inside a pause.
        """


def reckon(tables: Tables, unit: Unit, count: Count, spans: Sequence[Span]) -> Reckoning:
    """The end of a limit after its pauses; one that begins at or after the due has no effect (rule 3.3)."""
    total = 0
    reached = count.reach(0)
    shifts: list[Shift] = []
    for span in spans:
        if reached.at <= span.start:
            break
        amount = between(tables, unit, span.start, span.end)
        total += amount
        reached = count.reach(total)
        landed = 0
        if span.start < reached.at < span.end and (landing := count.land(span.end)) is not None:
            landed, total = landing - total, landing
            reached = count.reach(total)
        shifts.append(Shift(span, amount, landed))
    return Reckoning(reached, tuple(shifts))


def count_of(tables: Tables, start: int, limit: Limit, *, roll: bool, day_end: str) -> Count:
    """The count that the unit of the limit asks for."""
    midnight = day_end == DayEnd.MIDNIGHT
    if limit.unit is Unit.WORKDAY:
        return WorkdayCount(tables.days, start, limit.days, midnight)
    if limit.unit.service:
        return ServiceCount(tables, start, limit.microseconds)
    if limit.unit.natural:
        return NaturalCount(tables.days, start, limit.microseconds)
    return DateCount(tables.days, start, limit, midnight=midnight, roll=roll)


def between(tables: Tables, unit: Unit, start: int, end: int) -> int:
    """What lies between two instants on a clock of that unit: microseconds, working days or dates."""
    if unit.natural:
        return end - start
    days = tables.days
    if unit.service:
        if end >= days.midnight[-1]:
            raise BeyondTables
        return tables.opening.before(end) - tables.opening.before(start)
    since, until = day_at(days, start), day_at(days, end)
    return int(days.upto[until] - days.upto[since]) if unit is Unit.WORKDAY else until - since


def day_at(days: DayTable, instant: int) -> int:
    """The index of the local day that holds the instant; BeyondTables outside the compiled years."""
    midnight = days.midnight
    guess = (instant - int(midnight[0])) // DAY
    # Clock changes move a local midnight by hours against the even rhythm of 24.
    guess = min(max(guess, 0), len(days) - 1)
    while guess < len(days) and instant >= midnight[guess + 1]:
        guess += 1
        if guess == len(days):
            raise BeyondTables
    while instant < midnight[guess]:
        guess -= 1
        if guess < 0:
            raise BeyondTables
    return int(guess)


@dataclass(slots=True)
class NaturalCount:
    """Hours and minutes: real elapsed time, through nights and holidays (convention 5)."""

    days: DayTable
    start: int
    amount: int

    def reach(self, shift: int) -> Reached:
        at = self.start + self.amount + shift
        day = day_at(self.days, at)
        return Reached(at, day, day)

    def land(self, end: int) -> None:
        """Never asked for: with something left to count, the end lies behind every pause."""


@dataclass(slots=True)
class ServiceCount:
    """Service hours and minutes: time inside open intervals; the earliest moment that fits (convention 6)."""

    tables: Tables
    start: int
    amount: int

    def reach(self, shift: int) -> Reached:
        if not self.amount + shift:
            day = day_at(self.tables.days, self.start)
            return Reached(self.start, day, day)
        opening = self.tables.opening
        at = opening.reached(opening.before(self.start) + self.amount + shift)
        if at is None:
            raise BeyondTables
        day = day_at(self.tables.days, at - 1)  # closing at 24:00 still belongs to the day that closes
        return Reached(at, day, day)

    def land(self, end: int) -> None:
        """Never asked for: with something left to count, the end lies behind every pause."""


@dataclass(slots=True)
class WorkdayCount:
    """Working days: day 1 is the first working day after the date of the start (conventions 1 to 3)."""

    days: DayTable
    start: int
    amount: int
    midnight: bool
    base: int = field(init=False)

    def __post_init__(self) -> None:
        before = int(self.days.upto[day_at(self.days, self.start)])
        # Zero days: the first closing time not before the start, so the count stands on that day itself.
        day = _first_end(self.days, self.start, self.midnight, roll=True) if not self.amount else None
        self.base = before if day is None else int(self.days.upto[day])

    def reach(self, shift: int) -> Reached:
        number = self.base + self.amount + shift
        if number > len(self.days.workdays):
            raise BeyondTables
        day = int(self.days.workdays[number - 1])
        return Reached(_end(self.days, day, self.midnight), day, day)

    def land(self, end: int) -> int:
        day = _first_end(self.days, end, self.midnight, roll=True)
        return int(self.days.upto[day]) - self.base - self.amount


@dataclass(slots=True)
class DateCount:
    """Natural days, months and years: a last day by the calendar, rolled to a working day (convention 4)."""

    days: DayTable
    start: int
    limit: Limit
    midnight: bool
    roll: bool
    last: int = field(init=False)

    def __post_init__(self) -> None:
        today = day_at(self.days, self.start)
        self.last = days_after(self.days.first, today, self.limit)
        if not self.limit.amount:
            self.last = _first_end(self.days, self.start, self.midnight, roll=self.roll)

    def reach(self, shift: int) -> Reached:
        last = self.last + shift
        if last >= len(self.days):
            raise BeyondTables
        day = int(self.days.rolled[last]) if self.roll else last
        if day >= len(self.days):
            raise BeyondTables
        return Reached(_end(self.days, day, self.midnight), day, last)

    def land(self, end: int) -> int:
        return _first_end(self.days, end, self.midnight, roll=True) - self.last


def _end(days: DayTable, day: int, midnight: bool) -> int:  # noqa: FBT001 - closing or midnight
    """End of day: closing time, or 24:00 (convention 2)."""
    return int(days.midnight[day + 1] if midnight else days.closing[day])


def _first_end(days: DayTable, instant: int, midnight: bool, *, roll: bool) -> int:  # noqa: FBT001
    """The first (working) day whose end is not before the instant."""
    day = day_at(days, instant)
    while True:
        day = int(days.rolled[day]) if roll and day < len(days) else day
        if day >= len(days):
            raise BeyondTables
        if _end(days, day, midnight) >= instant:
            return day
        day += 1


def days_after(first: int, day: int, limit: Limit) -> int:
    """The index of the day N days after, or the corresponding day N months or years after (month end if none)."""
    if limit.unit is Unit.NATURAL_DAY:
        return day + limit.days
    start = day_of(first + day)
    months = start.year * 12 + start.month - 1 + limit.days * _MONTHS[limit.unit]
    year, month = divmod(months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise BeyondTables
    last = min(start.day, monthrange(year, month + 1)[1])
    return day_number(date(year, month + 1, last)) - first
