"""Panels of supervision: what an order is about, on its own page; the orders on a case, on the page of that case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.urls import reverse

from yukuaiban.cases import queries as docket
from yukuaiban.cases import versions
from yukuaiban.people import access
from yukuaiban.people.queries import agency_names
from yukuaiban.supervision import queries, rules
from yukuaiban.supervision.opening import MEASURE
from yukuaiban.supervision.triggers import in_force
from yukuaiban.web import scope
from yukuaiban.web.objects import relate_case

if TYPE_CHECKING:
    from django.http import HttpRequest

    from yukuaiban.cases.models import Case
    from yukuaiban.core.lights import Light
    from yukuaiban.people.subject import Subject
    from yukuaiban.supervision.models import SupervisionOrder


SUPERVISED = "has_orders"


@dataclass(frozen=True, slots=True)
class Rung:
    """An order on the ladder of a case: where it stands, and its address for those who may open it."""

    order: SupervisionOrder
    light: Light
    stage: str
    url: str


def order_panel(request: HttpRequest, case: Case) -> str:
    """The case that is supervised with its light, the level, the causes with their triggers, objections, ladder."""
    order = queries.order_of(case)
    if order is None:
        return ""
    supervised, subject = order.supervised, request.subject  # type: ignore[attr-defined]
    triggers = {each.code: each for each in in_force(scope.now())}
    told = {
        "order": order,
        "supervised": supervised,
        "light": docket.light_of(supervised, scope.now()),
        "url": _url(subject, supervised),
        "agencies": scope.once("agencies", agency_names),
        "causes": [(each, triggers.get(each.trigger)) for each in order.causes.all()],
        "objections": order.objections.all(),
        "consequence": rules.CONSEQUENCES.get(order.level, ""),
        "rungs": [rung for rung in _rungs(subject, supervised) if rung.order.pk != order.pk],
    }
    return render_to_string("oversight/order_panel.html", told, request=request)


def ladder_panel(request: HttpRequest, case: Case) -> str:
    """The orders on a case that have left the supervising office, or all of them for those who supervise."""
    subject = request.subject  # type: ignore[attr-defined]
    if case.measure == MEASURE:
        return ""
    rungs = _rungs(subject, case) if getattr(case, SUPERVISED, True) else []
    may = (
        case.closed_at is None
        and access.decide(subject, "supervision:propose", "GET", relate_case(subject, case)).allowed
    )
    if not rungs and not may:
        return ""
    told = {"case": case, "rungs": rungs, "may": may, "agencies": scope.once("agencies", agency_names)}
    return render_to_string("oversight/ladder_panel.html", told, request=request)


def _rungs(subject: Subject, case: Case) -> list[Rung]:
    now = scope.now()
    shown = [(order, _url(subject, order.case)) for order in queries.orders_on(case)]
    return [
        Rung(order, docket.light_of(order.case, now), _stage(order.case), url)
        for order, url in shown
        if url or order.sent_at is not None
    ]


def _stage(case: Case) -> str:
    return versions.procedure(case.procedure, case.procedure_version).stage(case.stage).title


def _url(subject: Subject, case: Case) -> str:
    """The address of a case for those who may open it, else nothing."""
    may = access.decide(subject, "case", "GET", relate_case(subject, case)).allowed
    return reverse("case", args=[case.number]) if may else ""
