"""A pause was counted in natural time and the limit in working time; consumed + paused + remaining is the limit."""

from __future__ import annotations

import pytest

from tests.core.office import at, office, shown
from yukuaiban.core.clocks import due, elapsed, remaining
from yukuaiban.core.limits import Limit, Unit
from yukuaiban.core.pauses import Pause

WEEKEND = Pause(at("2026-03-06T17:30"), at("2026-03-09T08:30"))
FRIDAY_TO_TUESDAY = Pause(at("2026-03-06T16:30"), at("2026-03-10T09:30"))


@pytest.mark.parametrize(
    ("limit", "pause", "end"),
    [
        ("40sh", WEEKEND, "2026-03-09 17:00"),
        ("40sh", FRIDAY_TO_TUESDAY, "2026-03-11 10:00"),
        ("10wd", WEEKEND, "2026-03-17 17:30"),
        ("10wd", FRIDAY_TO_TUESDAY, "2026-03-18 17:30"),
    ],
)
def test_a_weekend_in_a_pause_adds_nothing(limit, pause, end):
    start, given, calendar = at("2026-03-02T10:00"), Limit.parse(limit), office()
    found = due(start, given, calendar, pauses=[pause]).at
    unit = Unit.SERVICE_HOUR if given.unit is Unit.SERVICE_HOUR else Unit.WORKDAY
    now = at("2026-03-09T08:00")
    consumed = elapsed(start, now, unit, calendar, pauses=[pause])
    left = remaining(now, found, unit, calendar, pauses=[pause])
    assert consumed + left == given.amount
    assert shown(found) == end
