"""拟办督办: the form on the page of the case that is to be supervised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render

from yukuaiban.cases import versions
from yukuaiban.cases.acting import act
from yukuaiban.cases.catalogue import spec_of
from yukuaiban.core.errors import InputInvalid, NotPermitted, Refused
from yukuaiban.core.timeline import CaseState
from yukuaiban.people.queries import agency_names
from yukuaiban.supervision.opening import MEASURE
from yukuaiban.web import scope
from yukuaiban.web.actionforms import Asking, form_of, raw_data, show_problems

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse

    from yukuaiban.cases.models import Case

_ACTION = "propose_order"


def propose(request: HttpRequest, number: str) -> HttpResponse:  # noqa: ARG001 - the gate has loaded the case
    """GET: the form with the agency that handles the case. POST: open the order, and go to it."""
    case: Case = request.case  # type: ignore[attr-defined]
    asking = Asking(spec_of(MEASURE, _ACTION), CaseState(versions.current_procedure(MEASURE)))
    if request.method != "POST":
        form = form_of(asking)
        form.initial = {"supervised_agency": case.agency}
        return _page(request, case, form)
    form = form_of(asking, request.POST)
    try:
        data = raw_data(asking, form, {}) | {"supervised_case": case.number}
        acted = act(
            None,
            _ACTION,
            procedure=MEASURE,
            subject=request.subject,  # type: ignore[attr-defined]
            data=data,
            key=request.POST.get("key") or None,
            pen=request.pen,  # type: ignore[attr-defined]
        )
    except InputInvalid as refusal:
        return _page(request, case, form, problems=show_problems(form, refusal.problems), status=422)
    except Refused as refusal:
        status = 403 if isinstance(refusal, NotPermitted) else 409
        return _page(request, case, form, problems=[refusal.message], status=status)
    return redirect("case", acted.number)


def _page(
    request: HttpRequest,
    case: Case,
    form: forms.Form,
    *,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    told = {
        "case": case,
        "form": form,
        "problems": problems or [],
        "agencies": scope.once("agencies", agency_names),
        "key": request.POST.get("key") if status == 422 else request.pen.uid(),  # type: ignore[attr-defined]
    }
    return render(request, "oversight/propose.html", told, status=status)
