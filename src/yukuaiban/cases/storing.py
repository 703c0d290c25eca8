"""Rows from state: the cached fold. Nothing here decides; verify compares the same columns with the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yukuaiban.cases.models import Case, Clock
from yukuaiban.core.clocks import FIXED
from yukuaiban.core.timeline import CaseState, ClockState, summary

if TYPE_CHECKING:
    from yukuaiban.journal.event import Event

# Column of the row <- fact of the state. Facts are kept by the procedure's `keeps`.
_FACTS = {
    "subject": "subject",
    "kind": "kind",
    "channel": "channel",
    "agency": "handling_agency",
    "receiving_agency": "receiving_agency",
    "desk": "desk",
    "handler": "handler",
    "enterprise": "enterprise",
    "outcome": "outcome",
    "title": "title",
}


def columns(state: CaseState) -> dict[str, Any]:
    """The columns of a case row that are a fold of its events."""
    seen = summary(state)
    found: dict[str, Any] = {column: str(state.facts.get(fact, "")) for column, fact in _FACTS.items()}
    return found | {
        "stage": state.stage,
        "opened_at": state.opened_at,
        "closed_at": state.closed_at,
        "due_at": seen.due_at,
        "warns_at": seen.warns_at,
        "red_at": seen.red_at,
        "breach_at": seen.breach_at,
        "paused_from": seen.paused_from,
        "paused_until": seen.paused_until,
        "next_change_at": seen.next_change_at,
        "provisional": seen.provisional,
        "deemed_admitted": "deem_admit" in state.counts,
        "seq": state.seq,
    }


def clock_columns(clock: ClockState) -> dict[str, Any]:
    """The columns of a clock row."""
    due, change = clock.due, clock.next_change
    pause = clock.open_pause if clock.running else None
    return {
        "kind": clock.rule.kind.value,
        "owner": clock.owner,
        "limit": str(clock.row.limit),
        "limit_version": clock.row.version if clock.fixed is None else FIXED,
        "calendars": ",".join(clock.calendars),
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "due_on": due.due_on if due else None,
        "original_due_at": clock.original_due_at,
        "warns_at": clock.warns_at,
        "stopped_at": clock.stopped_at,
        "paused_since": pause.start if pause else None,
        "paused_until": pause.end if pause else None,
        "provisional": bool(due and due.provisional),
        "version": clock.version,
        "step": change.step if change else "",
        "next_change_at": change.at if change else None,
    }


def store(case: Case, state: CaseState, event: Event) -> None:
    """Write the case row and those of its clocks as they stand after `event`."""
    for name, value in columns(state).items():
        setattr(case, name, value)
    case.head, case.recorded_at = event.hash, event.recorded_at
    case.save(force_insert=case.seq == 1)  # else a new id costs an UPDATE that finds nothing
    _store_clocks(case, state, new_case=case.seq == 1)


def _store_clocks(case: Case, state: CaseState, *, new_case: bool) -> None:
    held = {} if new_case else {(row.code, row.ordinal): row for row in Clock.objects.filter(case=case)}
    new: list[Clock] = []
    for clock in state.clocks:
        wanted = clock_columns(clock)
        row = held.get((clock.code, clock.ordinal))
        if row is None:
            new.append(Clock(case=case, code=clock.code, ordinal=clock.ordinal, **wanted))
        elif any(getattr(row, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(row, name, value)
            row.save()
    Clock.objects.bulk_create(new)


def rewrite(case: Case, state: CaseState) -> None:
    """Write the rows anew from the fold without an event: a recomputation is no business fact."""
    for name, value in columns(state).items():
        setattr(case, name, value)
    case.save()
    _store_clocks(case, state, new_case=False)
