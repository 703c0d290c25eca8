"""Tasks doubled, stopped at a change of clocks or came 8 hours early; closing times are those of each local day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from yukuaiban.core.calendarspec import CalendarSpec, HoursBlock
from yukuaiban.core.clocks import due, elapsed
from yukuaiban.core.errors import InputInvalid
from yukuaiban.core.limits import Limit, Unit
from yukuaiban.core.workcalendar import WorkCalendar

ZONES = ("America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Santiago", "Asia/Shanghai")


@pytest.mark.parametrize("zone", ZONES)
def test_every_day_of_the_year_ends_at_its_own_closing(zone):
    there = ZoneInfo(zone)
    calendar = WorkCalendar(
        CalendarSpec(zone, (HoursBlock(date(2020, 1, 1), (1, 2, 3, 4, 5, 6, 7), ((0, 300), (540, 1050))),))
    )
    for number in range(366):
        day = date(2024, 1, 1) + timedelta(days=number)
        start = datetime.combine(day, datetime.min.time().replace(hour=12), there).astimezone(UTC)
        found = due(start, Limit.parse("1wd"), calendar, explain=False)
        shown = found.at.astimezone(there)
        assert (shown.date(), f"{shown:%H:%M}") == (day + timedelta(days=1), "17:30")
        assert elapsed(start, found.at, Unit.WORKDAY, calendar) == 1


def test_a_bare_local_time_is_refused():
    calendar = WorkCalendar(CalendarSpec("Asia/Shanghai", (HoursBlock(date(2020, 1, 1), (1,), ((0, 300),)),)))
    with pytest.raises(InputInvalid, match="没有时区"):
        due(datetime(2026, 3, 2, 10), Limit.parse("1wd"), calendar)
