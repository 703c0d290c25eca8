"""预警运行: how each hall warns, what keeps it from going live, the report of its trial, the step to the next mode."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.cases import warningmodes
from yukuaiban.cases.models import WarningModeChange
from yukuaiban.core.errors import InputInvalid, NotPermitted, Refused
from yukuaiban.measures.desks import golive, lightchecks, readiness
from yukuaiban.measures.desks.halllist import HALLS
from yukuaiban.measures.desks.models import Hall
from yukuaiban.packs.vocabulary import WarningMode
from yukuaiban.people.queries import agency_names, names
from yukuaiban.web import gate, scope
from yukuaiban.web.actionforms import show_problems
from yukuaiban.web.views.lists import page, write

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class StepForm(forms.Form):
    """A step to another mode; the order of steps is judged by the rules."""

    mode = forms.ChoiceField(label=gettext_lazy("切换到"), widget=forms.Select({"class": "form-select"}))
    since = forms.DateField(
        label=gettext_lazy("起始日期"),
        widget=forms.DateInput({"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )
    paper = forms.CharField(
        label=gettext_lazy("方案文号"),
        max_length=200,
        help_text=gettext_lazy("批准这次切换的方案，写文号和名称"),
        widget=forms.TextInput({"class": "form-control"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("从正式运行退回试运行时必填"),
        widget=forms.Textarea({"class": "form-control", "rows": 2}),
    )

    def __init__(self, data: Any = None, *, now: WarningMode, day: date) -> None:
        super().__init__(data, initial={"since": day}, auto_id="f-%s")
        ways = [mode for mode in WarningMode if (now, mode) in warningmodes.STEPS]
        self.fields["mode"].choices = [(mode.value, warningmodes.TITLES[mode]) for mode in ways]  # type: ignore[attr-defined]


def halls(request: HttpRequest) -> HttpResponse:
    """All halls with their mode."""
    return page(request, HALLS, export="desks:halls_export", template="desks/halls.html")


def halls_export(request: HttpRequest) -> HttpResponse:
    """The filtered halls as a file."""
    return write(request, HALLS)


def hall(request: HttpRequest, hall: str) -> HttpResponse:
    """One hall: its mode and history, the gate, the report of its trial, and which cases count for a score."""
    return _show(request, get_object_or_404(Hall, code=hall))


def propose(request: HttpRequest, hall: str) -> HttpResponse:
    """A step that another person approves."""
    found = get_object_or_404(Hall, code=hall)
    now = scope.now()
    form = StepForm(request.POST, now=warningmodes.mode_at(hall, now), day=scope.calendar().day(now))
    if not form.is_valid():
        return _show(request, found, form=form, status=422)
    try:
        step = warningmodes.Step(
            hall, **{**form.cleaned_data, "mode": WarningMode(form.cleaned_data["mode"])}
        )
        readiness.propose(step, request.subject, request.pen)  # type: ignore[attr-defined]
    except InputInvalid as refusal:
        above = show_problems(form, refusal.problems)
        return _show(request, found, form=form, refused="；".join(above), status=422)
    except NotPermitted as refusal:
        return _show(request, found, form=form, refused=refusal.message, status=403)
    except Refused as refusal:
        return _show(request, found, form=form, refused=refusal.message, status=422)
    return redirect("desks:hall", hall)


def decide(request: HttpRequest, change: int) -> HttpResponse:
    """Approve a waiting step, or send it back with the reason."""
    found = WarningModeChange.objects.filter(pk=change).first()
    if found is None:
        raise Http404
    place = get_object_or_404(Hall, code=found.hall)
    subject, pen = request.subject, request.pen  # type: ignore[attr-defined]
    try:
        if request.POST.get("decision") == "approve":
            readiness.approve(found, subject, pen)
        else:
            warningmodes.turn_down(found, request.POST.get("reason", ""), subject, pen)
    except NotPermitted as refusal:
        return _show(request, place, refused=refusal.message, status=403)
    except Refused as refusal:
        return _show(request, place, refused=refusal.message, status=422)
    return redirect("desks:hall", found.hall)


# ------------------------------------------------------------------------------------------------ one hall


def _show(
    request: HttpRequest,
    found: Hall,
    *,
    form: StepForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    now, subject = scope.now(), request.subject  # type: ignore[attr-defined]
    mode = warningmodes.mode_at(found.code, now)
    waiting = warningmodes.waiting(found.code)
    steps = list(WarningModeChange.objects.filter(hall=found.code).order_by("-proposed_at", "-pk"))
    told = {
        "hall": found,
        "mode": warningmodes.TITLES[mode],
        "spells": [(warningmodes.TITLES[each.mode], each) for each in warningmodes.spells(found.code)],
        "steps": [(warningmodes.TITLES[WarningMode(each.mode)], each) for each in steps],
        "waiting": waiting,
        "waiting_title": waiting and warningmodes.TITLES[WarningMode(waiting.mode)],
        "people": names({ref for each in steps for ref in (each.proposed_by, each.approved_by)}),
        "agencies": agency_names(),
        "gate": golive.gate(readiness.readiness(found.code, now)) if mode is not WarningMode.LIVE else (),
        "form": form or StepForm(now=mode, day=scope.calendar().day(now)),
        "may_propose": gate.may_do(subject, "desks:hall_propose"),
        "may_decide": gate.may_do(subject, "desks:hall_decide"),
        "refused": refused,
    }
    return render(
        request,
        "desks/hall.html",
        told | _trial(found.code) | _scored(request, found.code),
        status=status,
    )


def _trial(code: str) -> dict[str, Any]:
    """The report of the newest trial; nothing where there was none."""
    now, agencies = scope.now(), agency_names()
    spell = readiness.last_trial(code, now)
    if spell is None:
        return {}
    figures = lightchecks.report(code, spell, now)
    rows = [(agencies.get(each, each) if each else _("合计"), row) for each, row in figures.items()]
    return {"trial": spell, "figures": rows}


def _scored(request: HttpRequest, code: str) -> dict[str, Any]:
    """How many cases of the asked days enter a score; the refusal where the hall was not live on all of them."""
    since, until = request.GET.get("score_since", ""), request.GET.get("score_until", "")
    told: dict[str, Any] = {"score_since": since, "score_until": until}
    if not since or not until:
        return told
    try:
        first, last = scope.midnight(since), scope.midnight(until) + timedelta(days=1)
        counted, left_out = readiness.scored(code, first, last)
    except ValueError:
        return told | {"score_refused": _("日期不对；请写如 2026-03-01。")}
    except Refused as refusal:
        return told | {"score_refused": refusal.message}
    return told | {"counted": counted, "left_out": left_out, "scored": True}
