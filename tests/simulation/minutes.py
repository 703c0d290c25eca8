"""A calendar counted minute by minute, for the oracle: read from the file itself, one byte for each minute.

Shares no code with `core`. Moments are whole microseconds of local wall-clock time since 2020-01-01 00:00; the zone
of the fictional district has no summer time, so that is UTC moved by a constant.
"""

from __future__ import annotations

import tomllib
from array import array
from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from itertools import accumulate

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
FIRST, DAYS = date(2025, 12, 1), 760
_PER_DAY = 24 * 60
_ZONE = timezone(timedelta(hours=8))
_ZERO = datetime(2020, 1, 1, tzinfo=_ZONE)
_FIRST_DAY = (FIRST - _ZERO.date()).days


def instant(moment: datetime) -> int:
    """A datetime as the oracle counts."""
    return (moment - _ZERO) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """The other way round, in UTC."""
    return (_ZERO + timedelta(microseconds=at)).astimezone(UTC)


def local(text: str) -> int:
    """`2026-03-02T09:00` as the oracle counts."""
    return instant(datetime.fromisoformat(text).replace(tzinfo=_ZONE))


def day_of(at: int) -> int:
    """The date as a number of days."""
    return at // DAY


def day_number(on: date) -> int:
    """A date as a number of days."""
    return (on - _ZERO.date()).days


def date_of(day: int) -> date:
    """And back."""
    return _ZERO.date() + timedelta(days=day)


class Minutes:
    """Which minutes are open, and which days are working days."""

    def __init__(self, text: str, more: tuple[tuple[str, str], ...] = ()) -> None:
        """`more` are days of a later notice: date and kind."""
        raw = _read(text)
        self.kinds = {day["date"]: day["kind"] for day in raw["days"]}
        self.kinds |= {date.fromisoformat(on): kind for on, kind in more}
        self.published = set(raw["years"]["published"])
        self._tables = _timetables(raw["hours"])
        self._open = bytearray(DAYS * _PER_DAY)
        self._closing: dict[int, int] = {}
        self._working: list[int] = []
        for ahead in range(DAYS):
            self._fill(ahead, self._intervals(FIRST + timedelta(days=ahead)))
        # _before[m]: open minutes before minute m.
        self._before = array("i", accumulate(self._open, initial=0))

    def _intervals(self, on: date) -> list[tuple[str, str]]:
        kind = self.kinds.get(on)
        holding = [blocks for since, until, blocks in self._tables if since <= on <= until]
        if kind == "off" or not holding:
            return []
        for block in holding[-1]:
            if on.isoweekday() in block["weekdays"]:
                return block["open"]
        return holding[-1][0]["open"] if kind == "make_up" else []

    def _fill(self, ahead: int, intervals: list[tuple[str, str]]) -> None:
        for begin, end in intervals:
            since, until = (ahead * _PER_DAY + int(at[:2]) * 60 + int(at[3:]) for at in (begin, end))
            self._open[since:until] = b"\x01" * (until - since)
            self._closing[_FIRST_DAY + ahead] = (_FIRST_DAY * _PER_DAY + until) * MINUTE
        if intervals:
            self._working.append(_FIRST_DAY + ahead)

    # -- open time -------------------------------------------------------------------------------------------
    def before(self, at: int) -> int:
        """Open microseconds before a moment."""
        minute, rest = divmod(at - _FIRST_DAY * DAY, MINUTE)
        return self._before[minute] * MINUTE + (rest if self._open[minute] else 0)

    def opened(self, since: int, until: int) -> int:
        """Open microseconds between two moments."""
        return self.before(until) - self.before(since)

    def forward(self, at: int, amount: int) -> int:
        """The earliest moment with so much open time since `at`."""
        if not amount:
            return at
        wanted = self.before(at) + amount
        minute = bisect_left(self._before, -(-wanted // MINUTE))
        return _FIRST_DAY * DAY + minute * MINUTE - (self._before[minute] * MINUTE - wanted)

    def backward(self, at: int, amount: int) -> int:
        """The latest moment with so much open time until `at`."""
        if not amount:
            return at
        wanted = self.before(at) - amount
        minute = bisect_right(self._before, wanted // MINUTE) - 1
        return _FIRST_DAY * DAY + minute * MINUTE + (wanted - self._before[minute] * MINUTE)

    # -- days ------------------------------------------------------------------------------------------------
    def works(self, day: int) -> bool:
        """Whether a day is a working day."""
        return day in self._closing

    def workdays(self, after: int, until: int) -> int:
        """The number of working days in (after, until]."""
        return bisect_right(self._working, until) - bisect_right(self._working, after)

    def next_workday(self, day: int) -> int:
        """That day, or the first working day after it."""
        return self._working[bisect_left(self._working, day)]

    def end_of(self, day: int) -> int:
        """Closing time of a working day, 24:00 of a rest day."""
        return self._closing.get(day, (day + 1) * DAY)

    def closing_from(self, at: int) -> int:
        """The first closing time, on a working day, that is not before a moment."""
        day = self.next_workday(day_of(at))
        if self._closing[day] >= at:
            return self._closing[day]
        return self._closing[self.next_workday(day + 1)]

    def open_minutes(self, day: int) -> list[int]:
        """The beginnings of the open minutes of a day."""
        first = (day - _FIRST_DAY) * _PER_DAY
        return [
            day * DAY + place * MINUTE
            for place, is_open in enumerate(self._open[first : first + _PER_DAY])
            if is_open
        ]


@cache
def _read(text: str) -> dict:
    return tomllib.loads(text)


def _timetables(blocks: list[dict]) -> list[tuple[date, date, list[dict]]]:
    """Blocks with the same dates are one timetable; the last one in the file that covers a day holds it."""
    found: dict[tuple[date, date], list[dict]] = {}
    for block in blocks:
        found.setdefault((block["from"], block.get("to", date.max)), []).append(block)
    return [(since, until, held) for (since, until), held in found.items()]
