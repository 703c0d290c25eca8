"""The hall display: aggregates only, no names, refreshes itself (ui.md section 8)."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.template.loader import render_to_string

from yukuaiban.cases import queries, versions
from yukuaiban.cases.models import Case, Tick
from yukuaiban.core.lights import Light
from yukuaiban.people.district import installed
from yukuaiban.people.models import Agency
from yukuaiban.people.queries import agency_names
from yukuaiban.web import scope

if TYPE_CHECKING:
    from django.http import HttpRequest

_ROWS = 9
_LATE = timedelta(minutes=3)
_HIDE = timedelta(minutes=10)
_PAGE_SECONDS = 20


def hall(request: HttpRequest, hall: str) -> HttpResponse:
    """The page around the figures; it asks for them anew every five seconds."""
    return render(request, "web/hall.html", {**_figures(hall, scope.now())})


def figures(request: HttpRequest, hall: str) -> HttpResponse:
    """The figures alone, with an ETag: most answers are “not modified”."""
    found = _figures(hall, scope.now())
    body = render_to_string("web/hall_figures.html", found, request)
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    return HttpResponse(body, headers={"ETag": tag, "Cache-Control": "no-cache"})


def _figures(code: str, now: datetime) -> dict[str, Any]:
    found = next((each for each in installed().halls if each.code == code), None)
    if found is None:
        raise Http404
    calendar = versions.current_calendar()
    rows = queries.lights_by_agency(now)
    names = agency_names()
    order = [
        each
        for each in Agency.objects.order_by("sort_order", "code").values_list("code", flat=True)
        if each in rows
    ]
    pages = max(1, -(-len(order) // _ROWS))
    page = int(now.timestamp()) // _PAGE_SECONDS % pages
    start = calendar.start_of(calendar.day(now))
    received, completed = queries.today(start, now)
    near = queries.with_light(Case.objects.all(), Light.YELLOW, now).order_by("due_at", "id")
    stale = _stale(now)
    return {
        "hall": found,
        "hall_code": code,
        "now": now,
        "rows": [(names[each], rows[each]) for each in order[page * _ROWS : (page + 1) * _ROWS]],
        "total": queries.sum_of(rows.values()),
        "near": [(case.number[-4:], case.title, case.due_at) for case in near[:_ROWS]],
        "desks": _desks(code, start, now),
        "received": received,
        "completed": completed,
        "page": page + 1,
        "pages": pages,
        "stale": stale is not None and stale > _LATE,
        "hidden": stale is not None and stale > _HIDE,
    }


def _desks(code: str, since: datetime, until: datetime) -> list[tuple[str, str, int]]:
    """Number, name and today's receipts of each desk of the hall."""
    taken = queries.received_by_desk(since, until)
    mine = [desk for desk in installed().desks if desk.hall == code]
    return [(desk.number, desk.name, taken.get(desk.code, 0)) for desk in mine]


def _stale(now: datetime) -> timedelta | None:
    """How long ago the worker was last seen: the light is right without it, but messages would be late."""
    last = Tick.objects.values_list("last_tick_at", flat=True).get(id=1)
    return None if last is None else now - last
