"""我的任务: long work of the person, its progress, its answers, its file; for thirty days."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from yukuaiban.jobs import asking, results
from yukuaiban.jobs.models import Job
from yukuaiban.web import bulk, scope

if TYPE_CHECKING:
    from django.http import HttpRequest

_SHOWN, _LINES = 100, 100


def jobs(request: HttpRequest) -> HttpResponse:
    """The newest work of this person."""
    mine = Job.objects.filter(owner=request.subject.ref)  # type: ignore[attr-defined]
    return render(request, "web/jobs.html", {"jobs": list(mine.order_by("-asked_at", "-pk")[:_SHOWN])})


def job(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One piece of work: how far, what was refused and why, what comes next."""
    found = own_job(request, uid)
    lines = found.lines.order_by("ok", "n")
    page = Paginator(lines, _LINES).get_page(request.GET.get("page"))
    accepted = found.lines.filter(ok=True).count() if found.kind in (bulk.TRIAL, bulk.REAL) else 0
    shown = {
        "job": found,
        "lines": page,
        "accepted": accepted,
        "refused": found.done - accepted,
        "trial": found.kind == bulk.TRIAL,
        "typed": accepted > bulk.TYPED_ABOVE,
    }
    return render(request, "web/job.html", shown)


def job_file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The file that the work has made."""
    found = own_job(request, uid)
    content = results.content_of(found)
    name = str(content_disposition_header(as_attachment=True, filename=found.file_name))
    return HttpResponse(content, content_type=found.file_mime, headers={"Content-Disposition": name})


def job_cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Call it off; what is done stays done, and the page says how much that was."""
    asking.cancel(own_job(request, uid), scope.now())
    return redirect("job", uid)


def own_job(request: HttpRequest, uid: UUID) -> Job:
    """The work of this person; that of others looks absent."""
    found = Job.objects.filter(uid=uid, owner=request.subject.ref).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found
