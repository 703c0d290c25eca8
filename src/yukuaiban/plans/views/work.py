"""What waits for whom: own tasks, what is to be accepted, closed out, looked back at, taken up by supervision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render

from yukuaiban.people.queries import agency_names, names
from yukuaiban.plans import boardface, queries, results
from yukuaiban.plans.models import LedgerEntry
from yukuaiban.plans.sight import sees, sees_all
from yukuaiban.plans.steps import COORDINATOR
from yukuaiban.web import gate, scope

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from yukuaiban.people.subject import Subject
    from yukuaiban.plans.models import Plan

_LEDGER = 20


def mine(request: HttpRequest) -> HttpResponse:
    """The open tasks of the own agency, the most urgent first; `?person=me` those of which one is in charge."""
    subject: Subject = request.subject  # type: ignore[attr-defined]
    own = request.GET.get("person") == "me"
    now = scope.now()
    plans = queries.in_force()
    rows = queries.mine(subject.agency or "", now, person=subject.ref if own else "")
    told = {
        "rows": rows,
        "own": own,
        "plans": plans,
        "agency": agency_names().get(subject.agency or "", ""),
        "agency_code": subject.agency,
        "people": names({row.case.handler for row in rows} - {""}),
        "reports": subject.role in ("reporter", "handler", "agency_leader"),
    }
    return render(request, "plans/mine.html", told)


def waiting(request: HttpRequest) -> HttpResponse:
    """What was handed in, what is to be closed out, and closed tasks whose time for 回头看 has come."""
    now = scope.now()
    told = {
        "to_accept": queries.to_accept(now),
        "to_close_out": queries.to_close_out(now),
        "to_look_back": queries.to_look_back(now),
        "agencies": agency_names(),
        "own": request.subject.agency,  # type: ignore[attr-defined]
        "role": request.subject.role,  # type: ignore[attr-defined]
    }
    return render(request, "plans/waiting.html", told)


def candidates(request: HttpRequest) -> HttpResponse:
    """督办候选: red tasks, the longest overdue first, and undertakings that lag; of every plan in force."""
    now = scope.now()
    found = [(plan, queries.board(plan, now)) for plan in queries.in_force()]
    told = {
        "plans": [(plan, queries.candidates_of(board), board.names) for plan, board in found],
        "agencies": agency_names(),
        "progress": {
            row.undertaking.pk: boardface.progress_of(row) for _plan, each in found for row in each.rows
        },
        "lag_points": queries.lag_points(now),
    }
    return render(request, "plans/candidates.html", told)


def undertaking(request: HttpRequest, year: int, key: str) -> HttpResponse:
    """One undertaking: the plan's words, who, tasks with their evidence, targets, the newest lines of the ledger."""
    plan = _plan(year)
    found = queries.board(plan, scope.now())
    row = next((each for each in found.rows if each.undertaking.key == key), None)
    if row is None:
        raise Http404
    ledger = LedgerEntry.objects.filter(task__milestone__undertaking=row.undertaking).order_by("-at", "-pk")
    entries = list(ledger.select_related("task__case")[:_LEDGER])
    told: dict[str, Any] = {
        "plan": plan,
        "year": year,
        "row": row,
        "shown": boardface.shown(row, found.names),
        "undertaking": row.undertaking,
        "names": found.names,
        "ledger": entries,
        "people": names({each.by for each in entries}),
        "own": request.subject.agency,  # type: ignore[attr-defined]
        "sees_all": sees_all(request.subject),  # type: ignore[attr-defined]
        "may_draft": _may_draft(request.subject, row.undertaking.lead_agency),  # type: ignore[attr-defined]
        "results": results.of_undertaking(row.undertaking),
    }
    return render(request, "plans/undertaking.html", told)


def _may_draft(subject: Subject, lead: str) -> bool:
    drafts = subject.role == COORDINATOR or subject.agency == lead
    return drafts and gate.may_open(subject, "plans:result_draft")


def sheet(request: HttpRequest, year: int, agency: str) -> HttpResponse:
    """The sheet of an agency, for print: its undertakings, its own tasks, what is red, what lacks evidence."""
    plan = _plan(year)
    names_ = agency_names()
    if agency not in names_ or not sees(request.subject, agency):  # type: ignore[attr-defined]
        raise Http404
    rows = queries.of_agency(plan, agency, scope.now())
    own = [task for row in rows for task in row.tasks if task.case.agency == agency]
    told = {
        "plan": plan,
        "year": year,
        "name": names_[agency],
        "agency": agency,
        "rows": [boardface.shown(row, names_) for row in rows],
        "own": own,
        "open": sum(task.open for task in own),
        "late": sum(task.late for task in own),
        "missing": sum(task.missing for task in own),
        "roles": {
            row.undertaking.pk: [
                each.get_role_display() for each in row.responsibilities if each.agency == agency
            ]
            for row in rows
        },
    }
    return render(request, "plans/sheet.html", told)


def _plan(year: int) -> Plan:
    found = queries.plan_of(year)
    if found is None:
        raise Http404
    return found
