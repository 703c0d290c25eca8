"""The list pages of the docket and their exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from yukuaiban.core.errors import Refused
from yukuaiban.jobs.asking import ask
from yukuaiban.people.subject import visible_agencies
from yukuaiban.web import caselists, gate, listcolumns, listfiles, lists, savedviews, scope

if TYPE_CHECKING:
    from django.http import HttpRequest

INTAKE, BULK = "desks:workbench", "bulk_choose"
_NOT_KEPT = {listcolumns.PARAMETER, "after"}


def queue(request: HttpRequest) -> HttpResponse:
    """待办: what must I do next?"""
    return page(request, caselists.QUEUE, export="queue_export")


def cases(request: HttpRequest) -> HttpResponse:
    """办件: all that one may see; a full number opens its case."""
    found = caselists.exact(request.GET.get("text", ""), view_of(request))
    if found is not None:
        return redirect("case", found.number)
    return page(request, caselists.CASES, export="cases_export")


def queue_export(request: HttpRequest) -> HttpResponse:
    """The filtered queue as a file."""
    return write(request, caselists.QUEUE)


def cases_export(request: HttpRequest) -> HttpResponse:
    """The filtered cases as a file."""
    return write(request, caselists.CASES)


def view_of(request: HttpRequest) -> lists.View:
    """Who looks at a list, and when."""
    return lists.View(request.subject, scope.now())  # type: ignore[attr-defined]


def page(
    request: HttpRequest,
    spec: lists.ListSpec,
    *,
    export: str = "",
    template: str = "web/list.html",
    **more: Any,
) -> HttpResponse:
    """Answer the page of any list; `template` may put something above it."""
    shown = lists.show(spec, request, view_of(request))
    told = {"page": shown, "words": lists.total_words(shown), "export": export and reverse(export), **more}
    subject = request.subject  # type: ignore[attr-defined]
    told["tabs"] = savedviews.tabs(spec.code, subject, request.GET.urlencode())
    told["on_tab"] = any(tab.on for tab in told["tabs"])
    told["may_share"] = subject.role == savedviews.SHARES
    told["choices"] = [(each, each in listcolumns.on_page(spec, shown.asked)) for each in spec.columns]
    told["kept"] = [(name, value) for name, value in request.GET.items() if name not in _NOT_KEPT]
    told["picks"] = spec.picks is not None and gate.may_do(request.subject, BULK)  # type: ignore[attr-defined]
    told["width"] = len(shown.heads) + bool(told["picks"])
    told["whole"] = spec.whole or visible_agencies(request.subject) is None  # type: ignore[attr-defined]
    told["may_begin"] = gate.may_open(request.subject, INTAKE)  # type: ignore[attr-defined]
    return render(request, template, told)


def view_save(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the list as it is shown now under a name."""
    query = request.POST.get("query", "")
    savedviews.save(
        code,
        request.POST.get("name", ""),
        query,
        subject=request.subject,  # type: ignore[attr-defined]
        shared=request.POST.get("shared") == "1",
        at=request.pen.moment(),  # type: ignore[attr-defined]
    )
    return redirect(f"{_here(request)}?{savedviews.plain(query)}")


def view_remove(request: HttpRequest, key: int) -> HttpResponse:
    """Delete a saved view; the list itself stays as it is."""
    savedviews.remove(key, request.subject)  # type: ignore[attr-defined]
    return redirect(_here(request))


def _here(request: HttpRequest) -> str:
    """The list the form stood on; never an address elsewhere."""
    path = request.POST.get("path", "")
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) else reverse("queue")


def write(request: HttpRequest, spec: lists.ListSpec) -> HttpResponse:
    """Exactly what is filtered, as xlsx or csv; what is long goes to the worker and waits under 我的任务."""
    kind = listfiles.kind_of(request.GET.get("format", "xlsx"))
    view = view_of(request)
    asked = lists.read(spec, request.GET, view)
    count = lists.filtered(spec, asked, view).order_by()[: listfiles.MOST_ROWS + 1].count()
    if listfiles.AT_ONCE < count <= listfiles.MOST_ROWS:
        return _later(request, spec, kind, count)
    if count > listfiles.MOST_ROWS:
        raise Refused(str(listfiles.TOO_MANY))
    rows = lists.every_row(spec, asked, view, most=listfiles.MOST_ROWS)
    body = listfiles.written(spec, asked, view, kind, rows, pen=request.pen)  # type: ignore[attr-defined]
    name = listfiles.name_of(spec, view, kind)
    headers = {"Content-Disposition": str(content_disposition_header(as_attachment=True, filename=name))}
    return HttpResponse(body, content_type=listfiles.TYPES[kind], headers=headers)


def _later(request: HttpRequest, spec: lists.ListSpec, kind: str, count: int) -> HttpResponse:
    job = ask(
        listfiles.KIND,
        _("导出：%(list)s %(n)d 条") % {"list": spec.title, "n": count},
        subject=request.subject,  # type: ignore[attr-defined]
        args={"list": spec.code, "query": request.GET.urlencode(), "format": kind},
        total=count,
        at=request.pen.moment(),  # type: ignore[attr-defined]
        uid=request.pen.uid(),  # type: ignore[attr-defined]
    )
    return redirect("job", job.uid)
