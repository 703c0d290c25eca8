"""Only one opening period a day was known; any number of intervals is."""

from __future__ import annotations

from datetime import date

from tests.core.office import at, shown
from yukuaiban.core.calendarspec import CalendarSpec, HoursBlock
from yukuaiban.core.clocks import due
from yukuaiban.core.limits import Limit
from yukuaiban.core.workcalendar import WorkCalendar

FOUR = ((480, 540), (600, 660), (720, 780), (840, 900))
CALENDAR = WorkCalendar(CalendarSpec("Asia/Shanghai", (HoursBlock(date(2020, 1, 1), (1, 2, 3, 4, 5), FOUR),)))


def test_each_gap_of_the_day_is_left_out():
    limits = ("30sm", "60sm", "61sm", "150sm", "4sh", "241sm")
    ends = [shown(due(at("2026-03-02T07:00"), Limit.parse(limit), CALENDAR).at) for limit in limits]
    assert ends == [
        "2026-03-02 08:30",
        "2026-03-02 09:00",
        "2026-03-02 10:01",
        "2026-03-02 12:30",
        "2026-03-02 15:00",
        "2026-03-03 08:01",
    ]
