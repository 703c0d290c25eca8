"""窗口工作台: who is in front of me? Find a case or a matter, take the case in, see what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yukuaiban.cases import queries as docket
from yukuaiban.cases import warningmodes
from yukuaiban.cases.acting import act
from yukuaiban.core.errors import InputInvalid, Refused
from yukuaiban.measures.desks import queries
from yukuaiban.measures.desks.forms import receive_form, received
from yukuaiban.measures.desks.limits import held
from yukuaiban.measures.desks.models import Matter
from yukuaiban.people.queries import agency_names
from yukuaiban.web import failures, scope
from yukuaiban.web.actionforms import local_moment, show_problems

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from yukuaiban.cases.models import Case
    from yukuaiban.core.lights import Light

WORDS_LENGTH = 60
_SHOWN, _WAITING = 20, 20


def workbench(request: HttpRequest) -> HttpResponse:
    """The first screen of the desk: one big field, then my open cases by the next change of light."""
    now = scope.now()
    subject = request.subject  # type: ignore[attr-defined]
    words = request.GET.get("words", "").strip()[:WORDS_LENGTH]
    cases = queries.find_cases(words, subject) if words else []
    matters = queries.search_matters(words, queries.day_of(now)) if words else []
    return render(
        request,
        "desks/workbench.html",
        {
            "words": words,
            "cases": lit(cases, now),
            "matters": matters,
            "agencies": agency_names(),
            "mine": lit(queries.my_open_cases(subject, _SHOWN), now),
            "supplements": list(queries.to_supplement(subject, _WAITING)),
            "hand_out": list(queries.to_hand_out(subject, _WAITING)),
        },
    )


def lit(cases: Iterable[Case], now: datetime) -> list[tuple[Case, Light | None]]:
    """Cases with their light at the moment; None where the hall does not warn."""
    dark = scope.once("dark", lambda: warningmodes.dark_desks(now))
    return [
        (case, None if warningmodes.is_dark(case, dark) else docket.light_of(case, now)) for case in cases
    ]


def receive(request: HttpRequest) -> HttpResponse:
    """Take a case in: one page with applicant and documents; the answer is the receipt."""
    now = scope.now()
    day = queries.day_of(now)
    code = request.POST.get("matter") or request.GET.get("matter", "")
    matter = Matter.objects.filter(code=code).first()
    sheet = queries.sheet_in_force(matter, day) if matter else None
    if matter is None or sheet is None:
        return failures.answer(
            request, 404, reason=_("没有这个事项，或今天没有已公布的实施清单。请返回窗口工作台查找。")
        )
    desks = [desk for desk in queries.desks_in_force(day) if queries.takes(desk, matter)]
    form = receive_form(sheet, desks, request.POST if request.method == "POST" else None)
    status, problems = 200, []
    if request.method == "POST":
        try:
            late = request.POST.get("late_at", "").strip()
            acted = act(
                None,
                "receive",
                procedure="desks",
                subject=request.subject,  # type: ignore[attr-defined]
                data=received(form, matter),
                key=request.POST.get("key") or None,
                pen=request.pen,  # type: ignore[attr-defined]
                occurred_at=local_moment(late, "occurred_at") if late else None,
            )
        except InputInvalid as refusal:
            status, problems = 422, show_problems(form, refusal.problems)
        except Refused as refusal:
            status, problems = 409, [refusal.message]
        else:
            return redirect(reverse("desks:receipt", args=[acted.number]))
    return render(
        request,
        "desks/receive.html",
        {
            "matter": matter,
            "sheet": sheet,
            "limits": held(sheet, matter.kind, day),
            "agencies": agency_names(),
            "form": form,
            "problems": problems,
            "key": request.POST.get("key") if status == 422 else request.pen.uid(),  # type: ignore[attr-defined]
        },
        status=status,
    )
