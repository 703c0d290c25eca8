"""What time alone brings to a case: warnings, overdue clocks, steps of the ladder, ends of pauses, deemed admission.

The worker calls this when a clock wakes; every action calls it first. So the journal is in true order whether a
worker runs or not, and each change is recorded with the moment at which it was due, not at which it was seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yukuaiban.cases import counters, facts, storing, versions
from yukuaiban.cases.catalogue import Attempt, spec_of
from yukuaiban.cases.models import Clock, ClockEffect
from yukuaiban.cases.telling import tell
from yukuaiban.core.timeline import OVERDUE, CaseState, Change, ClockState, pending, step
from yukuaiban.journal.writing import Head, append
from yukuaiban.people.access import SYSTEM_WORKER

if TYPE_CHECKING:
    from datetime import datetime

    from yukuaiban.cases.models import Case
    from yukuaiban.cases.moments import HeldPen
    from yukuaiban.journal.event import Event

# A case has a few clocks with a few changes each; more in one go means that a procedure feeds on itself.
_MOST_CHANGES = 200


@dataclass(frozen=True, slots=True)
class Passed:
    """What time has brought: the type of the event, when it was due, its body."""

    kind: str
    at: datetime
    data: dict[str, Any]


def catch_up(case: Case, state: CaseState, pen: HeldPen) -> CaseState:
    """Record every change that has come up to the pen's moment; the case must be locked. Returns the state after."""
    for _ in range(_MOST_CHANGES):
        found = pending(state, pen.moment())
        if found is None:
            return state
        state = _record(case, state, *found, pen)
    message = f"more than {_MOST_CHANGES} changes at once on {case.number}"
    raise RuntimeError(message)


def _record(case: Case, state: CaseState, clock: ClockState, change: Change, pen: HeldPen) -> CaseState:
    data = {"clock": clock.code, "ordinal": clock.ordinal, "step": change.step}
    state, event = _append(case, state, Passed(change.fact, change.at, data), pen)
    row = Clock.objects.get(case=case, code=clock.code, ordinal=clock.ordinal)
    ClockEffect.objects.create(clock=row, step=change.step, clock_version=clock.version, at=change.at)
    tell(case, state, (clock, change), event, pen)
    if change.fact == OVERDUE and clock.rule.on_due and clock.stopped_at is None:
        state = _done_by_time(case, state, clock.rule.on_due, change.at, pen)
    return state


def _done_by_time(case: Case, state: CaseState, code: str, at: datetime, pen: HeldPen) -> CaseState:
    """The action that a missed limit brings by law, if it is open; with the measure's effect, as at the door."""
    action = state.procedure.action(code)
    stage = state.procedure.stage(state.stage) if state.stage else None
    if action is None or not action.open_at(stage):
        return state
    state, _ = _append(case, state, Passed(f"{case.measure}.{code}", at, {}), pen)
    if (effect := spec_of(case.measure, code).effect) is not None:
        effect(Attempt(case, state, code, SYSTEM_WORKER, {}, {}, at))
    return state


def _append(case: Case, state: CaseState, passed: Passed, pen: HeldPen) -> tuple[CaseState, Event]:
    """One event of the platform's own, with its rows and counts."""
    before = counters.standing(case)
    event = append(
        stream=facts.stream_of(case.number),
        type=passed.kind,
        body={"data": passed.data, "calendars": pen.calendars},
        actor=SYSTEM_WORKER.actor(),
        pen=pen,
        source="worker",
        occurred_at=passed.at,
        head=Head(case.seq, bytes(case.head), case.recorded_at),
    )
    after = step(state, facts.fact_of(event), versions.calendar)
    storing.store(case, after, event)
    counters.record(before, counters.standing(case))
    return after, event
