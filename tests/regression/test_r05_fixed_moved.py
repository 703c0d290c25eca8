"""A deadline set by hand was moved by pauses; a fixed one never moves."""

from __future__ import annotations

from tests.core.office import at, office
from yukuaiban.core.clocks import fixed_due


def test_what_was_set_by_hand_is_what_holds_on_any_calendar():
    moment = at("2026-05-03T23:15:30")
    for calendar in (office(), office(day_end="midnight")):
        found = fixed_due(moment, calendar)
        assert (found.at, found.provisional, found.limit_version) == (moment, False, "fixed")
        assert [step.code for step in found.steps] == ["final"]
