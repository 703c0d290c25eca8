"""The page of a case: any measure, one layout (ui.md section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from yukuaiban.cases import evidencing, facts
from yukuaiban.journal.places import place
from yukuaiban.registry import measure
from yukuaiban.web import casestreams, documents, gate, panels, proofs, reveals, scope, timemachine
from yukuaiban.web.casepage import gather
from yukuaiban.web.keeping import kept

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from yukuaiban.cases.models import Case
    from yukuaiban.web.casepage import CasePage


def case_page(request: HttpRequest, number: str) -> HttpResponse:  # noqa: ARG001 - the gate has loaded the case
    """Head, clocks with their sums, who may do what, timeline, evidence, proof."""
    case = request.case  # type: ignore[attr-defined]
    subject = request.subject  # type: ignore[attr-defined]
    streams = casestreams.read(case)
    asked = request.GET.get("clock", "")
    as_of = timemachine.moment_of(request.GET.get(timemachine.PARAMETER, ""), scope.now())
    if as_of is not None:
        return _as_it_stood(request, timemachine.gather_at(case, subject, as_of, asked, streams), as_of)
    page = gather(case, subject, scope.now(), asked=asked, streams=streams)
    person = reveals.panel(case, subject, streams)
    page = reveals.with_looks(page, person.looks)
    where = place(facts.stream_of(case.number), case.seq)
    shown = {file.stored_by: page.people.get(file.stored_by, "") for file in page.files}
    return render(
        request,
        "web/case.html",
        {
            "page": page,
            "case": case,
            "files": page.files,
            "storers": shown,
            "person": person,
            "place": where,
            "standing": proofs.standing_of(where.checkpoint, streams.witnesses),
            "proof": proofs.receipt_address(request, case),
            "kept": list(kept(scope.now().astimezone(scope.zone()).date())),
            "links": measure(case.measure).case_links,
            "own_panel": panels.of_case(request, case),
            "evidence": _documents(request, case, page),
            "from_queue": gate.may_open(subject, "queue"),
        },
    )


def _as_it_stood(request: HttpRequest, page: CasePage, at: datetime) -> HttpResponse:
    """The same page without anything that acts, that shows persons, or that knows only today."""
    shown = {
        "page": page,
        "case": page.case,
        "as_of": at,
        "files": page.files,
        "storers": {file.stored_by: page.people.get(file.stored_by, "") for file in page.files},
        "from_queue": gate.may_open(request.subject, "queue"),  # type: ignore[attr-defined]
    }
    return render(request, "web/case.html", shown)


def _documents(request: HttpRequest, case: Case, page: CasePage) -> dict[str, Any] | None:
    """The panel of documents, where the procedure of the case takes any."""
    if page.state.procedure.action(evidencing.ATTACH.code) is None:
        return None
    return documents.panel(request, evidencing.anchor_of(case))
