"""Deadlines that a case brings as days: one or a list, extended once, not moved by anything else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from tests.core.toy import CALENDARS, SHANGHAI
from yukuaiban.core.lights import ClockKind, Light, parse_warn
from yukuaiban.core.limits import Limit, LimitRow
from yukuaiban.core.procedures import Action, ClockRule, Effect, Procedure, Stage
from yukuaiban.core.timeline import CaseState, Fact, fold
from yukuaiban.core.warnrules import WarnRow, WarnScope

Acts = list[tuple[str, str, dict[str, Any]]]
FIRST, SECOND = "2026-06-30T17:30:00+08:00", "2026-09-30T17:30:00+08:00"
WARN = parse_warn("10wd")
CLOCK = ClockRule(
    "deadline",
    "到期",
    ClockKind.COMMITTED,
    starts=("open", "go_on", "give_back"),
    stops=("hand_in",),
    owner="agency",
    due_from="dues",
    due_step="go_on",
    warns=(WarnRow("remaining", WARN.value, scope=WarnScope.GLOBAL, since=datetime(2020, 1, 1).date()),),
    restarts=True,
    extendable=True,
)
TASK = Procedure(
    code="task",
    title="任务",
    measure="toy",
    first="open",
    stages=(Stage("open", "在办"), Stage("handed_in", "已提交"), Stage("done", "完成", final=True)),
    actions=(
        Action("open", "下达", to="open", start=True, keeps=("dues", "agency")),
        Action("hand_in", "提交", sources=("open",), to="handed_in"),
        Action("give_back", "退回", sources=("handed_in",), to="open"),
        Action("go_on", "通过一个节点", sources=("handed_in",), to="open"),
        Action("finish", "办结", sources=("handed_in",), to="done"),
        Action("look_back", "回头看", sources=("done",)),
        Action("extend", "延期", sources=("open",), effect=Effect.EXTEND),
    ),
    clocks=(CLOCK,),
)


def lived(dues: object, acts: Acts, rule: Procedure = TASK) -> CaseState:
    facts = [("open", "2026-03-02T09:00", {"dues": dues, "agency": "sp-0002"}), *acts]
    versions = {"office": "v1"}
    return fold(
        rule,
        lambda _code, version: CALENDARS[version],
        (
            Fact(
                n,
                action,
                datetime.fromisoformat(at).replace(tzinfo=SHANGHAI),
                "staff:1",
                None,
                data,
                versions,
            )
            for n, (action, at, data) in enumerate(facts, 1)
        ),
    )


def local(moment: datetime | None) -> str:
    assert moment is not None
    return moment.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def test_the_clock_ends_on_the_day_that_the_case_brings_and_warns_ten_working_days_before() -> None:
    clock = lived(FIRST, []).clock("deadline")
    assert clock is not None
    assert (local(clock.due_at), local(clock.warns_at)) == ("06-30 17:30", "06-16 17:30")
    assert clock.due is not None
    assert [each.code for each in clock.due.steps] == ["final"]


def test_a_case_without_such_a_day_has_no_clock() -> None:
    assert lived(None, []).clocks == ()


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ([("hand_in", "2026-06-01T09:00", {}), ("give_back", "2026-06-02T09:00", {})], "06-30 17:30"),
        ([("hand_in", "2026-06-01T09:00", {}), ("go_on", "2026-06-02T09:00", {})], "09-30 17:30"),
    ],
    ids=["given back: the same day", "a checkpoint passed: the next day"],
)
def test_a_list_of_days_is_taken_one_by_one(acts: Acts, expected: str) -> None:
    clock = lived([FIRST, SECOND], acts).clock("deadline")
    assert clock is not None
    assert clock.running
    assert local(clock.due_at) == expected


def test_behind_the_last_day_of_the_list_no_clock_runs() -> None:
    passed: Acts = [("hand_in", "2026-06-01T09:00", {}), ("go_on", "2026-06-02T09:00", {})]
    passed += [("hand_in", "2026-07-01T09:00", {}), ("go_on", "2026-07-02T09:00", {})]
    assert [clock.running for clock in lived([FIRST, SECOND], passed).clocks] == [False, False]


def test_an_extension_moves_the_day_keeps_the_original_and_holds_after_a_return() -> None:
    later = "2026-07-15T17:30:00+08:00"
    acts: Acts = [("extend", "2026-06-20T09:00", {"due": later}), ("hand_in", "2026-07-01T09:00", {})]
    acts.append(("give_back", "2026-07-02T09:00", {}))
    state = lived([FIRST, SECOND], acts)
    assert [local(clock.due_at) for clock in state.clocks] == ["07-15 17:30", "07-15 17:30"]
    assert [local(clock.original_due_at) for clock in state.clocks] == ["06-30 17:30", "06-30 17:30"]
    assert state.clocks[1].light(datetime(2026, 7, 10, tzinfo=SHANGHAI)) is Light.YELLOW


def test_an_action_on_a_closed_case_leaves_the_moment_of_its_end() -> None:
    acts: Acts = [("hand_in", "2026-06-01T09:00", {}), ("finish", "2026-06-02T09:00", {})]
    closed = lived(FIRST, acts).closed_at
    assert lived(FIRST, [*acts, ("look_back", "2026-09-01T09:00", {})]).closed_at == closed


def test_a_warning_by_share_counts_the_days_up_to_the_day() -> None:
    half = WarnRow(
        "used_percent", parse_warn("50%").value, scope=WarnScope.GLOBAL, since=CLOCK.warns[0].since
    )
    rule = replace(TASK, clocks=(replace(CLOCK, warns=(half,)),))
    start = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
    fact = Fact(1, "open", start, "staff:1", None, {"dues": FIRST, "agency": "a"}, {"office": "v1"})
    clock = fold(rule, lambda _code, version: CALENDARS[version], [fact]).clock("deadline")
    assert clock is not None
    assert local(clock.warns_at) == "05-02 00:00"  # the end of 1 May, the 60th of 120 days


def test_a_day_set_by_hand_goes_before_the_rows_which_count_where_the_case_names_none() -> None:
    both = replace(
        TASK, clocks=(replace(CLOCK, limits=(LimitRow(Limit.parse("5wd"), since=date(2024, 1, 1)),)),)
    )
    assert lived([FIRST], [], both).clock("deadline").due_at == datetime.fromisoformat(FIRST)
    counted = lived(None, [], both).clock("deadline")
    assert counted.fixed is None
    assert counted.due_at == datetime.fromisoformat("2026-03-09T17:30:00+08:00")
    assert lived(None, []).clocks == ()
