"""Generated weeks, holidays, limits and pauses, as a calendar of the core and as the oracle's, from one draw.

Eight kinds of week: split days, touching pieces, odd minutes, a short Friday, a hall on seven days, a hall through
midnight, summer and winter hours, and a zone that changes its clocks.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.core.oracle import Oracle, Timetable
from yukuaiban.core.calendarspec import CalendarDay, CalendarSpec, HoursBlock
from yukuaiban.core.workcalendar import WorkCalendar

Pieces = tuple[tuple[int, int], ...]
MINUTE = timedelta(minutes=1)
FIRST, LAST = date(2023, 9, 1), date(2025, 3, 31)
SPLIT: Pieces = ((510, 720), (840, 1050))
THREE: Pieces = ((480, 600), (630, 727), (841, 1080))
ODD: Pieces = ((541, 718), (809, 1051))
SHORT: Pieces = ((510, 720),)
LONG: Pieces = ((540, 1320),)
NIGHT: Pieces = ((0, 120), (1200, 1440))
FIVE, SEVEN = (1, 2, 3, 4, 5), (1, 2, 3, 4, 5, 6, 7)
# name -> (zone, blocks of (from, to, weekdays, pieces)); blocks with the same dates are one timetable
WEEKS: dict[str, tuple[str, tuple[tuple[date, date | None, tuple[int, ...], Pieces], ...]]] = {
    "split": ("Asia/Shanghai", ((FIRST, None, FIVE, SPLIT),)),
    "three pieces": ("Asia/Shanghai", ((FIRST, None, FIVE, THREE),)),
    "odd minutes": ("Asia/Shanghai", ((FIRST, None, (2, 3, 4, 6, 7), ODD),)),
    "short Friday": ("Asia/Shanghai", ((FIRST, None, (1, 2, 3, 4), SPLIT), (FIRST, None, (5,), SHORT))),
    "seven days": ("Asia/Shanghai", ((FIRST, None, SEVEN, LONG),)),
    "through midnight": ("Asia/Shanghai", ((FIRST, None, SEVEN, NIGHT),)),
    "seasons": (
        "Asia/Shanghai",
        (
            (FIRST, None, FIVE, SPLIT),
            (date(2024, 5, 6), date(2024, 9, 29), FIVE, ((480, 690), (870, 1080))),
            (date(2024, 8, 1), date(2024, 8, 20), (1, 3, 5), SHORT),
        ),
    ),
    "New York": ("America/New_York", ((FIRST, None, SEVEN, ((60, 200), (540, 1050))),)),
}


@dataclass(frozen=True)
class Pair:
    """One calendar twice: compiled by the core, and walked by the oracle."""

    calendar: WorkCalendar
    oracle: Oracle


def pair(week: str, seed: int, *, midnight: bool = False, published: tuple[int, ...] = (2023, 2024)) -> Pair:
    """The week with days off and make-up days drawn from the seed."""
    zone, blocks = WEEKS[week]
    dice = random.Random(seed)
    span = (LAST - FIRST).days
    drawn = [FIRST + timedelta(days=dice.randrange(span)) for _ in range(dice.randrange(60))]
    drawn += [drawn[0] + timedelta(days=n) for n in range(dice.randrange(9))] if drawn else []
    kinds = {day: dice.choice(("off", "off", "make_up")) for day in drawn}
    days = tuple(CalendarDay(day, kinds[day], f"假{day.day}") for day in sorted(kinds))  # type: ignore[arg-type]
    spec = CalendarSpec(
        zone,
        tuple(HoursBlock(since, weekdays, pieces, until) for since, until, weekdays, pieces in blocks),
        days,
        frozenset(published),
        "midnight" if midnight else "closing",
    )
    tables: dict[tuple[date, date | None], Timetable] = {}
    for since, until, weekdays, pieces in blocks:
        table = tables.setdefault((since, until), Timetable(since, until, {}, list(pieces)))
        table.weekdays |= {weekday: list(pieces) for weekday in weekdays}
    oracle = Oracle(
        ZoneInfo(zone),
        list(tables.values()),
        {day for day, kind in kinds.items() if kind == "off"},
        {day for day, kind in kinds.items() if kind == "make_up"},
        set(published),
        midnight,
    )
    return Pair(WorkCalendar(spec), oracle)


def moment(minutes: int) -> datetime:
    """So many minutes after the beginning of 2024 in UTC."""
    return datetime(2024, 1, 1, tzinfo=UTC) + minutes * MINUTE
