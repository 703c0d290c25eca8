"""The due moments of a plan as a calendar file: of all, of the own agency, of one person; behind the sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from yukuaiban.people.queries import agency_names
from yukuaiban.plans import ical, queries
from yukuaiban.plans.sight import sees
from yukuaiban.web import scope

if TYPE_CHECKING:
    from django.http import HttpRequest

    from yukuaiban.people.subject import Subject
    from yukuaiban.plans.rows import TaskRow

_MIME = "text/calendar; charset=utf-8"


def ics(request: HttpRequest, year: int) -> HttpResponse:
    """`?agency=` one agency in sight, `?person=me` what one is in charge of, else all that one sees of the plan."""
    plan = queries.plan_of(year)
    if plan is None:
        raise Http404
    subject: Subject = request.subject  # type: ignore[attr-defined]
    wanted = request.GET.get("agency", "")
    found = queries.board(plan, scope.now())
    tasks = [task for row in found.rows for task in row.tasks]
    rows = [row for row in _seen(subject, tasks, wanted) if _his(subject, row, request.GET.get("person", ""))]
    title = _title(year, wanted, mine=request.GET.get("person") == "me")
    host = request.get_host().partition(":")[0]
    address = request.build_absolute_uri(reverse("case", args=["-"])).removesuffix("-")
    body = ical.calendar_of(title, year, rows, ical.Source(scope.now(), host, address))
    answer = HttpResponse(body, content_type=_MIME)
    answer["Content-Disposition"] = str(
        content_disposition_header(as_attachment=True, filename=f"{title}.ics")
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


def _seen(subject: Subject, tasks: list[TaskRow], wanted: str) -> list[TaskRow]:
    if wanted and not sees(subject, wanted):
        raise Http404
    return [row for row in tasks if sees(subject, row.case.agency) and wanted in ("", row.case.agency)]


def _his(subject: Subject, row: TaskRow, person: str) -> bool:
    return person != "me" or row.case.handler == subject.ref


def _title(year: int, agency: str, *, mine: bool) -> str:
    whose = _("本人") if mine else agency_names().get(agency, "")
    return _("%(year)s 年方案任务到期 %(whose)s") % {"year": year, "whose": whose}
