"""待督办: overdue cases on which no order is open, the longest overdue first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.cases import queries as docket
from yukuaiban.core.lights import Light
from yukuaiban.measures.oversight.orderlist import agencies
from yukuaiban.people.queries import agency_names
from yukuaiban.registry import measures
from yukuaiban.supervision import queries
from yukuaiban.supervision.opening import MEASURE
from yukuaiban.web import scope, wording
from yukuaiban.web.lists import Choices, Column, Filter, ListSpec, Order, View
from yukuaiban.web.templatetags import ykb

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from yukuaiban.cases.models import Case


@dataclass(frozen=True, slots=True)
class Row:
    """An overdue case as the list shows it."""

    case: Case
    light: Light
    agency: str
    measure: str
    late: str


def _rows(view: View) -> QuerySet[Any]:
    return queries.candidates(view.now)


def _dress(cases: Sequence[Case], view: View) -> list[Row]:
    names = scope.once("agencies", agency_names)
    titles = {each.code: str(each.title) for each in measures()}
    return [
        Row(
            case,
            docket.light_of(case, view.now),
            names.get(case.agency, case.agency),
            titles.get(case.measure, case.measure),
            wording.remaining_text(case.due_at, view.now, scope.calendar()) if case.due_at else "",
        )
        for case in cases
    ]


def _by_light(rows: QuerySet[Any], value: str, view: View) -> QuerySet[Any]:
    return docket.with_light(rows, Light(value), view.now)


def _by_measure(rows: QuerySet[Any], value: str, _view: View) -> QuerySet[Any]:
    return rows.filter(measure=value)


def _by_agency(rows: QuerySet[Any], value: str, _view: View) -> QuerySet[Any]:
    return rows.filter(agency=value)


def _by_text(rows: QuerySet[Any], value: str, _view: View) -> QuerySet[Any]:
    return rows.filter(title__icontains=value)


def _lights(_view: View) -> Choices:
    return [(light.value, str(ykb.LIGHT_WORDS[light])) for light in (Light.RED, Light.BREACH)]


def _measures(_view: View) -> Choices:
    return [(each.code, str(each.title)) for each in measures() if each.code != MEASURE]


def _what_cell(row: Row) -> SafeString:
    text = '<a href="{}" data-open>{}</a><span class="sub num">{}</span>'
    number = ykb.number_parts(row.case.number)
    return format_html(text, reverse("case", args=[row.case.number]), row.case.title, number)


def _next_cell(row: Row) -> SafeString:
    url = reverse("supervision:propose", args=[row.case.number])
    return format_html('<a class="btn btn-sm" href="{}">{}</a>', url, _("拟办督办"))


CANDIDATES = ListSpec(
    code="candidates",
    title=gettext_lazy("待督办"),
    query=_rows,
    columns=(
        Column(
            "light",
            gettext_lazy("灯"),
            lambda row: str(ykb.LIGHT_WORDS[row.light]),
            lambda row: ykb.light(row.light),
            css="lightcell",
        ),
        Column("title", gettext_lazy("事项"), lambda row: row.case.title, _what_cell, css="what"),
        Column("number", gettext_lazy("编号"), lambda row: row.case.number, on_page=False),
        Column("measure", gettext_lazy("类别"), lambda row: row.measure, css="nowrap"),
        Column("agency", gettext_lazy("承办单位"), lambda row: row.agency),
        Column(
            "due",
            gettext_lazy("到期"),
            lambda row: ykb.moment(row.case.due_at),
            order="due",
            css="nowrap num",
            labelled=True,
        ),
        Column("late", gettext_lazy("超时（工作时间）"), lambda row: row.late, css="nowrap strong"),
        Column("next", gettext_lazy("下一步"), lambda _row: _("拟办督办"), _next_cell, css="next"),
    ),
    orders=(Order("due", gettext_lazy("到期，早的在前"), "due_at"),),
    filters=(
        Filter("light", gettext_lazy("灯"), _by_light, _lights),
        Filter("measure", gettext_lazy("类别"), _by_measure, _measures),
        Filter("agency", gettext_lazy("承办单位"), _by_agency, agencies),
        Filter("text", gettext_lazy("文字"), _by_text),
    ),
    dress=_dress,
    nothing_yet=gettext_lazy("没有超时而未督办的事项。有事项超时，会列在这里。"),
    whole=True,
)
