"""Faults planted in the engine, one at a time: the oracle must find each, or it proves nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from yukuaiban.cases import acting, counters, passing, storing, telling
from yukuaiban.core import casestate, lights, timeline
from yukuaiban.core.limits import Limit, Unit
from yukuaiban.core.procedures import Effect
from yukuaiban.journal.writing import Head
from yukuaiban.measures.desks import rules
from yukuaiban.people.access import Verdict

Patch = tuple[Any, str, Any]
_NEXT = timedelta(microseconds=1)


def _pause_not_subtracted() -> Patch:
    real = timeline.due
    return timeline, "due", lambda *args, **more: real(*args, **{**more, "pauses": ()})


def _weekend_counted() -> Patch:
    real = timeline.due

    def due(start: Any, limit: Limit, calendar: Any, **more: Any) -> Any:
        if limit.unit is Unit.WORKDAY and not more.get("extensions"):
            limit = replace(limit, unit=Unit.NATURAL_DAY)
        return real(start, limit, calendar, **more)

    return timeline, "due", due


def _red_at_the_due_instant() -> Patch:
    real = casestate.Summary.light

    def light(self: Any, moment: Any) -> Any:
        return real(self, moment + _NEXT if moment in (self.red_at, self.breach_at) else moment)

    return casestate.Summary, "light", light


def _clock_red_at_the_due_instant() -> Patch:
    real = lights.light_at

    def light_at(kind: Any, now: Any, warns: Any, due_at: Any) -> Any:
        return real(kind, now + _NEXT if now == due_at else now, warns, due_at)

    return casestate, "light_at", light_at


def _overdue_at_the_due_instant() -> Patch:
    return casestate, "_has_come", lambda change, moment: change.at <= moment


def _letter_twice() -> Patch:
    real = telling.enqueue

    def twice(letter: Any, *, cause: uuid.UUID, **more: Any) -> None:
        real(letter, cause=cause, **more)
        real(letter, cause=uuid.uuid5(cause, "again"), **more)

    return telling, "enqueue", twice


def _letter_lost() -> Patch:
    return telling, "enqueue", lambda *_args, **_more: None


def _letter_at_night() -> Patch:
    return telling, "notification_time", lambda now, _calendar: now


def _warning_lost() -> Patch:
    real = passing.pending

    def pending(state: Any, moment: Any) -> Any:
        found = real(state, moment)
        return None if found is not None and found[1].step == "warned" else found

    return passing, "pending", pending


def _event_twice() -> Patch:
    real = acting.append

    def twice(*args: Any, **more: Any) -> Any:
        event = real(*args, **more)
        if more["head"].seq == 3:
            head = Head(event.seq, event.hash, event.recorded_at)
            return real(*args, **more | {"head": head, "idem": None})
        return event

    return acting, "append", twice


def _moment_of_the_pass() -> Patch:
    real = passing.append
    return passing, "append", lambda **more: real(**more | {"occurred_at": more["pen"].moment()})


def _nothing_caught_up() -> Patch:
    return acting, "catch_up", lambda _case, state, _pen: state


def _extension_forgotten() -> Patch:
    effects = {**timeline._EFFECTS, Effect.EXTEND: lambda clock, *_: clock}
    return timeline, "_EFFECTS", effects


def _early_resume_forgotten() -> Patch:
    effects = {**timeline._EFFECTS, Effect.RESUME: lambda clock, *_: clock}
    return timeline, "_EFFECTS", effects


def _deemed_from_the_end() -> Patch:
    return timeline, "_start_moment", lambda _state, _action, fact: fact.at


def _anybody_approves_a_pause() -> Patch:
    return rules, "pause_approval_refusal", lambda *_: ""


def _anybody_acts() -> Patch:
    return acting, "may_act", lambda *_args, **_more: Verdict(allowed=True, reason="")


def _key_forgotten() -> Patch:
    return acting, "first_answer", lambda _wish: None


def _counts_drift() -> Patch:
    return counters, "record", lambda _before, _after: None


def _rows_left_behind() -> Patch:
    real = storing._store_clocks

    def only_new(case: Any, state: Any, *, new_case: bool) -> None:
        if new_case or case.seq == 2:
            real(case, state, new_case=new_case)

    return storing, "_store_clocks", only_new


def _completed_unexplained() -> Patch:
    return rules, "completion_refusal", lambda **_: ""


def _calendar_protects_nobody() -> Patch:
    held = timeline._calendars
    return timeline, "_calendars", lambda *args: held(*args)[-1:]


FAULTS: Mapping[str, Callable[[], Patch]] = {
    name.removeprefix("_").replace("_", "-"): each
    for name, each in list(globals().items())
    if getattr(each, "__annotations__", {}).get("return") == "Patch"
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """The engine with that fault."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(*FAULTS[name]()))
        yield
