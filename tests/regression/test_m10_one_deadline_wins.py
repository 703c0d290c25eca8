"""A follow-up clock hid the clock of the first response; clocks of a case are independent."""

from __future__ import annotations

from tests.core.toy import after, at, due_of, woken
from yukuaiban.core.timeline import OVERDUE, summary


def test_every_clock_of_a_case_comes_due_for_itself():
    state = after(("receive", "04-27T09:00"), ("admit", "04-27T10:00"))
    assert due_of(state, "committed") == at("05-13T17:30")
    assert due_of(state, "statutory") == at("05-27T17:30")
    assert summary(state).due_at == at("05-13T17:30")
    late = [code for code, kind, _ in woken(state, at("06-10T09:00"))[1] if kind == OVERDUE]
    assert late == ["committed", "explanation", "statutory"]
