"""A small procedure with pauses, extensions and a ladder, its calendars, and ways to live through it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.core.warns import DEFAULTS
from yukuaiban.core.calendarspec import CalendarDay, CalendarSpec, HoursBlock, merge_year
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
    CaseState,
    Change,
    Fact,
    fold,
    pending,
    step,
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
    warns=DEFAULTS,
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
