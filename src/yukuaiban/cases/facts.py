"""From journal events to the core's facts, and the state of a case from its stream."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from yukuaiban.cases import versions
from yukuaiban.core.timeline import PLATFORM_PREFIX, CaseState, Fact, fold
from yukuaiban.journal.reading import events

if TYPE_CHECKING:
    from yukuaiban.cases.models import Case
    from yukuaiban.journal.event import Event

STREAM = "case:"


def stream_of(number: str) -> str:
    """The journal stream of a case."""
    return f"{STREAM}{number}"


def fact_of(event: Event) -> Fact:
    """The fact that an event states; its moment by the table of journal.md section 6.

    For the event that opens a case the earlier of the two times counts, so a late entry can only make the clocks
    start sooner; for any other event the time it happened, if one was allowed, else when it was recorded.
    """
    happened = event.occurred_at or event.recorded_at
    at = min(happened, event.recorded_at) if event.seq == 1 else happened
    platform = event.type.startswith(PLATFORM_PREFIX)
    return Fact(
        seq=event.seq,
        action=event.type if platform else event.type.split(".", 1)[1],
        at=at,
        actor=event.actor,
        agency=event.agency,
        data=event.body["data"],
        calendars=event.body["calendars"],
    )


def state_of(case: Case) -> CaseState:
    """The state of a case, folded from its events: one query."""
    return state_from(case.procedure, case.procedure_version, events(stream_of(case.number)))


def state_from(code: str, version: str, stream: Iterable[Event]) -> CaseState:
    """The state after these events of one case."""
    rule = versions.procedure(code, version)
    return fold(rule, versions.calendar, (fact_of(event) for event in stream))
