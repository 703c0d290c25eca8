"""A weekly rate as a small chart: its title is the finding, its geometry plain SVG attributes, its table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from yukuaiban.cases.queries import WeekRate

LEAST_N = 10
_LEFT, _RIGHT, _TOP, _BOTTOM = 60.0, 500.0, 24.0, 164.0


@dataclass(frozen=True, slots=True)
class Point:
    """One week: where it lies, what it says."""

    x: float
    y: float | None
    day: str
    rate: str
    in_time: int
    n: int
    last: bool
    said: bool
    dy: int


@dataclass(frozen=True, slots=True)
class Trend:
    """The chart: finding, line, points, and the three marks of the axis."""

    title: str
    path: str
    points: tuple[Point, ...]
    marks: tuple[tuple[float, str], ...]
    floor: int


def percent(part: int, whole: int) -> str:
    """A share with one decimal, rounded half up once; 无数据 for an empty base."""
    if not whole:
        return _("无数据")
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10} %"


def trend_of(weeks: Sequence[WeekRate], zone: ZoneInfo) -> Trend | None:
    """The chart of these weeks; None without a single completed case."""
    rates = [Fraction(week.in_time, week.n) if week.n else None for week in weeks]
    known = [rate for rate in rates if rate is not None]
    if not known:
        return None
    floor = int(min(known) * 10) * 10
    floor = min(floor, 90)
    step = (_RIGHT - _LEFT - 24) / max(len(weeks) - 1, 1)
    points = tuple(
        Point(
            x=round(_LEFT + 12 + n * step, 1),
            y=None if rate is None else _y(rate, floor),
            day=f"{week.monday.astimezone(zone):%m-%d}",
            rate=percent(week.in_time, week.n),
            in_time=week.in_time,
            n=week.n,
            last=n == len(weeks) - 1,
            said=rate is not None and (n in (0, len(weeks) - 1) or rate == min(known)),
            dy=_side(rates, n),
        )
        for n, (week, rate) in enumerate(zip(weeks, rates, strict=True))
    )
    drawn = [point for point in points if point.y is not None]
    path = " ".join(f"{'M' if n == 0 else 'L'}{p.x} {p.y}" for n, p in enumerate(drawn))
    middle = (100 + floor) // 2
    marks = tuple((_y(Fraction(value, 100), floor), f"{value} %") for value in (100, middle, floor))
    return Trend(_finding(weeks, rates), path, points, marks, floor)


_ABOVE, _BELOW = -10, 20


def _side(rates: Sequence[Fraction | None], n: int) -> int:
    """Where the number of a week stands clear of the line: below a point from which the line rises."""
    here, beside = rates[n], [rate for rate in (*rates[max(n - 1, 0) : n], *rates[n + 1 : n + 2]) if rate]
    return _BELOW if here is not None and beside and min(beside) >= here else _ABOVE


def _y(rate: Fraction, floor: int) -> float:
    share = (rate * 100 - floor) / (100 - floor)
    return round(_BOTTOM - float(share) * (_BOTTOM - _TOP), 1)


def _finding(weeks: Sequence[WeekRate], rates: Sequence[Fraction | None]) -> str:
    """What was found, in one line: the last week's rate with n, and how many weeks it has moved one way."""
    last, rate = weeks[-1], rates[-1]
    if rate is None or last.n < LEAST_N:
        return _("上周办结 %(n)d 件，样本不足，不下结论") % {"n": last.n}
    words = {"rate": percent(last.in_time, last.n), "n": last.n, "weeks": 0}
    known = [each for each in rates if each is not None]
    for sign, text in (
        (1, _("按时办结率连升 %(weeks)d 周，上周 %(rate)s（n=%(n)d）")),
        (-1, _("按时办结率连降 %(weeks)d 周，上周 %(rate)s（n=%(n)d）")),
    ):
        run = 0
        for before, after in zip(reversed(known[:-1]), reversed(known), strict=False):
            if (after - before) * sign <= 0:
                break
            run += 1
        if run > 1:
            return text % (words | {"weeks": run})
    return _("上周按时办结率 %(rate)s（n=%(n)d）") % words
