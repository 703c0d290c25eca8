"""Public pages: matters with their limits and documents, and published overruns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.template.loader import render_to_string

from yukuaiban.cases import versions
from yukuaiban.core.clocks import elapsed
from yukuaiban.core.limits import Unit
from yukuaiban.measures.desks import queries
from yukuaiban.measures.desks.limits import held
from yukuaiban.measures.desks.models import Matter, MatterSheet
from yukuaiban.people.queries import agency_names
from yukuaiban.web import scope

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.http import HttpRequest, HttpResponse

    from yukuaiban.measures.desks.limits import HeldLimit
    from yukuaiban.measures.desks.models import OverrunExplanation

_PAGE = 50
_WORDS = 60
_ON_HOME = 4


def matters(request: HttpRequest) -> HttpResponse:
    """All published matters by agency, searchable by words or pinyin initials."""
    day = queries.day_of(scope.now())
    words = request.GET.get("words", "").strip()[:_WORDS]
    if words:
        rows = queries.search_matters(words, day, n=_PAGE)
        page = Paginator(rows, _PAGE).get_page(1)
    else:
        found = queries.matters_in_force(day).order_by("agency", "name", "code")
        page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    sheets = newest_sheets(list(page.object_list), day)
    context = {
        "words": words,
        "page": page,
        "rows": [(each, _public(sheets.get(each.code), each, day)) for each in page.object_list],
        "agencies": agency_names(),
    }
    return render(request, "desks/matters.html", context)


def newest_sheets(rows: list[Matter], day: object) -> dict[str, MatterSheet]:
    """The newest sheet of each matter, one query; one kept with findings only where there is no other."""
    approved = MatterSheet.objects.filter(matter__in=rows, approved_at__isnull=False, since__lte=day)
    found = sorted(approved, key=lambda sheet: (not sheet.findings, sheet.since, sheet.number))
    return {sheet.matter_id: sheet for sheet in found}


def _public(sheet: MatterSheet | None, matter: Matter, day: date) -> dict[str, HeldLimit]:
    return {} if sheet is None or sheet.findings else held(sheet, matter.kind, day)


def matter(request: HttpRequest, code: str) -> HttpResponse:
    """One matter: who handles it, in what time and why, what to bring, how often to come."""
    day = queries.day_of(scope.now())
    found = queries.matters_in_force(day).filter(code=code).first()
    sheet = queries.sheet_in_force(found, day) if found else None
    if found is None or sheet is None:
        raise Http404
    context = {"matter": found, "sheet": sheet, "agencies": agency_names()}
    context["limits"] = held(sheet, found.kind, day).values()
    return render(request, "desks/matter.html", context)


def overdue(request: HttpRequest) -> HttpResponse:
    """Published overruns: matter, agency, delay, explanation; never the applicant."""
    now = scope.now()
    before = request.GET.get("before", "")
    rows = queries.overruns(
        now, _PAGE + 1, before=int(before) if before.isascii() and before.isdigit() else None
    )
    more = rows[_PAGE - 1].pk if len(rows) > _PAGE else None
    context = {
        "rows": [(row, delay(row, now)) for row in rows[:_PAGE]],
        "more": more,
        "agencies": agency_names(),
    }
    return render(request, "desks/overdue.html", context)


def overdue_panel(request: HttpRequest) -> str:
    """The newest published overruns on the public home page; nothing where there are none."""
    now = scope.now()
    rows = queries.overruns(now, _ON_HOME)
    if not rows:
        return ""
    context = {"rows": [(row, delay(row, now)) for row in rows], "agencies": agency_names()}
    return render_to_string("desks/overdue_panel.html", context, request)


def delay(row: OverrunExplanation, now: datetime) -> int:
    """Working days beyond the due moment: until the clock stopped, or until now."""
    clock = row.case.clocks.filter(code=row.clock).order_by("-ordinal").first()
    end = clock.stopped_at or now if clock else now
    return int(elapsed(row.due_at, max(end, row.due_at), Unit.WORKDAY, versions.current_calendar()))
