"""The working calendar: its years, and changing it in front of two pairs of eyes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yukuaiban.cases import calendars, versions
from yukuaiban.cases.models import StoredCalendar
from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.core.holidaynotice import read_notice
from yukuaiban.core.yearfile import YearFile, parse_year
from yukuaiban.people.queries import names
from yukuaiban.web import forms, gate, scope

if TYPE_CHECKING:
    from django import forms as django_forms
    from django.http import HttpRequest, HttpResponse

    from yukuaiban.core.workcalendar import CalendarDay, WorkCalendar

_YEARS_AROUND = 2
_WORKED_FOR = "调休上班"  # how packs name a make-up day: the holiday it is worked for, and this


@dataclass(frozen=True, slots=True)
class Holiday:
    """One holiday of a year: its rest days as runs, how many they are, and the days that are worked for it."""

    name: str
    off: tuple[tuple[date, date], ...]
    days: int
    worked: tuple[date, ...]


def calendar(request: HttpRequest) -> HttpResponse:
    """One year at a time; drafts that wait; the way to import."""
    return render(request, "web/calendar.html", _told(request))


def preview(request: HttpRequest) -> HttpResponse:
    """What a file or a notice would change: days added and removed, every open deadline old and new."""
    by_file = "file" in request.FILES
    form = (forms.YearFileForm if by_file else forms.NoticeForm)(request.POST, request.FILES)
    if form.is_valid():
        try:
            year = _year_file(form) if by_file else _notice(form)
        except InputInvalid as refusal:
            forms.take_over(form, refusal.problems)
        else:
            return _shown(request, year)
    told = _told(request) | {"file_form" if by_file else "notice_form": form, "importing": True}
    return render(request, "web/calendar.html", told, status=422)


def propose(request: HttpRequest) -> HttpResponse:
    """Store what was previewed as drafts for a second person."""
    year = parse_year(request.POST.get("year_file", ""))
    calendars.propose(
        calendars.preview(year.year, year.days),
        papers=year.papers,
        subject=request.subject,  # type: ignore[attr-defined]
        pen=request.pen,  # type: ignore[attr-defined]
    )
    return redirect("calendar")


def confirm(request: HttpRequest) -> HttpResponse:
    """Put the drafts into force; the one who proposed them may not."""
    calendars.confirm(
        calendars.drafts(),
        subject=request.subject,  # type: ignore[attr-defined]
        pen=request.pen,  # type: ignore[attr-defined]
    )
    return redirect("calendar")


def withdraw(_request: HttpRequest) -> HttpResponse:
    """Take back drafts that nobody has confirmed."""
    for draft in calendars.drafts():
        calendars.withdraw(draft)
    return redirect("calendar")


# --------------------------------------------------------------------------------------------------- reading


def _year_file(form: django_forms.Form) -> YearFile:
    upload = form.cleaned_data["file"]
    if upload.size > forms.MOST_YEAR_FILE:
        raise InputInvalid(
            Problem(_("文件太大，一年的安排不超过 200 KB"), _("请检查是否选错了文件"), field="file")
        )
    try:
        text = upload.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputInvalid(Problem(_("不是 UTF-8 文本"), _("请另存为 UTF-8 后再传"), field="file")) from error
    return parse_year(text, file=upload.name)


def _notice(form: django_forms.Form) -> YearFile:
    given = form.cleaned_data
    days = read_notice(given["text"], given["year"])
    return YearFile(given["year"], (given["paper"],) if given["paper"] else (), tuple(days))


def _shown(request: HttpRequest, year: YearFile) -> HttpResponse:
    found = calendars.preview(year.year, year.days)
    days = [
        {"name": day.name, "date": day.on.isoformat(), "isOffDay": day.kind == "off"} for day in year.days
    ]
    text = json.dumps({"year": year.year, "papers": list(year.papers), "days": days}, ensure_ascii=False)
    told = {"found": found, "holidays": holidays(year.days), "year_file": text, "papers": year.papers}
    return render(request, "web/calendar_preview.html", told)


# --------------------------------------------------------------------------------------------------- showing


def _told(request: HttpRequest) -> dict[str, Any]:
    known = versions.current_calendars()
    code = request.GET.get("calendar", "office")
    code = code if code in known else next(iter(known), "office")
    compiled = versions.current_calendar(code)
    today = scope.now().astimezone(compiled.zone).date()
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted.isdecimal() and 1950 <= int(wanted) < 2200 else today.year
    waiting = calendars.drafts()
    history = list(
        StoredCalendar.objects.filter(code=code).exclude(confirmed_at=None).order_by("-number")[:10]
    )
    subject = request.subject  # type: ignore[attr-defined]
    return {
        "code": code,
        "codes": sorted(known),
        "year": year,
        "years": _years(compiled, today.year),
        "published": year in compiled.spec.published,
        "holidays": holidays([day for day in compiled.spec.days if day.on.year == year]),
        "workdays": _workdays(compiled, year),
        "timetables": _timetables(compiled),
        "version": compiled.version,
        "drafts": waiting,
        "history": history,
        "makers": names(
            {row.made_by for row in [*waiting, *history]} | {row.confirmed_by for row in history}
        ),
        "may_propose": gate.may_do(subject, "calendar_propose"),
        "may_confirm": gate.may_do(subject, "calendar_confirm"),
        "own_draft": any(draft.made_by == subject.ref for draft in waiting),
        "file_form": forms.YearFileForm(),
        "notice_form": forms.NoticeForm(initial={"year": today.year + 1}),
    }


def holidays(days: Sequence[CalendarDay]) -> list[Holiday]:
    """The named days of a year, holiday by holiday, in the order of the year."""
    found: dict[str, tuple[list[date], list[date]]] = {}
    for day in sorted(days):
        found.setdefault(day.name.removesuffix(_WORKED_FOR), ([], []))[day.kind == "make_up"].append(day.on)
    named = [
        Holiday(name, tuple(_runs(off)), len(off), tuple(worked)) for name, (off, worked) in found.items()
    ]
    return sorted(named, key=lambda each: each.off[0][0] if each.off else each.worked[0])


def _runs(days: Sequence[date]) -> list[tuple[date, date]]:
    """Days in a row as first and last."""
    runs: list[tuple[date, date]] = []
    for on in days:
        if runs and runs[-1][1] + timedelta(days=1) == on:
            runs[-1] = runs[-1][0], on
        else:
            runs.append((on, on))
    return runs


def _years(compiled: WorkCalendar, this_year: int) -> list[tuple[int, bool]]:
    """Years to choose from, and whether each is published."""
    published = compiled.spec.published
    near = range(this_year - _YEARS_AROUND, this_year + _YEARS_AROUND + 1)
    return [(year, year in published) for year in sorted({*published, *near})]


def _workdays(compiled: WorkCalendar, year: int) -> int:
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    return sum(compiled.is_workday(day) for day in days)


def _timetables(compiled: WorkCalendar) -> list[tuple[str, str]]:
    """Opening hours in words: since when, which hours."""
    rows = []
    for since, blocks in groupby(compiled.spec.hours, key=lambda block: block.since):
        block = next(blocks)
        hours = "、".join(f"{_hour(a)}–{_hour(b)}" for a, b in block.open)
        rows.append(
            (since.isoformat() + (_(" 至 ") + block.until.isoformat() if block.until else _(" 起")), hours)
        )
    return rows


def _hour(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
