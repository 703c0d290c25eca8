"""The one door: the only way in which a case changes, for people, imports, partners and the worker alike.

The order is fixed: shape of the data, the retried request, the lock, changes that time has brought meanwhile,
permission with its reason, the procedure, the measure's guard, the journal, the rows, the measure's effect, the
answer. All of it is one transaction; a refusal anywhere leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction

from yukuaiban.cases import counters, facts, storing, versions
from yukuaiban.cases.answers import Acted, digest_of, first_answer, keep_answer
from yukuaiban.cases.catalogue import ActionSpec, Attempt, spec_of
from yukuaiban.cases.hindering import refuse_hindered
from yukuaiban.cases.models import Case
from yukuaiban.cases.moments import HeldPen, lawful_moment
from yukuaiban.cases.opening import keep_applicant, opened
from yukuaiban.cases.passing import catch_up
from yukuaiban.cases.shaping import shape
from yukuaiban.core.errors import ActionRefused, CaseMoved, InputInvalid, NotPermitted, Problem
from yukuaiban.core.procedures import Action, Procedure
from yukuaiban.core.timeline import CaseState, step
from yukuaiban.journal.writing import Head, KeyTaken, append
from yukuaiban.people.access import may_act

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from yukuaiban.journal.pen import Pen
    from yukuaiban.people.access import Subject


__all__ = ["Acted", "act"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants done, before anything is known about whether it may be."""

    action: str
    spec: ActionSpec
    subject: Subject
    data: Mapping[str, Any]
    personal: Mapping[str, Any]
    key: str | None
    source: str
    occurred_at: datetime | None
    reason: str
    second_actor: str | None
    digest: str


def act(
    case: Case | None,
    action: str,
    *,
    subject: Subject,
    data: Mapping[str, Any],
    key: str | None,
    pen: Pen,
    procedure: str | None = None,
    source: str = "web",
    occurred_at: datetime | None = None,
    reason: str = "",
    second_actor: str | None = None,
    expected_seq: int | None = None,
) -> Acted:
    """Do `action` on `case`, or open a case of `procedure` where `case` is None.

    `data` is raw and validated here. `key` is the client's idempotency key; the same key with the same content
    gets the first answer again. `occurred_at` is allowed by the table of journal.md section 6 only.
    `expected_seq` is the version of the case that the person saw.

    Raises InputInvalid, NotPermitted, ActionRefused, KeyReused, CaseMoved, or what the measure's guard refuses.
    """
    rule = versions.current_procedure(procedure) if procedure else _procedure_of(case)
    _known(rule, action, case.stage if case else None)
    spec = spec_of(rule.measure, action)
    public, personal = shape(spec, data)
    digest = digest_of(action, str(case.pk) if case else rule.code, data, occurred_at, reason, second_actor)
    wish = Wish(
        action, spec, subject, public, personal, key, source, occurred_at, reason, second_actor, digest
    )
    try:
        return _open(rule, wish, pen) if case is None else _go_on(case.pk, wish, pen, expected_seq)
    except KeyTaken:
        # The same request came twice at once; the other one has been answered while this one waited.
        if (first := first_answer(wish)) is not None:
            return first
        raise


def _procedure_of(case: Case | None) -> Procedure:
    if case is None:
        raise InputInvalid(Problem("没有办件，也没有写明流程", "请写明要开办的流程"))
    return versions.procedure(case.procedure, case.procedure_version)


def _known(rule: Procedure, code: str, stage: str | None) -> Action:
    """The action of that code; the refusal of one that the procedure does not have names those that are open."""
    action = rule.action(code)
    if action is None:
        open_here = [(each.code, each.title) for each in rule.open_actions(stage)]
        title = rule.stage(stage).title if stage else ""
        raise ActionRefused.at(action=code, stage=title, open_here=open_here)
    return action


@transaction.atomic
def _open(rule: Procedure, wish: Wish, live: Pen) -> Acted:
    """A new case: permission, opening data of the measure, first event, rows."""
    if (first := first_answer(wish)) is not None:
        return first
    pen = HeldPen(live)
    action = _permitted(rule, CaseState(rule), wish, {})
    at = lawful_moment(action, wish, pen, None)
    rule.after(None, wish.action)
    attempt = _attempt(None, CaseState(rule), wish, at)
    _guarded(action, attempt, wish)
    new = opened(rule, attempt, wish, pen)
    acted = _append(new.case, CaseState(rule), wish, pen, body=new.body, personal=new.personal)
    keep_applicant(new.case, new.applicant)
    keep_answer(wish, acted, pen.moment())
    return acted


@transaction.atomic
def _go_on(case_id: UUID, wish: Wish, live: Pen, expected_seq: int | None) -> Acted:
    """An action on a case that is there: lock, catch up with time, then the same way."""
    case = Case.objects.select_for_update().get(pk=case_id)
    if (first := first_answer(wish)) is not None:
        return first
    if expected_seq is not None and expected_seq != case.seq:
        raise CaseMoved("这个办件刚刚被别人办理过，您看到的已不是最新情况；请刷新后再办。")
    # Only now: waiting for the lock may have taken seconds, and an older moment would look like a clock set back.
    pen = HeldPen(live)
    pen.not_before(case.recorded_at)
    state = catch_up(case, facts.state_of(case), pen)
    action = _permitted(state.procedure, state, wish, state.facts)
    at = lawful_moment(action, wish, pen, state)
    state.procedure.after(state.stage, wish.action)
    attempt = _attempt(case, state, wish, at)
    _guarded(action, attempt, wish)
    added = wish.spec.adding(attempt) if wish.spec.adding is not None else {}
    body = {"data": {**wish.data, **added}, "calendars": pen.calendars}
    acted = _append(case, state, wish, pen, body=body, personal=wish.personal)
    keep_answer(wish, acted, pen.moment())
    return acted


def _permitted(rule: Procedure, state: CaseState, wish: Wish, parties: Mapping[str, Any]) -> Action:
    """The action, if the procedure lets this person do it; the refusal says whose it is."""
    action = _known(rule, wish.action, state.stage)
    if action.system and wish.subject.kind != "system":
        raise NotPermitted(f"“{action.title}”只由系统到时自动办理。")
    verdict = may_act(wish.subject, action.by, parties, handler=str(state.facts.get("handler", "")))
    if not verdict.allowed:
        raise NotPermitted(verdict.reason)
    return action


def _guarded(action: Action, attempt: Attempt, wish: Wish) -> None:
    """What hinders the action as it is, then what every procedure and the measure ask of its data."""
    refuse_hindered(action, attempt)
    missing = [name for name in action.needs if not wish.data.get(name) and not wish.personal.get(name)]
    if missing:
        raise InputInvalid([Problem("不能为空", "请填写", field=name) for name in missing])
    if wish.spec.guard is not None:
        wish.spec.guard(attempt)


def _attempt(case: Case | None, state: CaseState, wish: Wish, at: datetime) -> Attempt:
    return Attempt(case, state, wish.action, wish.subject, wish.data, wish.personal, at, wish.key)


def _append(
    case: Case,
    state: CaseState,
    wish: Wish,
    pen: HeldPen,
    *,
    body: dict[str, Any],
    personal: Mapping[str, Any],
) -> Acted:
    """The event, the new state, the rows, the counts, the measure's own effect."""
    before = counters.standing(case) if case.seq else None
    event = append(
        stream=facts.stream_of(case.number),
        type=f"{case.measure}.{wish.action}",
        body=body | ({"reason": wish.reason} if wish.reason else {}),
        actor=wish.subject.actor(),
        pen=pen,
        source=wish.source,
        idem=wish.key,
        occurred_at=wish.occurred_at,
        second_actor=wish.second_actor,
        personal=dict(personal) or None,
        head=Head(case.seq, bytes(case.head), case.recorded_at) if case.seq else Head.empty(),
    )
    fact = facts.fact_of(event)
    after = step(state, fact, versions.calendar)
    if wish.occurred_at is not None and wish.source != "worker":
        case.late_entered = True
    storing.store(case, after, event)
    counters.record(before, counters.standing(case))
    if wish.spec.effect is not None:
        wish.spec.effect(replace(_attempt(case, after, wish, fact.at), data=body["data"]))
    return Acted(str(case.pk), case.number, case.seq, case.stage)
