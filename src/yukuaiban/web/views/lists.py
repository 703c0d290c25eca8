"""The list pages of the docket and their exports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from yukuaiban.core.errors import Refused
from yukuaiban.evidence import tables_out
from yukuaiban.journal.writing import append
from yukuaiban.people.district import installed
from yukuaiban.people.subject import visible_agencies
from yukuaiban.web import caselists, gate, lists, scope

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST_ROWS = 50_000
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
INTAKE = "desks:workbench"


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
    told["whole"] = spec.whole or visible_agencies(request.subject) is None  # type: ignore[attr-defined]
    told["may_begin"] = gate.may_open(request.subject, INTAKE)  # type: ignore[attr-defined]
    return render(request, template, told)


def write(request: HttpRequest, spec: lists.ListSpec) -> HttpResponse:
    """Exactly what is filtered, as xlsx or csv; each export is an event of the journal."""
    kind = request.GET.get("format", "xlsx")
    if kind not in _TYPES:
        raise Refused(_("导出格式只有 xlsx 和 csv。"))
    view = view_of(request)
    asked = lists.read(spec, request.GET, view)
    rows = lists.every_row(spec, asked, view, most=MOST_ROWS)
    if len(rows) > MOST_ROWS:
        raise Refused(_("超过 50,000 条，请先加条件缩小范围，再导出。"))
    filters = lists.described(spec, asked, view)
    body = _body(request, spec, rows, dict(filters), kind)
    _note(request, spec, filters, kind, len(rows))
    name = f"{spec.title}-{view.now.astimezone(scope.zone()):%Y%m%d-%H%M}.{kind}"
    headers = {"Content-Disposition": str(content_disposition_header(as_attachment=True, filename=name))}
    return HttpResponse(body, content_type=_TYPES[kind], headers=headers)


def _body(
    request: HttpRequest, spec: lists.ListSpec, rows: Sequence[Any], filters: dict[str, str], kind: str
) -> bytes:
    columns = [tables_out.Column(each.code, str(each.title)) for each in spec.columns]
    table = ({each.code: each.text(row) for each in spec.columns} for row in rows)
    about = tables_out.About(
        title=str(spec.title),
        person=request.subject.name or request.subject.ref,  # type: ignore[attr-defined]
        at=scope.now(),
        zone=ZoneInfo(str(installed().zone)),
        filters=filters,
    )
    if kind == "csv":
        return tables_out.to_csv(columns, table, about)
    return tables_out.to_xlsx(columns, table, about)


def _note(
    request: HttpRequest, spec: lists.ListSpec, filters: Sequence[tuple[str, str]], kind: str, n: int
) -> None:
    append(
        stream=f"export:{spec.code}",
        type="list.exported",
        body={"list": spec.code, "filters": [list(each) for each in filters], "format": kind, "rows": n},
        actor=request.subject.actor(),  # type: ignore[attr-defined]
        pen=request.pen,  # type: ignore[attr-defined]
        source="web",
    )
