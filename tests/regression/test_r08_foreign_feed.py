"""A subscribed holiday feed moved deadlines by night; a calendar is a local version that a second person confirms."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cast import Office
from yukuaiban.cases import calendars, versions
from yukuaiban.core.calendarspec import CalendarDay
from yukuaiban.core.errors import NotPermitted


@pytest.mark.django_db
def test_a_draft_moves_nothing_until_another_person_confirms_it():
    office = Office()
    case = office.in_review()
    named = [day for day in versions.current_calendar().spec.days if day.on.year == 2026]
    days = [*named, CalendarDay(date(2026, 3, 10), "off", "停工")]
    found = calendars.preview(2026, days)
    assert {each.clock for each in found.deadlines} == {"committed", "statutory"}
    drafts = calendars.propose(found, papers=["文件"], subject=office.rules, pen=office.pen)
    office.tick("2026-03-03T09:00")
    assert office.due(case) == "2026-03-16T17:30"
    with pytest.raises(NotPermitted):
        calendars.confirm(drafts, subject=office.rules, pen=office.pen)
    calendars.confirm(drafts, subject=office.publisher, pen=office.pen)
    assert office.due(case) == "2026-03-17T17:30"
