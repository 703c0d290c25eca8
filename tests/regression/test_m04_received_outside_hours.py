"""A receipt at night, on a rest or make-up day or New Year's Eve shifted the count; day 1 is the next working day."""

from __future__ import annotations

import pytest

from tests.core.office import at, office, shown
from yukuaiban.core.clocks import due
from yukuaiban.core.limits import Limit


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-05T21:00", "2026-03-06 17:30"),
        ("2026-03-06T10:00", "2026-03-09 17:30"),
        ("2026-03-07T10:00", "2026-03-09 17:30"),
        ("2026-03-08T23:59", "2026-03-09 17:30"),
        ("2026-02-13T21:00", "2026-02-14 17:30"),
        ("2026-02-14T10:00", "2026-02-24 17:30"),
        ("2025-12-31T23:30", "2026-01-04 17:30"),
    ],
)
def test_one_working_day_from_any_hour(start, end):
    assert shown(due(at(start), Limit.parse("1wd"), office()).at) == end
