"""A warning that crossed a night fell on 00:00; it is counted backwards in working time."""

from __future__ import annotations

import pytest

from tests.core.office import at, office, shown
from yukuaiban.core.clocks import due
from yukuaiban.core.lights import first_warning, parse_warn
from yukuaiban.core.limits import Limit


@pytest.mark.parametrize("day_end", ["closing", "midnight"])
@pytest.mark.parametrize(
    ("limit", "rule", "moment"),
    [
        ("5wd", "4sh", "2026-03-09 11:30"),
        ("5wd", "8sh", "2026-03-06 16:30"),
        ("5wd", "1wd", "2026-03-06 17:30"),
        ("9sh", "4sh", "2026-03-02 17:00"),
    ],
)
def test_a_warning_lies_in_working_time(day_end, limit, rule, moment):
    calendar, start = office(day_end=day_end), at("2026-03-02T10:00")
    end = due(start, Limit.parse(limit), calendar).at
    warned, _ = first_warning(start, Limit.parse(limit), calendar, end, rules=[parse_warn(rule)])
    assert shown(warned) == moment
