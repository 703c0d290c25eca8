"""The hall display: aggregates only, no names, refreshes itself (ui.md section 8).

Lights are public only where the hall warns live; in trial or off the screen says so and shows the desks alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.template.loader import render_to_string

from yukuaiban.cases import queries, warningmodes
from yukuaiban.cases.models import Case, Tick
from yukuaiban.core.lights import Light
from yukuaiban.journal import tree
from yukuaiban.packs.vocabulary import WarningMode
from yukuaiban.people.district import installed
from yukuaiban.people.queries import agency_names
from yukuaiban.registry import at_desks
from yukuaiban.web import scope

if TYPE_CHECKING:
    from django.http import HttpRequest

T = TypeVar("T")

_ROWS = 9
_LATE = timedelta(minutes=3)
_HIDE = timedelta(minutes=10)
_PAGE_SECONDS = 20


def hall(request: HttpRequest, hall: str) -> HttpResponse:
    """The page around the figures; it asks for them anew every five seconds."""
    return render(request, "web/hall.html", _figures(hall, scope.now()))


def figures(request: HttpRequest, hall: str) -> HttpResponse:
    """The figures alone, with an ETag that changes with the figures or the minute: most answers are 304."""
    found = _figures(hall, scope.now(), request.GET.get("page", ""))
    shown = sorted((key, repr(value)) for key, value in found.items() if key != "now")
    told = f"{shown} {found['now']:%Y%m%d%H%M}"
    tag = f'"{hashlib.sha256(told.encode()).hexdigest()[:16]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    body = render_to_string("web/hall_figures.html", found, request)
    return HttpResponse(body, headers={"ETag": tag, "Cache-Control": "no-cache"})


def _figures(code: str, now: datetime, held: str = "") -> dict[str, Any]:
    """What the screen shows; `held` is the page at which somebody has stopped it, from 1."""
    found = next((each for each in installed().halls if each.code == code), None)
    if found is None:
        raise Http404
    calendar = scope.calendar()
    start = calendar.start_of(calendar.day(now))
    mode = warningmodes.mode_at(code, now)
    shown = at_desks()
    rows = queries.lights_by_agency(now, shown) if mode is WarningMode.LIVE else {}
    taken = queries.received_by_desk(start, now, shown)
    desks = _desks(code, taken)
    agencies = _agencies(rows)
    pages = max(_pages(agencies), _pages(desks), 1)
    stopped = held.isascii() and held.isdigit() and 1 <= int(held) <= pages
    page = int(held) - 1 if stopped else int(now.timestamp()) // _PAGE_SECONDS % pages
    stale = _stale(now)
    return {
        "hall": found,
        "hall_code": code,
        "now": now,
        "rows": _part(agencies, page),
        "total": queries.sum_of(rows.values()),
        "near": _near(now) if mode is WarningMode.LIVE else [],
        "desks": _part(desks, page),
        "received": sum(taken.values()),
        "completed": queries.completed_between(start, now),
        "page": page + 1,
        "pages": pages,
        "stopped": stopped,
        "stale": stale is not None and stale > _LATE,
        "hidden": mode is not WarningMode.LIVE or (stale is not None and stale > _HIDE),
        "mode": mode.value,
        "checkpoint": _checkpoint(),
    }


def _checkpoint() -> str:
    """Size and first eight digits of the newest checkpoint, so that anybody can write down or photograph it."""
    newest = tree.newest()
    return f"{newest.size} · {newest.roots['sha256'].hex()[:8]}" if newest else ""


def _pages(rows: Sequence[object]) -> int:
    return -(-len(rows) // _ROWS)


def _part(rows: Sequence[T], page: int) -> Sequence[T]:
    """The rows of a page; a shorter table begins anew while a longer one still turns."""
    first = page % max(_pages(rows), 1) * _ROWS
    return rows[first : first + _ROWS]


def _agencies(rows: Mapping[str, queries.LightRow]) -> list[tuple[str, queries.LightRow]]:
    """Agencies with open cases, in the order of the district."""
    return [(name, rows[code]) for code, name in agency_names().items() if code in rows]


def _near(now: datetime) -> list[tuple[str, str, datetime | None]]:
    """The yellow cases that are due first: last four digits, matter, due moment."""
    found = queries.with_light(Case.objects.filter(measure__in=at_desks()), Light.YELLOW, now).order_by(
        "due_at", "id"
    )
    return [(case.number[-4:], case.title, case.due_at) for case in found[:_ROWS]]


def _desks(code: str, taken: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Number, name and today's receipts of each desk of the hall."""
    mine = [desk for desk in installed().desks if desk.hall == code]
    return [(desk.number, desk.name, taken.get(desk.code, 0)) for desk in mine]


def _stale(now: datetime) -> timedelta | None:
    """How long ago the worker was last seen: the light is right without it, but messages would be late."""
    last = Tick.objects.values_list("last_tick_at", flat=True).get(id=1)
    return None if last is None else now - last
