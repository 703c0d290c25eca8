"""What hinders an action whatever its form would say: shown before anybody fills it in, and refused at the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yukuaiban.cases.catalogue import Attempt, spec_of
from yukuaiban.core.errors import ActionRefused, NotPermitted, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from yukuaiban.cases.models import Case
    from yukuaiban.core.procedures import Action
    from yukuaiban.core.timeline import CaseState
    from yukuaiban.people.access import Subject


def refuse_hindered(action: Action, attempt: Attempt) -> None:
    """Raise what stands in the way of an action that is open here and allowed to this person; reads no data.

    A grant needs a request, by another person than the one who asked where the procedure says so; then the
    measure's own hindrance.
    """
    asked = attempt.state.requests.get(action.confirms or "")
    if action.confirms and asked is None:
        raise ActionRefused(f"没有待批准的申请，不能“{action.title}”；请先由经办人提出申请。")
    if action.second_person and asked is not None and asked.actor == attempt.subject.ref:
        raise NotPermitted(f"“{action.title}”须由申请人以外的第二人办理；请转给同事或单位负责人。")
    spec = spec_of(attempt.state.procedure.measure, action.code)
    if spec.hindrance is not None:
        spec.hindrance(attempt)


def hindrance(case: Case, state: CaseState, action: Action, subject: Subject, at: datetime) -> Refused | None:
    """The refusal that the action would meet at that moment before its data are looked at, or None."""
    try:
        refuse_hindered(action, Attempt(case, state, action.code, subject, {}, {}, at))
    except Refused as refusal:
        return refusal
    return None
