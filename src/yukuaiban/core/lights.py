"""Lights (红绿灯): when a clock warns, and which light it shows (clocks.md section 6).

The light is computed when somebody looks; stored are moments only. A pause is a mark on top of a light, never a
colour, and changes none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Literal, TypeVar

from yukuaiban.core.backward import backward
from yukuaiban.core.calendarspec import DayEnd
from yukuaiban.core.clocks import Pause, due
from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.core.limits import Limit, LimitRow, Unit
from yukuaiban.core.moments import micros, moment_of
from yukuaiban.core.pauses import united
from yukuaiban.core.workcalendar import WorkCalendar


class Light(StrEnum):
    """Green before the warning, yellow until the due, red after it, breach after a statutory due."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    BREACH = "breach"

    @property
    def rank(self) -> int:
        """How bad it is, 0 to 3."""
        return list(Light).index(self)

    @property
    def title(self) -> str:  # type: ignore[override]  # a title as in `Unit`, not that of str
        """The light in Chinese."""
        return _TITLES[self]


_TITLES = {Light.GREEN: "正常", Light.YELLOW: "预警", Light.RED: "超时", Light.BREACH: "超法定时限"}


class ClockKind(StrEnum):
    """法定、承诺、内部时限."""

    STATUTORY = "statutory"
    COMMITTED = "committed"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class WarnRule:
    """When a clock turns yellow: a share of the limit used, or an amount left.

    `notify` are told then, in place of those whom the ladder of the procedure names for yellow.
    """

    metric: Literal["used_percent", "remaining"]
    value: Fraction | Limit
    notify: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.value * 100}%" if isinstance(self.value, Fraction) else str(self.value)


Rule = TypeVar("Rule", bound=WarnRule)


def parse_warn(text: str) -> WarnRule:
    """A rule as a procedure writes it: `"50%"` used, `"1wd"` or `"4sh"` left. InputInvalid says what is wrong."""
    written = text.strip()
    if not written.endswith("%"):
        limit = Limit.parse(written)
        if limit.unit in (Unit.MONTH, Unit.YEAR):
            raise InputInvalid(Problem(f"“{text}”不能作为预警", "请写如 50%、1wd、4sh", field="warns"))
        return WarnRule("remaining", limit)
    try:
        share = Fraction(written[:-1]) / 100
    except (ValueError, ZeroDivisionError) as error:
        raise InputInvalid(Problem(f"“{text}”不是百分比", "请写如 50%", field="warns")) from error
    if not 0 < share <= 1:
        raise InputInvalid(Problem(f"“{text}”不在 0 至 100 之间", "请写如 50%", field="warns"))
    return WarnRule("used_percent", share)


def first_warning(
    start: datetime,
    limit: Limit,
    calendar: WorkCalendar,
    due_at: datetime,
    *,
    rules: Sequence[Rule],
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Limit] = (),
) -> tuple[datetime, Rule | None]:
    """The moment at which the clock turns yellow, the earliest of its rules, and the rule that says so.

    Never before the start, never after the due, and never inside a pause: what falls there waits for its end.
    Without any rule it is the due itself.
    """
    clock = _Clock(start, reduce(add, extensions, limit), calendar, due_at, tuple(pauses))
    found = [(clock.moment(rule), rule) for rule in rules]
    earliest, first = min(found, key=lambda each: each[0], default=(due_at, None))
    instant = micros(max(earliest, start))
    for span in united(pauses, micros(start)):
        if span.start <= instant < span.end:
            instant = span.end
    return min(moment_of(instant), due_at), first


@dataclass(frozen=True, slots=True)
class _Clock:
    """One running limit, asked when so much of it is used or left."""

    start: datetime
    limit: Limit
    calendar: WorkCalendar
    due_at: datetime
    pauses: tuple[Pause, ...]

    def moment(self, rule: WarnRule) -> datetime:
        if isinstance(rule.value, Fraction):
            return self._used(rule.value)
        return self._left(rule.value)

    def _left(self, left: Limit) -> datetime:
        """The moment with `left` to go: in days the closing time of an earlier day, else open or real time."""
        if left.unit is self.limit.unit is Unit.WORKDAY and left.amount < self.limit.amount:
            return self._after(Limit(self.limit.amount - left.amount, Unit.WORKDAY))
        found = backward(self.due_at, left, self.calendar, pauses=self.pauses, day_end=DayEnd.CLOSING)
        return found or self.start

    def _used(self, share: Fraction) -> datetime:
        """The moment at which that share of the limit is used.

        N working days: whole days k = floor(share x N), then that part of the open time of day k + 1. Months and
        years are taken as the days they have.
        """
        if self.limit.unit.timed:
            amount = Fraction(self.limit.amount) * share
            exact = Decimal(amount.numerator) / Decimal(amount.denominator)
            return self._after(Limit(exact, self.limit.unit))
        whole, part = divmod(self._days() * share, 1)
        unit = Unit.WORKDAY if self.limit.unit is Unit.WORKDAY else Unit.NATURAL_DAY
        if unit is Unit.WORKDAY and part:
            return self._inside(self._after(Limit(Decimal(whole + 1), unit)), part)
        return self._after(Limit(Decimal(whole), unit)) if whole else self.start

    def _inside(self, end: datetime, part: Fraction) -> datetime:
        """That part of the open time of the day that ends at `end`."""
        day = self.calendar.day(moment_of(micros(end) - 1))
        intervals = list(self.calendar.open_instants(day))
        wanted = int(sum(until - since for since, until in intervals) * part)
        for since, until in intervals[:-1]:
            if wanted <= until - since:
                return moment_of(since + wanted)
            wanted -= until - since
        return moment_of(intervals[-1][0] + wanted)

    def _days(self) -> int:
        if self.limit.unit in (Unit.WORKDAY, Unit.NATURAL_DAY):
            return self.limit.days
        last = due(
            self.start, self.limit, self.calendar, row=_unrolled(self.limit, self.start), explain=False
        ).due_on
        return (last - self.calendar.day(self.start)).days if last is not None else 0

    def _after(self, limit: Limit) -> datetime:
        """The due moment of a part of the limit, on the same clock."""
        row = _unrolled(limit, self.start)
        found = due(self.start, limit, self.calendar, pauses=self.pauses, row=row, explain=False)
        return found.at or self.due_at


def _unrolled(limit: Limit, start: datetime) -> LimitRow:
    """A part of a limit ends where it ends, at a closing time: only the last day of the whole rolls or lasts on."""
    return LimitRow(limit, since=start.date(), roll=False, ends=DayEnd.CLOSING)


def light_at(kind: ClockKind, now: datetime, warns: datetime, due_at: datetime) -> Light:
    """The light of one clock. At the due instant itself the case is in time (convention 11)."""
    if now > due_at:
        return Light.BREACH if kind is ClockKind.STATUTORY else Light.RED
    return Light.YELLOW if now >= warns else Light.GREEN


def worst(lights: Iterable[Light]) -> Light:
    """The worst of several lights; green if there is none."""
    return max(lights, key=lambda light: light.rank, default=Light.GREEN)
