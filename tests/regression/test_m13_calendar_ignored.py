"""The calendar argument was silently unused; the same input with and without a holiday must differ."""

from __future__ import annotations

from datetime import date

import pytest

from tests.core.office import at, office, office_spec
from yukuaiban.core.backward import backward
from yukuaiban.core.calendarspec import CalendarDay, merge_year
from yukuaiban.core.clocks import due, elapsed
from yukuaiban.core.limits import Limit, Unit
from yukuaiban.core.workcalendar import WorkCalendar

OTHER = WorkCalendar(
    merge_year(office_spec(), 2026, [*office_spec().days, CalendarDay(date(2026, 3, 4), "off", "停工")])
)


@pytest.mark.parametrize("limit", ["3wd", "2d", "20sh"])
def test_a_day_off_moves_a_due(limit):
    start, text = at("2026-03-02T10:00"), Limit.parse(limit)
    assert due(start, text, OTHER).at > due(start, text, office()).at


def test_a_day_off_shortens_what_has_elapsed_and_lengthens_the_way_back():
    since, until = at("2026-03-02T10:00"), at("2026-03-06T10:00")
    for unit in (Unit.WORKDAY, Unit.SERVICE_MINUTE):
        assert elapsed(since, until, unit, OTHER) < elapsed(since, until, unit, office())
    assert backward(until, Limit.parse("20sh"), OTHER) < backward(until, Limit.parse("20sh"), office())
