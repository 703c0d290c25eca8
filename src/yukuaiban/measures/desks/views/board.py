"""窗口看板 of the desk head: what waits at each desk, and which cases are yellow or worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.shortcuts import render

from yukuaiban.cases.models import Case
from yukuaiban.core.lights import Light
from yukuaiban.measures.desks import queries
from yukuaiban.measures.desks.views.workbench import lit
from yukuaiban.people.queries import agency_names
from yukuaiban.web import scope

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_MOST = 50


def desk_board(request: HttpRequest) -> HttpResponse:
    """Open cases of the own agency's desks: counts by desk, then the urgent ones."""
    now = scope.now()
    agency = request.subject.agency or ""  # type: ignore[attr-defined]
    open_cases = Case.objects.filter(closed_at=None, receiving_agency=agency, measure=queries.MEASURE)
    yellow, over = Q(warns_at__lte=now), Q(red_at__lt=now) | Q(breach_at__lt=now)
    counts = open_cases.values("desk").annotate(
        total=Count("id"),
        over=Count("id", filter=over),
        yellow=Count("id", filter=yellow & ~over),
        supplement=Count("id", filter=Q(stage="supplement_asked")),
        hand_out=Count("id", filter=Q(stage="completed")),
    )
    by_desk = {row["desk"]: row for row in counts.order_by()}
    desks = list(queries.desks_in_force(queries.day_of(now)).filter(agency=agency))
    urgent = open_cases.filter(yellow).order_by("due_at", "id")[:_MOST]
    return render(
        request,
        "desks/board.html",
        {
            "desks": [(desk, by_desk.pop(desk.code, None)) for desk in desks],
            "elsewhere": list(by_desk.values()),
            "urgent": [(case, light) for case, light in lit(urgent, now) if light not in (None, Light.GREEN)],
            "agencies": agency_names(),
        },
    )
