"""A rule that was switched off left escalations behind; without it the system is one that never had it."""

from __future__ import annotations

from dataclasses import replace

from tests.core.toy import PROCEDURE, at, calendar_of, facts, woken
from yukuaiban.core.timeline import ESCALATED, fold

GIVEN = facts(("receive", "04-27T09:00"), ("admit", "04-27T10:00"))


def test_without_its_rung_nothing_of_a_clock_escalates():
    silent = replace(PROCEDURE, ladder=tuple(rung for rung in PROCEDURE.ladder if rung.after is None))
    with_rung = woken(fold(PROCEDURE, calendar_of, GIVEN), at("06-10T09:00"))[1]
    without = woken(fold(silent, calendar_of, GIVEN), at("06-10T09:00"))[1]
    assert [each for each in with_rung if each[1] != ESCALATED] == without
    assert any(each[1] == ESCALATED for each in with_rung)
