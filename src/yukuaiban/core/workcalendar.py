"""The working calendar: which days work, when they are open, and how much open time lies between two moments."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from yukuaiban.core.calendarfile import CalendarInvalid, dump_calendar, parse_calendar
from yukuaiban.core.calendarspec import (
    CalendarDay,
    CalendarSpec,
    DayEnd,
    Difference,
    HoursBlock,
    difference,
    merge_year,
)
from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.core.grid import Tables, compile_tables
from yukuaiban.core.moments import (
    EPOCH,
    FIRST_YEAR,
    LAST_YEAR,
    SECOND,
    TABLES_FROM,
    TABLES_TO,
    day_number,
    day_of,
    micros,
    moment_of,
)

__all__ = [
    "CalendarDay",
    "CalendarInvalid",
    "CalendarSpec",
    "DayEnd",
    "Difference",
    "HoursBlock",
    "WorkCalendar",
    "difference",
    "dump_calendar",
    "merge_year",
    "parse_calendar",
]

_VERSION_LENGTH = 12


class WorkCalendar:
    """One immutable version of a calendar. Its arrays are compiled when first needed and widened by whole years."""

    def __init__(self, spec: CalendarSpec, *, version: str | None = None) -> None:
        self.spec = spec
        self.zone = ZoneInfo(spec.timezone)
        self.version = version or version_of(spec)
        self._named = {day.on: day for day in spec.days}
        self._tables: Tables | None = None

    def __repr__(self) -> str:
        return f"WorkCalendar({self.spec.timezone}, {self.version})"

    def tables(self, first_year: int, last_year: int) -> Tables:
        """The compiled arrays, covering at least these years. InputInvalid for years nobody counts in."""
        held = self._tables
        if held is not None and held.first_year <= first_year and last_year <= held.last_year:
            return held
        if first_year < TABLES_FROM or last_year > TABLES_TO:
            span = f"{FIRST_YEAR + 1} 至 {LAST_YEAR - 1}"
            raise InputInvalid(Problem(f"年份不在 {span} 之间", "请核对时间的年份"))
        if held is not None:
            first_year, last_year = min(first_year, held.first_year), max(last_year, held.last_year)
        self._tables = compile_tables(self.spec, self.zone, first_year, last_year)
        return self._tables

    def is_workday(self, day: date) -> bool:
        """Whether the day has any open time."""
        tables, at = self._at(day)
        return bool(tables.days.working[at])

    def intervals(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The open intervals of the day, in order, in UTC."""
        return tuple((moment_of(since), moment_of(until)) for since, until in self.open_instants(day))

    def open_instants(self, day: date) -> Iterator[tuple[int, int]]:
        """The open intervals of the day in microseconds; one that goes on over midnight is cut there."""
        tables, at = self._at(day)
        start, end = int(tables.days.midnight[at]), int(tables.days.midnight[at + 1])
        opening = tables.opening
        slot = int(opening.closes.searchsorted(start, side="right"))
        while slot < len(opening.opens) and opening.opens[slot] < end:
            yield max(int(opening.opens[slot]), start), min(int(opening.closes[slot]), end)
            slot += 1

    def start_of(self, day: date) -> datetime:
        """The moment at which the local day begins, in UTC."""
        tables, at = self._at(day)
        return moment_of(int(tables.days.midnight[at]))

    def closing(self, day: date) -> datetime:
        """The last closing time of the day; a rest day closes at 24:00."""
        tables, at = self._at(day)
        return moment_of(int(tables.days.closing[at]))

    def next_workday(self, day: date) -> date | None:
        """The first working day not before `day`; None if there is none within the years that are counted."""
        for ahead in (1, 20):
            tables = self.tables(day.year - 1, min(day.year + ahead, TABLES_TO))
            at = int(tables.days.rolled[day_number(day) - tables.days.first])
            if at < len(tables.days):
                return day_of(at + tables.days.first)
        return None

    def day(self, moment: datetime) -> date:
        """The local date of a moment."""
        return moment.astimezone(self.zone).date()

    def open_microseconds(self, start: datetime, end: datetime) -> int:
        """Open time between two moments, in microseconds."""
        tables = self.tables(start.year - 1, end.year + 1)
        return tables.opening.before(micros(end)) - tables.opening.before(micros(start))

    def after(self, start: datetime, length: int) -> datetime | None:
        """The earliest moment with `length` microseconds (> 0) of open time between `start` and it.

        None if it lies beyond the compiled years, which reach two years behind the start at least.
        """
        held, year = self._tables, start.year
        if held is None or year <= held.first_year or year + 2 > held.last_year:
            held = self.tables(year - 1, year + 2)
        opening = held.opening
        found = opening.reached(opening.before(micros(start)) + length)
        return None if found is None else EPOCH + timedelta(0, 0, found)

    def open_seconds(self, start: datetime, end: datetime) -> int:
        """Open time between two moments, in whole seconds."""
        return self.open_microseconds(start, end) // SECOND

    def published(self, day: date) -> bool:
        """Whether the calendar of that day's year is complete."""
        return day.year in self.spec.published

    def named(self, day: date) -> CalendarDay | None:
        """What a notice says about the day: off or make-up work, with its name; None for an ordinary day."""
        return self._named.get(day)

    def _at(self, day: date) -> tuple[Tables, int]:
        tables = self.tables(day.year - 1, day.year + 1)
        return tables, day_number(day) - tables.days.first


def version_of(spec: CalendarSpec) -> str:
    """A short fingerprint of what the calendar says, the same wherever it is written the same way."""
    return hashlib.sha256(dump_calendar(spec).encode()).hexdigest()[:_VERSION_LENGTH]
