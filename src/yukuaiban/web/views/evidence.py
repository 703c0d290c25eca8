"""Evidence as a download: the stored bytes, compared with their hash, never shown inline by the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.http import Http404, HttpResponse

from yukuaiban.evidence.models import EvidenceFile
from yukuaiban.evidence.store import content_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest


def evidence(request: HttpRequest, number: str, uid: UUID) -> HttpResponse:  # noqa: ARG001 - the gate loaded the case
    """The file, as an attachment in a sandbox of its own: a lying file can do nothing here (security.md T17)."""
    case = request.case  # type: ignore[attr-defined]
    file = EvidenceFile.objects.filter(case_number=case.number, uid=uid).first()
    if file is None:
        raise Http404
    answer = HttpResponse(content_of(file), content_type=file.mime)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
