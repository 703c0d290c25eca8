"""查阅记录: the list of who saw a personal value in full or took a list out, read from the journal itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.journal import looks
from yukuaiban.journal.event import Event
from yukuaiban.people.models import Staff
from yukuaiban.people.queries import STAFF, agency_names, names
from yukuaiban.people.roles import role_title
from yukuaiban.web import caselists, reveals, scope
from yukuaiban.web.lists import Choices, Column, Filter, ListSpec, Order, View
from yukuaiban.web.templatetags import ykb

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

LIST, JOURNAL = "list.exported", "journal.exported"
KINDS: Mapping[str, _StrPromise] = {
    reveals.REVEALED: gettext_lazy("查看明文"),
    LIST: gettext_lazy("导出清单"),
    JOURNAL: gettext_lazy("导出账本"),
}
_WHO: Mapping[str, _StrPromise] = {"system:console": gettext_lazy("命令行")}
_MOST_NAMESAKES = 20
# What somebody sought by may be a telephone number or a document; here it is enough to know that it was sought.
_DIGITS = re.compile(r"\d{7,}")


@dataclass(frozen=True, slots=True)
class Read:
    """One look or export as the list shows it."""

    at: datetime
    kind: str
    who: str
    post: str
    number: str
    what: str
    why: str


def _rows(_view: View) -> QuerySet[Any]:
    return looks.rows()


def _dress(rows: Sequence[Any], _view: View) -> list[Read]:
    """Two queries: the names of people and of agencies."""
    found = [Event.from_text(bytes(row.text)) for row in rows]
    people, agencies = names({each.actor for each in found}), scope.once("agencies", agency_names)
    return [_read(each, people, agencies) for each in found]


def _read(event: Event, people: Mapping[str, str], agencies: Mapping[str, str]) -> Read:
    what, why = _TOLD[event.type](event.body)
    post = (
        agencies.get(event.agency or "", event.agency or ""),
        role_title(event.role) if event.role else "",
    )
    return Read(
        at=event.recorded_at,
        kind=str(KINDS[event.type]),
        who=people.get(event.actor) or str(_WHO.get(event.actor, event.actor)),
        post=" · ".join(part for part in post if part),
        number=str(event.body.get("case", "")),
        what=what,
        why=why,
    )


def _looked(body: Mapping[str, Any]) -> tuple[str, str]:
    return str(reveals.TITLES[body["field"]]), f"{reveals.REASONS[body['reason']]}：{body['text']}"


def _listed(body: Mapping[str, Any]) -> tuple[str, str]:
    title = _LISTS.get(body["list"], body["list"])
    told = {"title": title, "n": body["rows"], "format": body["format"]}
    asked = "；".join(f"{name}：{_DIGITS.sub('****', value)}" for name, value in body["filters"])
    return _("%(title)s，%(n)d 行，%(format)s") % told, asked or _("没有加条件")


def _whole(body: Mapping[str, Any]) -> tuple[str, str]:
    return _("账本前 %(n)d 条，不含个人信息") % {"n": body["size"]}, _("供外部核验")


_TOLD = {reveals.REVEALED: _looked, LIST: _listed, JOURNAL: _whole}
_LISTS: Mapping[str, str | _StrPromise] = {
    **{each.code: each.title for each in (caselists.QUEUE, caselists.CASES)},
    "board": gettext_lazy("单位 × 灯"),
    "matters": gettext_lazy("事项清单"),
    "halls": gettext_lazy("预警运行"),
    "completeness": gettext_lazy("基础数据完整率"),
    "lights": gettext_lazy("灯的核对"),
    "trainings": gettext_lazy("培训"),
    "orders": gettext_lazy("督办单"),
    "candidates": gettext_lazy("待督办"),
    "reads": gettext_lazy("查阅记录"),
}


# ------------------------------------------------------------------------------------------------- filters


def _by_kind(rows: QuerySet[Any], value: str, _view: View) -> QuerySet[Any]:
    return rows.filter(type=value)


def _kinds(_view: View) -> Choices:
    return [(code, str(title)) for code, title in KINDS.items()]


def _by_agency(rows: QuerySet[Any], value: str, _view: View) -> QuerySet[Any]:
    return looks.saying(rows, "agency", value)


def _agencies(_view: View) -> Choices:
    return list(scope.once("agencies", agency_names).items())


def _by_person(rows: QuerySet[Any], value: str, _view: View) -> QuerySet[Any]:
    """Those of everybody with these words in the name, or with this name of the account."""
    uids = Staff.objects.filter(name__contains=value).values_list("uid", flat=True)[:_MOST_NAMESAKES]
    accounts = Staff.objects.filter(login=value).values_list("uid", flat=True)
    found = [looks.saying(rows, "actor", f"{STAFF}{uid}") for uid in {*uids, *accounts}]
    return reduce(or_, found) if found else rows.none()


def _by_case(rows: QuerySet[Any], value: str, _view: View) -> QuerySet[Any]:
    return rows.filter(stream=f"reveal:{''.join(value.split())}")


def _since(rows: QuerySet[Any], value: str, _view: View) -> QuerySet[Any]:
    return rows.filter(recorded_at__gte=scope.midnight(value))


def _until(rows: QuerySet[Any], value: str, _view: View) -> QuerySet[Any]:
    return rows.filter(recorded_at__lt=scope.midnight(value) + timedelta(days=1))


# ------------------------------------------------------------------------------------------------- columns


def _who_cell(row: Read) -> SafeString:
    return format_html('{}<span class="sub">{}</span>', row.who, row.post)


def _what_cell(row: Read) -> SafeString:
    if not row.number:
        return format_html("{}", row.what)
    text = '<a href="{}" data-open>{}</a><span class="sub num">{}</span>'
    return format_html(text, reverse("case", args=[row.number]), row.what, ykb.number_parts(row.number))


READS = ListSpec(
    code="reads",
    title=gettext_lazy("查阅记录"),
    query=_rows,
    columns=(
        Column("at", gettext_lazy("时间"), lambda row: ykb.moment(row.at), order="at", css="nowrap num"),
        Column("kind", gettext_lazy("方式"), lambda row: row.kind, css="nowrap"),
        Column("who", gettext_lazy("查阅人"), lambda row: row.who, _who_cell, css="rl-cell"),
        Column("post", gettext_lazy("单位和职责"), lambda row: row.post, on_page=False),
        Column("what", gettext_lazy("看了什么"), lambda row: row.what, _what_cell, css="rl-cell"),
        Column("number", gettext_lazy("办件编号"), lambda row: row.number, on_page=False),
        Column("why", gettext_lazy("理由或条件"), lambda row: row.why, css="what"),
    ),
    orders=(
        Order("at", gettext_lazy("时间，新的在前"), "recorded_at", descending=True),
        Order("oldest", gettext_lazy("时间，早的在前"), "recorded_at"),
    ),
    filters=(
        Filter("kind", gettext_lazy("方式"), _by_kind, _kinds),
        Filter("agency", gettext_lazy("单位"), _by_agency, _agencies),
        Filter("person", gettext_lazy("查阅人姓名或账号"), _by_person),
        Filter("case", gettext_lazy("办件编号"), _by_case),
        Filter("since", gettext_lazy("自"), _since, day=True),
        Filter("until", gettext_lazy("至"), _until, day=True),
    ),
    dress=_dress,
    nothing_yet=gettext_lazy("还没有人查看过明文或导出过清单。有人查看或导出后，会列在这里。"),
    unit=gettext_lazy("次"),
    whole=True,
)
