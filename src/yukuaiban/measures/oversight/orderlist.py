"""督办单: the orders one may see, the most urgent first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.cases import queries, versions
from yukuaiban.core.lights import Light
from yukuaiban.people.queries import agency_names
from yukuaiban.supervision.models import SupervisionOrder
from yukuaiban.supervision.opening import MEASURE
from yukuaiban.web import caselists, scope, wording
from yukuaiban.web.lists import Choices, Column, Filter, ListSpec, Order, View
from yukuaiban.web.templatetags import ykb

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from yukuaiban.cases.models import Case

OPEN, CLOSED, ALL = "open", "closed", "all"


@dataclass(frozen=True, slots=True)
class Row:
    """An order as the list shows it."""

    case: Case
    order: SupervisionOrder
    light: Light
    agency: str
    stage: str
    left: str

    @property
    def number(self) -> str:
        """The number that it got with its approval; before that it has none."""
        return self.order.number or _("未编号")


def _rows(view: View) -> QuerySet[Any]:
    found = caselists.visible(view).filter(measure=MEASURE)
    return found.select_related("supervision_order")


def _dress(cases: Sequence[Case], view: View) -> list[Row]:
    """One query more: the names of agencies."""
    names = scope.once("agencies", agency_names)
    return [_row(case, names, view) for case in cases]


def _row(case: Case, names: Mapping[str, str], view: View) -> Row:
    order = case.supervision_order
    rule = versions.procedure(case.procedure, case.procedure_version)
    due_at = case.due_at if case.closed_at is None else None
    return Row(
        case=case,
        order=order,
        light=queries.light_of(case, view.now),
        agency=names.get(order.agency, order.agency),
        stage=rule.stage(case.stage).title,
        left=wording.remaining_text(due_at, view.now, scope.calendar()) if due_at else "",
    )


# ------------------------------------------------------------------------------------------------- filters


def _by_state(rows: QuerySet[Any], value: str, _view: View) -> QuerySet[Any]:
    return rows if value == ALL else rows.filter(closed_at__isnull=value == OPEN)


def _by_light(rows: QuerySet[Any], value: str, view: View) -> QuerySet[Any]:
    return queries.with_light(rows, Light(value), view.now)


def _by_stage(rows: QuerySet[Any], value: str, _view: View) -> QuerySet[Any]:
    return rows.filter(stage=value)


def _by_level(rows: QuerySet[Any], value: str, _view: View) -> QuerySet[Any]:
    return rows.filter(supervision_order__level=value)


def _by_cause(rows: QuerySet[Any], value: str, _view: View) -> QuerySet[Any]:
    return rows.filter(supervision_order__causes__cause=value).distinct()


def _by_agency(rows: QuerySet[Any], value: str, _view: View) -> QuerySet[Any]:
    return rows.filter(supervision_order__agency=value)


def _since(rows: QuerySet[Any], value: str, _view: View) -> QuerySet[Any]:
    return rows.filter(opened_at__gte=scope.midnight(value))


def _until(rows: QuerySet[Any], value: str, _view: View) -> QuerySet[Any]:
    return rows.filter(opened_at__lt=scope.midnight(value) + timedelta(days=1))


def _by_text(rows: QuerySet[Any], value: str, _view: View) -> QuerySet[Any]:
    """Words of the title, the number of the order, or the start of either case number."""
    number = "".join(value.split())
    theirs = Q(supervision_order__supervised__number__startswith=number)
    own = Q(supervision_order__number=number) | Q(number__startswith=number)
    return rows.filter(Q(title__icontains=value) | own | theirs)


def _states(_view: View) -> Choices:
    return ((OPEN, _("未了结")), (CLOSED, _("已了结")), (ALL, _("全部")))


def _lights(_view: View) -> Choices:
    return [(light.value, str(ykb.LIGHT_WORDS[light])) for light in Light if light is not Light.BREACH]


def _stages(_view: View) -> Choices:
    return [(each.code, each.title) for each in versions.current_procedure(MEASURE).stages]


def _levels(_view: View) -> Choices:
    return [(code, str(title)) for code, title in SupervisionOrder.Level.choices]


def _causes(_view: View) -> Choices:
    return [(code, str(title)) for code, title in SupervisionOrder.Cause.choices]


def agencies(_view: View) -> Choices:
    """All agencies, as a filter offers them."""
    return list(scope.once("agencies", agency_names).items())


# ------------------------------------------------------------------------------------------------- columns


def _light_text(row: Row) -> str:
    return row.stage if row.case.closed_at is not None else str(ykb.LIGHT_WORDS[row.light])


def _light_cell(row: Row) -> SafeString:
    if row.case.closed_at is not None:
        return format_html('<span class="badge-yk">{}</span>', row.stage)
    return ykb.light(row.light)


def _what_cell(row: Row) -> SafeString:
    text = '<a href="{}" data-open>{}</a><span class="sub num">{}</span>'
    return format_html(text, reverse("case", args=[row.case.number]), row.case.title, row.number)


def _level(row: Row) -> str:
    return str(row.order.get_level_display())


ORDERS = ListSpec(
    code="orders",
    title=gettext_lazy("督办单"),
    unit=gettext_lazy("份"),
    query=_rows,
    columns=(
        Column("light", gettext_lazy("灯"), _light_text, _light_cell, css="lightcell"),
        Column("title", gettext_lazy("督办什么"), lambda row: row.case.title, _what_cell, css="what"),
        Column("order_number", gettext_lazy("督办编号"), lambda row: row.number, on_page=False),
        Column("agency", gettext_lazy("被督办单位"), lambda row: row.agency),
        Column("cause", gettext_lazy("事由"), lambda row: str(row.order.get_cause_display()), css="nowrap"),
        Column("level", gettext_lazy("等次"), _level, css="nowrap", labelled=True),
        Column("stage", gettext_lazy("阶段"), lambda row: row.stage, css="nowrap", labelled=True),
        Column(
            "due",
            gettext_lazy("到期"),
            lambda row: ykb.moment(row.case.due_at),
            order="due",
            css="nowrap num",
            labelled=True,
        ),
        Column("left", gettext_lazy("剩余（工作时间）"), lambda row: row.left, on_page=False),
        Column("opened", gettext_lazy("拟办时间"), lambda row: ykb.moment(row.case.opened_at), on_page=False),
        Column("demand", gettext_lazy("要求"), lambda row: row.order.demand, on_page=False),
    ),
    orders=(
        Order("due", gettext_lazy("到期，近的在前"), "due_at"),
        Order("opened", gettext_lazy("拟办，新的在前"), "opened_at", descending=True),
    ),
    filters=(
        Filter("state", gettext_lazy("状态"), _by_state, _states, default=OPEN),
        Filter("light", gettext_lazy("灯"), _by_light, _lights),
        Filter("stage", gettext_lazy("阶段"), _by_stage, _stages),
        Filter("level", gettext_lazy("等次"), _by_level, _levels),
        Filter("cause", gettext_lazy("事由"), _by_cause, _causes),
        Filter("agency", gettext_lazy("被督办单位"), _by_agency, agencies),
        Filter("since", gettext_lazy("拟办自"), _since, day=True),
        Filter("until", gettext_lazy("拟办至"), _until, day=True),
        Filter("text", gettext_lazy("文字"), _by_text),
    ),
    dress=_dress,
    nothing_yet=gettext_lazy("没有督办单。办件超时满两个工作日，系统会拟一份，由督查室决定是否发出。"),
)
