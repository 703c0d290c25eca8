"""The office calendar of the shipped district: for us, for the oracle, and for the peer as far as it can hold it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
from workclock import Break, Holidays, Schedule, WorkDay

from tests.core.oracle import Oracle, Timetable
from yukuaiban.core.moments import SECOND, micros
from yukuaiban.core.workcalendar import WorkCalendar, parse_calendar
from yukuaiban.site.home import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterable

ZONE = "Asia/Shanghai"
FILE = PROJECT / "districts" / "ganyu" / "calendars" / "office.toml"
FIRST, LAST = date(2022, 1, 1), date(2028, 12, 31)
START, END = datetime(2023, 2, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
# Up to 20 working days of 7 hours: the usual statutory limit.
MOST_MINUTES, MOST_DAYS = 20 * 7 * 60, 60


@cache
def office() -> WorkCalendar:
    """08:30-12:00 and 14:00-17:30 with the published days of 2023 to 2026."""
    return WorkCalendar(parse_calendar(FILE.read_text(encoding="utf-8"), file=FILE.name))


@cache
def plain_office() -> WorkCalendar:
    """The same without make-up days: what people can tell the peer directly."""
    spec = office().spec
    return WorkCalendar(replace(spec, days=tuple(day for day in spec.days if day.kind == "off")))


def peer(calendar: WorkCalendar) -> Schedule:
    """Workclock for a calendar: Monday to Friday and the holidays.

    It knows no make-up days. Where there are any it is told that all seven weekdays work, and every single rest
    day; that is right, and slower.
    """
    made_up = any(day.kind == "make_up" for day in calendar.spec.days)
    closed = [day for day in rest_days(calendar) if made_up or day.weekday() < 5]
    hours = WorkDay(time(8, 30), time(17, 30), days=range(7 if made_up else 5))
    lunch = Break(time(12), time(14), days=range(7))
    return Schedule([hours, lunch, Holidays(closed)], time_zone=ZONE)


def rest_days(calendar: WorkCalendar) -> list[date]:
    """Every day of the span on which the office is closed."""
    days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    return [day for day in days if not calendar.is_workday(day)]


def oracle(calendar: WorkCalendar) -> Oracle:
    """The minute-by-minute second implementation of the tests, told the same days."""
    (block,) = calendar.spec.hours
    hours = list(block.open)
    week = dict.fromkeys(block.weekdays, hours)
    days: Iterable[Any] = calendar.spec.days
    kinds = {kind: {day.on for day in days if day.kind == kind} for kind in ("off", "make_up")}
    return Oracle(ZoneInfo(ZONE), [Timetable(block.since, None, week, hours)], kinds["off"], kinds["make_up"])


def random_starts(count: int, seed: int) -> Any:
    """That many moments over the published years, whole minutes, as microseconds."""
    first, last = micros(START) // SECOND // 60, micros(END) // SECOND // 60
    return np.random.default_rng(seed).integers(first, last, count) * 60 * SECOND
