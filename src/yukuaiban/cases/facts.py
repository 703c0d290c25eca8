"""From journal events to the core's facts, and the state of a case from its stream."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from yukuaiban.cases import versions
from yukuaiban.core.errors import Refused
from yukuaiban.core.timeline import (
    CALENDAR_CHANGED,
    ESCALATED,
    OVERDUE,
    PLATFORM_PREFIX,
    RESUMED,
    WARNED,
    CaseState,
    Fact,
    fold,
)
from yukuaiban.journal.reading import events

if TYPE_CHECKING:
    from yukuaiban.cases.models import Case
    from yukuaiban.core.procedures import Procedure
    from yukuaiban.journal.event import Event

STREAM = "case:"
SCHEMA = (
    1  # the only version of the bodies so far; a later one comes with the step that lifts older bodies to it
)
_PLATFORM = frozenset({CALENDAR_CHANGED, ESCALATED, OVERDUE, RESUMED, WARNED})


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
    """The state after these events of one case. Refused, naming the event, for a type or schema that is not known."""
    rule = versions.procedure(code, version)
    return fold(rule, versions.calendar, (_known_fact(event, rule) for event in stream))


def _known_fact(event: Event, rule: Procedure) -> Fact:
    fact = fact_of(event)
    own = event.type == f"{rule.measure}.{fact.action}" and rule.action(fact.action) is not None
    known = own or event.type in _PLATFORM
    if not known or event.schema != SCHEMA:
        what = f"{event.type} 第 {event.schema} 版"
        raise Refused(
            f"序号 {event.seq}（uid {event.uid}）是这一版软件不认识的留痕（{what}），重放到此为止；"
            "请换用写下它的版本或更新的版本。"
        )
    return fact
