"""督办函: the letter of an order as a print page, in the text of the pack that was in force on its day."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render

from yukuaiban.cases import facts
from yukuaiban.people.district import installed, local_day
from yukuaiban.people.models import Agency
from yukuaiban.supervision import queries
from yukuaiban.web import scope
from yukuaiban.web.templatetags.ykb import case_number
from yukuaiban.web.wording import day_text, moment_text

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from yukuaiban.cases.models import Case
    from yukuaiban.core.timeline import CaseState
    from yukuaiban.supervision.models import SupervisionOrder

TEXT = "supervision_letter"
GAP = "【待填】"


def letter(request: HttpRequest, number: str) -> HttpResponse:  # noqa: ARG001 - the gate has loaded the case
    """The letter; what is not there yet is a marked gap. 404 for a case that is no order."""
    case: Case = request.case  # type: ignore[attr-defined]
    order = queries.order_of(case)
    if order is None:
        raise Http404
    text = installed().text(TEXT, local_day(order.sent_at or scope.now()))
    values = _values(order, facts.state_of(case))
    names = {name for _, name, _, _ in Formatter().parse(text.body) if name}
    told = {
        "case": case,
        "order": order,
        "text": text,
        "body": text.body.format_map({name: values.get(name) or GAP for name in names}),
        "gaps": any(not values.get(name) for name in names),
    }
    return render(request, "oversight/letter.html", told)


def _values(order: SupervisionOrder, state: CaseState) -> dict[str, str]:
    """What the letter says; empty where nothing can be said before the order is sent."""
    answer = state.clock("answer")
    due = answer.due_at if answer is not None else order.due
    zone = scope.zone()
    causes = [f"{each.get_cause_display()}：{each.note}".rstrip("：") for each in order.causes.all()]
    limit = next((row.limit for row in state.procedure.clock("objection").limits), None)
    return {
        "agency": _name(order.agency),
        "office": _name(str(state.facts["receiving_agency"])),
        "subject": order.supervised.title,
        "case_number": case_number(order.supervised.number),
        "causes": "\n".join(f"{n}. {cause}" for n, cause in enumerate(causes, 1)),
        "demand": order.demand,
        "answer_due": moment_text(due, zone) if due else "",
        "objection": f"收到之日起{limit.title()}" if limit else "",
        "sent_on": day_text(local_day(order.sent_at)) if order.sent_at else "",
    }


def _name(code: str) -> str:
    return Agency.objects.filter(code=code).values_list("name", flat=True).first() or ""
