"""A week without Monday counted no days, and lunch breaks broke the due; every pattern of a week counts."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import pytest

from tests.core.office import SHANGHAI, at
from yukuaiban.core.calendarspec import CalendarSpec, HoursBlock
from yukuaiban.core.clocks import due, elapsed
from yukuaiban.core.limits import Limit, Unit
from yukuaiban.core.workcalendar import WorkCalendar

WEEKS = [days for size in range(1, 8) for days in combinations(range(1, 8), size)]


@pytest.mark.parametrize(
    "pieces", [((540, 1020),), ((510, 720), (840, 1050)), ((0, 1), (719, 721), (1439, 1440))]
)
def test_all_127_weeks(pieces):
    assert len(WEEKS) == 127
    start = at("2026-03-04T12:00")
    for week in WEEKS:
        calendar = WorkCalendar(CalendarSpec("Asia/Shanghai", (HoursBlock(date(2020, 1, 1), week, pieces),)))
        day = date(2026, 3, 4)
        for _ in range(10):
            day += timedelta(days=1)
            while day.isoweekday() not in week:
                day += timedelta(days=1)
        found = due(start, Limit.parse("10wd"), calendar, explain=False)
        assert found.due_on == day
        assert elapsed(start, found.at, Unit.WORKDAY, calendar) >= 10 - (
            found.at.astimezone(SHANGHAI).date() > day
        )
