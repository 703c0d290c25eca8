"""The list 预警运行: how each hall warns now, since when and by which paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from yukuaiban.cases import warningmodes
from yukuaiban.cases.models import WarningModeChange
from yukuaiban.measures.desks.models import Hall
from yukuaiban.packs.vocabulary import WarningMode
from yukuaiban.people.queries import agency_names
from yukuaiban.web import lists
from yukuaiban.web.templatetags import ykb

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Row:
    """A hall as the list shows it."""

    hall: Hall
    agency: str
    mode: str
    since: str
    paper: str
    waiting: str


def _dress(rows: Sequence[Hall], view: lists.View) -> list[Row]:
    agencies, spells = agency_names(), warningmodes.spells_of(each.code for each in rows)
    steps = WarningModeChange.objects.filter(approved_at=None, turned_down_at=None)
    waiting = {each.hall: str(warningmodes.TITLES[WarningMode(each.mode)]) for each in steps}
    return [_row(each, spells[each.code], agencies, waiting.get(each.code, ""), view) for each in rows]


def _row(
    hall: Hall, spells: list[warningmodes.Spell], agencies: dict[str, str], waiting: str, view: lists.View
) -> Row:
    begun = [each for each in spells if each.since <= view.now]
    mode = begun[-1].mode if begun else WarningMode.OFF
    return Row(
        hall,
        agencies.get(hall.agency, hall.agency),
        str(warningmodes.TITLES[mode]),
        ykb.day(begun[-1].since) if begun else "—",
        begun[-1].paper if begun else "",
        waiting,
    )


def _by_mode(rows: QuerySet[Hall], value: str, view: lists.View) -> QuerySet[Hall]:
    halls = list(rows.values_list("code", flat=True))
    return rows.filter(code__in=[each for each in halls if warningmodes.mode_at(each, view.now) == value])


def _name(row: Row) -> str:
    return format_html(
        '<a href="{}" data-open>{}</a>', reverse("desks:hall", args=[row.hall.code]), row.hall.name
    )


HALLS = lists.ListSpec(
    code="halls",
    title=gettext_lazy("预警运行"),
    unit=gettext_lazy("个大厅"),
    whole=True,
    query=lambda _view: Hall.objects.all(),
    columns=(
        lists.Column("name", gettext_lazy("大厅"), lambda row: row.hall.name, _name),
        lists.Column("agency", gettext_lazy("管理单位"), lambda row: row.agency),
        lists.Column("mode", gettext_lazy("运行方式"), lambda row: row.mode, labelled=True),
        lists.Column("since", gettext_lazy("起始"), lambda row: row.since, css="nowrap num"),
        lists.Column("paper", gettext_lazy("依据"), lambda row: row.paper),
        lists.Column("waiting", gettext_lazy("待审批"), lambda row: row.waiting or "—"),
    ),
    orders=(lists.Order("name", gettext_lazy("大厅名称"), "name"),),
    filters=(
        lists.Filter(
            "mode",
            gettext_lazy("运行方式"),
            _by_mode,
            choices=lambda _view: [(mode.value, str(title)) for mode, title in warningmodes.TITLES.items()],
        ),
    ),
    dress=_dress,
    nothing_yet=gettext_lazy("还没有登记大厅。大厅由规则管理员在区县数据包中登记。"),
)
