"""The board's view on plain values: lanes that never overlap, shares in words, what a target says."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from yukuaiban.plans import boardface, targetface
from yukuaiban.plans.boardface import Progress
from yukuaiban.plans.indicators import Figure, Source
from yukuaiban.plans.models import Target
from yukuaiban.plans.queries import TargetRow
from yukuaiban.plans.rules import Aim, Standing, met


def spans(*quarters: tuple[int, int]) -> list[list[tuple[int, int, int]]]:
    rows: list[Any] = [SimpleNamespace(quarters=each) for each in quarters]
    return [[(cell.first, cell.last, len(cell.tasks)) for cell in lane] for lane in boardface.lanes(rows)]


@pytest.mark.parametrize(
    ("quarters", "lanes"),
    [
        ([], [[(1, 1, 0), (2, 2, 0), (3, 3, 0), (4, 4, 0)]]),
        ([(1, 1), (2, 2), (3, 4)], [[(1, 1, 1), (2, 2, 1), (3, 4, 1)]]),
        ([(4, 4), (3, 4)], [[(1, 1, 0), (2, 2, 0), (3, 4, 1)], [(1, 1, 0), (2, 2, 0), (3, 3, 0), (4, 4, 1)]]),
        ([(2, 2), (2, 2), (2, 2)], [[(1, 1, 0), (2, 2, 3), (3, 3, 0), (4, 4, 0)]]),
        ([(1, 4), (2, 3)], [[(1, 4, 1)], [(1, 1, 0), (2, 3, 1), (4, 4, 0)]]),
    ],
    ids=["nothing", "one lane", "inside a joined one", "three in a quarter", "two joined"],
)
def test_cells_fill_four_quarters_and_never_overlap(quarters: Any, lanes: Any) -> None:
    assert spans(*quarters) == lanes


@pytest.mark.parametrize(
    ("progress", "steps", "counted", "percent"),
    [
        (Fraction(3, 4), 4, "3/4", "75.0 %"),
        (Fraction(2, 4), 4, "2/4", "50.0 %"),
        (Fraction(5, 6), 3, "5/6", "83.3 %"),
        (Fraction(0), 3, "0/3", "0.0 %"),
        (Fraction(16, 23), 23, "16/23", "69.6 %"),
    ],
)
def test_progress_is_told_exactly_and_rounded_beside_it(
    progress: Fraction, steps: int, counted: str, percent: str
) -> None:
    found = Progress(Standing(progress, Fraction(1)), steps)
    assert (found.counted, found.percent) == (counted, percent)


def test_the_mark_stays_inside_the_bar_and_being_ahead_is_said() -> None:
    found = Progress(Standing(Fraction(1), Fraction(1)), 2)
    assert (found.done_width, found.mark_at, found.lag, found.ahead) == ("200.0", "198.0", "0.0", False)
    early = Progress(Standing(Fraction(1, 2), Fraction(1, 4)), 2)
    assert (early.lag, early.ahead) == ("25.0", True)


@pytest.mark.parametrize(
    ("unit", "comparison", "value", "part", "whole", "stands", "verdict"),
    [
        ("%", ">=", 70, 16, 23, "16/23 = 69.6 %", "未达"),
        ("%", ">=", 70, 12, 17, "12/17 = 70.6 %", "已达"),
        ("%", ">=", 70, 0, 0, "无数据", "—"),
        ("%", "about", 70, 1, 2, "1/2 = 50.0 %", "—"),
        ("次/季度", "=", 1, 3, 4, "3/4", "进行"),
        ("家", ">=", 120, 43, None, "43", "未达"),
        ("h", "<=", 2, 9, 9, "9/9", "已达"),
    ],
)
def test_a_target_says_n_of_m_and_its_verdict(
    unit: str, comparison: str, value: int, part: int, whole: int | None, stands: str, verdict: str
) -> None:
    target = Target(unit=unit, comparison=comparison, value=Decimal(value))
    row = TargetRow(
        target, Figure(Source.BOUND, part, whole), met(Aim(Decimal(value), unit, comparison), part, whole)
    )
    assert (targetface.stands(row), targetface.verdict(row)) == (stands, verdict)


def test_what_is_promised_keeps_its_sign_and_unit() -> None:
    assert targetface.promised(Target(unit="%", comparison=">=", value=Decimal("70.000000"))) == "≥ 70 %"
    assert targetface.promised(Target(unit="wd", comparison="<=", value=Decimal(10))) == "≤ 10 个工作日"


def test_an_indicator_that_nobody_offers_is_not_connected() -> None:
    row = TargetRow(Target(unit="%", comparison=">=", value=Decimal(1)), Figure(Source.UNKNOWN), None)
    assert (targetface.stands(row), targetface.verdict(row)) == ("未接入", "—")
