"""Due moments, elapsed and remaining time, exact and explained (clocks.md).

A due moment is a function of start, limit, pauses, extensions and calendar version. Nothing is counted down, so
nothing can be lost or doubled on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import add

from yukuaiban.core.calendarspec import DayEnd
from yukuaiban.core.counting import (
    YEARS_AHEAD,
    BeyondTables,
    Reckoning,
    between,
    count_of,
    day_at,
    days_after,
    reckon,
)
from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.core.explain import explain as explain_steps
from yukuaiban.core.explain import unreachable
from yukuaiban.core.grid import Tables
from yukuaiban.core.limits import Limit, LimitRow, Unit
from yukuaiban.core.moments import HOUR, MINUTE, TABLES_TO, day_of, local, micros, moment_of
from yukuaiban.core.pauses import Pause, Span, united
from yukuaiban.core.scene import Terms, step
from yukuaiban.core.steps import Step, render
from yukuaiban.core.workcalendar import WorkCalendar

__all__ = [
    "FIXED",
    "NO_OPEN_TIME",
    "Due",
    "Pause",
    "Step",
    "due",
    "elapsed",
    "fixed_due",
    "protect",
    "remaining",
    "render",
]

NO_OPEN_TIME = "no_open_time"
FIXED = "fixed"
"""The limit version of a due moment that was set by hand."""
SEARCH_YEARS = Limit(Decimal(20), Unit.YEAR)
_LENGTHS = {Unit.HOUR: HOUR, Unit.SERVICE_HOUR: HOUR, Unit.MINUTE: MINUTE, Unit.SERVICE_MINUTE: MINUTE}
_TEN_PLACES = Decimal("1e-10")


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends, and why.

    `at` is in UTC, `due_on` the local date it belongs to (with an end at midnight the date that is over then).
    `at` is None when nothing can be computed; `error` then says why. `expected` (预计): an open pause counts to its
    planned end. `provisional` (暂定): a year whose calendar is not published was touched.
    """

    at: datetime | None
    due_on: date | None
    provisional: bool
    expected: bool
    calendar_version: str
    limit_version: str
    steps: tuple[Step, ...] = ()
    error: str | None = None


def due(
    start: datetime,
    limit: Limit,
    calendar: WorkCalendar,
    *,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Limit] = (),
    row: LimitRow | None = None,
    explain: bool = True,
) -> Due:
    """The due moment of a limit that starts at `start`, with the steps of the sum unless `explain` is off.

    `row` gives roll, end of day and version. Extensions are added to the limit and the whole is counted anew.
    InputInvalid for a pause that ends before it begins, an extension in another unit, or a naive start.
    """
    begun = micros(start)
    whole = reduce(add, extensions, limit)
    terms = Terms(
        start=begun,
        limit=limit,
        whole=whole,
        extensions=tuple(extensions),
        roll=row.roll if row is not None else True,
        day_end=(row.ends if row is not None and row.ends else calendar.spec.day_end),
    )
    version = row.version if row is not None else str(limit)
    found = _reckoned(terms, calendar, united(pauses, begun))
    if found is None:
        steps = unreachable(terms, calendar) if explain else ()
        return Due(
            at=None,
            due_on=None,
            provisional=False,
            expected=False,
            calendar_version=calendar.version,
            limit_version=version,
            steps=steps,
            error=NO_OPEN_TIME,
        )
    tables, reckoning = found
    years = _unpublished(terms, tables, reckoning, calendar)
    return Due(
        at=moment_of(reckoning.reached.at),
        due_on=day_of(tables.days.first + reckoning.reached.day),
        provisional=bool(years),
        expected=any(shift.span.expected for shift in reckoning.shifts),
        calendar_version=calendar.version,
        limit_version=version,
        steps=explain_steps(terms, calendar, tables, reckoning, years) if explain else (),
    )


def _reckoned(terms: Terms, calendar: WorkCalendar, spans: Sequence[Span]) -> tuple[Tables, Reckoning] | None:
    """The tables that were wide enough and the end of the limit; None if there is no end within 20 years."""
    year = moment_of(terms.start).year
    for ahead in YEARS_AHEAD:
        tables = calendar.tables(year - 1, min(year + ahead, TABLES_TO))
        try:
            count = count_of(tables, terms.start, terms.whole, roll=terms.roll, day_end=terms.day_end)
            reckoning = reckon(tables, terms.whole.unit, count, spans)
        except BeyondTables:
            continue
        today = day_at(tables.days, terms.start)
        latest = days_after(tables.days.first, today, SEARCH_YEARS)
        return (tables, reckoning) if reckoning.reached.day <= latest else None
    return None


def _unpublished(
    terms: Terms, tables: Tables, reckoning: Reckoning, calendar: WorkCalendar
) -> tuple[int, ...]:
    """The years without a published calendar that the result rests on."""
    days, reached = tables.days, reckoning.reached
    if terms.whole.unit.natural:
        return ()
    by_days = terms.whole.unit.service or terms.whole.unit is Unit.WORKDAY
    if not by_days and not terms.roll and terms.day_end == DayEnd.MIDNIGHT:
        return ()
    first = day_at(days, terms.start) if by_days else reached.last
    if days.unpublished[reached.day + 1] == days.unpublished[first]:
        return ()
    years = range(day_of(days.first + first).year, day_of(days.first + reached.day).year + 1)
    return tuple(year for year in years if year not in calendar.spec.published)


def fixed_due(at: datetime, calendar: WorkCalendar) -> Due:
    """A deadline set by hand (convention 13): takes no pause, extension or calendar, so nothing can move it."""
    shown = local(at, calendar.zone)
    return Due(
        at=moment_of(micros(at)),
        due_on=shown.date(),
        provisional=False,
        expected=False,
        calendar_version=calendar.version,
        limit_version=FIXED,
        steps=(step("final", "fixed", shown, shown),),
    )


def protect(old: Due, new: Due, calendar: WorkCalendar) -> Due:
    """What holds for a running clock when a new calendar version gives another due: the later of both.

    Whoever was in time on the old calendar stays in time (clocks.md section 5, no retroactive red).
    """
    if old.at is None or (new.at is not None and new.at >= old.at):
        return new
    shown = local(old.at, calendar.zone)
    given = local(new.at, calendar.zone).strftime("%Y-%m-%d %H:%M") if new.at is not None else "—"
    note = step("protected", "protected", shown, shown, facts={"new": given})
    return replace(old, steps=(*old.steps, note))


def elapsed(
    start: datetime, end: datetime, unit: Unit, calendar: WorkCalendar, *, pauses: Sequence[Pause] = ()
) -> Decimal | int:
    """How much of `unit` lies between two moments, pauses taken off.

    `m`, `h`: real time; `sm`, `sh`: open time (a decimal number); `wd`: working days in (date of start, date of
    end]; `d`: dates after that of the start. InputInvalid if the end is before the start or the unit is months.
    """
    since, until = micros(start), micros(end)
    if until < since:
        why = f"结束 {end.isoformat()} 早于开始 {start.isoformat()}"
        raise InputInvalid(Problem(why, "请核对两个时间的先后", field="end"))
    if unit in (Unit.MONTH, Unit.YEAR):
        raise InputInvalid(
            Problem(f"不能按{unit.title}计算经过的时间", "请用 m、h、sm、sh、wd 或 d", field="unit")
        )
    tables = calendar.tables(start.year - 1, end.year + 1)
    spans = [span for span in united(pauses, since) if span.start < until]
    paused = sum(between(tables, unit, span.start, min(span.end, until)) for span in spans)
    counted = between(tables, unit, since, until) - paused
    return counted if unit not in _LENGTHS else in_unit(counted, unit)


def in_unit(length: int, unit: Unit) -> Decimal:
    """Microseconds as hours or minutes, to ten places, without trailing zeros."""
    exact = Decimal(length) / _LENGTHS[unit]
    whole = exact.to_integral_value()
    return whole if whole == exact else exact.quantize(_TEN_PLACES).normalize()


def remaining(
    now: datetime, due_at: datetime, unit: Unit, calendar: WorkCalendar, *, pauses: Sequence[Pause] = ()
) -> Decimal | int:
    """What is left until the due, on the same clock; negative once it is over."""
    if now <= due_at:
        return elapsed(now, due_at, unit, calendar, pauses=pauses)
    return -elapsed(due_at, now, unit, calendar, pauses=pauses)
