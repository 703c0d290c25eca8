"""Counting backwards: when must it begin, so that so much of the clock is left (convention 7)?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yukuaiban.core.calendarspec import DayEnd
from yukuaiban.core.counting import YEARS_AHEAD, BeyondTables, between, day_at, days_after
from yukuaiban.core.grid import DayTable, Tables
from yukuaiban.core.limits import Limit, Unit
from yukuaiban.core.moments import TABLES_FROM, micros, moment_of
from yukuaiban.core.pauses import Pause, Span, united
from yukuaiban.core.workcalendar import WorkCalendar


def backward(
    moment: datetime,
    limit: Limit,
    calendar: WorkCalendar,
    *,
    pauses: Sequence[Pause] = (),
    day_end: str | None = None,
) -> datetime | None:
    """The latest moment with that much of the clock left until `moment`, pauses skipped (convention 7).

    Landing on an opening stays there. For days: the end of the day that many (working) days earlier, by `day_end`
    or else as the calendar says. None if there is not that much open time in the 20 years before.
    """
    at = micros(moment)
    for behind in YEARS_AHEAD:
        tables = calendar.tables(max(moment.year - behind, TABLES_FROM), moment.year + 1)
        spans = [
            Span(span.start, min(span.end, at))
            for span in united(pauses, int(tables.days.midnight[0]))
            if span.start < at
        ]
        if limit.unit.timed:
            found = _back_time(at, limit, tables, spans)
        else:
            midnight = (day_end or calendar.spec.day_end) == DayEnd.MIDNIGHT
            found = _back_days(at, limit, tables, spans, midnight=midnight)
        if found is not None:
            return moment_of(found)
    return None


def _back_time(at: int, limit: Limit, tables: Tables, spans: Sequence[Span]) -> int | None:
    """The latest instant with that much unpaused time before `at`, service or natural."""
    if not limit.amount:
        return at
    opening, service = tables.opening, limit.unit.service

    def reading(instant: int) -> int:
        return opening.before(instant) if service else instant

    left = reading(at) - limit.microseconds
    found = opening.left(left) if service else left
    for span in reversed(spans):
        if found is None or found >= span.end:
            break
        left -= reading(span.end) - reading(span.start)
        found = opening.left(left) if service else left
    return found


def _back_days(at: int, limit: Limit, tables: Tables, spans: Sequence[Span], *, midnight: bool) -> int | None:
    """The end of the day that many days earlier; inside a pause it waits for the end of the pause."""
    days = tables.days
    working = limit.unit is Unit.WORKDAY
    today = day_at(days, at - 1)  # 24:00 belongs to the day that is over, not to the one that begins
    place = int(days.upto[today]) - limit.days if working else _days_before(days, today, limit)
    for span in reversed(spans):
        last = day_at(days, span.end)
        if (days.upto[last] if working else last) > place:
            place -= between(tables, limit.unit, span.start, span.end)
    if place < working:
        return None
    day = int(days.workdays[place - 1]) if working else place
    end = int(days.midnight[day + 1] if midnight else days.closing[day])
    inside = next((span.end for span in spans if span.start <= end < span.end), end)
    return min(inside, at)


def _days_before(days: DayTable, day: int, limit: Limit) -> int:
    """The index of the day that many days, months or years before; negative where the table begins later."""
    try:
        return days_after(days.first, day, Limit(-limit.amount, limit.unit))
    except BeyondTables:
        return -1
