"""Dates slipped by the UTC offset; moments are stored in UTC and dates are those of the calendar."""

from __future__ import annotations

from datetime import date

import pytest

from tests.core.office import office
from yukuaiban.core.clocks import due
from yukuaiban.core.errors import InputInvalid
from yukuaiban.core.limits import Limit
from yukuaiban.core.moments import micros, parse_moment, written


@pytest.mark.parametrize(
    ("start", "first"),
    [
        ("2026-03-02T23:30+08:00", date(2026, 3, 3)),
        ("2026-03-02T15:30Z", date(2026, 3, 3)),
        ("2026-03-02T16:00Z", date(2026, 3, 4)),
        ("2026-03-02T10:30-05:00", date(2026, 3, 3)),
        ("2026-03-03T00:00", date(2026, 3, 4)),
    ],
)
def test_the_date_of_a_moment_is_that_of_the_calendar(start, first):
    calendar = office()
    found = due(parse_moment(start, calendar.zone), Limit.parse("1wd"), calendar)
    assert found.due_on == first
    assert found.at.utcoffset().total_seconds() == 0
    assert written(found.at, calendar.zone) == f"{first}T17:30:00+08:00"


def test_a_time_without_a_zone_is_refused():
    naive = parse_moment("2026-03-02T10:00", office().zone).replace(tzinfo=None)
    with pytest.raises(InputInvalid, match="没有时区"):
        micros(naive)
