"""Guards and hindrances of the actions: they gather what a rule asks for and raise its refusal.

A hindrance reads no data of the attempt, so that pages can say it before anybody fills in a form.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from yukuaiban.cases import versions
from yukuaiban.core.clocks import due, elapsed
from yukuaiban.core.errors import ActionRefused, InputInvalid, NotPermitted, Problem, Refused
from yukuaiban.core.limits import Limit, Unit
from yukuaiban.evidence.models import EvidenceFile
from yukuaiban.measures.desks import queries, rules
from yukuaiban.people.models import Post

if TYPE_CHECKING:
    from collections.abc import Sequence

    from yukuaiban.cases.catalogue import Attempt
    from yukuaiban.cases.models import Case
    from yukuaiban.core.timeline import CaseState, ClockState

ENDORSED = "endorse_pause"


def _refuse_if(problems: Sequence[Problem]) -> None:
    if problems:
        raise InputInvalid(problems)


def _case(attempt: Attempt) -> Case:
    if attempt.case is None:
        raise Refused("请先收件，再办理这一项。")
    return attempt.case


def _bounds(attempt: Attempt) -> rules.Bounds:
    return queries.bounds(queries.day_of(attempt.at))


def stored_evidence(attempt: Attempt) -> None:
    """Every file named by its digest has been stored with this case."""
    named = set(attempt.data.get("evidence", ()))
    if not named:
        return
    stored = EvidenceFile.objects.filter(case_number=_case(attempt).number, sha256__in=named)
    if missing := named - set(stored.values_list("sha256", flat=True)):
        why = f"有 {len(missing)} 个文件没有存入本办件"
        raise InputInvalid(Problem(why, "请重新上传", field="evidence"))


# --------------------------------------------------------------------------------------------- intake


def ask_supplement(attempt: Attempt) -> None:
    """One list, once; another one only after the leader's release."""
    counts = attempt.state.counts
    refusal = rules.second_notice_refusal(
        counts.get("ask_supplement", 0), counts.get("release_supplement", 0), bounds=_bounds(attempt)
    )
    if refusal:
        raise ActionRefused(refusal, open_here=_open_here(attempt.state))


def release_supplement(attempt: Attempt) -> None:
    """A release makes sense only where a list has been served and none is released yet."""
    counts = attempt.state.counts
    if counts.get("ask_supplement", 0) <= counts.get("release_supplement", 0):
        raise ActionRefused(
            "还没有告知过补正，不需要放行；可以直接一次性告知。", open_here=_open_here(attempt.state)
        )


def not_on_the_spot(attempt: Attempt) -> None:
    """Only matters of that kind."""
    if refusal := rules.on_the_spot_refusal(str(attempt.state.facts.get("kind", ""))):
        raise ActionRefused(refusal, open_here=_open_here(attempt.state))


def on_the_spot(attempt: Attempt) -> None:
    """A denial carries its mandatory parts here too."""
    _refuse_if(_decision(attempt, checks_needed=0))


def assign(attempt: Attempt) -> None:
    """The person holds the post of a handler in the handling agency."""
    agency = str(attempt.state.facts.get("handling_agency", ""))
    uid = attempt.data["handler"].removeprefix("staff:")
    held = Post.objects.filter(role="handler", agency_id=agency, until=None, staff__is_active=True)
    if uid not in {str(each) for each in held.values_list("staff__uid", flat=True)}:
        raise InputInvalid(Problem("此人不是承办单位的经办人", "请从列表中选择", field="handler"))


# ---------------------------------------------------------------------------------------------- pause


def pause_asked_for(attempt: Attempt) -> None:
    """One request at a time."""
    if "request_pause" in attempt.state.requests:
        raise ActionRefused(
            "已有一份暂停申请等待批准，请先批准或不批准。", open_here=_open_here(attempt.state)
        )


def request_pause(attempt: Attempt) -> None:
    """A lawful ground, the paper that told the applicant, an end in the future within the cap."""
    stored_evidence(attempt)
    wish = _pause_wish(attempt.data, attempt.at)
    ground = _ground(attempt, wish.category)
    pausable = _case(attempt).desk_case.sheet.pausable
    today = queries.day_of(attempt.at)
    _refuse_if(rules.pause_problems(wish, ground, pausable, at=attempt.at, today=today))
    _nothing_paused(attempt, wish.category)


def pause(attempt: Attempt) -> None:
    """The right second person, by the length of the pause and by how many there were (security.md T5)."""
    request = attempt.state.requests["request_pause"]
    wish = _pause_wish(request.data, attempt.at)
    if wish.planned_end <= attempt.at:
        raise ActionRefused(
            "预定结束时间已经过去，不能再批准；请不批准，由经办人重新申请。",
            open_here=_open_here(attempt.state),
        )
    _nothing_paused(attempt, wish.category)
    need = rules.pause_approval(
        earlier_pauses=attempt.state.counts.get("pause", 0), workdays=wish.workdays, bounds=_bounds(attempt)
    )
    agreed_at = attempt.state.moments.get(ENDORSED)
    person = rules.Approver(
        ref=attempt.subject.ref,
        agency=attempt.subject.agency or "",
        asked_by=request.actor,
        handling_agency=str(attempt.state.facts.get("handling_agency", "")),
        leader_agreed=agreed_at is not None and agreed_at >= request.at,
    )
    if refusal := rules.pause_approval_refusal(need, person):
        raise NotPermitted(refusal)


def endorse_pause(attempt: Attempt) -> None:
    """The leader agrees to a pause that somebody else asked for."""
    request = attempt.state.requests.get("request_pause")
    if request is None:
        raise ActionRefused("没有等待批准的暂停申请。", open_here=_open_here(attempt.state))
    if request.actor == attempt.subject.ref:
        raise NotPermitted("不能同意自己的申请；请转给其他负责人。")


def decline(attempt: Attempt) -> None:
    """Whoever asked does not decide, not even against it: the request stays until another person answers."""
    action = attempt.state.procedure.action(attempt.action)
    request = attempt.state.requests.get(action.declines or "") if action else None
    if request is not None and request.actor == attempt.subject.ref:
        raise NotPermitted("自己提出的申请须由第二人答复。")


def resume(attempt: Attempt) -> None:
    """Something stands still."""
    stored_evidence(attempt)
    if not any(clock.paused_at(attempt.at) for clock in attempt.state.clocks):
        raise ActionRefused("没有暂停中的时限，不需要恢复。", open_here=_open_here(attempt.state))


def _pause_wish(data: Any, at: datetime) -> rules.PauseWish:
    planned_end = datetime.fromisoformat(data["planned_end"])
    calendar = versions.current_calendar()
    workdays = int(elapsed(at, planned_end, Unit.WORKDAY, calendar)) if planned_end > at else 0
    return rules.PauseWish(
        category=data["category"],
        basis=data["basis"],
        notice_on=date.fromisoformat(data["notice_on"]),
        planned_end=planned_end,
        evidence=tuple(data["evidence"]),
        workdays=workdays,
    )


def _ground(attempt: Attempt, code: str) -> rules.PauseGround | None:
    category = attempt.state.procedure.pause_category(code)
    if category is None:
        return None
    cap_end = None
    if category.cap is not None:
        cap_end = due(attempt.at, category.cap, versions.current_calendar(), explain=False).at
    return rules.PauseGround(
        title=category.title,
        needs_sheet=category.needs_sheet,
        cap_end=cap_end,
        cap_title=category.cap.title() if category.cap else "",
    )


def _nothing_paused(attempt: Attempt, code: str) -> None:
    """No clock that the category would stop stands still already: one open pause a clock (clocks.md section 3)."""
    category = attempt.state.procedure.pause_category(code)
    stops = category.stops if category else ()
    if any(clock.code in stops and clock.paused_at(attempt.at) for clock in attempt.state.clocks):
        raise ActionRefused(
            "这个时限正在暂停中；请先恢复计时，再提出新的暂停。", open_here=_open_here(attempt.state)
        )


# ------------------------------------------------------------------------------------------ extension


def request_extension(attempt: Attempt) -> None:
    """Once, before expiry, at most the cap, in the unit of the limit."""
    _refuse_if(_extension(attempt, attempt.data["limit"]))


def extend(attempt: Attempt) -> None:
    """What was asked for must still be lawful at the moment of the grant."""
    _refuse_if(_extension(attempt, attempt.state.requests["request_extension"].data["limit"]))


def _extension(attempt: Attempt, limit: str) -> list[Problem]:
    clock = _running(attempt.state, "statutory")
    return rules.extension_problems(
        Limit.parse(limit),
        running=clock.row.limit if clock else None,
        due_at=clock.due_at if clock else None,
        at=attempt.at,
        earlier=attempt.state.counts.get("extend", 0),
        bounds=_bounds(attempt),
    )


def _running(state: CaseState, code: str) -> ClockState | None:
    clock = state.clock(code)
    return clock if clock is not None and clock.running else None


# --------------------------------------------------------------------------------- decision, completion


def decide(attempt: Attempt) -> None:
    """Reasons and remedies of a denial, two persons where a site check is part."""
    stored_evidence(attempt)
    site_check = _case(attempt).desk_case.sheet.site_check
    needed = _bounds(attempt).site_check_staff if site_check else 0
    _refuse_if(_decision(attempt, checks_needed=needed))


def complete(attempt: Attempt) -> None:
    """Past the committed due only with a public explanation."""
    clock = attempt.state.clock("committed")
    refusal = rules.completion_refusal(
        committed_due=clock.due_at if clock else None,
        at=attempt.at,
        explained=_explained(_case(attempt), "committed"),
    )
    if refusal:
        raise ActionRefused(refusal, open_here=_open_here(attempt.state))


def explain_overrun(attempt: Attempt) -> None:
    """The clock is over its due, and the text names nobody."""
    clock = attempt.state.clock(attempt.data["clock"])
    seen = clock.stopped_at or attempt.at if clock else attempt.at
    overdue = clock is not None and clock.due_at is not None and seen > clock.due_at
    _refuse_if(rules.explanation_problems(attempt.data["text"], overdue=overdue))


def _explained(case: Case, clock: str) -> bool:
    return case.explanations.filter(clock=clock).exists()


def _decision(attempt: Attempt, *, checks_needed: int) -> list[Problem]:
    return rules.decision_problems(
        attempt.data["outcome"],
        reasons=attempt.data.get("reasons", ""),
        remedies=_remedies(attempt.data),
        checkers=attempt.data.get("checkers", ()),
        checks_needed=checks_needed,
    )


def _remedies(data: Any) -> rules.Remedies:
    return rules.Remedies(review_organ=data.get("review_organ", ""), court=data.get("court", ""))


def _open_here(state: CaseState) -> list[tuple[str, str]]:
    return [(each.code, each.title) for each in state.procedure.open_actions(state.stage)]
