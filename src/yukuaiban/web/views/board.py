"""The supervisors' board: agency × light, most urgent, overdue without explanation, weekly on-time rate."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Window
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yukuaiban.cases import queries
from yukuaiban.core.lights import Light
from yukuaiban.evidence.filetypes import XLSX
from yukuaiban.evidence.tables_out import About, Column, to_xlsx
from yukuaiban.journal.writing import append
from yukuaiban.people.queries import agency_names
from yukuaiban.web import scope
from yukuaiban.web.trend import Trend, percent, trend_of

if TYPE_CHECKING:
    from django.http import HttpRequest

_WEEKS = 8
_URGENT = 7
_OWED = 8


def board(request: HttpRequest) -> HttpResponse:
    """The whole district on one page; every number opens the list behind it."""
    now = scope.now()
    calendar = scope.calendar()
    rows = queries.lights_by_agency(now)
    names = agency_names()
    shown = [(code, name, rows[code]) for code, name in names.items() if code in rows]
    shown += [(code, code, row) for code, row in sorted(rows.items()) if code not in names]
    total = queries.sum_of(rows.values())
    owed = _owed(now)
    today = calendar.day(now)
    urgent = [
        (case, queries.light_of(case, now), names.get(case.agency, ""))
        for case in queries.most_urgent(now, n=_URGENT)
    ]
    context = {
        "now": now,
        "rows": shown,
        "total": total,
        "green_share": percent(total.green, total.total),
        "urgent": urgent,
        "urgent_total": total.yellow + total.red + total.breach,
        "explanations": [(clock, names.get(clock.case.agency, ""), now) for clock in owed],
        "unexplained": owed[0].all_owed if owed else 0,
        "explanations_late": owed[0].all_late if owed else 0,
        "explained": queries.explained_open(),
        "due_today": queries.due_between(
            calendar.start_of(today), calendar.start_of(today + timedelta(days=1))
        ),
        "trend": _trend(today),
        "lights": list(Light),
    }
    return render(request, "web/board.html", context)


def _owed(now: datetime) -> list[Any]:
    """The explanations owed longest, each with how many are owed and late in all: one query."""
    counted = queries.unexplained(now).annotate(
        all_owed=Window(Count("id")), all_late=Window(Count("id", filter=Q(due_at__lt=now)))
    )
    return list(counted[:_OWED])


def board_export(request: HttpRequest) -> HttpResponse:
    """The agency × light table as a workbook, with what it is on its first sheet; an event of the journal."""
    now = scope.now()
    names = agency_names()
    marks = [(light.value, light.title) for light in Light]
    columns = [
        Column("agency", _("单位"), 24),
        *(Column(mark, str(title)) for mark, title in [*marks, ("paused", _("暂停")), ("total", _("合计"))]),
    ]
    rows = [
        {"agency": names.get(code, code), "total": row.total}
        | {mark: getattr(row, mark) for mark in ("green", "yellow", "red", "breach", "paused")}
        for code, row in sorted(queries.lights_by_agency(now).items())
    ]
    subject = request.subject  # type: ignore[attr-defined]
    append(
        stream="export:board",
        type="list.exported",
        body={"list": "board", "filters": [], "format": "xlsx", "rows": len(rows)},
        actor=subject.actor(),
        pen=request.pen,  # type: ignore[attr-defined]
        source="web",
    )
    about = About(_("单位 × 灯"), subject.name or subject.ref, now, scope.calendar().zone)
    answer = HttpResponse(to_xlsx(columns, rows, about), content_type=XLSX.mime)
    answer["Content-Disposition"] = "attachment; filename=board.xlsx"
    return answer


def _trend(today: date) -> Trend | None:
    """The last full weeks, Monday to Sunday."""
    calendar = scope.calendar()
    monday = today - timedelta(days=today.weekday())
    starts = [calendar.start_of(monday - timedelta(days=7 * n)) for n in range(_WEEKS, 0, -1)]
    return trend_of(queries.weekly_on_time(starts), calendar.zone)
