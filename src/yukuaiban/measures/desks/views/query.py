"""查进度: number, query code and four digits show how far a case is. No names; wrong and missing look the same."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.cases import facts, versions, warningmodes
from yukuaiban.cases import queries as docket
from yukuaiban.cases.models import Applicant, Case
from yukuaiban.core.timeline import explained
from yukuaiban.measures.desks import tries
from yukuaiban.measures.desks.models import DeskCase, Hall
from yukuaiban.packs.vocabulary import WarningMode
from yukuaiban.people.identity import normalise
from yukuaiban.people.models import Agency
from yukuaiban.web import failures, proofs, scope
from yukuaiban.web.casepage import step_lines
from yukuaiban.web.clockface import left_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from yukuaiban.core.lights import Light
    from yukuaiban.core.timeline import CaseState, ClockState
    from yukuaiban.web.casepage import StepLine
    from yukuaiban.web.clockface import Left

_LENGTH = 40
# Compared with where there is no case, so that a missing one takes the same steps as a wrong code.
_NOTHING = "------"
_SHOWN = ("correction", "committed", "statutory", "delivery")

NEXT = {
    "received": gettext_lazy(
        "窗口核对材料：5 个工作日内受理，或一次性告知需要补正的全部内容；没有告知的视为受理。"
    ),
    "supplement_asked": gettext_lazy("请按下面的清单补正材料，交到收件窗口；补正后重新计算 5 个工作日。"),
    "admitted": gettext_lazy("材料正在流转到承办单位审查。"),
    "in_review": gettext_lazy("承办单位正在审查，请留意电话。"),
    "decided": gettext_lazy("已作出决定，正在制作文书。"),
    "completed": gettext_lazy("结果已经办好，请到窗口领取，或等候寄递。"),
    "delivered": gettext_lazy("结果已经送达，本件办理完毕。"),
    "refused": gettext_lazy("不予受理，理由和救济途径见告知书。"),
    "no_permit_needed": gettext_lazy("本事项不需要许可，理由见告知书。"),
    "redirected": gettext_lazy("本事项由其他机关办理，见告知书。"),
    "withdrawn": gettext_lazy("申请已经撤回，本件结束。"),
}


@dataclass(frozen=True, slots=True)
class PublicClock:
    """A promise as the applicant sees it."""

    state: ClockState
    light: Light
    paused: bool
    left: Left | None
    in_time: bool | None
    lines: tuple[StepLine, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of the query."""

    case: Case
    stage: str
    light: Light
    agency: str
    next_step: str | _StrPromise
    gaps: tuple[str, ...]
    clocks: tuple[PublicClock, ...]
    next_clock: PublicClock | None
    phone: str


def query(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: the answer, or one sentence that says nothing about what was wrong."""
    if request.method != "POST":
        number = request.GET.get("number", "").strip()[:_LENGTH]
        return render(request, "desks/query.html", {"given": {"number": number}})
    return _answered(request, _progress)


def query_proof(request: HttpRequest) -> HttpResponse:
    """POST: the proof of the case as a file, for whoever could see how far it is; tries count for both together."""
    return _answered(request, lambda _request, case: proofs.attached(case.number))


def _answered(request: HttpRequest, answer: Callable[[HttpRequest, Case], HttpResponse]) -> HttpResponse:
    """What `answer` makes of the case that was asked for; wrong and missing look the same."""
    given = {name: request.POST.get(name, "").strip()[:_LENGTH] for name in ("number", "code", "tail")}
    now = scope.now()
    wait = tries.too_many(str(request.META.get("REMOTE_ADDR", "")), now)
    if wait:
        return failures.answer(request, 429, retry_after=wait)
    case = _the_case(given, now)
    if case is not None:
        return answer(request, case)
    said = _(
        "没有查到。请核对编号、查询码和后四位；同一编号一天内错 5 次，当天不能再查，可到窗口或拨打 12345 查询。"
    )
    return render(request, "desks/query.html", {"given": given, "said_no": said}, status=404)


def _progress(request: HttpRequest, case: Case) -> HttpResponse:
    told = {
        "found": gathered(case, scope.now()),
        "lit": warningmodes.mode_of(case, scope.now()) is WarningMode.LIVE,
        "proof": proofs.receipt_address(request, case),
        "code": proofs.code_of(case),
    }
    response = render(request, "desks/progress.html", told)
    response["Cache-Control"] = "no-store"
    return response


def _the_case(given: dict[str, str], now: datetime) -> Case | None:
    """The case, if number, code and digits all fit. Every way takes the same questions to the database."""
    number = normalise(given["number"])
    case = Case.objects.filter(number=number, measure="desks").first()
    person = (
        Applicant.objects.filter(case=case).first() if case else Applicant.objects.filter(case=None).first()
    )
    closed = tries.locked(number, now)
    code = case.query_code if case else _NOTHING
    tail = _tail(person)
    right_code = hmac.compare_digest(normalise(given["code"]).encode(), code.encode())
    right_tail = hmac.compare_digest(normalise(given["tail"]).encode(), tail.encode())
    if case is not None and right_code and right_tail and not closed:
        return case
    tries.note_wrong(number, now)
    return None


def _tail(person: Applicant | None) -> str:
    """The last four digits of the phone; of the document where no phone was given."""
    if person is None:
        return _NOTHING
    return (person.phone[-4:] if person.phone else person.document_tail) or _NOTHING


def gathered(case: Case, now: datetime) -> Found:
    """What the applicant may know: stage, clocks with their sums, the next step, whom to call."""
    state = facts.state_of(case)
    clocks = tuple(_public(clock, now) for clock in state.clocks if clock.code in _SHOWN)
    running = [each for each in clocks if each.state.running and each.state.due_at]
    own: DeskCase | None = DeskCase.objects.filter(case=case).first()
    hall = Hall.objects.filter(agency=case.receiving_agency).first() or Hall.objects.first()
    return Found(
        case=case,
        stage=state.procedure.stage(case.stage).title,
        light=docket.light_of(case, now),
        agency=Agency.objects.filter(code=case.agency).values_list("name", flat=True).first() or "",
        next_step=_next_step(case, state),
        gaps=tuple(own.gaps) if own and case.stage == "supplement_asked" else (),
        clocks=tuple(sorted(clocks, key=lambda each: not each.state.running)),
        next_clock=min(running, key=_due, default=None),
        phone=hall.phone if hall else "",
    )


def _due(clock: PublicClock) -> Any:
    return clock.state.due_at


def _next_step(case: Case, state: CaseState) -> str | _StrPromise:
    outcome = str(state.facts.get("outcome", ""))
    if case.stage in ("decided", "completed") and outcome == "denied":
        return _("已作出不予许可的决定，理由和救济途径见决定书。")
    return NEXT.get(case.stage, "")


def _public(clock: ClockState, now: datetime) -> PublicClock:
    calendar = versions.calendar(clock.row.calendar, clock.calendars[-1])
    stopped = clock.stopped_at
    return PublicClock(
        state=clock,
        light=clock.light(now),
        paused=clock.paused_at(now),
        left=left_of(clock, now, calendar) if clock.running else None,
        in_time=None if stopped is None or clock.due_at is None else stopped <= clock.due_at,
        lines=tuple(step_lines(explained(clock, versions.calendar).steps)),
    )
