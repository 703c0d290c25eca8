"""Printable pages of a case: the receipt and the numbered papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from yukuaiban.cases import facts
from yukuaiban.measures.desks import papers
from yukuaiban.measures.desks.models import DeskCase, Paper
from yukuaiban.people.access import shown
from yukuaiban.web import proofs
from yukuaiban.web.objects import relate_case

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from yukuaiban.cases.models import Case

MASKS = "case_staff"


def receipt(request: HttpRequest, number: str) -> HttpResponse:  # noqa: ARG001 - the gate has loaded the case
    """Number, query code, QR, both limits with their due moments, what was handed in: one A4 page."""
    case: Case = request.case  # type: ignore[attr-defined]
    desk_case = DeskCase.objects.select_related("matter", "sheet").get(case=case)
    return render(
        request,
        "desks/receipt.html",
        {
            "case": case,
            "paper": papers.receipt_text(case, desk_case),
            "promises": papers.promises(case, facts.state_of(case)),
            "desk_case": desk_case,
            "missing": [each for each in desk_case.sheet.materials if each not in desk_case.materials],
            "address": request.build_absolute_uri(f"{reverse('desks:query')}?number={case.number}"),
            "proof": proofs.receipt_address(request, case),
            "code": proofs.code_of(case),
        },
    )


def paper(request: HttpRequest, number: str, seq: int) -> HttpResponse:  # noqa: ARG001 - as above
    """The paper that the event `seq` served; the applicant's name as the viewer may see it."""
    case: Case = request.case  # type: ignore[attr-defined]
    found = Paper.objects.filter(case=case, seq=seq).first()
    if found is None:
        raise Http404
    subject = request.subject  # type: ignore[attr-defined]
    name = shown(
        MASKS,
        "enterprise" if case.enterprise else "name",
        case.applicant.name,
        subject=subject,
        relation=relate_case(subject, case),
        is_open=case.closed_at is None,
    )
    return render(
        request,
        "desks/paper.html",
        {"case": case, "paper": papers.printed(found, case, name), "kind": found.kind},
    )
