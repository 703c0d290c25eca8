"""A pause was added to the due as wall-clock time; only its overlap with the clock shifts it."""

from __future__ import annotations

import pytest

from tests.core.office import at, office, shown
from yukuaiban.core.clocks import due
from yukuaiban.core.limits import Limit
from yukuaiban.core.pauses import Pause

WEEKEND = ("2026-03-06T18:00", "2026-03-09T08:00")
NIGHT = ("2026-03-03T18:00", "2026-03-04T08:00")
DAY = ("2026-03-03T10:00", "2026-03-04T10:00")


@pytest.mark.parametrize(
    ("limit", "pause", "end"),
    [
        ("20sh", WEEKEND, "2026-03-05 09:00"),
        ("40sh", NIGHT, "2026-03-09 17:00"),
        ("40sh", DAY, "2026-03-10 17:00"),
        ("10wd", NIGHT, "2026-03-17 17:30"),
        ("10wd", WEEKEND, "2026-03-17 17:30"),
        ("96h", NIGHT, "2026-03-07 00:00"),
    ],
)
def test_a_pause_shifts_by_what_it_takes_from_this_clock(limit, pause, end):
    span = Pause(at(pause[0]), at(pause[1]))
    assert shown(due(at("2026-03-02T10:00"), Limit.parse(limit), office(), pauses=[span]).at) == end
