"""The oracle's own arithmetic of limits: due moments and warnings, from clocks.md sections 2, 3 and 6.

Written from the specification, not from the program: it walks over days and minutes, where the program computes with
coordinates.
"""

from __future__ import annotations

import calendar as months
import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.simulation.minutes import HOUR, MINUTE, Minutes, date_of, day_number, day_of

TIMED = {"h": HOUR, "m": MINUTE, "sh": HOUR, "sm": MINUTE}
SERVICE = ("sh", "sm")


@dataclass(frozen=True)
class Amount:
    """A limit: a number and a unit."""

    n: Fraction
    unit: str

    @classmethod
    def parse(cls, text: str) -> Amount:
        found = re.fullmatch(r"(\d+(?:\.\d+)?)(sh|sm|wd|mo|h|m|d|y)", text)
        if found is None:
            raise ValueError(text)
        return cls(Fraction(found[1]), found[2])

    def __add__(self, other: Amount) -> Amount:
        assert self.unit == other.unit
        return Amount(self.n + other.n, self.unit)

    @property
    def length(self) -> int:
        """Of hours and minutes, in microseconds."""
        return int(self.n * TIMED[self.unit])


Pauses = list[tuple[int, int]]


def united(pauses: Pauses, start: int) -> Pauses:
    """In order, overlapping ones joined, cut off at the start."""
    found: Pauses = []
    for begin, end in sorted(pauses):
        if end <= start or end == begin:
            continue
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((max(begin, start), end))
    return found


def due(open_: Minutes, start: int, limit: Amount, pauses: Pauses, *, roll: bool = True) -> int:
    """The due moment. A pause that begins at or after it has no effect."""
    shift = 0
    ends = _end(open_, start, limit, shift, roll=roll)
    for begin, end in united(pauses, start):
        if begin >= ends:
            break
        shift += _within(open_, limit.unit, begin, end)
        ends = _end(open_, start, limit, shift, roll=roll)
        if limit.unit not in TIMED and begin <= ends < end:
            ends = open_.closing_from(end)
    return ends


def _end(open_: Minutes, start: int, limit: Amount, shift: int, *, roll: bool) -> int:
    """The end of a limit that is lengthened by a shift in its own unit."""
    if limit.unit in SERVICE:
        return open_.forward(start, limit.length + shift)
    if limit.unit in TIMED:
        return start + limit.length + shift
    if limit.unit == "wd":
        return _working_end(open_, start, int(limit.n), shift)
    day = _later(day_of(start), limit) + shift
    return open_.end_of(open_.next_workday(day) if roll else day)


def _working_end(open_: Minutes, start: int, count: int, shift: int) -> int:
    """The closing time of the last day; a same-day limit is lengthened from the day on which it would end."""
    day, count = day_of(start if count else open_.closing_from(start)), count + shift
    while count:
        day += 1
        count -= open_.works(day)
    return open_.end_of(day)


def _later(day: int, limit: Amount) -> int:
    """So many days, months or years later, by corresponding day or the last one of the month."""
    if limit.unit == "d":
        return day + int(limit.n)
    begin = date_of(day)
    month = begin.month - 1 + int(limit.n) * (12 if limit.unit == "y" else 1)
    year, month = begin.year + month // 12, month % 12 + 1
    return day_number(date(year, month, min(begin.day, months.monthrange(year, month)[1])))


def _within(open_: Minutes, unit: str, begin: int, end: int) -> int:
    """How much of a unit lies inside a pause."""
    if unit in SERVICE:
        return open_.opened(begin, end)
    if unit in TIMED:
        return end - begin
    if unit == "wd":
        return open_.workdays(day_of(begin), day_of(end))
    return day_of(end) - day_of(begin)


def consumed(open_: Minutes, unit: str, start: int, until: int, pauses: Pauses) -> int:
    """How much of a clock has been used; days as a number, time in microseconds."""
    spans = [(begin, min(end, until)) for begin, end in united(pauses, start) if begin < until]
    return _within(open_, unit, start, until) - sum(_within(open_, unit, *span) for span in spans)


# ------------------------------------------------------------------------------------------------ warnings


def warning(
    open_: Minutes, start: int, limit: Amount, pauses: Pauses, due_at: int, rules: list[tuple[str, str]]
) -> int:
    """When the clock turns yellow: the earliest rule, never before the start, after the due or in a pause."""
    found = [_rule(open_, start, limit, pauses, due_at, rule) for rule in rules]
    at = max(min(found, default=due_at), start)
    for begin, end in united(pauses, start):
        if begin <= at < end:
            at = end
    return min(at, due_at)


def _rule(
    open_: Minutes, start: int, limit: Amount, pauses: Pauses, due_at: int, rule: tuple[str, str]
) -> int:
    metric, value = rule
    if metric == "used_percent":
        return _used(open_, start, limit, pauses, Fraction(value) / 100)
    left = Amount.parse(value)
    if left.unit == "sh":
        return _back_in_service_time(open_, due_at, left.length, pauses)
    assert left.unit == "wd"
    if limit.unit == "wd" and left.n < limit.n:
        return due(open_, start, Amount(limit.n - left.n, "wd"), pauses)
    return max(_back_in_workdays(open_, due_at, int(left.n), united(pauses, start)), start)


def _back_in_service_time(open_: Minutes, due_at: int, amount: int, pauses: Pauses) -> int:
    at = open_.backward(due_at, amount)
    for begin, end in reversed(united(pauses, 0)):
        if begin >= due_at or at >= end:
            continue
        amount += open_.opened(begin, min(end, due_at))
        at = open_.backward(due_at, amount)
    return at


def _back_in_workdays(open_: Minutes, due_at: int, count: int, pauses: Pauses) -> int:
    """The end of the working day that many unpaused working days before the due."""
    day = day_of(due_at - 1)

    def counts(each: int) -> bool:
        paused = any(day_of(begin) < each <= day_of(min(end, due_at)) for begin, end in pauses)
        return open_.works(each) and not paused

    count += not counts(day)
    while count:
        day -= 1
        count -= counts(day)
    return open_.end_of(day)


def _used(open_: Minutes, start: int, limit: Amount, pauses: Pauses, share: Fraction) -> int:
    if limit.unit in TIMED:
        return due(open_, start, Amount(limit.n * share, limit.unit), pauses)
    if limit.unit in ("mo", "y"):
        whole = Amount(Fraction(_later(day_of(start), limit) - day_of(start)), "d")
        return _used(open_, start, whole, pauses, share)
    days, part = divmod(limit.n * share, 1)
    if limit.unit == "d" or not part:
        return due(open_, start, Amount(Fraction(days), limit.unit), pauses, roll=False) if days else start
    minutes = open_.open_minutes(day_of(due(open_, start, Amount(Fraction(days + 1), "wd"), pauses) - 1))
    whole, rest = divmod(len(minutes) * MINUTE * part, MINUTE)
    return minutes[int(whole)] + int(rest) if rest else minutes[int(whole) - 1] + MINUTE
