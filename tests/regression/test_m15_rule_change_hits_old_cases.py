"""A new limit reached cases that were running; the row in force at the trigger holds for the life of the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.core.toy import FIVE, PROCEDURE, at, calendar_of, facts
from yukuaiban.core.limits import Limit
from yukuaiban.core.timeline import CALENDAR_CHANGED, Fact, fold, step

OLD = replace(FIVE, until=date(2026, 4, 28))
NEW = replace(FIVE, limit=Limit.parse("2wd"), since=date(2026, 4, 28))
CHANGED = replace(
    PROCEDURE,
    clocks=tuple(
        replace(rule, limits=(NEW, OLD)) if rule.code == "correction" else rule for rule in PROCEDURE.clocks
    ),
)


def received(moment):
    return fold(CHANGED, calendar_of, facts(("receive", moment)))


def test_clocks_keep_the_row_that_was_in_force_when_they_started():
    before, after = received("04-27T23:59"), received("04-28T00:00")
    assert before.clock("correction").due_at == at("05-07T17:30")
    assert after.clock("correction").due_at == at("04-30T17:30")
    later = Fact(2, CALENDAR_CHANGED, at("04-29T09:00"), "staff:9", None, {}, {"office": "later"})
    assert step(before, later, calendar_of).clock("correction").row is OLD
