"""Who may do what next on a case: each action, who does it, and why this person may not (ui.md section 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from yukuaiban.cases.hindering import hindrance
from yukuaiban.core.errors import ActionRefused
from yukuaiban.core.procedures import Effect
from yukuaiban.people.access import may_act
from yukuaiban.people.roles import role_title
from yukuaiban.web.nextsteps import carrying_on

if TYPE_CHECKING:
    from datetime import datetime

    from yukuaiban.cases.models import Case
    from yukuaiban.core.procedures import Action
    from yukuaiban.core.timeline import CaseState, ClockState
    from yukuaiban.people.access import Subject

_HANDLER = "handling_agency.handler"
_OVERDUE = "overdue:"


@dataclass(frozen=True, slots=True)
class MayRow:
    """One action: who does it, whether this person may do it now, and if not, why.

    `shut` actions are not open to anybody as the case stands; the others are only not this person's.
    """

    action: Action
    who: str
    allowed: bool
    reason: str
    shut: bool


@dataclass(frozen=True, slots=True)
class Looking:
    """A case, who looks at it and when, and the names of those it speaks of.

    `agencies` are names by code, `handler` is the masked name of the person who handles the case; empty if nobody
    has been named.
    """

    case: Case
    state: CaseState
    subject: Subject
    now: datetime
    agencies: Mapping[str, str]
    handler: str = ""


def who_may(looking: Looking) -> Sequence[MayRow]:
    """All actions of the procedure: those of this person, then those of others, then those that are shut."""
    rows = [
        _row(action, looking)
        for action in looking.state.procedure.actions
        if not (action.system or action.start)
    ]
    return sorted(rows, key=lambda row: (not row.allowed, row.shut))


def next_step(rows: Sequence[MayRow], state: CaseState) -> MayRow | None:
    """The one action to offer first to this person, if one of those that carry the case on is theirs."""
    return next(iter(next_steps(rows, state)), None)


def next_steps(rows: Sequence[MayRow], state: CaseState) -> Sequence[MayRow]:
    """What this person may do to carry the case on, the most pressing first."""
    mine = {row.action: row for row in rows if row.allowed}
    running = {clock.code for clock in state.clocks if clock.running}
    return [mine[action] for action in carrying_on(mine, state.procedure, running)]


def _row(action: Action, looking: Looking) -> MayRow:
    state, subject, now = looking.state, looking.subject, looking.now
    named = str(state.facts.get("handler", ""))
    verdict = may_act(subject, action.by, state.facts, handler=named, names=looking.agencies)
    refusal = _shut(state, action, now)
    reason = refusal or ("" if verdict.allowed else _not_mine(action, subject) or verdict.reason)
    if not reason and (hindered := hindrance(looking.case, state, action, subject, now)) is not None:
        reason = hindered.message
    return MayRow(action, _who(action, looking), not reason, reason, bool(refusal))


def _not_mine(action: Action, subject: Subject) -> str:
    """The short reason where the post itself is another one; who it is stands in the same row."""
    roles = {entry.partition(".")[2] for entry in action.by}
    return _("您现在的岗位不办理此项") if subject.post and subject.post.role not in roles else ""


def _shut(state: CaseState, action: Action, now: datetime) -> str:
    """Why the action is not open here, in a few words; empty if it is."""
    asked = action.confirms or action.declines
    if asked and asked not in state.requests:
        return _("没有待批准的申请")
    if action.effect is Effect.RESUME and not any(
        each.paused_at(now) for each in state.clocks if each.running
    ):
        return _("没有暂停中的时限")
    if _only_when_late(state, action) and not any(_late(clock, now) for clock in state.clocks):
        return _("没有超时的时限")
    try:
        state.procedure.after(state.stage, action.code)
    except ActionRefused:
        stage = state.procedure.stage(state.stage).title if state.stage else ""
        return _("“%(stage)s”阶段不办理") % {"stage": stage}
    return ""


def _late(clock: ClockState, now: datetime) -> bool:
    return clock.due_at is not None and (clock.stopped_at or now) > clock.due_at


def _only_when_late(state: CaseState, action: Action) -> bool:
    """Whether the action answers a clock that begins when another one runs out."""
    waiting = [clock for clock in state.procedure.clocks if action.code in clock.stops]
    return bool(waiting) and all(start.startswith(_OVERDUE) for clock in waiting for start in clock.starts)


def _who(action: Action, looking: Looking) -> str:
    """The roles, with the handler's name; the agency only where the same role of two agencies may act."""
    agencies, handler, state = looking.agencies, looking.handler, looking.state
    parts = [entry.partition(".") for entry in action.by]
    often = Counter(role for _party, _dot, role in parts)
    found = []
    for entry, (party, _dot, role) in zip(action.by, parts, strict=True):
        title = role_title(role or party)
        agency = agencies.get(str(state.facts.get(party, "")), "")
        if entry == _HANDLER and handler:
            title = f"{title} {handler}"
        found.append(f"{title}（{agency}）" if agency and often[role] > 1 else title)
    return "、".join(dict.fromkeys(found))
