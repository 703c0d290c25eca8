"""灯的核对: agencies confirm or dispute the lights of a trial, the coordinator finds what was wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from yukuaiban.cases import warningmodes
from yukuaiban.core.errors import NotPermitted, Refused
from yukuaiban.measures.desks import lightchecks
from yukuaiban.measures.desks.lightlist import LIGHTS, dress, visible
from yukuaiban.measures.desks.models import LightDispute
from yukuaiban.packs.vocabulary import WarningMode
from yukuaiban.people.queries import agency_names, names
from yukuaiban.web import gate, lists, scope
from yukuaiban.web.casepage import mode_of
from yukuaiban.web.views.lists import page, write

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from yukuaiban.cases.models import Case


def lights(request: HttpRequest) -> HttpResponse:
    """What agencies said of the lights of trials."""
    return page(request, LIGHTS, export="desks:lights_export", template="desks/lights.html")


def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a file."""
    return write(request, LIGHTS)


# ------------------------------------------------------------------------------------------------- the agency


def panel(request: HttpRequest, case: Case) -> str:
    """On the page of a case in a trial: where its lights are confirmed or disputed."""
    subject = request.subject  # type: ignore[attr-defined]
    now = scope.now()
    mode = mode_of(case, now)
    if mode is WarningMode.LIVE or subject.kind != "staff":
        return ""
    given = lightchecks.lights_given(case, now) if mode is WarningMode.TRIAL else []
    told = {"case": case, "mode": mode.value, "n": len(given)}
    told["mine"] = any(each.agency == subject.agency for each in given)
    return render_to_string("desks/lights_panel.html", told, request)


def judge(request: HttpRequest, number: str) -> HttpResponse:
    """The lights that a case has shown; its agency says of each whether it is right."""
    case: Case = request.case  # type: ignore[attr-defined]
    refused, status = "", 200
    if request.method == "POST":
        given = (request.POST.get(name, "") for name in ("light", "stand", "why"))
        try:
            lightchecks.judge(case, lightchecks.Word(*given), request.subject, request.pen)  # type: ignore[attr-defined]
        except NotPermitted as refusal:
            refused, status = refusal.message, 403
        except Refused as refusal:
            refused, status = refusal.message, 422
        else:
            return redirect("desks:light_judge", number)
    said = {f"{row.clock}.{row.ordinal}.{row.light}": row for row in case.light_disputes.all()}
    told = {
        "case": case,
        "rows": [
            (each, said.get(each.key), each.agency == request.subject.agency)  # type: ignore[attr-defined]
            for each in lightchecks.lights_given(case, scope.now())
        ],
        "trial": warningmodes.mode_of(case, scope.now()) is WarningMode.TRIAL,
        "agencies": agency_names(),
        "refused": refused,
    }
    return render(request, "desks/light_judge.html", told, status=status)


# -------------------------------------------------------------------------------------------- the coordinator


def light(request: HttpRequest, key: int) -> HttpResponse:
    """One light with what was said and found."""
    return _show(request, key)


def decide(request: HttpRequest, key: int) -> HttpResponse:
    """What was wrong: the data, the rule, or nothing."""
    outcome, finding = request.POST.get("outcome", ""), request.POST.get("finding", "")
    return _done(
        request,
        key,
        lambda row: lightchecks.decide(row, outcome, finding, request.subject, request.pen),  # type: ignore[attr-defined]
    )


def mend(request: HttpRequest, key: int) -> HttpResponse:
    """The wrong rule was put right."""
    how = request.POST.get("mended", "")
    return _done(request, key, lambda row: lightchecks.mend(row, how, request.subject, request.pen))  # type: ignore[attr-defined]


def _done(request: HttpRequest, key: int, deed: Callable[[LightDispute], None]) -> HttpResponse:
    try:
        deed(_found(request, key))
    except NotPermitted as refusal:
        return _show(request, key, refused=refusal.message, status=403)
    except Refused as refusal:
        return _show(request, key, refused=refusal.message, status=422)
    return redirect("desks:light", key)


def _found(request: HttpRequest, key: int) -> LightDispute:
    view = lists.View(request.subject, scope.now())  # type: ignore[attr-defined]
    found = visible(view).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _show(request: HttpRequest, key: int, *, refused: str = "", status: int = 200) -> HttpResponse:
    found = _found(request, key)
    told = {
        "row": dress([found], lists.View(request.subject, scope.now()))[0],  # type: ignore[attr-defined]
        "judged": found,
        "people": names({found.made_by, found.decided_by, found.mended_by}),
        "outcomes": LightDispute.Outcome.choices,
        "may_decide": gate.may_do(request.subject, "desks:light_decide"),  # type: ignore[attr-defined]
        "refused": refused,
    }
    return render(request, "desks/light.html", told, status=status)
