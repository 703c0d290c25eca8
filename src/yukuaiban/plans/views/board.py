"""The board of a plan: undertakings × quarters with light, owner, progress, targets and missing evidence; its file."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from yukuaiban.evidence.filetypes import XLSX
from yukuaiban.evidence.tables_out import About, to_xlsx
from yukuaiban.journal.writing import append
from yukuaiban.people.district import installed
from yukuaiban.plans import boardchips, boardface, boardfile, duedates, queries
from yukuaiban.plans.book import FIRST_YEAR
from yukuaiban.plans.sight import sees_all
from yukuaiban.plans.steps import COORDINATOR
from yukuaiban.plans.views.wall import device_of
from yukuaiban.web import gate, scope

if TYPE_CHECKING:
    from django.http import HttpRequest

    from yukuaiban.plans.models import Plan


def newest(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """The board of the newest year, for the navigation; without any plan the page that says so."""
    found = next(iter(queries.plans()), None)
    return redirect("plans:board", scope.calendar().day(scope.now()).year if found is None else found.year)


def board(request: HttpRequest, year: int) -> HttpResponse:
    """The whole plan on one page; chips narrow it, the counts on them do not change."""
    plan = queries.plan_of(year)
    if plan is None:
        return render(request, "plans/no_plan.html", {"year": year})
    moment, then = _moment(request.GET.get("as_of", ""))
    found = queries.board(plan, moment, then=then)
    choice = boardchips.asked(request.GET.dict())
    told = _context(request, found, choice) | {"as_of": scope.calendar().day(moment) if then else None}
    return render(request, "plans/board.html", told)


def _moment(given: str) -> tuple[datetime, bool]:
    """The end of a past day (ISO 8601), else now; whether it is past."""
    now = scope.now()
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return now, False
    if day >= scope.calendar().day(now) or day.year < FIRST_YEAR:
        return now, False
    return scope.calendar().start_of(day + timedelta(days=1)) - timedelta(microseconds=1), True


def _look_back(plan: Plan, today: date) -> date | None:
    """The last day of the newest quarter of the plan that has passed, for a look at it."""
    ends = [duedates.schedule(f"Q{n}", plan.year, scope.calendar()).last for n in queries.QUARTERS]
    return max((day for day in ends if day is not None and day < today), default=None)


def _context(request: HttpRequest, found: queries.Board, choice: boardchips.Asked) -> dict[str, Any]:
    rows = [boardface.shown(row, found.names) for row in found.rows if choice.fits(row)]
    leads = {row.undertaking.lead_agency for row in found.rows} - {""}
    leaders = {row.undertaking.leader for row in found.rows} - {""}
    today = scope.calendar().day(scope.now())
    subject = request.subject  # type: ignore[attr-defined]
    return {
        "plan": found.plan,
        "year": found.plan.year,
        "rows": rows,
        "all": len(found.rows),
        "choice": choice,
        "chips": boardchips.chips(found),
        "figures": boardface.figures(found),
        "leads": sorted((found.names.get(code, code), code) for code in leads),
        "leaders": sorted(leaders),
        "quarters": _quarters(found.plan, today.year, (today.month + 2) // 3),
        "lag_points": queries.lag_points(found.now),
        "now": found.now,
        "look_back": _look_back(found.plan, today),
        "device": device_of(found.plan.year) if subject.role == COORDINATOR else "",
        "may_accept": gate.may_open(subject, "plans:waiting"),
        "own": subject.agency,
        "sees_all": sees_all(subject),
        "may_export": gate.may_do(subject, "plans:board_export"),
        "may_report": gate.may_open(subject, "plans:reports"),
    }


def _quarters(plan: Plan, year: int, quarter: int) -> list[dict[str, Any]]:
    """The four columns with their last working day; the one that runs is marked."""
    return [
        {
            "n": n,
            "word": boardface.QUARTER_WORDS[n],
            "last": duedates.schedule(f"Q{n}", plan.year, scope.calendar()).last,
            "now": plan.year == year and n == quarter,
        }
        for n in queries.QUARTERS
    ]


def export(request: HttpRequest, year: int) -> HttpResponse:
    """The tasks of the board as a workbook, as they are chosen; an event of the journal."""
    plan = queries.plan_of(year)
    if plan is None:
        raise Http404
    moment, then = _moment(request.POST.get("as_of", ""))
    found = queries.board(plan, moment, then=then)
    choice = boardchips.asked(request.POST.dict())
    filters = boardchips.described(choice, found.names)
    rows = list(boardfile.rows([row for row in found.rows if choice.fits(row)], found.names))
    subject = request.subject  # type: ignore[attr-defined]
    append(
        stream=f"export:plan-{year}",
        type="list.exported",
        body={
            "list": "plan_board",
            "filters": [["year", str(year)], *map(list, filters)],
            "format": "xlsx",
            "rows": len(rows),
        },
        actor=subject.actor(),
        pen=request.pen,  # type: ignore[attr-defined]
        source="web",
    )
    title = _("%(year)s 年度方案台账") % {"year": year}
    about = About(
        title,
        subject.name or subject.ref,
        found.now,
        ZoneInfo(str(installed().zone)),
        filters=dict(filters),
        versions={plan.title: str(plan.version or 0)},
    )
    answer = HttpResponse(to_xlsx(boardfile.COLUMNS, rows, about), content_type=XLSX.mime)
    answer["Content-Disposition"] = str(
        content_disposition_header(as_attachment=True, filename=f"{title}.xlsx")
    )
    return answer
