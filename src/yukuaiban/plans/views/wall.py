"""The board on a wall: aggregates of each undertaking only, dark as the hall, refreshing itself.

Who may open the board may open the wall; a screen without a session opens it by a signed address that the
coordinating office hands out. Without either it looks absent.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.template.loader import render_to_string

from yukuaiban.plans import boardface, queries
from yukuaiban.web import gate, scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from yukuaiban.plans.rows import TaskRow

_SALT = "plans.wall"
_ROWS, _NEXT = 11, 6
_PAGE_SECONDS = 20
_DEVICE = "device"


def device_of(year: int) -> str:
    """The signed word by which a screen without a session opens the wall of that year."""
    return signing.Signer(salt=_SALT).sign(str(year))


def wall(request: HttpRequest, year: int) -> HttpResponse:
    """The page around the figures; it asks for them anew every five seconds."""
    return render(request, "plans/wall.html", _figures(request, year))


def figures(request: HttpRequest, year: int) -> HttpResponse:
    """The figures alone; the ETag changes with what is shown, so most answers are 304."""
    body = render_to_string("plans/wall_figures.html", _figures(request, year), request)
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(body, headers=headers)


def _admitted(request: HttpRequest, year: int) -> bool:
    given = request.GET.get(_DEVICE, "")
    if given:
        try:
            return signing.Signer(salt=_SALT).unsign(given) == str(year)
        except signing.BadSignature:
            return False
    return gate.may_open(request.subject, "plans:board")  # type: ignore[attr-defined]


def _figures(request: HttpRequest, year: int) -> dict[str, Any]:
    plan = queries.plan_of(year)
    if not _admitted(request, year) or plan is None:
        raise Http404
    now = scope.now()
    found = queries.board(plan, now)
    worked = [row for row in found.rows if row.tasks]
    pages = max(-(-len(worked) // _ROWS), 1)
    page = int(now.timestamp()) // _PAGE_SECONDS % pages
    rows = worked[page * _ROWS : (page + 1) * _ROWS]
    return {
        "plan": plan,
        "year": year,
        "now": now,
        "device": request.GET.get(_DEVICE, ""),
        "rows": [boardface.shown(row, found.names) for row in rows],
        "all": len(worked),
        "figures": boardface.figures(found),
        "whole": boardface.Progress(found.standing, len(worked)),
        "next": _next([task for row in found.rows for task in row.tasks], found),
        "page": page + 1,
        "pages": pages,
    }


def _next(tasks: Sequence[TaskRow], found: queries.Board) -> list[tuple[str, TaskRow]]:
    """The open tasks that are due first: words of the plan and the day, nothing about anybody."""
    coming = [each for each in tasks if each.open and each.due is not None and each.due >= found.now]
    coming.sort(key=lambda each: (each.due, each.case.number))
    return [(found.names.get(each.case.agency, each.case.agency), each) for each in coming[:_NEXT]]
