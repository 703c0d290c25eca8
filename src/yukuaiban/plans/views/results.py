"""阶段成效: the form to draft one, and the public page of those that somebody else has reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from yukuaiban.cases.acting import act
from yukuaiban.core.errors import InputInvalid, NotPermitted, Refused
from yukuaiban.people.queries import agency_names
from yukuaiban.plans import queries, results
from yukuaiban.plans.boardface import QUARTER_WORDS
from yukuaiban.plans.models import Plan
from yukuaiban.web import scope
from yukuaiban.web.actionforms import show_problems

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from yukuaiban.plans.models import Undertaking

_SHOWN = (Plan.Status.IN_FORCE, Plan.Status.CLOSED)


class DraftForm(forms.Form):
    """A quarter, a title, the text."""

    quarter = forms.TypedChoiceField(
        label=_("季度"),
        coerce=int,
        choices=list(QUARTER_WORDS.items()),
        widget=forms.Select({"class": "form-select"}),
    )
    title = forms.CharField(label=_("标题"), max_length=60, widget=forms.TextInput({"class": "form-control"}))
    text = forms.CharField(
        label=_("成效"),
        max_length=2000,
        widget=forms.Textarea({"class": "form-control", "rows": 6}),
        help_text=_("写事和数，不写个人和企业的名字、号码；发布前由另一人审核"),
    )


def draft(request: HttpRequest, year: int, key: str) -> HttpResponse:
    """GET: the form. POST: a draft as a case, on whose page it goes on."""
    plan = queries.plan_of(year)
    undertaking = queries.undertaking_of(plan, key) if plan is not None else None
    if undertaking is None:
        raise Http404
    form = DraftForm(
        request.POST or None, initial={"quarter": (scope.calendar().day(scope.now()).month + 2) // 3}
    )
    if request.method != "POST" or not form.is_valid():
        return _page(request, year, undertaking, form, status=422 if request.method == "POST" else 200)
    try:
        acted = act(
            None,
            "draft_result",
            procedure=results.PROCEDURE,
            subject=request.subject,  # type: ignore[attr-defined]
            data={"undertaking": undertaking.key} | form.cleaned_data,
            key=request.POST.get("key") or None,
            pen=request.pen,  # type: ignore[attr-defined]
        )
    except Refused as refusal:
        return _page(request, year, undertaking, form, refusal=refusal)
    return redirect("case", acted.number)


def _page(
    request: HttpRequest,
    year: int,
    undertaking: Undertaking,
    form: DraftForm,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    above = [refusal.message] if refusal is not None else []
    if isinstance(refusal, InputInvalid):
        above = show_problems(form, refusal.problems)
    told = {
        "year": year,
        "undertaking": undertaking,
        "form": form,
        "problems": above,
        "key": request.POST.get("key") or request.pen.uid(),  # type: ignore[attr-defined]
    }
    refused = 403 if isinstance(refusal, NotPermitted) else 422
    return render(request, "plans/result_form.html", told, status=status if refusal is None else refused)


def public(request: HttpRequest, year: int) -> HttpResponse:
    """What was reviewed and published of a year's plan; nothing else of it is public."""
    plan = queries.plan_of(year)
    if plan is None or plan.status not in _SHOWN:
        return render(request, "plans/public.html", {"year": year, "groups": []})
    groups: dict[str, list[object]] = {}
    for each in results.public_of(plan):
        groups.setdefault(each.undertaking.title, []).append(each)
    told = {
        "year": year,
        "plan": plan,
        "groups": list(groups.items()),
        "words": QUARTER_WORDS,
        "agencies": agency_names(),
    }
    return render(request, "plans/public.html", told)


def newest(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """The public page of the newest plan that is worked on."""
    found = next((each.year for each in queries.plans() if each.status in _SHOWN), None)
    return redirect("plans:public", found or scope.calendar().day(scope.now()).year)
