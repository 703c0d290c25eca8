"""A case as the fold knows it: facts that come in, clocks and stage that come of them, the moments a list needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from operator import add
from typing import Any

from yukuaiban.core.clocks import Due, Pause
from yukuaiban.core.lights import ClockKind, Light, WarnRule, light_at
from yukuaiban.core.limits import Limit, LimitRow
from yukuaiban.core.procedures import ClockRule, Procedure
from yukuaiban.core.warnrules import Concern, WarnRow, chosen

PLATFORM_PREFIX = "clock."
CALENDAR_CHANGED = "clock.calendar_changed"
RESUMED = "clock.resumed"
WARNED = "clock.warned"
OVERDUE = "clock.overdue"
ESCALATED = "clock.escalated"


@dataclass(frozen=True, slots=True)
class Fact:
    """One event of a case in the words of the core.

    `at` is the moment that clocks count, `calendars` the version of each calendar code in force when it was
    recorded, `data` the validated body of the action without personal data.
    """

    seq: int
    action: str
    at: datetime
    actor: str
    agency: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    calendars: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked for and somebody else must grant."""

    action: str
    seq: int
    actor: str
    agency: str | None
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A moment at which something changes on a clock: its light, a step of the ladder, the end of a pause."""

    at: datetime
    step: str
    fact: str
    light: Light | None = None
    notify: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClockState:
    """A running or stopped promise of a case. `fixed` is its due moment where that was set by hand."""

    code: str
    ordinal: int
    rule: ClockRule
    owner: str
    row: LimitRow
    started_at: datetime
    calendars: tuple[str, ...]
    matter: str = ""
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Limit, ...] = ()
    due: Due | None = None
    original_due_at: datetime | None = None
    warns_at: datetime | None = None
    warned_by: WarnRule | None = None
    stopped_at: datetime | None = None
    fixed: datetime | None = None
    version: int = 1
    done: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def running(self) -> bool:
        """Whether the promise is still open."""
        return self.stopped_at is None

    @property
    def due_at(self) -> datetime | None:
        """The due moment, or None where none can be computed."""
        return self.due.at if self.due else None

    @property
    def open_pause(self) -> Pause | None:
        """The last pause while its end is only planned, else None."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].expected else None

    @property
    def next_change(self) -> Change | None:
        """The next change that nobody has recorded yet; none on a stopped clock."""
        if not self.running:
            return None
        return next((change for change in self.changes if change.step not in self.done), None)

    def paused_at(self, moment: datetime) -> bool:
        """Whether the clock stands still at `moment`."""
        return self.running and any(pause.start <= moment < pause.end for pause in self.pauses)

    def warn_rules(self, rows: Sequence[WarnRow], day: date) -> Sequence[WarnRule]:
        """The rules for its warning: its own list, else those of the rows in force on `day`, when it started."""
        if self.rule.warns:
            return self.rule.warns
        whole = reduce(add, self.extensions, self.row.limit)
        return chosen(rows, Concern(self.code, self.owner, self.matter, whole, day))

    def light(self, moment: datetime) -> Light:
        """The light at `moment`; a stopped clock keeps the one it had when it stopped."""
        if self.due_at is None or self.warns_at is None:
            return Light.GREEN
        seen = moment if self.stopped_at is None else min(self.stopped_at, moment)
        return light_at(self.rule.kind, seen, self.warns_at, self.due_at)


@dataclass(frozen=True, slots=True)
class CaseState:
    """Everything that the procedure knows about a case."""

    procedure: Procedure
    stage: str | None = None
    seq: int = 0
    clocks: tuple[ClockState, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    requests: Mapping[str, Request] = field(default_factory=dict)
    moments: Mapping[str, datetime] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    last_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether the case has begun and stands at no final stage."""
        return self.stage is not None and not self.procedure.stage(self.stage).final

    def clock(self, code: str) -> ClockState | None:
        """The newest clock of that code, or None."""
        return next((clock for clock in reversed(self.clocks) if clock.code == code), None)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a list needs of a case: the moments at which its light changes, worst of all its open clocks."""

    due_at: datetime | None
    warns_at: datetime | None
    red_at: datetime | None
    breach_at: datetime | None
    paused_from: datetime | None
    paused_until: datetime | None
    next_change_at: datetime | None
    provisional: bool

    def light(self, moment: datetime) -> Light:
        """The case's light at `moment`."""
        if self.breach_at is not None and moment > self.breach_at:
            return Light.BREACH
        if self.red_at is not None and moment > self.red_at:
            return Light.RED
        if self.warns_at is not None and moment >= self.warns_at:
            return Light.YELLOW
        return Light.GREEN


def summary(state: CaseState) -> Summary:
    """What a list needs to show the case: worst of its open clocks whose rule gives the case a light."""
    lit = [clock for clock in state.clocks if clock.running and clock.rule.light and clock.due_at is not None]
    dues = [(clock.rule.kind is ClockKind.STATUTORY, clock.due_at) for clock in lit if clock.due_at]
    paused = [pause for clock in lit for pause in clock.pauses]
    latest = max(paused, key=lambda pause: pause.end, default=None)
    nexts = [change.at for clock in state.clocks if (change := clock.next_change) is not None]
    return Summary(
        due_at=min((at for _, at in dues), default=None),
        warns_at=min((clock.warns_at for clock in lit if clock.warns_at), default=None),
        red_at=min((at for statutory, at in dues if not statutory), default=None),
        breach_at=min((at for statutory, at in dues if statutory), default=None),
        paused_from=latest.start if latest else None,
        paused_until=latest.end if latest else None,
        next_change_at=min(nexts, default=None),
        provisional=any(clock.due is not None and clock.due.provisional for clock in lit),
    )


def pending(state: CaseState, moment: datetime) -> tuple[ClockState, Change] | None:
    """The earliest change up to `moment` that no fact has recorded yet, with its clock.

    An overdue change comes strictly after its due moment: at the due instant itself the case is in time.
    """
    found = [
        (change, clock)
        for clock in state.clocks
        if (change := clock.next_change) is not None and _has_come(change, moment)
    ]
    if not found:
        return None
    change, clock = min(found, key=lambda pair: (pair[0].at, pair[1].code))
    return clock, change


def _has_come(change: Change, moment: datetime) -> bool:
    return change.at < moment if change.fact in (OVERDUE, ESCALATED) else change.at <= moment
