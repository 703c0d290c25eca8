"""Hold time was added to the creation time, and holiday starts counted wrong; rest and make-up days are known."""

from __future__ import annotations

import pytest

from tests.core.office import at, office, shown
from yukuaiban.core.clocks import due
from yukuaiban.core.limits import Limit


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        ("2026-10-03T11:00", "2sh", "2026-10-08 10:30"),
        ("2026-10-03T11:00", "2wd", "2026-10-09 17:30"),
        ("2026-10-10T11:00", "2sh", "2026-10-10 15:00"),
        ("2026-10-10T18:00", "2sh", "2026-10-12 10:30"),
        ("2026-10-10T11:00", "1wd", "2026-10-12 17:30"),
        ("2026-10-03T11:00", "0wd", "2026-10-08 17:30"),
    ],
)
def test_starts_on_holidays_and_on_make_up_days(start, limit, end):
    assert shown(due(at(start), Limit.parse(limit), office()).at) == end
