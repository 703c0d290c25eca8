"""`1wd` became 24 service hours; kinds of time never convert."""

from __future__ import annotations

import pytest

from tests.core.office import at, office, shown
from yukuaiban.core.clocks import due
from yukuaiban.core.errors import InputInvalid
from yukuaiban.core.limits import Limit


def test_a_working_day_is_neither_24_hours_nor_the_hours_that_the_office_is_open():
    limits = [Limit.parse(text) for text in ("1wd", "24h", "24sh", "7sh")]
    ends = {str(limit): shown(due(at("2026-03-02T12:30"), limit, office()).at) for limit in limits}
    assert ends == {
        "1wd": "2026-03-03 17:30",
        "24h": "2026-03-03 12:30",
        "24sh": "2026-03-05 17:00",
        "7sh": "2026-03-03 12:00",
    }
    with pytest.raises(InputInvalid, match="请用同一单位"):
        Limit.parse("1wd") + Limit.parse("7sh")
