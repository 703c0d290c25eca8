"""The rules of supervision on plain values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.core.office import SHANGHAI, office
from yukuaiban.core.limits import Authority, Limit
from yukuaiban.packs.triggers import Trigger
from yukuaiban.supervision import rules

RED = Trigger(
    code="red_2wd",
    title="超时满两个工作日",
    on="red",
    after=Limit.parse("2wd"),
    procedures=(),
    level="blue",
    who=("oversight",),
    since=date(2024, 1, 1),
    until=None,
    source="",
    authority=Authority.OURS,
    confirmed=True,
)
PLAN = replace(RED, code="plan_red", after=None, procedures=("plans",))
BREACH = replace(RED, code="breach", on="breach", after=None)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(("level", "above"), [("blue", "orange"), ("orange", "red"), ("red", None)])
def test_the_next_colour(level, above) -> None:
    assert rules.next_level(level) == above


@pytest.mark.parametrize(
    ("stage", "overdue", "may"),
    [("sent", False, False), ("sent", True, True), ("rejected", False, True), ("answered", False, False)],
)
def test_a_level_rises_behind_delay_or_a_rejected_answer(stage, overdue, may) -> None:
    assert rules.may_rise(stage, overdue=overdue) is may


def test_only_red_needs_the_head() -> None:
    assert [rules.needs_head(level) for level in rules.LEVELS] == [False, False, True]


def test_whoever_signed_is_recused() -> None:
    assert rules.recused("staff:1", ["staff:1", "staff:2"])
    assert not rules.recused("staff:3", ["staff:1", "staff:2"])


def test_a_number_has_year_kind_and_running_number() -> None:
    assert rules.order_number(2026, 3) == "督办〔2026〕3号"


@pytest.mark.parametrize(
    ("trigger", "since", "now", "fires"),
    [
        (RED, "2026-03-02T17:30", "2026-03-04T17:30", False),
        (RED, "2026-03-02T17:30", "2026-03-04T17:31", True),
        (RED, "2026-04-03T17:30", "2026-04-08T17:30", False),  # 清明 04-04 to 04-06
        (RED, "2026-04-03T17:30", "2026-04-08T17:31", True),
        (BREACH, "2026-03-02T17:30", "2026-03-02T17:30", False),
        (BREACH, "2026-03-02T17:30", "2026-03-02T17:31", True),
    ],
)
def test_a_trigger_fires_strictly_behind_its_working_days(trigger, since, now, fires) -> None:
    assert (
        rules.fires(
            trigger,
            local(since),
            local(now),
            office(),
        )
        is fires
    )


def test_a_procedure_with_a_trigger_of_its_own_is_left_out_of_the_general_one() -> None:
    every = (RED, PLAN, BREACH)
    assert rules.procedures_of(RED, every) == ((), frozenset({"plans"}))
    assert rules.procedures_of(PLAN, every) == (("plans",), frozenset())
    assert rules.procedures_of(BREACH, every) == ((), frozenset())
