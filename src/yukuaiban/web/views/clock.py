"""The deadline calculator: any start, limit and calendar, with every step of the sum (ui.md section 7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django.shortcuts import render
from django.utils.translation import gettext as _

from yukuaiban.cases import versions
from yukuaiban.core.clocks import Due, Pause, due
from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.core.limits import Limit
from yukuaiban.core.moments import parse_moment
from yukuaiban.web import forms, scope
from yukuaiban.web.casepage import step_lines

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from yukuaiban.core.workcalendar import WorkCalendar

T = TypeVar("T")

_EXAMPLES = (
    ("10wd", "10 个工作日"),
    ("20wd", "20 个工作日"),
    ("5wd", "5 个工作日"),
    ("15d", "15 个自然日"),
    ("2h", "2 小时（自然时间）"),
    ("4sh", "4 个工作小时"),
    ("1mo", "1 个月"),
)


def calculator(request: HttpRequest) -> HttpResponse:
    """A plain GET, so that a sum can be kept, sent and opened filled in from a case."""
    told: dict[str, Any] = {"examples": _EXAMPLES, "calendars": _calendars(), "code": _code(request)}
    if "limit" not in request.GET:
        start = scope.now().astimezone(scope.zone()).strftime("%Y-%m-%d %H:%M")
        return render(request, "web/clock.html", told | {"form": forms.ClockForm(initial={"start": start})})
    form = forms.ClockForm(request.GET)
    status = 200
    if form.is_valid():
        calendar = versions.current_calendar(told["code"])
        try:
            found = _computed(form.cleaned_data, calendar)
        except InputInvalid as refusal:
            forms.take_over(form, refusal.problems)
        else:
            told |= {
                "found": found,
                "lines": step_lines(found.steps),
                "limit": Limit.parse(form.cleaned_data["limit"]),
            }
    if form.errors:
        status = 422
    return render(request, "web/clock.html", told | {"form": form}, status=status)


def _computed(values: Mapping[str, str], calendar: WorkCalendar) -> Due:
    """The due moment of what was typed. InputInvalid with every field at fault."""
    problems: list[Problem] = []

    def read(field: str, of: Callable[[str], T]) -> T | None:
        try:
            return of(values[field])
        except InputInvalid as refusal:
            problems.extend(Problem(each.why, each.remedy, field=field) for each in refusal.problems)
            return None

    start = read("start", lambda text: _moment(text, calendar))
    limit = read("limit", Limit.parse)
    pauses = read("pauses", lambda text: [_pause(part, calendar) for part in text.split(";") if part.strip()])
    if start is None or limit is None or pauses is None:
        raise InputInvalid(problems)
    try:
        return due(start, limit, calendar, pauses=pauses)
    except InputInvalid as refusal:
        raise InputInvalid([Problem(p.why, p.remedy, field="pauses") for p in refusal.problems]) from refusal


def _pause(text: str, calendar: WorkCalendar) -> Pause:
    begin, slash, end = text.partition("/")
    if not slash:
        raise InputInvalid(Problem(_("暂停缺少止时"), _("请写成 起/止")))
    return Pause(_moment(begin, calendar), _moment(end, calendar))


def _moment(text: str, calendar: WorkCalendar) -> datetime:
    """A moment as people write it; what is no date and time is refused with an example."""
    return parse_moment(
        forms.typed_moment(text), calendar.zone, remedy=_("请写日期和时间，例如 2026-09-30 17:00")
    )


def _calendars() -> list[str]:
    return sorted(versions.current_calendars())


def _code(request: HttpRequest) -> str:
    """The calendar asked for, or the office's."""
    known = _calendars()
    wanted = request.GET.get("calendar", "office")
    return wanted if wanted in known else known[0] if known and "office" not in known else "office"
