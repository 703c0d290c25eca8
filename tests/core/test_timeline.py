"""The fold of a case: clocks start, stop, pause, extend, wake, and never reset."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.core.toy import (
    ADMITTED,
    PAUSED,
    PROCEDURE,
    Given,
    after,
    asked,
    at,
    calendar_of,
    due_of,
    expected,
    facts,
    woken,
)
from yukuaiban.core.errors import ActionRefused
from yukuaiban.core.lights import Light
from yukuaiban.core.timeline import (
    CALENDAR_CHANGED,
    ESCALATED,
    OVERDUE,
    RESUMED,
    WARNED,
    CaseState,
    Fact,
    fold,
    step,
    summary,
)


def test_clocks_are_independent_and_take_their_own_limits() -> None:
    state = after(*ADMITTED)
    assert due_of(state, "committed") == at("05-13T17:30")
    assert due_of(state, "statutory") == at("05-27T17:30")
    correction = state.clock("correction")
    assert correction is not None
    assert correction.stopped_at == at("04-27T09:30")


def test_a_planned_pause_is_expected_and_an_early_resumption_brings_the_due_forward() -> None:
    planned = after(*PAUSED)
    assert expected(planned, "committed")
    assert due_of(planned, "committed") == at("05-25T17:30")
    resumed = after(*PAUSED, ("resume", "05-12T09:00"))
    assert due_of(resumed, "committed") == at("05-20T17:30")
    assert not expected(resumed, "committed")


def test_a_pause_stops_only_the_clocks_of_its_category() -> None:
    state = after(
        *ADMITTED, ("ask_pause", "05-06T09:50", asked("notice", "05-12T09:00")), ("pause", "05-06T10:00")
    )
    assert due_of(state, "committed") == at("05-20T17:30")
    assert due_of(state, "statutory") == at("05-27T17:30")


def test_a_grant_needs_a_request_and_a_declined_request_is_gone() -> None:
    with pytest.raises(ActionRefused, match="没有待批准的申请"):
        after(*ADMITTED, ("pause", "05-06T10:00"))
    declined = after(*ADMITTED, ("ask_pause", "05-06T09:50", asked()), ("decline", "05-06T10:00"))
    assert declined.requests == {}
    grant = Fact(5, "pause", at("05-06T10:01"), "staff:2", "a1", {}, {"office": "v1"})
    with pytest.raises(ActionRefused, match="没有待批准的申请"):
        step(declined, grant, calendar_of)


@pytest.mark.parametrize(
    ("extra", "words"),
    [(asked("nonsense"), "没有“nonsense”"), (asked(until="05-06T10:00"), "预定结束时间")],
)
def test_a_wrong_pause_is_refused(extra: dict[str, Any], words: str) -> None:
    with pytest.raises(ActionRefused, match=words):
        after(*ADMITTED, ("ask_pause", "05-06T09:50", extra), ("pause", "05-06T10:00"))


def test_a_second_pause_while_one_runs_is_refused() -> None:
    more: tuple[Given, ...] = (
        ("ask_pause", "05-07T09:00", asked(until="05-18T17:30")),
        ("pause", "05-07T09:10"),
    )
    with pytest.raises(ActionRefused, match="已在中止中"):
        after(*PAUSED, *more)


def test_an_extension_adds_to_the_limit_and_keeps_the_original_due() -> None:
    state = after(*ADMITTED, ("extend", "05-26T09:00", {"limit": "10wd"}))
    statutory = state.clock("statutory")
    assert statutory is not None
    assert due_of(state, "statutory") == at("06-10T17:30")
    assert statutory.original_due_at == at("05-27T17:30")
    assert statutory.version == 2
    assert due_of(state, "committed") == at("05-13T17:30")


def test_deemed_admission_counts_from_receipt() -> None:
    state, seen = woken(after(("receive", "04-30T10:00")), at("05-11T18:00"))
    assert seen[-1] == ("correction", OVERDUE, at("05-11T17:30"))
    deem = Fact(9, "deem_admit", at("05-11T17:30"), "system:worker", None, {}, {"office": "v1"})
    deemed = step(state, deem, calendar_of)
    assert due_of(deemed, "committed") == at("05-18T17:30")
    assert deemed.stage == "admitted"


def test_changes_come_once_and_in_order_and_overdue_starts_the_explanation_clock() -> None:
    state, seen = woken(after(*ADMITTED), at("05-18T09:00"))
    assert seen == [
        ("committed", WARNED, at("05-09T17:30")),
        ("committed", OVERDUE, at("05-13T17:30")),
        ("explanation", WARNED, at("05-14T11:30")),
        ("explanation", OVERDUE, at("05-14T17:30")),
        ("committed", ESCALATED, at("05-15T17:30")),
    ]
    assert woken(state, at("05-18T09:00"))[1] == []
    assert due_of(state, "explanation") == at("05-14T17:30")


def test_at_the_due_instant_itself_the_case_is_in_time() -> None:
    state = after(*ADMITTED)
    due_at = due_of(state, "committed")
    assert summary(state).light(due_at) is Light.YELLOW
    assert woken(state, due_at)[1][-1][1] == WARNED
    assert summary(state).light(due_at + timedelta(microseconds=1)) is Light.RED


def test_the_planned_end_of_a_pause_resumes_by_itself() -> None:
    state, seen = woken(after(*PAUSED), at("05-15T17:30"))
    resumed = [(code, moment) for code, kind, moment in seen if kind == RESUMED]
    assert resumed == [("committed", at("05-15T17:30")), ("statutory", at("05-15T17:30"))]
    assert not expected(state, "committed")
    assert due_of(state, "committed") == at("05-25T17:30")


def test_no_light_changes_while_a_clock_is_paused() -> None:
    committed = after(*PAUSED).clock("committed")
    assert committed is not None
    moments = [at(f"05-{day:02d}T{hour:02d}:00") for day in range(6, 16) for hour in (10, 14, 17)]
    assert {committed.light(moment) for moment in moments} == {Light.GREEN}


def test_a_final_stage_stops_every_clock_and_an_open_pause_ends_there() -> None:
    state = after(*PAUSED, ("finish", "05-11T10:00", {"outcome": "granted"}))
    assert not state.open
    assert state.closed_at == at("05-11T10:00")
    assert not any(clock.running for clock in state.clocks)
    committed = state.clock("committed")
    assert committed is not None
    assert committed.pauses[-1].end == at("05-11T10:00")
    assert summary(state).due_at is None
    assert state.facts["outcome"] == "granted"


def test_an_action_that_is_not_open_names_those_that_are() -> None:
    with pytest.raises(ActionRefused) as refused:
        after(("receive", "04-27T09:00"), ("finish", "04-27T10:00"))
    assert "已收件" in refused.value.message
    assert ("admit", "受理") in refused.value.open


@pytest.mark.parametrize(("version", "moment"), [("later", "05-14T17:30"), ("sooner", "05-13T17:30")])
def test_a_new_calendar_moves_open_clocks_and_never_makes_them_earlier(version: str, moment: str) -> None:
    changed = Fact(3, CALENDAR_CHANGED, at("05-06T09:00"), "staff:9", None, {}, {"office": version})
    assert due_of(step(after(*ADMITTED), changed, calendar_of), "committed") == at(moment)


def test_a_protected_clock_stays_protected_through_a_later_extension() -> None:
    changed = Fact(3, CALENDAR_CHANGED, at("05-06T09:00"), "staff:9", None, {}, {"office": "sooner"})
    more = Fact(4, "extend", at("05-07T09:00"), "staff:1", "a1", {"limit": "1wd"}, {"office": "sooner"})
    state = step(step(after(*ADMITTED), changed, calendar_of), more, calendar_of)
    assert due_of(state, "statutory") == at("05-28T17:30")


def test_the_fold_is_the_repetition_of_single_steps() -> None:
    given = facts(*PAUSED, ("resume", "05-12T09:00"), ("finish", "05-19T10:00", {"outcome": "granted"}))
    state = CaseState(PROCEDURE)
    for fact in given:
        state = step(state, fact, calendar_of)
    assert state == fold(PROCEDURE, calendar_of, given)
