"""A calendar compiled to arrays: the two coordinates of clocks.md section 5.

`DayTable` numbers the days: D(date) is the number of working days up to a date. `OpenTime` numbers open time:
S(t) is the open time before a moment. Both are plain integer arrays with constant-time look-up, for one value
(through memory views, which give Python integers) and for many (through numpy). Moments are microseconds of UTC.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np

from yukuaiban.core.calendarspec import CalendarSpec, HoursBlock
from yukuaiban.core.moments import DAY, MINUTE, day_number, day_of, wall_instant

if TYPE_CHECKING:
    from numpy.typing import NDArray

Ints: TypeAlias = "NDArray[np.int64]"
Flags: TypeAlias = "NDArray[np.bool_]"

MOST_SLOTS = 1 << 21
CHUNK = 1 << 14
_FAR = np.int64(1) << 60


@dataclass(frozen=True, slots=True)
class DayTable:
    """The days of a span of years, by index from its first day.

    `midnight` is when each day begins (one more entry for the end), `closing` when it closes (a rest day: at
    24:00), `upto` the number of working days up to and including it, `workdays` the index of each working day,
    `rolled` the first working day not before it (the length of the table if there is none), `unpublished` the
    number of days in unpublished years before it. `even` says that all days have 24 hours.
    """

    first: int
    midnight: Ints
    closing: Ints
    working: Flags
    upto: Ints
    workdays: Ints
    rolled: Ints
    unpublished: Ints
    even: bool

    def __len__(self) -> int:
        return len(self.closing)


class OpenTime:
    """Open time as a coordinate: `before(t)` is S(t), `reached(u)` and `left(u)` are its inverses.

    S is piecewise linear: inside open interval k it is `t + shift[k]`, and from its closing on it stays at
    `cap[k]`, so S(t) = min(t + shift, cap) once k is known. k comes from a fixed grid whose step divides all
    interval ends; where such a grid would be too large (odd minutes over centuries) it comes from a search.
    """

    __slots__ = (
        "_back", "_cap", "_last", "_marks", "_opens", "_shift",
        "back", "cap", "closes", "marks", "opens", "origin", "shift", "step", "total",
    )  # fmt: skip

    def __init__(self, opens: Ints, closes: Ints) -> None:
        lengths = closes - opens
        ends = np.cumsum(lengths)
        self.opens, self.closes = opens, closes
        self.marks: Ints = np.concatenate(([0], ends))
        self.total = int(self.marks[-1])
        shift = np.concatenate(([_FAR], self.marks[:-1] - opens))
        cap = self.marks
        back = opens - self.marks[:-1]
        self.step = _grid_step(opens, closes)
        self.origin = int(opens[0]) if len(opens) else 0
        if self.step:
            shift, cap = _on_grid(shift, cap, opens, closes, self.step)
            back = np.repeat(back, lengths // self.step)
        self.shift, self.cap, self.back = shift, cap, back
        self._shift, self._cap, self._back = _view(shift), _view(cap), _view(back)
        self._opens, self._marks = _view(opens), _view(self.marks)
        self._last = len(cap) - 1

    def before(self, instant: int) -> int:
        """Open time before the instant."""
        if self.step:
            slot = (instant - self.origin) // self.step + 1
            if slot < 0:
                slot = 0
            elif slot >= self._last:
                slot = self._last
        else:
            slot = bisect_right(self._opens, instant)
        inside: int = instant + self._shift[slot]
        most: int = self._cap[slot]
        return inside if inside < most else most  # noqa: FURB136 - a call of min() would cost as much as the rest

    def reached(self, amount: int) -> int | None:
        """The earliest instant with that much open time (> 0) before it: landing on a closing stays there."""
        if not 0 < amount <= self.total:
            return None
        slot = (amount - 1) // self.step if self.step else bisect_left(self._marks, amount) - 1
        found: int = amount + self._back[slot]
        return found

    def left(self, amount: int) -> int | None:
        """The latest instant with that much open time before it: landing on an opening stays there."""
        if not 0 <= amount < self.total:
            return None
        slot = amount // self.step if self.step else bisect_right(self._marks, amount) - 1
        found: int = amount + self._back[slot]
        return found

    def before_many(self, instants: Ints) -> Ints:
        """`before` for an array."""
        slot = self._slots(instants)
        found = instants + self.shift.take(slot)
        return np.minimum(found, self.cap.take(slot), out=found)

    def reached_many(self, amounts: Ints, out: Ints | None = None) -> Ints:
        """`reached` for an array; amounts must lie in (0, total]."""
        if self.step:
            slot = amounts - 1
            slot //= self.step
        else:
            slot = np.searchsorted(self.marks, amounts, side="left") - 1
        found: Ints = np.add(amounts, self.back.take(slot), out=out)
        return found

    def _slots(self, instants: Ints) -> Ints:
        if not self.step:
            return np.searchsorted(self.opens, instants, side="right")
        slot = instants - self.origin
        slot //= self.step
        slot += 1
        return np.clip(slot, 0, len(self.cap) - 1, out=slot)


@dataclass(frozen=True, slots=True)
class Tables:
    """Both coordinates of a calendar over the years `first_year` to `last_year`."""

    first_year: int
    last_year: int
    days: DayTable
    opening: OpenTime


def compile_tables(spec: CalendarSpec, zone: ZoneInfo, first_year: int, last_year: int) -> Tables:
    """The arrays of a calendar for whole years, both included."""
    first = day_number(date(first_year, 1, 1))
    count = day_number(date(last_year + 1, 1, 1)) - first
    patterns = _patterns(spec, first, count)
    midnight = _midnights(zone, first, count)
    day, opens, closes = _intervals(spec.hours, patterns, midnight, first, zone)
    return Tables(
        first_year,
        last_year,
        _day_table(spec, first, midnight, day, closes),
        OpenTime(*_joined(opens, closes)),
    )


def _patterns(spec: CalendarSpec, first: int, count: int) -> Ints:
    """For each day the number of the hours block that it follows, or -1 for a rest day."""
    number = {id(block): at for at, block in enumerate(spec.hours)}
    weekday = (np.arange(first, first + count) + 3) % 7 + 1  # 1970-01-01 was a Thursday
    chosen = np.full(count, -1)
    fallback = np.full((count, 8), -1)
    for timetable in spec.timetables():
        since = max(day_number(timetable[0].since) - first, 0)
        until = timetable[0].until
        to = count if until is None else max(min(day_number(until) - first + 1, count), 0)
        of_weekday = np.full(8, -1)
        for block in timetable:
            of_weekday[list(block.weekdays)] = number[id(block)]
        chosen[since:to] = of_weekday[weekday[since:to]]
        fallback[since:to] = np.where(of_weekday < 0, number[id(timetable[0])], of_weekday)
    for day in spec.days:
        at = day_number(day.on) - first
        if 0 <= at < count:
            chosen[at] = -1 if day.kind == "off" else fallback[at, weekday[at]]
    return chosen


def _midnights(zone: ZoneInfo, first: int, count: int) -> Ints:
    """The instant at which each local day begins, and the end of the last."""
    start = datetime.combine(day_of(first), time())
    walls = (start + timedelta(days=at) for at in range(count + 1))
    offsets = [wall.replace(tzinfo=zone).utcoffset() or timedelta() for wall in walls]
    local = (np.arange(first, first + count + 1)) * DAY
    shift = np.array([gap.days * DAY + gap.seconds * 1_000_000 for gap in offsets])
    midnight: Ints = local - shift
    # Where the offset changes, midnight itself may be skipped or come twice.
    for at in np.flatnonzero(np.diff(shift)) + 1:
        midnight[at] = wall_instant(start + timedelta(days=int(at)), zone)
    return midnight


def _intervals(
    hours: tuple[HoursBlock, ...], patterns: Ints, midnight: Ints, first: int, zone: ZoneInfo
) -> tuple[Ints, Ints, Ints]:
    """(day index, opening, closing) of every open interval in order; those that a clock change swallows are out."""
    found = [
        (np.flatnonzero(patterns == number), since, until)
        for number, block in enumerate(hours)
        for since, until in block.open
    ]
    day = np.concatenate([days for days, _, _ in found])
    since = np.concatenate([np.full(len(days), at) for days, at, _ in found])
    until = np.concatenate([np.full(len(days), at) for days, _, at in found])
    order = np.lexsort((since, day))
    day, since, until = day[order], since[order], until[order]
    opens = midnight[day] + since * MINUTE
    closes = midnight[day] + until * MINUTE
    start = datetime.combine(day_of(first), time())
    for at in np.flatnonzero((midnight[day + 1] - midnight[day]) != DAY):
        wall = start + timedelta(days=int(day[at]))
        opens[at] = wall_instant(wall + timedelta(minutes=int(since[at])), zone)
        closes[at] = wall_instant(wall + timedelta(minutes=int(until[at])), zone)
    real = closes > opens
    return day[real], opens[real], closes[real]


def _joined(opens: Ints, closes: Ints) -> tuple[Ints, Ints]:
    """Intervals that touch are one (a hall open through midnight)."""
    if not len(opens):
        return opens, closes
    apart = opens[1:] > closes[:-1]
    return opens[np.concatenate(([True], apart))], closes[np.concatenate((apart, [True]))]


def _day_table(spec: CalendarSpec, first: int, midnight: Ints, day: Ints, closes: Ints) -> DayTable:
    count = len(midnight) - 1
    closing = midnight[1:].copy()
    closing[day] = closes  # in order, so the last interval of a day stays
    working = np.zeros(count, dtype=np.bool_)
    working[day] = True
    workdays = np.flatnonzero(working)
    upto = np.cumsum(working, dtype=np.int64)
    rolled = np.append(workdays, count)[upto - working]
    numbers = (np.arange(first, first + count)).astype("datetime64[D]")
    years = numbers.astype("datetime64[Y]").astype(np.int64) + 1970
    unpublished = ~np.isin(years, list(spec.published))
    return DayTable(
        first,
        midnight,
        closing,
        working,
        upto,
        workdays,
        rolled,
        np.concatenate(([0], np.cumsum(unpublished))),
        even=bool((np.diff(midnight) == DAY).all()),
    )


def _grid_step(opens: Ints, closes: Ints) -> int:
    """The greatest common divisor of all interval ends, or 0 where a grid would be too large."""
    if not len(opens):
        return 0
    ends = np.concatenate((opens, closes)) - opens[0]
    step = int(np.gcd.reduce(ends))
    return step if (int(closes[-1]) - int(opens[0])) // step <= MOST_SLOTS else 0


def _on_grid(shift: Ints, cap: Ints, opens: Ints, closes: Ints, step: int) -> tuple[Ints, Ints]:
    """`shift` and `cap` of each slot: one before the first opening, one for each step, one after the last closing."""
    edges = (opens - opens[0]) // step
    ends = (closes - opens[0]) // step
    slots = np.arange(int(ends[-1]) + 1)
    interval = np.searchsorted(edges, slots, side="right")
    closed = slots >= ends[interval - 1]
    grid = np.concatenate(([0], interval))
    on_shift = shift[grid]
    on_shift[1:][closed] = _FAR
    return on_shift, cap[grid]


def _view(array: Ints) -> Any:
    return np.ascontiguousarray(array).data
