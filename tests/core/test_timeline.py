"""The fold of a case: clocks start, stop, pause, extend, wake, and never reset."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from yukuaiban.core.calendarspec import CalendarDay, CalendarSpec, HoursBlock, merge_year
from yukuaiban.core.errors import ActionRefused
from yukuaiban.core.lights import ClockKind, Light
from yukuaiban.core.limits import Limit, LimitRow
from yukuaiban.core.procedures import (
    Action,
    ClockRule,
    Effect,
    LadderStep,
    PauseCategory,
    Procedure,
    Stage,
)
from yukuaiban.core.timeline import (
    CALENDAR_CHANGED,
    ESCALATED,
    OVERDUE,
    RESUMED,
    WARNED,
    CaseState,
    Change,
    Fact,
    fold,
    pending,
    step,
    summary,
)
from yukuaiban.core.workcalendar import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
SPEC = CalendarSpec(
    timezone="Asia/Shanghai",
    hours=(HoursBlock(date(2024, 1, 1), (1, 2, 3, 4, 5), ((510, 720), (840, 1050))),),
    days=(
        *(CalendarDay(date(2026, 5, n), "off", "劳动节") for n in range(1, 6)),
        CalendarDay(date(2026, 5, 9), "make_up", "劳动节调休"),
    ),
    published=frozenset({2026}),
)
LATER = merge_year(SPEC, 2026, [*SPEC.days, CalendarDay(date(2026, 5, 12), "off", "台风停工")])
SOONER = merge_year(SPEC, 2026, [*SPEC.days, CalendarDay(date(2026, 5, 10), "make_up", "补班")])
CALENDARS = {
    name: WorkCalendar(spec, version=name)
    for name, spec in (("v1", SPEC), ("later", LATER), ("sooner", SOONER))
}
FIVE = LimitRow(Limit.parse("5wd"), date(2020, 1, 1), source="行政许可法第三十二条")
OWNER = "handling_agency"
PROCEDURE = Procedure(
    code="toy",
    title="样例",
    measure="toy",
    first="received",
    stages=(Stage("received", "已收件"), Stage("admitted", "已受理"), Stage("done", "已办结", final=True)),
    actions=(
        Action("receive", "收件", to="received", start=True, keeps=(OWNER,)),
        Action("admit", "受理", sources=("received",), to="admitted"),
        Action(
            "deem_admit",
            "视为受理",
            sources=("received",),
            to="admitted",
            counts_from="receive",
            system=True,
        ),
        Action("ask_pause", "申请中止", sources=("admitted",), request=True),
        Action("pause", "批准中止", sources=("admitted",), confirms="ask_pause", effect=Effect.PAUSE),
        Action("decline", "不准中止", sources=("admitted",), declines="ask_pause"),
        Action("resume", "恢复计时", sources=("admitted",), effect=Effect.RESUME),
        Action("extend", "延期", sources=("admitted",), effect=Effect.EXTEND),
        Action("explain", "超时说明"),
        Action("finish", "办结", sources=("admitted",), to="done", keeps=("outcome",)),
    ),
    clocks=(
        ClockRule(
            "correction",
            "补正告知",
            ClockKind.STATUTORY,
            ("receive",),
            ("admit", "deem_admit"),
            OWNER,
            limits=(FIVE,),
            on_due="deem_admit",
        ),
        ClockRule(
            "committed",
            "承诺时限",
            ClockKind.COMMITTED,
            ("admit", "deem_admit"),
            ("finish",),
            OWNER,
            limit_from="committed",
        ),
        ClockRule(
            "statutory",
            "法定时限",
            ClockKind.STATUTORY,
            ("admit", "deem_admit"),
            ("finish",),
            OWNER,
            limit_from="statutory",
            extendable=True,
        ),
        ClockRule(
            "explanation",
            "超时说明",
            ClockKind.INTERNAL,
            ("overdue:committed",),
            ("explain",),
            OWNER,
            limits=(replace(FIVE, limit=Limit.parse("1wd")),),
            light=False,
        ),
    ),
    pause_categories=(
        PauseCategory("review", "专家评审", ("committed", "statutory"), "行政许可法第四十五条"),
        PauseCategory("notice", "公示", ("committed",), "实施清单"),
    ),
    ladder=(
        LadderStep("yellow", Light.YELLOW, ("handling_agency.handler",)),
        LadderStep("red", Light.RED, ("handling_agency.agency_leader",)),
        LadderStep("red2", Light.RED, ("any.oversight",), after=Limit.parse("2wd")),
    ),
)
LIMITS = {
    "committed": {"limit": "10wd", "since": "2026-01-01", "source": "实施清单"},
    "statutory": {"limit": "20wd", "since": "2026-01-01", "source": "行政许可法第四十二条"},
}
Given = tuple[str, str] | tuple[str, str, dict[str, Any]]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI).astimezone(UTC)


def calendar_of(_code: str, version: str) -> WorkCalendar:
    return CALENDARS[version]


def facts(*given: Given) -> list[Fact]:
    out = []
    for seq, (action, moment, *rest) in enumerate(given, 1):
        data: dict[str, Any] = dict(rest[0]) if rest else {}  # type: ignore[call-overload]
        if action == "receive":
            data = {OWNER: "a1", "limits": LIMITS} | data
        out.append(Fact(seq, action, at(moment), "staff:1", "a1", data, {"office": "v1"}))
    return out


def after(*given: Given) -> CaseState:
    return fold(PROCEDURE, calendar_of, facts(*given))


def due_of(state: CaseState, code: str) -> datetime:
    clock = state.clock(code)
    assert clock is not None
    assert clock.due_at is not None
    return clock.due_at


def expected(state: CaseState, code: str) -> bool:
    clock = state.clock(code)
    assert clock is not None
    assert clock.due is not None
    return clock.due.expected


def asked(category: str = "review", until: str = "05-15T17:30") -> dict[str, Any]:
    return {"category": category, "planned_end": at(until).isoformat()}


def noted(state: CaseState, code: str, change: Change) -> Fact:
    data = {"clock": code, "ordinal": 1, "step": change.step}
    return Fact(state.seq + 1, change.fact, change.at, "system:worker", None, data, {"office": "v1"})


def woken(state: CaseState, moment: datetime) -> tuple[CaseState, list[tuple[str, str, datetime]]]:
    seen = []
    while (found := pending(state, moment)) is not None:
        clock, change = found
        seen.append((clock.code, change.fact, change.at))
        state = step(state, noted(state, clock.code, change), calendar_of)
    return state, seen


ADMITTED: tuple[Given, ...] = (("receive", "04-27T09:00"), ("admit", "04-27T09:30"))
PAUSED: tuple[Given, ...] = (*ADMITTED, ("ask_pause", "05-06T09:50", asked()), ("pause", "05-06T10:00"))


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
