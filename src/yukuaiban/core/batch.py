"""Many due moments at once, equal to `clocks.due` row by row (performance.md section 2).

Moments are int64 microseconds of UTC, amounts int64: microseconds for hours and minutes, whole numbers for days,
months and years. Every step is an array operation; arrays are worked through in pieces that stay in the cache.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from yukuaiban.core.calendarspec import DayEnd
from yukuaiban.core.coordinates import days_known, first_unpublished, forward_batch, workdays_batch
from yukuaiban.core.counting import YEARS_AHEAD, day_at
from yukuaiban.core.grid import CHUNK, DayTable, Flags, Ints, Tables
from yukuaiban.core.limits import Unit
from yukuaiban.core.moments import FIRST_YEAR, LAST_YEAR, TABLES_TO, moment_of
from yukuaiban.core.workcalendar import WorkCalendar

PauseColumns = Sequence[tuple[Ints, Ints]]
"""The first pause of every row, the second, …: united, in order; start = end where a row has no more."""

NO_MOMENT = np.iinfo(np.int64).min
_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}
_SEARCH_MONTHS = 20 * 12
_SEARCH_DAYS = 20 * 365


@dataclass(frozen=True, slots=True)
class DueBatch:
    """`at`: due moments, NO_MOMENT where there is no open time; `provisional`: an unpublished year was touched."""

    at: Ints
    provisional: Flags


def due_batch(
    starts: Ints,
    amounts: Ints,
    unit: Unit,
    calendar: WorkCalendar,
    *,
    pauses: PauseColumns = (),
    roll: bool = True,
    day_end: str | None = None,
) -> DueBatch:
    """The due moment of every row, as `clocks.due` gives it one by one.

    InputInvalid if a start lies outside the years that are counted.
    """
    ends_at = day_end or calendar.spec.day_end
    count = len(starts)
    at, provisional = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.bool_)
    first, last = _years(starts)
    pieces: Sequence[slice | Ints] = [slice(since, since + CHUNK) for since in range(0, count, CHUNK)]
    for ahead in YEARS_AHEAD:
        rule = _Rule(calendar.tables(first - 1, min(last + ahead, TABLES_TO)), unit, roll, ends_at)
        missed: list[Ints] = []
        for piece in pieces:
            columns = [(begin[piece], end[piece]) for begin, end in pauses]
            found = rule.due(starts[piece], amounts[piece], columns)
            at[piece], provisional[piece] = found.at, found.provisional
            if found.beyond.any():
                rows = np.arange(count)[piece][found.beyond]
                at[rows], provisional[rows] = NO_MOMENT, False
                missed.append(rows)
        if not missed:
            break
        pieces = missed
    return DueBatch(at, provisional)


def elapsed_batch(
    starts: Ints, ends: Ints, unit: Unit, calendar: WorkCalendar, *, pauses: PauseColumns = ()
) -> tuple[Ints, Flags]:
    """What lies between two moments of every row, and whether an unpublished year was touched.

    Microseconds, or working days and dates. Ends must not be before their starts.
    """
    counted = np.zeros(len(starts), dtype=np.int64)
    provisional = np.zeros(len(starts), dtype=np.bool_)
    if not len(starts):
        return counted, provisional
    tables = calendar.tables(_years(starts)[0] - 1, _years(ends)[1] + 1)
    for since in range(0, len(starts), CHUNK):
        rows = slice(since, since + CHUNK)
        begin, end = starts[rows], ends[rows]
        found = _between(tables, unit, begin, end)
        for pause_from, pause_to in pauses:
            from_, to = (np.clip(moment[rows], begin, end) for moment in (pause_from, pause_to))
            found -= _between(tables, unit, from_, to)
        counted[rows] = found
        if not unit.natural:
            days = tables.days
            first, last = days_known(days, begin)[0], days_known(days, end)[0]
            provisional[rows] = days.unpublished[last + 1] > days.unpublished[first]
    return counted, provisional


def _years(moments: Ints) -> tuple[int, int]:
    if not len(moments):
        return 2000, 2000
    return tuple(moment_of(int(each)).year for each in (moments.min(), moments.max()))  # type: ignore[return-value]


@dataclass(slots=True)
class _Found:
    """Where a count ends: moment, day, last day before rolling; `beyond` where the tables end before."""

    at: Ints
    day: Ints
    last: Ints
    beyond: Flags
    provisional: Flags = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))


class _Count(Protocol):
    """The array form of `counting.Count`."""

    def reach(self, shift: Ints) -> _Found: ...

    def land(self, ends: Ints) -> Ints | None: ...


@dataclass(frozen=True, slots=True)
class _Rule:
    """How limits of one unit end on one set of tables."""

    tables: Tables
    unit: Unit
    roll: bool
    day_end: str

    def due(self, starts: Ints, amounts: Ints, pauses: PauseColumns) -> _Found:
        """The due of every row, pauses in their order (`counting.reckon`)."""
        if not pauses and len(starts) and (plain := self._plain(starts, amounts)) is not None:
            return plain
        count = self._count(starts, amounts)
        shift = np.zeros(len(starts), dtype=np.int64)
        found = count.reach(shift)
        for begin, end in pauses:
            since = np.maximum(begin, starts)
            until = np.where(end > since, end, since)
            hit = (until > since) & (found.at > since) & ~found.beyond
            if not hit.any():
                continue
            beyond = found.beyond | (hit & (until >= self.tables.days.midnight[-1]))
            hit &= ~beyond
            shift[hit] += _between(self.tables, self.unit, since[hit], until[hit])
            found = count.reach(shift)
            inside = hit & (since < found.at) & (found.at < until)
            if inside.any() and (landing := count.land(np.where(inside, until, starts))) is not None:
                shift[inside] = landing[inside]
                found = count.reach(shift)
            found.beyond |= beyond
        self._bound(starts, found)
        return found

    def _plain(self, starts: Ints, amounts: Ints) -> _Found | None:
        """The dues by the bare coordinate; None if any row needs care.

        Care is for an amount of zero, an end beyond the tables or 20 years on, and a start in an unpublished year.
        """
        days, opening = self.tables.days, self.tables.opening
        if not self._by_days or self.day_end == DayEnd.MIDNIGHT or amounts.min() <= 0:
            return None
        begin, latest, most = int(starts.min()), int(starts.max()), int(amounts.max())
        if self.unit.service:
            if opening.before(latest) + most > opening.total:
                return None
            found = forward_batch(starts, amounts, self.tables)
        else:
            if days.upto[day_at(days, latest)] + most > len(days.workdays):
                return None
            found = workdays_batch(starts, amounts, self.tables)
        first, last = day_at(days, begin), min(day_at(days, int(found.max()) - 1) + 1, len(days))
        edge = first_unpublished(days, first)
        if last - first >= _SEARCH_DAYS or latest >= edge:
            return None
        none = np.zeros(len(starts), dtype=np.bool_)
        # What ends at midnight ends on the day that is over.
        return _Found(found, found, found, none, found > edge)

    def _count(self, starts: Ints, amounts: Ints) -> _Count:
        if self.unit.natural:
            return _Natural(self.tables.days, starts, amounts)
        if self.unit.service:
            return _Service(self.tables, starts, amounts)
        midnight = self.day_end == DayEnd.MIDNIGHT
        if self.unit is Unit.WORKDAY:
            return _Workdays(self.tables.days, starts, amounts, midnight)
        return _Dates(self.tables.days, starts, amounts, _MONTHS.get(self.unit), midnight, self.roll)

    def _bound(self, starts: Ints, found: _Found) -> None:
        """Mark results more than 20 years on, and those that rest on unpublished years."""
        days = self.tables.days
        today = days_known(days, starts)[0]
        far = np.flatnonzero(found.day - today >= _SEARCH_DAYS)
        if len(far):
            latest = _months_after(days, today[far], np.full(len(far), _SEARCH_MONTHS))
            found.beyond[far] |= found.day[far] > latest
        if self.unit.natural or (not self._by_days and not self.roll and self.day_end == DayEnd.MIDNIGHT):
            found.provisional = np.zeros(len(starts), dtype=np.bool_)
        else:
            first = today if self._by_days else found.last
            found.provisional = days.unpublished.take(found.day + 1) > days.unpublished.take(first)

    @property
    def _by_days(self) -> bool:
        return self.unit.service or self.unit is Unit.WORKDAY


@dataclass(slots=True)
class _Natural:
    days: DayTable
    starts: Ints
    amounts: Ints

    def reach(self, shift: Ints) -> _Found:
        at = self.starts + self.amounts + shift
        day, beyond = days_known(self.days, at)
        return _Found(at, day, day, beyond)

    def land(self, ends: Ints) -> None:
        """Never needed: the end of natural time lies behind every pause."""


@dataclass(slots=True)
class _Service:
    tables: Tables
    starts: Ints
    amounts: Ints
    base: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.base = self.tables.opening.before_many(self.starts)

    def reach(self, shift: Ints) -> _Found:
        opening = self.tables.opening
        wanted = self.amounts + shift
        marks = self.base + wanted
        none = wanted == 0
        beyond = (marks > opening.total) & ~none
        if opening.total:
            at = opening.reached_many(np.clip(marks, 1, opening.total))
            at = np.where(none, self.starts, at)
        else:
            at = self.starts
        day, _ = days_known(self.tables.days, at - ~none)
        return _Found(at, day, day, beyond)

    def land(self, ends: Ints) -> None:
        """Never needed: the end of service time lies behind every pause."""


@dataclass(slots=True)
class _Workdays:
    days: DayTable
    starts: Ints
    amounts: Ints
    midnight: bool
    base: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.base = self.days.upto.take(days_known(self.days, self.starts)[0])
        same_day = np.flatnonzero(self.amounts == 0)
        if len(same_day):
            day = _first_end(self.days, self.starts[same_day], self.midnight, roll=True)
            # Beyond the tables: a number that no working day has.
            known = np.append(self.days.upto, len(self.days.workdays) + 1)
            self.base[same_day] = known[day]

    def reach(self, shift: Ints) -> _Found:
        workdays = self.days.workdays
        number = self.base + self.amounts + shift
        beyond = number > len(workdays)
        padded = workdays if len(workdays) else np.zeros(1, dtype=np.int64)
        day = padded.take(number - 1, mode="clip")
        return _Found(_ends(self.days, day, self.midnight), day, day, beyond)

    def land(self, ends: Ints) -> Ints:
        known = np.append(self.days.upto, len(self.days.workdays) + 1)
        return known[_first_end(self.days, ends, self.midnight, roll=True)] - self.base - self.amounts


@dataclass(slots=True)
class _Dates:
    days: DayTable
    starts: Ints
    amounts: Ints
    months: int | None
    midnight: bool
    roll: bool
    last: Ints = field(init=False)

    def __post_init__(self) -> None:
        today = days_known(self.days, self.starts)[0]
        if self.months is None:
            self.last = today + self.amounts
        else:
            self.last = _months_after(self.days, today, self.amounts * self.months)
        none = self.amounts == 0
        if none.any():
            ends = _first_end(self.days, self.starts, self.midnight, roll=self.roll)
            self.last = np.where(none, ends, self.last)

    def reach(self, shift: Ints) -> _Found:
        last = self.last + shift
        count = len(self.days)
        inside = np.minimum(last, count - 1)
        day = self.days.rolled.take(inside) if self.roll else inside
        beyond = (last >= count) | (day >= count)
        day = np.minimum(day, count - 1)
        return _Found(_ends(self.days, day, self.midnight), day, inside, beyond)

    def land(self, ends: Ints) -> Ints:
        return _first_end(self.days, ends, self.midnight, roll=True) - self.last


def _between(tables: Tables, unit: Unit, starts: Ints, ends: Ints) -> Ints:
    """The array form of `counting.between`."""
    if unit.natural:
        return ends - starts
    if unit.service:
        return tables.opening.before_many(ends) - tables.opening.before_many(starts)
    since, until = days_known(tables.days, starts)[0], days_known(tables.days, ends)[0]
    return tables.days.upto[until] - tables.days.upto[since] if unit is Unit.WORKDAY else until - since


def _ends(days: DayTable, day: Ints, midnight: bool) -> Ints:  # noqa: FBT001 - closing or midnight
    return days.midnight.take(day + 1) if midnight else days.closing.take(day)


def _first_end(days: DayTable, instants: Ints, midnight: bool, *, roll: bool) -> Ints:  # noqa: FBT001
    """The first (working) day whose end is not before the instant; the length of the table if there is none."""
    count = len(days)
    rolled = np.append(days.rolled, count)
    day = days_known(days, instants)[0]
    day = rolled[day] if roll else day
    while (early := (day < count) & (_ends(days, np.minimum(day, count - 1), midnight) < instants)).any():
        day = day + early
        day = rolled[day] if roll else day
    return day


def _months_after(days: DayTable, day: Ints, months: Ints) -> Ints:
    """The index of the corresponding day so many months later, or of the month's end if it has none."""
    most = (LAST_YEAR - FIRST_YEAR) * 12
    date = (day + days.first).astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    in_month = (date - month.astype("datetime64[D]")).astype(np.int64)
    target = month + np.minimum(months, most).astype("timedelta64[M]")
    start = target.astype("datetime64[D]").astype(np.int64)
    length = (target + 1).astype("datetime64[D]").astype(np.int64) - start
    found: Ints = start + np.minimum(in_month, length - 1) - days.first
    return found
