"""Evidence of a case: the page that shows it, its pictures, and the stored bytes as a download.

The bytes are compared with their hash each time, and never shown inline by the browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import render

from yukuaiban.evidence import previewing, queries
from yukuaiban.evidence.models import EvidenceFile
from yukuaiban.evidence.store import content_of
from yukuaiban.people.queries import names

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

_MOST_SHOWN = 5
_SAFE = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, no-store"}


def evidence(request: HttpRequest, number: str, uid: UUID) -> HttpResponse:  # noqa: ARG001 - the gate loaded the case
    """The file, as an attachment in a sandbox of its own: a lying file can do nothing here (security.md T17)."""
    file = _file(request, uid)
    answer = HttpResponse(content_of(file), content_type=file.mime, headers=_SAFE)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return answer


def evidence_view(request: HttpRequest, number: str, uid: UUID) -> HttpResponse:  # noqa: ARG001 - as above
    """Its first pages as pictures, its hash, what the scanner said, and the way to the original."""
    file = _file(request, uid)
    pages = previewing.page_count(file)
    told = {
        "case": request.case,  # type: ignore[attr-defined]
        "file": file,
        "page_count": pages,
        "pages": range(1, min(pages, _MOST_SHOWN) + 1),
        "scan": queries.scan_of(file),
        "storer": names([file.stored_by]).get(file.stored_by, ""),
    }
    return render(request, "web/evidence_view.html", told)


def evidence_picture(request: HttpRequest, number: str, uid: UUID, page: int) -> HttpResponse:  # noqa: ARG001 - as above
    """A page of the file as a picture that was drawn here."""
    try:
        picture = previewing.page_picture(_file(request, uid), page)
    except previewing.NoPreview as error:
        raise Http404 from error
    return HttpResponse(picture, content_type="image/png", headers=_SAFE)


def _file(request: HttpRequest, uid: UUID) -> EvidenceFile:
    case = request.case  # type: ignore[attr-defined]
    found = EvidenceFile.objects.filter(case_number=case.number, uid=uid).first()
    if found is None:
        raise Http404
    return found
