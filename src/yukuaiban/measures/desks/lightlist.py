"""The list 灯的核对: what agencies said of the lights of trials, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.cases import versions
from yukuaiban.core.lights import Light
from yukuaiban.measures.desks import queries
from yukuaiban.measures.desks.models import Hall, LightDispute
from yukuaiban.people.queries import agency_names
from yukuaiban.people.subject import visible_agencies
from yukuaiban.web import lists, scope
from yukuaiban.web.templatetags import ykb

if TYPE_CHECKING:
    from django.db.models import QuerySet

_WAITING, _UNMENDED = "waiting", "unmended"


@dataclass(frozen=True, slots=True)
class Row:
    """What was said of a light, as the list shows it."""

    said: LightDispute
    agency: str
    hall: str
    clock: str

    @property
    def outcome(self) -> str:
        """What was found, or that nobody has looked yet; nothing where nobody disputed."""
        if self.said.stand == LightDispute.Stand.CONFIRMED:
            return "—"
        if self.said.outcome == LightDispute.Outcome.RULE_WRONG:
            return _("规则有误，已改正") if self.said.mended_at else _("规则有误，待改正")
        return str(self.said.get_outcome_display()) if self.said.outcome else _("待裁定")


def visible(view: lists.View) -> QuerySet[LightDispute]:
    """What was said of lights by the agencies that the person may see."""
    seen = visible_agencies(view.subject)
    rows = LightDispute.objects.select_related("case")
    return rows if seen is None else rows.filter(agency__in=seen)


def dress(rows: Sequence[LightDispute], _view: lists.View) -> list[Row]:
    """With the names of agency, hall and clock: two queries."""
    agencies, halls = agency_names(), dict(Hall.objects.values_list("code", "name"))
    clocks = {each.code: each.title for each in versions.current_procedure(queries.MEASURE).clocks}
    return [
        Row(
            each,
            agencies.get(each.agency, each.agency),
            halls.get(each.hall, each.hall),
            clocks.get(each.clock, each.clock),
        )
        for each in rows
    ]


def _title(row: Row) -> str:
    return format_html(
        '<a href="{}" data-open>{}</a> <span class="muted small num">{}</span>',
        reverse("desks:light", args=[row.said.pk]),
        row.said.case.title,
        ykb.number_parts(row.said.case.number),
    )


def _by_outcome(rows: QuerySet[LightDispute], value: str, _view: lists.View) -> QuerySet[LightDispute]:
    if value == _WAITING:
        return rows.filter(stand=LightDispute.Stand.DISPUTED, outcome="")
    if value == _UNMENDED:
        return rows.filter(outcome=LightDispute.Outcome.RULE_WRONG, mended_at=None)
    return rows.filter(outcome=value)


def _outcomes(_view: lists.View) -> Sequence[tuple[str, str]]:
    found = [(code, str(title)) for code, title in LightDispute.Outcome.choices]
    return ((_WAITING, _("待裁定")), (_UNMENDED, _("规则有误，待改正")), *found)


LIGHTS = lists.ListSpec(
    code="lights",
    title=gettext_lazy("灯的核对"),
    unit=gettext_lazy("条"),
    query=visible,
    columns=(
        lists.Column("case", gettext_lazy("办件"), lambda row: row.said.case.title, _title, css="nowrap"),
        lists.Column("number", gettext_lazy("办件编号"), lambda row: row.said.case.number, on_page=False),
        lists.Column(
            "light",
            gettext_lazy("灯"),
            lambda row: str(ykb.LIGHT_WORDS[Light(row.said.light)]),
            lambda row: ykb.light(row.said.light),
            css="nowrap",
        ),
        lists.Column("clock", gettext_lazy("时限"), lambda row: row.clock, css="nowrap"),
        lists.Column("agency", gettext_lazy("单位"), lambda row: row.agency, css="nowrap"),
        lists.Column(
            "stand", gettext_lazy("单位意见"), lambda row: str(row.said.get_stand_display()), css="nowrap"
        ),
        lists.Column("why", gettext_lazy("理由"), lambda row: row.said.why),
        lists.Column("outcome", gettext_lazy("裁定"), lambda row: row.outcome, css="nowrap"),
        lists.Column("finding", gettext_lazy("裁定说明"), lambda row: row.said.finding, on_page=False),
        lists.Column("hall", gettext_lazy("大厅"), lambda row: row.hall, on_page=False),
        lists.Column(
            "at",
            gettext_lazy("核对时间"),
            lambda row: ykb.moment(row.said.made_at),
            order="at",
            css="nowrap num",
        ),
    ),
    orders=(
        lists.Order("at", gettext_lazy("核对时间，新的在前"), "made_at", descending=True),
        lists.Order("oldest", gettext_lazy("核对时间，早的在前"), "made_at"),
    ),
    filters=(
        lists.Filter(
            "text",
            gettext_lazy("事项或办件编号"),
            lambda rows, value, _view: rows.filter(
                Q(case__title__contains=value) | Q(case__number__startswith=value)
            ),
        ),
        lists.Filter(
            "hall",
            gettext_lazy("大厅"),
            lambda rows, value, _view: rows.filter(hall=value),
            choices=lambda _view: list(Hall.objects.values_list("code", "name")),
        ),
        lists.Filter(
            "agency",
            gettext_lazy("单位"),
            lambda rows, value, _view: rows.filter(agency=value),
            choices=lambda _view: sorted(agency_names().items(), key=lambda pair: pair[1]),
        ),
        lists.Filter(
            "stand",
            gettext_lazy("单位意见"),
            lambda rows, value, _view: rows.filter(stand=value),
            choices=lambda _view: [(code, str(title)) for code, title in LightDispute.Stand.choices],
        ),
        lists.Filter("outcome", gettext_lazy("裁定"), _by_outcome, choices=_outcomes),
        lists.Filter(
            "since",
            gettext_lazy("自"),
            lambda rows, value, _view: rows.filter(made_at__gte=scope.midnight(value)),
            day=True,
        ),
        lists.Filter(
            "until",
            gettext_lazy("至"),
            lambda rows, value, _view: rows.filter(made_at__lt=scope.midnight(value) + timedelta(days=1)),
            day=True,
        ),
    ),
    dress=dress,
    nothing_yet=gettext_lazy("试运行的大厅里亮过灯的办件，由承办单位在办件页上核对；核对过的列在这里。"),
)
