"""Progress, lag, lights and targets of the plan, with the worked examples of the rules."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from yukuaiban.core.lights import Light
from yukuaiban.plans import rules
from yukuaiban.plans.rules import Aim, Point, Promise, Step

ZONE = ZoneInfo("Asia/Shanghai")
QUARTERS = (
    (date(2024, 1, 1), date(2024, 3, 29)),
    (date(2024, 4, 1), date(2024, 6, 28)),
    (date(2024, 7, 1), date(2024, 9, 30)),
    (date(2024, 10, 1), date(2024, 12, 31)),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def points(*accepted: bool, first: int = 0) -> tuple[Point, ...]:
    return tuple(Point(*QUARTERS[first + n], accepted=done) for n, done in enumerate(accepted))


def four(*accepted: bool) -> list[Step]:
    return [Step((each,)) for each in points(*accepted)]


def test_one_of_four_on_the_due_day_of_the_second_lags_by_25_points() -> None:
    found = rules.standing(four(True, False, False, False), date(2024, 6, 28))
    assert (found.progress, found.expected, found.lag) == (Fraction(1, 4), Fraction(1, 2), 25)
    assert found.lags(15)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2023, 12, 31), Fraction(0)),
        (date(2024, 1, 1), Fraction(1, 89) / 4),
        (date(2024, 3, 29), Fraction(1, 4)),
        (date(2024, 3, 31), Fraction(1, 4)),
        (date(2024, 5, 1), Fraction(1, 4) + Fraction(31, 89) / 4),
        (date(2025, 1, 5), Fraction(1)),
    ],
)
def test_expected_progress_grows_by_natural_days_inside_the_running_period(
    day: date, expected: Fraction
) -> None:
    assert rules.expected_progress(four(False, False, False, False), day) == expected


def test_a_joined_milestone_counts_a_part_for_each_accepted_checkpoint() -> None:
    steps = [Step(points(True)), Step(points(True, False, False, first=1))]
    assert rules.progress(steps) == Fraction(2, 3)


def test_weights_count_and_what_has_no_checkpoints_does_not() -> None:
    steps = [Step(points(True), Fraction(3)), Step(points(False), Fraction(1)), Step(())]
    assert rules.progress(steps) == Fraction(3, 4)
    assert rules.standing([Step(())], date(2024, 5, 1)).lag == 0


@pytest.mark.parametrize(("lag", "yellow"), [(Fraction(15), True), (Fraction(1499, 100), False)])
def test_a_lag_counts_from_fifteen_points_on(lag: Fraction, yellow: bool) -> None:
    assert rules.Standing(Fraction(0), lag / 100).lags(15) is yellow


FIRST = Promise("under_way", at("2024-03-29T17:30"), at("2024-03-15T17:30"), date(2024, 1, 1))
LATE = Promise(
    "submitted",
    FIRST.due,
    FIRST.warns,
    FIRST.begins,
    submitted=at("2024-04-01T09:00"),
    accept_by=at("2024-04-08T17:30"),
)
IN_TIME = Promise(
    "submitted",
    FIRST.due,
    FIRST.warns,
    FIRST.begins,
    submitted=at("2024-03-28T09:00"),
    accept_by=at("2024-04-07T17:30"),
)


@pytest.mark.parametrize(
    ("task", "now", "lagging", "expected"),
    [
        (FIRST, "2024-03-15T17:29", False, Light.GREEN),
        (FIRST, "2024-03-15T17:30", False, Light.YELLOW),
        (FIRST, "2024-03-29T17:30", False, Light.YELLOW),
        (FIRST, "2024-03-29T17:31", False, Light.RED),
        (FIRST, "2024-02-01T09:00", True, Light.YELLOW),
        (FIRST, "2023-12-01T09:00", True, Light.GREEN),
        (LATE, "2024-04-02T09:00", False, Light.RED),
        (IN_TIME, "2024-04-07T17:30", False, Light.GREEN),
        (IN_TIME, "2024-04-07T17:31", False, Light.YELLOW),
        (Promise("accepted", FIRST.due, FIRST.warns, FIRST.begins), "2024-05-01T09:00", True, Light.GREEN),
        (Promise("under_way", None, None, FIRST.begins), "2024-05-01T09:00", False, Light.GREEN),
    ],
)
def test_the_light_of_a_task(task: Promise, now: str, lagging: bool, expected: Light) -> None:
    moment = at(now)
    assert rules.task_light(task, moment, moment.date(), lagging=lagging) is expected


def test_an_undertaking_shows_the_worst_light_of_its_tasks() -> None:
    assert rules.undertaking_light([Light.GREEN, Light.RED, Light.YELLOW]) is Light.RED
    assert rules.undertaking_light([]) is Light.GREEN


@pytest.mark.parametrize(
    ("value", "unit", "comparison", "part", "whole", "expected"),
    [
        ("70", "%", ">=", 16, 23, False),  # 69.57 %, whatever a page rounds it to
        ("70", "%", ">=", 7, 10, True),
        ("70", "%", ">=", 0, 0, None),
        ("100", "%", "=", 99, 100, False),
        ("100", "%", "=", 100, 100, True),
        ("0", "件", "=", 1, None, False),
        ("0", "件", "=", 0, None, True),
        ("12.5", "%", "<=", 1, 8, True),
        ("2", "h", "<=", 9, 10, False),
        ("2", "h", "<=", 10, 10, True),
        ("1", "次/季度", "=", 3, 4, False),
        ("1", "次/季度", "=", 4, 4, True),
        ("500", "家", "about", 499, None, None),
        ("3", "个", "=", 3, None, True),
    ],
)
def test_targets_are_compared_on_integers(
    value: str, unit: str, comparison: str, part: int, whole: int | None, expected: bool | None
) -> None:
    assert rules.met(Aim(Decimal(value), unit, comparison), part, whole) is expected


def test_a_direction_is_told_in_points_or_not_at_all() -> None:
    moved = rules.points_moved((64, 104), (81, 108))
    assert moved is not None
    assert round(float(moved), 1) == 13.5
    assert rules.points_moved((0, 0), (81, 108)) is None
