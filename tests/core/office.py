"""The calendars of the tests: the office of clocks.md section 9 with the State Council's days of 2023 to 2026."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from yukuaiban.core.calendarspec import CalendarDay, CalendarSpec, HoursBlock
from yukuaiban.core.workcalendar import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE_TO_HALF_PAST_FIVE = ((540, 720), (810, 1050))
HALF_PAST_EIGHT = ((510, 720), (840, 1050))
PUBLISHED = frozenset({2023, 2024, 2025, 2026})
# Dates are facts: name, kind, first and last day.
HOLIDAYS = (
    ("元旦", "off", "2022-12-31", "2023-01-02"),
    ("春节", "off", "2023-01-21", "2023-01-27"),
    ("春节", "make_up", "2023-01-28", "2023-01-29"),
    ("清明节", "off", "2023-04-05", "2023-04-05"),
    ("劳动节", "make_up", "2023-04-23", "2023-04-23"),
    ("劳动节", "off", "2023-04-29", "2023-05-03"),
    ("劳动节", "make_up", "2023-05-06", "2023-05-06"),
    ("端午节", "off", "2023-06-22", "2023-06-24"),
    ("端午节", "make_up", "2023-06-25", "2023-06-25"),
    ("中秋节、国庆节", "off", "2023-09-29", "2023-10-06"),
    ("中秋节、国庆节", "make_up", "2023-10-07", "2023-10-08"),
    ("元旦", "off", "2024-01-01", "2024-01-01"),
    ("春节", "make_up", "2024-02-04", "2024-02-04"),
    ("春节", "off", "2024-02-10", "2024-02-17"),
    ("春节", "make_up", "2024-02-18", "2024-02-18"),
    ("清明节", "off", "2024-04-04", "2024-04-06"),
    ("清明节", "make_up", "2024-04-07", "2024-04-07"),
    ("劳动节", "make_up", "2024-04-28", "2024-04-28"),
    ("劳动节", "off", "2024-05-01", "2024-05-05"),
    ("劳动节", "make_up", "2024-05-11", "2024-05-11"),
    ("端午节", "off", "2024-06-10", "2024-06-10"),
    ("中秋节", "make_up", "2024-09-14", "2024-09-14"),
    ("中秋节", "off", "2024-09-15", "2024-09-17"),
    ("国庆节", "make_up", "2024-09-29", "2024-09-29"),
    ("国庆节", "off", "2024-10-01", "2024-10-07"),
    ("国庆节", "make_up", "2024-10-12", "2024-10-12"),
    ("元旦", "off", "2025-01-01", "2025-01-01"),
    ("春节", "make_up", "2025-01-26", "2025-01-26"),
    ("春节", "off", "2025-01-28", "2025-02-04"),
    ("春节", "make_up", "2025-02-08", "2025-02-08"),
    ("清明节", "off", "2025-04-04", "2025-04-06"),
    ("劳动节", "make_up", "2025-04-27", "2025-04-27"),
    ("劳动节", "off", "2025-05-01", "2025-05-05"),
    ("端午节", "off", "2025-05-31", "2025-06-02"),
    ("国庆节、中秋节", "make_up", "2025-09-28", "2025-09-28"),
    ("国庆节、中秋节", "off", "2025-10-01", "2025-10-08"),
    ("国庆节、中秋节", "make_up", "2025-10-11", "2025-10-11"),
    ("元旦", "off", "2026-01-01", "2026-01-03"),
    ("元旦", "make_up", "2026-01-04", "2026-01-04"),
    ("春节", "make_up", "2026-02-14", "2026-02-14"),
    ("春节", "off", "2026-02-15", "2026-02-23"),
    ("春节", "make_up", "2026-02-28", "2026-02-28"),
    ("清明节", "off", "2026-04-04", "2026-04-06"),
    ("劳动节", "off", "2026-05-01", "2026-05-05"),
    ("劳动节", "make_up", "2026-05-09", "2026-05-09"),
    ("端午节", "off", "2026-06-19", "2026-06-21"),
    ("国庆节", "make_up", "2026-09-20", "2026-09-20"),
    ("中秋节", "off", "2026-09-25", "2026-09-27"),
    ("国庆节", "off", "2026-10-01", "2026-10-07"),
    ("国庆节", "make_up", "2026-10-10", "2026-10-10"),
)


def days() -> tuple[CalendarDay, ...]:
    """Every day of `HOLIDAYS`, by date."""
    found = []
    for name, kind, first, last in HOLIDAYS:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
        assert kind in ("off", "make_up")
        found += [CalendarDay(start + timedelta(days=n), kind, name) for n in range((end - start).days + 1)]
    return tuple(sorted(found))


def office_spec(
    hours: tuple[tuple[int, int], ...] = HALF_PAST_EIGHT, *, day_end: str = "closing"
) -> CalendarSpec:
    """Monday to Friday with these hours, 2023 to 2026 published."""
    block = HoursBlock(date(2023, 1, 1), (1, 2, 3, 4, 5), hours)
    return CalendarSpec("Asia/Shanghai", (block,), days(), PUBLISHED, day_end)


@cache
def office(hours: tuple[tuple[int, int], ...] = HALF_PAST_EIGHT, day_end: str = "closing") -> WorkCalendar:
    """The compiled office calendar."""
    return WorkCalendar(office_spec(hours, day_end=day_end))


def at(text: str) -> datetime:
    """A moment on the wall clock of the office."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def shown(moment: datetime | None) -> str:
    """A moment as the wall clock of the office shows it, to the minute."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if moment is not None else "-"
