"""When milestones are due: the table of the rules with its worked examples, and every period that a text can have."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from yukuaiban import packs
from yukuaiban.core.workcalendar import WorkCalendar
from yukuaiban.plans.duedates import Kind, Schedule, last_workday, outside, schedule

ROOT = Path(__file__).resolve().parents[2]
GANYU = WorkCalendar(packs.load(ROOT / "districts" / "ganyu").calendars["office"])


def dues(found: Schedule) -> list[list[str]]:
    return [[point.due_on.isoformat() for point in task] for task in found.tasks]


@pytest.mark.parametrize(
    ("period", "year", "expected"),
    [
        ("Q1", 2024, [["2024-03-29"]]),
        ("Q2", 2024, [["2024-06-28"]]),
        ("Q3", 2024, [["2024-09-30"]]),
        ("Q4", 2024, [["2024-12-31"]]),
        ("Q1", 2026, [["2026-03-31"]]),
        ("Q2", 2026, [["2026-06-30"]]),
        ("Q3", 2026, [["2026-09-30"]]),
        ("Q4", 2026, [["2026-12-31"]]),
        ("Q3,Q4", 2024, [["2024-09-30", "2024-12-31"]]),
        ("Q2,Q3,Q4", 2024, [["2024-06-28", "2024-09-30", "2024-12-31"]]),
        ("2025-Q2", 2024, [["2025-06-30"]]),
        ("--06", 2024, [["2024-06-28"]]),
        ("2024-10", 2024, [["2024-10-31"]]),
        ("--05-20", 2024, [["2024-05-20"]]),
        ("--09-01", 2024, [["2024-08-30"]]),
        ("--07-21/--08-20", 2024, [["2024-08-20"]]),
        ("--02/--11", 2024, [["2024-11-29"]]),
        ("--11/--02", 2024, [["2025-02-28"]]),
        ("year", 2024, [["2024-12-31"]]),
        ("2025", 2024, [["2025-12-31"]]),
        ("", 2024, [["2024-12-31"]]),
        (
            "bimonthly",
            2024,
            [["2024-02-29"], ["2024-04-30"], ["2024-06-28"], ["2024-08-30"], ["2024-10-31"], ["2024-12-31"]],
        ),
        ("quarterly", 2024, [["2024-03-29"], ["2024-06-28"], ["2024-09-30"], ["2024-12-31"]]),
        ("half-yearly", 2024, [["2024-06-28"], ["2024-12-31"]]),
        ("continuing", 2024, [["2024-03-29"], ["2024-06-28"], ["2024-09-30"], ["2024-12-31"]]),
        ("regular", 2024, []),
    ],
)
def test_a_period_is_due_at_the_end_of_its_last_working_day(
    period: str, year: int, expected: list[list[str]]
) -> None:
    found = schedule(period, year, GANYU)
    assert dues(found) == expected
    for task in found.tasks:
        for point in task:
            assert point.due.astimezone(GANYU.zone).strftime("%H:%M") in ("17:30", "18:00")


@pytest.mark.parametrize(
    ("period", "kind"),
    [
        ("Q1", Kind.ONCE),
        ("Q1,Q2", Kind.JOINED),
        ("monthly", Kind.RECURRING),
        ("continuing", Kind.CONTINUING),
        ("regular", Kind.UNSET),
        ("", Kind.UNSTATED),
    ],
)
def test_a_period_says_what_kind_of_milestone_it_is(period: str, kind: Kind) -> None:
    assert schedule(period, 2026, GANYU).kind is kind


def test_a_year_has_its_months_and_its_weeks() -> None:
    assert len(schedule("monthly", 2026, GANYU).tasks) == 12
    weeks = schedule("weekly", 2026, GANYU).tasks
    assert len(weeks) == 53
    assert weeks[0][0].due_on == date(2026, 1, 4)  # a make-up Sunday


def test_by_setting_the_word_before_excludes_the_named_day_but_not_a_whole_month() -> None:
    assert dues(schedule("--05-20", 2024, GANYU, before=True)) == [["2024-05-17"]]
    assert dues(schedule("--06", 2024, GANYU, before=True)) == [["2024-06-28"]]


def test_a_day_that_a_person_set_goes_before_the_text_and_may_lie_outside_the_year() -> None:
    found = schedule("regular", 2026, GANYU, fixed=date(2027, 1, 15))
    assert dues(found) == [["2027-01-15"]]
    assert outside(found, 2026)
    assert not outside(schedule("Q1", 2026, GANYU), 2026)


def test_a_year_whose_holidays_are_not_published_gives_a_provisional_day() -> None:
    assert [point.provisional for task in schedule("Q1", 2026, GANYU).tasks for point in task] == [False]
    assert [point.provisional for task in schedule("Q1", 2029, GANYU).tasks for point in task] == [True]


def test_a_continuing_milestone_has_statements_but_no_due() -> None:
    assert schedule("continuing", 2026, GANYU).last is None
    assert schedule("Q2,Q3", 2026, GANYU).last == date(2026, 9, 30)


def test_what_is_no_period_is_told() -> None:
    with pytest.raises(ValueError, match="soon"):
        schedule("soon", 2026, GANYU)


def test_a_rest_day_leads_back_to_the_working_day_before() -> None:
    assert last_workday(date(2026, 2, 23), GANYU) == date(2026, 2, 14)  # the long holiday of spring
