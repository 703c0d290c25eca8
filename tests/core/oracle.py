"""A slow second implementation of the clock, written from clocks.md alone. It shares no code with the core.

Time is walked minute by minute, days one by one. It knows nothing of tables, grids or coordinates, so both sides
being wrong in the same way is unlikely. Starts, pauses and amounts are whole minutes.
"""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
ONE = timedelta(days=1)
Pauses = list[tuple[datetime, datetime]]


@dataclass
class Timetable:
    """Hours by weekday (Monday is 1) between two dates, both included."""

    since: date
    until: date | None
    weekdays: dict[int, list[tuple[int, int]]]
    fallback: list[tuple[int, int]]


@dataclass
class Oracle:
    """One calendar. The last timetable that covers a day holds it."""

    zone: ZoneInfo
    timetables: list[Timetable]
    off: set[date] = field(default_factory=set)
    make_up: set[date] = field(default_factory=set)
    published: set[int] = field(default_factory=set)
    midnight: bool = False

    def hours(self, day: date) -> list[tuple[int, int]]:
        covering = [
            each
            for each in self.timetables
            if each.since <= day and (each.until is None or day <= each.until)
        ]
        if not covering or day in self.off:
            return []
        table = covering[-1]
        usual = table.weekdays.get(day.isoweekday(), [])
        return usual or (table.fallback if day in self.make_up else [])

    def works(self, day: date) -> bool:
        return bool(self.hours(day))

    def is_open(self, moment: datetime) -> bool:
        wall = moment.astimezone(self.zone)
        minute = wall.hour * 60 + wall.minute
        return any(since <= minute < until for since, until in self.hours(wall.date()))

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def wall(self, day: date, minute: int) -> datetime:
        naive = datetime.combine(day, time()) + timedelta(minutes=minute)
        return naive.replace(tzinfo=self.zone).astimezone(UTC)

    def end(self, day: date, *, midnight: bool | None = None) -> datetime:
        """Convention 2; a rest day ends at 24:00 (convention 4)."""
        late = self.midnight if midnight is None else midnight
        hours = self.hours(day)
        return self.wall(day + ONE, 0) if late or not hours else self.wall(day, hours[-1][1])

    def due_minutes(self, start: datetime, amount: int, pauses: Pauses, *, service: bool) -> datetime:
        """Convention 5 and 6: walk until the amount has been counted."""
        moment = start.astimezone(UTC)
        while amount:
            if not _paused(moment, pauses) and (not service or self.is_open(moment)):
                amount -= 1
            moment += MINUTE
        return moment

    def back_minutes(self, end: datetime, amount: int, pauses: Pauses) -> datetime:
        """Convention 7, backwards."""
        moment = end.astimezone(UTC)
        while amount:
            moment -= MINUTE
            if not _paused(moment, pauses) and self.is_open(moment):
                amount -= 1
        return moment

    def elapsed_minutes(self, start: datetime, end: datetime, pauses: Pauses, *, service: bool) -> int:
        moment, counted = start.astimezone(UTC), 0
        while moment < end:
            counted += not _paused(moment, pauses) and (not service or self.is_open(moment))
            moment += MINUTE
        return counted

    def workdays(self, after: date, until: date) -> int:
        """Working days in (after, until]."""
        days = (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
        return sum(self.works(day) for day in days)

    def elapsed_workdays(self, start: datetime, end: datetime, pauses: Pauses) -> int:
        inside = [(max(a, start), min(b, end)) for a, b in united(pauses) if b > start and a < end]
        return self.workdays(self.day(start), self.day(end)) - sum(
            self.workdays(self.day(a), self.day(b)) for a, b in inside
        )

    def first_end(self, moment: datetime, *, rest: bool = False) -> date:
        """The first (working) day whose end is not before the moment."""
        day = self.day(moment)
        while not (rest or self.works(day)) or self.end(day) < moment:
            day += ONE
        return day

    def nth(self, day: date, number: int) -> date:
        while number:
            day += ONE
            number -= self.works(day)
        return day

    def due_workdays(self, start: datetime, amount: int, pauses: Pauses) -> tuple[date, datetime]:
        """Conventions 1 to 3, pauses by rules 3.1 to 3.3."""
        day = self.nth(self.day(start), amount) if amount else self.first_end(start)
        for since, until in _after(start, pauses):
            if self.end(day) <= since:
                break
            day = self.nth(day, self.workdays(self.day(since), self.day(until)))
            if since < self.end(day) < until:
                day = self.first_end(until)
        return day, self.end(day)

    def due_dates(
        self, start: datetime, amount: int, unit: str, pauses: Pauses, *, roll: bool
    ) -> tuple[date, datetime, date]:
        """Convention 4: the due date, its end, and the last day before rolling."""
        today = self.day(start)
        last = (
            today + timedelta(days=amount)
            if unit == "d"
            else plus_months(today, amount * {"mo": 1, "y": 12}[unit])
        )
        if not amount:
            last = self.first_end(start, rest=not roll)
        day = self.rolled(last) if roll else last
        for since, until in _after(start, pauses):
            if self.end(day) <= since:
                break
            last += self.day(until) - self.day(since)
            day = self.rolled(last) if roll else last
            if since < self.end(day) < until:
                last = day = self.first_end(until)
        return day, self.end(day), last

    def rolled(self, day: date) -> date:
        while not self.works(day):
            day += ONE
        return day

    def provisional(self, first: date, last: date) -> bool:
        return any(year not in self.published for year in range(first.year, last.year + 1))


def united(pauses: Pauses) -> Pauses:
    """Rule 3.3: overlapping pauses are one."""
    found: Pauses = []
    for since, until in sorted(pauses):
        if since == until:
            continue
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found


def _after(start: datetime, pauses: Pauses) -> Pauses:
    return [(max(since, start), until) for since, until in united(pauses) if until > start]


def _paused(moment: datetime, pauses: Pauses) -> bool:
    return any(since <= moment < until for since, until in pauses)


def plus_months(day: date, amount: int) -> date:
    """The corresponding day, or the last of the month if it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + amount, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
