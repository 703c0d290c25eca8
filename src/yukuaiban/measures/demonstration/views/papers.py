"""The papers of an edition as downloads; each is an event of the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from yukuaiban.journal.writing import append
from yukuaiban.measures.demonstration import papers, queries, selfreport
from yukuaiban.measures.demonstration.views.pages import wanted
from yukuaiban.papers.words import MIME
from yukuaiban.people.district import local_day
from yukuaiban.web import scope

if TYPE_CHECKING:
    from django.http import HttpRequest

    from yukuaiban.measures.demonstration.models import IndexEdition, SiteVisit


def evidence(request: HttpRequest) -> HttpResponse:
    """The evidence as folders, of all leaves or (`?visit=`) of one place to be looked at.

    Refused while a document with personal data has no masked copy.
    """
    edition = _edition(request)
    visit = _visit(request, edition)
    only = visit.leaves if visit is not None else ()
    views = queries.leaves(edition, local_day(scope.now()), only=only)
    content = papers.evidence_zip(views, scope.now())
    name = f"{edition.batch}-{visit.place if visit is not None else '材料'}.zip"
    return _answer(request, edition, content, name, "application/zip")


def report(request: HttpRequest) -> HttpResponse:
    """The self-assessment report, from the template of the district; what is missing reads 【待填】."""
    edition = _edition(request)
    paper = selfreport.report(edition, queries.leaves(edition, local_day(scope.now())))
    return _answer(request, edition, paper.content, f"{edition.batch}-自评报告.docx", MIME)


def _visit(request: HttpRequest, edition: IndexEdition) -> SiteVisit | None:
    """The place that `?visit=` names; 404 for one that is not there."""
    number = request.GET.get("visit", "")
    if not number:
        return None
    found = edition.visits.filter(number=number).first() if number.isdecimal() else None
    if found is None:
        raise Http404
    return found


def _edition(request: HttpRequest) -> IndexEdition:
    found = wanted(request)
    if found is None:
        raise Http404
    return found


def _answer(
    request: HttpRequest, edition: IndexEdition, content: bytes, name: str, mime: str
) -> HttpResponse:
    append(
        stream="export:demonstration",
        type="paper.exported",
        body={"batch": edition.batch, "name": name, "bytes": len(content)},
        actor=request.subject.actor(),  # type: ignore[attr-defined]
        pen=request.pen,  # type: ignore[attr-defined]
        source="web",
    )
    headers = {"Content-Disposition": str(content_disposition_header(as_attachment=True, filename=name))}
    return HttpResponse(content, content_type=mime, headers=headers)
