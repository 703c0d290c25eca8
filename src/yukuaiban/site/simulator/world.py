"""Time and chance of a simulated district: a clock that is set, a seeded dice, a queue of things to come."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from django.db.models import Min

from yukuaiban.cases import versions
from yukuaiban.cases.acting import Acted, act
from yukuaiban.cases.models import Case, Clock
from yukuaiban.cases.worker import run_until_quiet
from yukuaiban.core.errors import ActionRefused
from yukuaiban.journal.pen import SeededPen
from yukuaiban.journal.sequencing import advance
from yukuaiban.notices.models import Message
from yukuaiban.notices.outbox import deliver_all

if TYPE_CHECKING:
    from yukuaiban.core.workcalendar import WorkCalendar
    from yukuaiban.people.subject import Subject

Deed = Callable[[], None]
_TICK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Period:
    """What to play: from when to when, and about how many cases."""

    since: datetime
    until: datetime
    cases: int


def _next_work() -> datetime | None:
    """The moment from which a pass of the worker finds something; None if nothing waits."""
    clocks = Clock.objects.aggregate(first=Min("next_change_at"))["first"]
    letters = Message.objects.filter(state=Message.State.QUEUED).aggregate(first=Min("next_try_at"))["first"]
    return min((moment for moment in (clocks, letters) if moment is not None), default=None)


@dataclass
class World:
    """Plays deeds in order of their moment; the worker ticks every hour, except in the stretch `idle`."""

    seed: int
    period: Period
    now: datetime = field(init=False)
    dice: Random = field(init=False)
    pen: SeededPen = field(init=False)
    idle: tuple[datetime, datetime] | None = None
    refused: Counter[str] = field(default_factory=Counter)
    _queue: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    _asked: int = 0
    _changed: bool = True
    _work_at: datetime | None = None
    _signed_on: date | None = None

    def __post_init__(self) -> None:
        self.now = self.period.since
        self.dice = Random(self.seed)  # noqa: S311 - a simulation, not a secret
        self.pen = SeededPen(self.seed, lambda: self.now)

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The office calendar; it does not change while the period is played."""
        return versions.current_calendar()

    def later(self, moment: datetime, deed: Deed) -> None:
        """Do something at `moment`; what lies behind the end of the period is left undone."""
        if moment <= self.period.until:
            self._asked += 1
            heapq.heappush(self._queue, (moment, self._asked, deed))

    def play(self, progress: Callable[[datetime], None]) -> None:
        """Until nothing is left to do, then the worker up to the end."""
        tick_at = self.now + _TICK
        while self._queue:
            moment, _, deed = heapq.heappop(self._queue)
            while tick_at <= moment:
                self._tick(tick_at)
                tick_at += _TICK
            self.now = max(self.now, moment)
            self._changed = True
            try:
                deed()
            except ActionRefused as refusal:
                # Somebody came too late: the case had moved on meanwhile. That happens in offices, too.
                self.refused[refusal.message] += 1
            progress(self.now)
        while tick_at <= self.period.until:
            self._tick(tick_at)
            tick_at += _TICK
        self.now = self.period.until
        self._tick(self.now)
        while advance(self.now).more:
            continue

    def _tick(self, moment: datetime) -> None:
        self.now = max(self.now, moment)
        if self.idle is not None and self.idle[0] <= moment < self.idle[1]:
            return
        if self._signed_on != moment.date():
            # Once a day is enough for a past that is played in one go.
            self._signed_on = moment.date()
            advance(moment)
        if self._changed:
            # Most hours of a year are quiet, so the question is asked again only after something has happened.
            self._work_at, self._changed = _next_work(), False
        if self._work_at is None or self._work_at > moment:
            return
        run_until_quiet(moment, pen=self.pen)
        deliver_all(moment, owner="simulator")
        self._changed = True

    def act(self, case: Case | None, action: str, who: Subject, **data: object) -> Acted:
        """One action with a key of its own."""
        key = str(self.pen.uid())
        procedure = "desks" if case is None else None
        return act(case, action, procedure=procedure, subject=who, data=data, key=key, pen=self.pen)

    # -- moments ---------------------------------------------------------------------------------------------
    def in_hours(self, moment: datetime) -> datetime:
        """`moment` if the office is open then, else a little after it opens again."""
        calendar, day = self.calendar, self.calendar.day(moment)
        while True:
            for begin, end in calendar.intervals(day):
                if moment < end:
                    return moment if moment >= begin else begin + self.minutes(1, 25)
            following = calendar.next_workday(day + timedelta(days=1))
            if following is None:
                return moment
            day = following

    def soon(self, low: float, high: float) -> datetime:
        """An open moment that many minutes from now."""
        return self.in_hours(self.now + self.minutes(low, high))

    def days(self, low: float, high: float) -> datetime:
        """An open moment that many working days from now, at any hour."""
        count = int(self.dice.uniform(low, high))
        day: date | None = self.calendar.day(self.now)
        for _ in range(count):
            day = self.calendar.next_workday(day + timedelta(days=1)) if day else None
        moment = self.now if not count or day is None else self.calendar.start_of(day) + timedelta(hours=8.5)
        return self.in_hours(moment + self.minutes(5, 420))

    def minutes(self, low: float, high: float) -> timedelta:
        """A random length, in whole seconds."""
        return timedelta(seconds=int(self.dice.uniform(low, high) * 60))

    def chance(self, share: float) -> bool:
        """True with that probability."""
        return self.dice.random() < share
