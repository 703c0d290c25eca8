"""The pages that show: the tree with colours and owners, the gaps, how ready the application is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render

from yukuaiban.cases import queries as docket
from yukuaiban.measures.demonstration import queries, readiness, rules
from yukuaiban.measures.demonstration.models import IndexEdition
from yukuaiban.people.district import installed, local_day
from yukuaiban.people.queries import agency_names
from yukuaiban.web import gate, scope
from yukuaiban.web.actionforms import agency_choices

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from yukuaiban.core.lights import Light
    from yukuaiban.core.procedures import Procedure
    from yukuaiban.measures.demonstration.models import Gap
    from yukuaiban.measures.demonstration.queries import Branch


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A line of the tree: the node, and at a leaf its case with its light."""

    branch: Branch
    light: Light | None
    stage: str
    assignable: bool = False


def wanted(request: HttpRequest) -> IndexEdition | None:
    """The edition that `?batch=` names, else the newest; 404 for a batch that is not there."""
    batch = request.GET.get("batch", "")
    found = queries.edition(batch)
    if batch and found is None:
        raise Http404
    return found


def tree(request: HttpRequest) -> HttpResponse:
    """Every node in the order of the index; leaves with stage, light, owner and documents."""
    edition = wanted(request)
    subject = request.subject  # type: ignore[attr-defined]
    told: dict[str, Any] = {"edition": edition, "may_import": gate.may_open(subject, "demonstration:import")}
    if edition is None:
        return render(request, "demonstration/tree.html", told)
    now = scope.now()
    views = queries.leaves(edition, local_day(now))
    branches = queries.tree(edition, views)
    procedure = installed().procedures["demonstration"]
    rows = [_row(branch, procedure) for branch in branches]
    figures = [view.figure for view in views]
    told |= {
        "rows": rows,
        "editions": IndexEdition.objects.order_by("-imported_at", "-batch"),
        "leaves": len(views),
        "coverage": rules.coverage(figures),
        "score": queries.score_text(rules.score(figures)),
        "assessed": rules.Share(sum(each.leaf.own_share is not None for each in views), len(views)),
        "agencies": agency_names(),
        "may_assign": gate.may_do(subject, "demonstration:assign"),
        "choices": agency_choices(),
    }
    return render(request, "demonstration/tree.html", told)


def _row(branch: Branch, procedure: Procedure) -> TreeRow:
    if branch.view is None:
        return TreeRow(branch, None, "")
    case = branch.view.case
    light = docket.light_of(case, scope.now())
    stage = next((each for each in procedure.stages if each.code == case.stage), None)
    if stage is None:  # a case lives by its own version, whose stages newer ones may lack
        return TreeRow(branch, light, case.stage)
    assigning = procedure.action("assign_leaf")
    return TreeRow(branch, light, stage.title, assigning is not None and assigning.open_at(stage))


def gaps(request: HttpRequest) -> HttpResponse:
    """Everything found wanting, with the clocks of the leaves."""
    edition = wanted(request)
    found = queries.gaps(edition) if edition is not None else []
    now = scope.now()
    told = {
        "edition": edition,
        "rows": [(gap, docket.light_of(gap.leaf.case, now)) for gap in found],
        "closure": queries.closure(found),
        "reopened": sum(gap.reopened > 0 for gap in found),
        "agencies": agency_names(),
    }
    return render(request, "demonstration/gaps.html", told)


def board(request: HttpRequest) -> HttpResponse:
    """How ready the application is: what is open, stale or lower from outside; what comes next."""
    edition = wanted(request)
    if edition is None:
        return render(request, "demonstration/board.html", {"edition": None})
    now = scope.now()
    found = readiness.gather(edition, now)
    told = {
        "edition": edition,
        "ready": found,
        "agencies": agency_names(),
        "light": docket.light_of(edition.case, now),
        "gap_rows": _open(found.gaps),
        "may_assign": gate.may_do(request.subject, "demonstration:assign"),  # type: ignore[attr-defined]
    }
    return render(request, "demonstration/board.html", told)


def site_sheet(request: HttpRequest, visit: int) -> HttpResponse:
    """The list that is printed and taken to a place: points, leaves with what proves them, boxes for the results."""
    edition = wanted(request)
    found = edition.visits.filter(number=visit).first() if edition is not None else None
    if edition is None or found is None:
        raise Http404
    told = {
        "edition": edition,
        "visit": found,
        "views": queries.leaves(edition, local_day(scope.now()), only=found.leaves),
        "agencies": agency_names(),
    }
    return render(request, "demonstration/site_sheet.html", told)


def _open(found: Sequence[Gap]) -> list[Gap]:
    return [gap for gap in found if gap.closed_at is None]
