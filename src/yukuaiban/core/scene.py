"""What an explanation is about: terms of the limit, calendar, result; and the small helpers that all kinds share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from yukuaiban.core.counting import Reckoning, Shift, day_at
from yukuaiban.core.grid import Tables
from yukuaiban.core.limits import Limit, Unit
from yukuaiban.core.moments import MINUTE, day_of, local, moment_of
from yukuaiban.core.steps import Aside, Fact, Place, Planned, Step, Weekday, said, to_minute
from yukuaiban.core.workcalendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed: start, limit, its extensions, and how its last day ends."""

    start: int
    limit: Limit
    whole: Limit
    extensions: tuple[Limit, ...]
    roll: bool
    day_end: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A reckoning together with the calendar it was made on."""

    terms: Terms
    calendar: WorkCalendar
    tables: Tables
    reckoning: Reckoning

    @property
    def unit(self) -> Unit:
        """The unit of the limit."""
        return self.terms.whole.unit

    @property
    def start_day(self) -> int:
        """The index of the day on which the clock starts."""
        return day_at(self.tables.days, self.terms.start)

    @property
    def due_day(self) -> int:
        """The index of the day on which the clock ends."""
        return self.reckoning.reached.day

    def date(self, index: int) -> date:
        """The date of a day's index."""
        return day_of(self.tables.days.first + index)

    def at(self, instant: int) -> datetime:
        """The instant on the calendar's wall clock."""
        return local(moment_of(instant), self.calendar.zone)

    def told(self, instant: int) -> Place:
        """The instant as a sentence says it: to the minute where whole days count."""
        at = self.at(instant)
        return at if self.unit.timed else to_minute(at)

    def works(self, index: int) -> bool:
        """Whether the day works."""
        return bool(self.tables.days.working[index])

    def rest_names(self, first: int, last: int) -> tuple[Fact, ...]:
        """Why the days from `first` to `last` rest: holidays by name, else weekdays, each once."""
        return tuple(dict.fromkeys(self.why(index) for index in range(first, last + 1)))

    def why(self, index: int) -> Fact:
        """The name of a day's holiday or make-up work, else its weekday."""
        day = self.date(index)
        named = self.calendar.named(day)
        return named.name if named is not None and named.name else Weekday(day.isoweekday())

    def weekday(self, index: int) -> Weekday:
        """The weekday of a day."""
        return Weekday(self.date(index).isoweekday())

    def ground(self, shift: Shift) -> dict[str, Fact]:
        """Category, paper, beginning and end of a pause, as facts of a sentence."""
        parts = shift.span.parts
        grounds = dict.fromkeys(
            "，".join(each for each in (part.category, part.basis) if each) for part in parts
        )
        names = "；".join(each for each in grounds if each)
        return {
            "ground": Aside(names),
            "since": self.told(shift.span.start),
            "until": self.told(shift.span.end),
            "planned": Planned(shift.span.expected),
        }


def step(
    code: str,
    sentence: str,
    start: Place,
    end: Place,
    *,
    amount: Decimal | int | None = None,
    total: Decimal | int | None = None,
    unit: Unit | None = None,
    facts: Mapping[str, Fact] | None = None,
) -> Step:
    """A step with its Chinese sentence."""
    known = facts or {}
    return Step(code, start, end, amount, said(sentence, known), total, unit, sentence, known)


def in_order(scene: Scene, steps: Iterable[Step]) -> list[Step]:
    """The steps by the moment at which each begins; a date begins at its midnight."""

    def begins(each: Step) -> datetime:
        return each.start if isinstance(each.start, datetime) else scene.calendar.start_of(each.start)

    return sorted(steps, key=begins)


def working_days(amount: int) -> Limit:
    """So many working days, as a fact of a sentence."""
    return Limit(Decimal(amount), Unit.WORKDAY)


def natural_days(amount: int) -> Limit:
    """So many natural days, as a fact of a sentence."""
    return Limit(Decimal(amount), Unit.NATURAL_DAY)


def minutes(length: int) -> Decimal:
    """A length in minutes, as the amount of a step in service or natural time."""
    exact = Decimal(length) / MINUTE
    whole = exact.to_integral_value()
    return whole if whole == exact else round(exact, 10)
