"""基础数据完整率: by agency, and every matter that lacks something with what it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.measures.desks import golive, queries, readiness
from yukuaiban.measures.desks.models import Matter
from yukuaiban.people.queries import agency_names
from yukuaiban.web import lists, scope
from yukuaiban.web.views.lists import page, write

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class Row:
    """A matter with what it lacks."""

    matter: Matter
    agency: str
    gaps: str


def _facts(view: lists.View) -> list[golive.MatterFacts]:
    return scope.once("matter_facts", lambda: readiness.matter_facts(queries.day_of(view.now)))


def _lacking(view: lists.View, field: str = "") -> list[str]:
    """The codes of the matters that lack something, or that field."""
    found = ((each.code, golive.gaps(each)) for each in _facts(view))
    return [code for code, gaps in found if (field in gaps if field else gaps)]


def _dress(rows: Sequence[Matter], view: lists.View) -> list[Row]:
    gaps = {each.code: golive.gaps(each) for each in _facts(view)}
    agencies = agency_names()
    return [
        Row(
            each,
            agencies.get(each.agency, each.agency),
            "、".join(golive.FIELDS[name] for name in gaps[each.code]),
        )
        for each in rows
    ]


def _name(row: Row) -> str:
    address = reverse("desks:register_matter", args=[row.matter.code])
    return format_html('<a href="{}" data-open>{}</a>', address, row.matter.name)


GAPS = lists.ListSpec(
    code="completeness",
    title=gettext_lazy("基础数据完整率"),
    unit=gettext_lazy("项不完整"),
    whole=True,
    query=lambda view: Matter.objects.filter(code__in=_lacking(view)),
    columns=(
        lists.Column("name", gettext_lazy("事项"), lambda row: row.matter.name, _name, order="name"),
        lists.Column("code", gettext_lazy("事项编码"), lambda row: row.matter.code, css="mono"),
        lists.Column("agency", gettext_lazy("实施单位"), lambda row: row.agency, order="agency"),
        lists.Column("gaps", gettext_lazy("缺少"), lambda row: row.gaps),
    ),
    orders=(
        lists.Order("agency", gettext_lazy("实施单位"), "agency"),
        lists.Order("name", gettext_lazy("事项名称"), "name"),
    ),
    filters=(
        lists.Filter(
            "text",
            gettext_lazy("名称或编码"),
            lambda rows, value, _view: rows.filter(Q(name__contains=value) | Q(code__iexact=value)),
        ),
        lists.Filter(
            "agency",
            gettext_lazy("实施单位"),
            lambda rows, value, _view: rows.filter(agency=value),
            choices=lambda _view: sorted(agency_names().items(), key=lambda pair: pair[1]),
        ),
        lists.Filter(
            "field",
            gettext_lazy("缺少"),
            lambda rows, value, view: rows.filter(code__in=_lacking(view, value)),
            choices=lambda _view: tuple(golive.FIELDS.items()),
        ),
    ),
    dress=_dress,
    nothing_yet=gettext_lazy("在施行的事项都填齐了，基础数据完整率 100%。"),
)


def completeness(request: HttpRequest) -> HttpResponse:
    """The share by agency above, the matters with gaps below."""
    facts = _facts(lists.View(request.subject, scope.now()))  # type: ignore[attr-defined]
    agencies = agency_names()
    by_agency = golive.completeness_by_agency(facts).items()
    rows = [(code, agencies.get(code, code), *_told(each)) for code, each in by_agency]
    total = golive.completeness(facts)
    return page(
        request,
        GAPS,
        export="desks:completeness_export",
        template="desks/completeness.html",
        fields=tuple(golive.FIELDS.items()),
        by_agency=rows,
        total=_told(total),
    )


def _told(found: golive.Completeness) -> tuple[str, golive.Completeness, list[int]]:
    share = _("无数据") if found.share is None else golive.percent(found.share)
    return share, found, [found.missing.get(name, 0) for name in golive.FIELDS]


def export(request: HttpRequest) -> HttpResponse:
    """The filtered gaps as a file."""
    return write(request, GAPS)
