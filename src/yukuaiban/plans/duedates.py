"""When a milestone is due (rules of the plan, section 4): a period and a year become tasks with their checkpoints.

Periods are written as `plans.reading.periods` tells. Due is the end of the last working day; the days are OURS.
"""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yukuaiban.core.workcalendar import WorkCalendar

_PART = re.compile(r"(?:(?P<year>\d{4})|-)-(?P<month>\d\d)(?:-(?P<day>\d\d))?")
_QUARTER = re.compile(r"(?:(?P<year>\d{4})-)?Q(?P<quarter>[1-4])")
_YEAR = re.compile(r"\d{4}")
_DAY = timedelta(days=1)
EVERY = {"monthly": 1, "bimonthly": 2, "quarterly": 3, "half-yearly": 6}
WEEKLY, REGULAR, CONTINUING, WHOLE_YEAR, UNSTATED = "weekly", "regular", "continuing", "year", ""


class Kind(StrEnum):
    """How a milestone is due."""

    ONCE = "once"
    JOINED = "joined"
    RECURRING = "recurring"
    CONTINUING = "continuing"
    UNSET = "unset"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A running period by its dates, both included, with its name; `day` if the text names its last day itself."""

    label: str
    first: date
    last: date
    day: bool = False


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One day on which something must be there. `provisional`: the calendar of that year is not published."""

    label: str
    begins: date
    due_on: date
    due: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a period means: one tuple of checkpoints for each task. `unset` (定期) has none until a person says so.

    The statements of a `continuing` milestone are tasks, but it has no due of its own and no share in the progress.
    """

    kind: Kind
    tasks: tuple[tuple[Checkpoint, ...], ...] = ()

    @property
    def last(self) -> date | None:
        """The last due day; None where there is no due."""
        if self.kind is Kind.CONTINUING:
            return None
        return max((point.due_on for task in self.tasks for point in task), default=None)


def schedule(
    period: str, year: int, calendar: WorkCalendar, *, fixed: date | None = None, before: bool = False
) -> Schedule:
    """The tasks of a milestone of that period in the plan of `year`.

    `fixed` is a day that a person set instead of what the text says; `before` lets 前 exclude the named date.
    ValueError for a period that is none.
    """
    if fixed is not None:
        return Schedule(
            Kind.ONCE, ((_at(Stretch(fixed.isoformat(), date(fixed.year, 1, 1), fixed), calendar),),)
        )
    if period == REGULAR:
        return Schedule(Kind.UNSET)
    if period == UNSTATED:
        return Schedule(Kind.UNSTATED, ((_at(_whole(year), calendar),),))
    if period == CONTINUING:
        return Schedule(Kind.CONTINUING, _one_each(_every("quarterly", year), calendar))
    if period in EVERY or period == WEEKLY:
        return Schedule(Kind.RECURRING, _one_each(_every(period, year), calendar))
    points = tuple(_at(each, calendar, before=before) for each in _stretches(period, year))
    return Schedule(Kind.JOINED if len(points) > 1 else Kind.ONCE, (points,))


def outside(found: Schedule, year: int) -> bool:
    """Whether a due lies outside the plan's year: a question to the person, not a refusal."""
    return any(point.due_on.year != year for task in found.tasks for point in task)


def last_workday(day: date, calendar: WorkCalendar) -> date:
    """The last working day not after `day`; the day itself where a whole month has none."""
    for back in range(31):
        if calendar.is_workday(day - back * _DAY):
            return day - back * _DAY
    return day


def _one_each(stretches: Iterator[Stretch], calendar: WorkCalendar) -> tuple[tuple[Checkpoint, ...], ...]:
    return tuple((_at(each, calendar),) for each in stretches)


def _at(stretch: Stretch, calendar: WorkCalendar, *, before: bool = False) -> Checkpoint:
    day = last_workday(stretch.last - _DAY if before and stretch.day else stretch.last, calendar)
    return Checkpoint(stretch.label, stretch.first, day, calendar.closing(day), not calendar.published(day))


def _every(period: str, year: int) -> Iterator[Stretch]:
    if period == WEEKLY:
        yield from _weeks(year)
        return
    step = EVERY[period]
    for last in range(step, 13, step):
        first = date(year, last - step + 1, 1)
        yield Stretch(_label(year, last, step), first, _month_end(year, last))


def _label(year: int, month: int, step: int) -> str:
    return f"{year}-Q{month // 3}" if step == 3 else f"{year}-{month:02d}"


def _weeks(year: int) -> Iterator[Stretch]:
    """The weeks whose Thursday lies in the year (ISO 8601)."""
    week = 1
    while True:
        try:
            first = date.fromisocalendar(year, week, 1)
        except ValueError:
            return
        yield Stretch(f"{year}-W{week:02d}", first, first + 6 * _DAY)
        week += 1


def _stretches(period: str, year: int) -> Iterator[Stretch]:
    for part in period.split(","):
        if (found := _QUARTER.fullmatch(part)) is not None:
            yield _quarter(int(found["year"] or year), int(found["quarter"]))
        elif part == WHOLE_YEAR or _YEAR.fullmatch(part):
            yield _whole(year if part == WHOLE_YEAR else int(part))
        else:
            yield _dated(part, year)


def _quarter(year: int, quarter: int) -> Stretch:
    return Stretch(f"{year}-Q{quarter}", date(year, 3 * quarter - 2, 1), _month_end(year, 3 * quarter))


def _whole(year: int) -> Stretch:
    return Stretch(str(year), date(year, 1, 1), date(year, 12, 31))


def _dated(part: str, year: int) -> Stretch:
    """A month, a day, or a range of them: due is the end of the range."""
    first, _slash, last = part.partition("/")
    begins, _ = _days(first, year)
    named, ends = _days(last or first, year)
    if ends < begins:  # 11月至次年2月
        named, ends = _days(last, year + 1)
    start = begins if last else date(ends.year, ends.month, 1)
    day = named == ends
    label = ends.isoformat() if day else f"{ends.year}-{ends.month:02d}"
    return Stretch(label, start, ends, day)


def _days(text: str, year: int) -> tuple[date, date]:
    """The first and the last day of a month or day as written."""
    found = _PART.fullmatch(text)
    if found is None:
        raise ValueError(f"“{text}” is no period")
    of, month = int(found["year"] or year), int(found["month"])
    if found["day"]:
        day = date(of, month, int(found["day"]))
        return day, day
    return date(of, month, 1), _month_end(of, month)


def _month_end(year: int, month: int) -> date:
    return date(year, month, months.monthrange(year, month)[1])


def known(period: str) -> bool:
    """Whether a text is a period that can be reckoned."""
    if period in (REGULAR, UNSTATED, CONTINUING, WEEKLY, *EVERY):
        return True
    try:
        return bool(list(_stretches(period, 2024)))
    except ValueError:
        return False
