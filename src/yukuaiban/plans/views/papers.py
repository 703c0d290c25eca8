"""Reports of the plan: asked for, listed with what is still to be filled in, downloaded; numbers opened."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.evidence.documents import Hand
from yukuaiban.evidence.filetypes import XLSX
from yukuaiban.evidence.store import content_of
from yukuaiban.jobs.asking import ask
from yukuaiban.papers import printing
from yukuaiban.people.queries import names
from yukuaiban.plans import evidencebook, lineages, longpapers, queries, reports
from yukuaiban.plans.boardface import QUARTER_WORDS
from yukuaiban.plans.models import Lineage, Plan, ProgressReport
from yukuaiban.web import gate, lists, scope

if TYPE_CHECKING:
    from django.http import HttpRequest

_DOWNLOAD = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, no-store"}


def listed(request: HttpRequest, year: int) -> HttpResponse:
    """The reports of a plan, newest first, and the form that asks for one."""
    plan = _plan(year)
    found = reports.of_plan(plan)
    today = scope.calendar().day(scope.now())
    running = [n for n in queries.QUARTERS if (plan.year, 3 * n - 2) <= (today.year, today.month)]
    told = {
        "plan": plan,
        "reports": found,
        "people": names({each.made_by for each in found}),
        "quarters": [(n, QUARTER_WORDS[n]) for n in running],
        "may_ask": gate.may_do(request.subject, longpapers.ASK),  # type: ignore[attr-defined]
        "fonts": printing.missing_fonts(),
        "in_force": plan.status in (Plan.Status.IN_FORCE, Plan.Status.CLOSED),
    }
    return render(request, "plans/reports.html", told)


def asked(request: HttpRequest, year: int) -> HttpResponse:
    """Put a report, or the evidence as folders, into the queue; its page tells when it is there."""
    plan, given = _plan(year), request.POST
    kind = given.get("format", "")
    if kind not in (longpapers.DOCX, longpapers.PDF, longpapers.ZIP):
        raise InputInvalid(Problem(_("没有这种格式"), _("请选 Word、PDF 或佐证材料"), field="format"))
    quarter = given.get("quarter", "")
    if kind != longpapers.ZIP and quarter not in ("0", "1", "2", "3", "4"):
        raise InputInvalid(Problem(_("没有选季度"), _("请选一至四季度，或年度自评"), field="quarter"))
    job = ask(
        longpapers.EVIDENCE if kind == longpapers.ZIP else longpapers.REPORT,
        _title(plan, kind, quarter),
        subject=request.subject,  # type: ignore[attr-defined]
        args={"plan": plan.year, "quarter": quarter, "format": kind, "base": request.build_absolute_uri("/")},
        total=1,
        at=request.pen.moment(),  # type: ignore[attr-defined]
        uid=request.pen.uid(),  # type: ignore[attr-defined]
    )
    return redirect("job", job.uid)


def _title(plan: Plan, kind: str, quarter: str) -> str:
    if kind == longpapers.ZIP:
        return _("%(year)d 年方案佐证材料") % {"year": plan.year}
    name = QUARTER_WORDS[int(quarter)] if int(quarter) else _("年度自评")
    return _("%(year)d 年方案报告：%(name)s") % {"year": plan.year, "name": name}


def shown(request: HttpRequest, report: UUID) -> HttpResponse:
    """One report: what is still to be filled in, its hashes, its numbers, and then the files."""
    found = _report(report)
    rows = {each.uid: each for each in Lineage.objects.filter(uid__in=found.numbers)}
    told = {
        "report": found,
        "people": names({found.made_by}),
        "numbers": [(place, rows[uid]) for place, uid in enumerate(found.numbers, 1) if uid in rows],
    }
    return render(request, "plans/report_shown.html", told)


def file(request: HttpRequest, report: UUID, kind: str) -> HttpResponse:  # noqa: ARG001 - a view
    """The file of a report, compared with its hash."""
    found = _report(report)
    stored = found.pdf if kind == longpapers.PDF else found.docx if kind == longpapers.DOCX else None
    if stored is None:
        raise Http404
    name = str(content_disposition_header(as_attachment=True, filename=stored.name))
    headers = _DOWNLOAD | {"Content-Disposition": name}
    return HttpResponse(content_of(stored), content_type=stored.mime, headers=headers)


def index(request: HttpRequest, year: int) -> HttpResponse:
    """The index of the evidence as a workbook."""
    plan = _plan(year)
    content = evidencebook.index_xlsx(plan, Hand(request.subject, request.pen))  # type: ignore[attr-defined]
    name = _("%(year)d 年方案佐证目录.xlsx") % {"year": plan.year}
    headers = {"Content-Disposition": str(content_disposition_header(as_attachment=True, filename=name))}
    return HttpResponse(content, content_type=XLSX.mime, headers=headers)


def lineage(request: HttpRequest, uid: str) -> HttpResponse:
    """Where a number comes from."""
    found = get_object_or_404(Lineage.objects.select_related("plan"), uid=uid)
    page = Paginator(found.cases, lineages.PAGE).get_page(request.GET.get("page"))
    view = lists.View(request.subject, scope.now())  # type: ignore[attr-defined]
    told = {"found": found, "page": page, "opened": lineages.opened(found, view, page.number)}
    return render(request, "plans/lineage.html", told)


def _plan(year: int) -> Plan:
    found = queries.plan_of(year)
    if found is None:
        raise Http404
    return found


def _report(uid: UUID) -> ProgressReport:
    return get_object_or_404(ProgressReport.objects.select_related("plan", "docx", "pdf"), uid=uid)
