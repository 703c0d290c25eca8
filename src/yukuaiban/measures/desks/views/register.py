"""The register of matters for staff: list, export, versions; one proposes, another approves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.cases import versions
from yukuaiban.core.errors import InputInvalid, NotPermitted, Refused
from yukuaiban.measures.desks import queries, register
from yukuaiban.measures.desks.forms import SheetForm, drafted, sheet_values
from yukuaiban.measures.desks.limits import held
from yukuaiban.measures.desks.models import Matter, MatterSheet
from yukuaiban.measures.desks.views.public import newest_sheets
from yukuaiban.people.queries import agency_names, names
from yukuaiban.web import gate, lists, scope
from yukuaiban.web.actionforms import show_problems
from yukuaiban.web.views.lists import page, write

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from yukuaiban.measures.desks.limits import HeldLimit

_PUBLISHED, _HELD, _WAITING = "published", "held", "waiting"


class Row:
    """A matter with its limits in force and its agency's name, as the list shows it."""

    def __init__(self, matter: Matter, limits: Mapping[str, HeldLimit], agency: str) -> None:
        self.matter = matter
        self.limits = limits
        self.agency = agency

    def limit(self, name: str) -> str:
        """A limit in words; a dash where there is none."""
        found = self.limits.get(name)
        return (found.title if found else "") or "—"


def _dress(rows: Sequence[Matter], view: lists.View) -> list[Row]:
    day = queries.day_of(view.now)
    sheets, agencies = newest_sheets(list(rows), day), agency_names()
    return [
        Row(each, held(sheets.get(each.code), each.kind, day), agencies.get(each.agency, each.agency))
        for each in rows
    ]


def _by_text(rows: QuerySet[Matter], value: str, _view: lists.View) -> QuerySet[Matter]:
    return rows.filter(Q(name__contains=value) | Q(code__iexact=value) | Q(initials__contains=value.lower()))


def _by_state(rows: QuerySet[Matter], value: str, _view: lists.View) -> QuerySet[Matter]:
    if value == _WAITING:
        return rows.filter(sheets__approved_at=None, sheets__turned_down_at=None).distinct()
    return rows.filter(published=value == _PUBLISHED)


LIST = lists.ListSpec(
    code="matters",
    title=gettext_lazy("事项与实施清单"),
    unit=gettext_lazy("项"),
    whole=True,
    query=lambda _view: Matter.objects.all(),
    columns=(
        lists.Column(
            "name",
            gettext_lazy("事项"),
            lambda row: row.matter.name,
            lambda row: format_html(
                '<a href="{}">{}</a>',
                reverse("desks:register_matter", args=[row.matter.code]),
                row.matter.name,
            ),
            order="name",
        ),
        lists.Column("code", gettext_lazy("事项编码"), lambda row: row.matter.code, css="mono"),
        lists.Column("agency", gettext_lazy("实施单位"), lambda row: row.agency, order="agency"),
        lists.Column("kind", gettext_lazy("事项类型"), lambda row: str(row.matter.get_kind_display())),
        lists.Column(
            "case_kind", gettext_lazy("办件类型"), lambda row: str(row.matter.get_case_kind_display())
        ),
        lists.Column(
            "committed",
            gettext_lazy("承诺时限"),
            lambda row: row.limit("committed"),
            css="nowrap",
            labelled=True,
        ),
        lists.Column(
            "statutory",
            gettext_lazy("法定时限"),
            lambda row: row.limit("statutory"),
            css="nowrap",
            labelled=True,
        ),
        lists.Column(
            "published",
            gettext_lazy("公布"),
            lambda row: _("已公布") if row.matter.published else _("未公布"),
        ),
        lists.Column(
            "findings", gettext_lazy("问题"), lambda row: "；".join(row.matter.findings), on_page=False
        ),
    ),
    orders=(
        lists.Order("name", gettext_lazy("事项名称"), "name"),
        lists.Order("agency", gettext_lazy("实施单位"), "agency"),
    ),
    filters=(
        lists.Filter("text", gettext_lazy("名称、编码或拼音首字母"), _by_text),
        lists.Filter(
            "agency",
            gettext_lazy("实施单位"),
            lambda rows, value, _view: rows.filter(agency=value),
            choices=lambda _view: sorted(agency_names().items(), key=lambda pair: pair[1]),
        ),
        lists.Filter(
            "state",
            gettext_lazy("公布"),
            _by_state,
            choices=lambda _view: (
                (_PUBLISHED, _("已公布")),
                (_HELD, _("未公布（有问题）")),
                (_WAITING, _("有待审批的新版本")),
            ),
        ),
    ),
    dress=_dress,
    nothing_yet=gettext_lazy("还没有事项。请先安装区县数据包，或用 import matters 导入清单。"),
)


def matters(request: HttpRequest) -> HttpResponse:
    """The list with its filters."""
    return page(request, LIST, export="desks:register_export")


def export(request: HttpRequest) -> HttpResponse:
    """Exactly what is filtered as xlsx or csv."""
    return write(request, LIST)


def matter(request: HttpRequest, code: str) -> HttpResponse:
    """One matter with all versions of its sheet, and what waits."""
    found = get_object_or_404(Matter, code=code)
    return _show(request, found)


def _show(request: HttpRequest, found: Matter, *, refused: str = "", status: int = 200) -> HttpResponse:
    sheets = list(found.sheets.order_by("-number"))
    day = queries.day_of(scope.now())
    current = queries.sheet_in_force(found, day)
    subject = request.subject  # type: ignore[attr-defined]
    context = {
        "matter": found,
        "sheets": [(sheet, held(sheet, found.kind, day).values()) for sheet in sheets],
        "current": current,
        "waiting": queries.waiting_sheet(found),
        "agencies": agency_names(),
        "people": names({each.proposed_by for each in sheets} | {each.approved_by for each in sheets}),
        "may_propose": gate.may_open(subject, "desks:sheet_propose"),
        "may_decide": subject.role == "approver",
        "refused": refused,
    }
    return render(request, "desks/register_matter.html", context, status=status)


def propose(request: HttpRequest, code: str) -> HttpResponse:
    """A new version of the sheet; it waits for another person's approval."""
    found = get_object_or_404(Matter, code=code)
    day = queries.day_of(scope.now())
    procedure = versions.current_procedure("desks")
    categories = [(each.code, each.title) for each in procedure.pause_categories if each.needs_sheet]
    base = newest_sheets([found], day).get(found.code)
    problems: list[str] = []
    if request.method != "POST":
        form = SheetForm(categories=categories, initial=sheet_values(base, day))
        return render(request, "desks/propose.html", {"matter": found, "form": form})
    form = SheetForm(request.POST, categories=categories)
    if form.is_valid():
        try:
            register.propose(found, drafted(found, form), _hand(request))
        except InputInvalid as refusal:
            problems = show_problems(form, refusal.problems)
        except Refused as refusal:
            problems = [refusal.message]
        else:
            return redirect("desks:register_matter", found.code)
    context: dict[str, Any] = {"matter": found, "form": form, "problems": problems}
    return render(request, "desks/propose.html", context, status=422)


def decide(request: HttpRequest, sheet: int) -> HttpResponse:
    """Approve a waiting version, or send it back with the reason."""
    found = MatterSheet.objects.select_related("matter").filter(pk=sheet).first()
    if found is None:
        raise Http404
    try:
        if request.POST.get("decision") == "approve":
            register.approve(found, _hand(request))
        else:
            register.turn_down(found, request.POST.get("reason", ""), _hand(request))
    except NotPermitted as refusal:
        return _show(request, found.matter, refused=refusal.message, status=403)
    except Refused as refusal:
        return _show(request, found.matter, refused=refusal.message, status=422)
    return redirect("desks:register_matter", found.matter_id)


def _hand(request: HttpRequest) -> register.Hand:
    return register.Hand(request.subject, request.pen)  # type: ignore[attr-defined]
