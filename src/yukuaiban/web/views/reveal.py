"""The pages of 查看明文: its form, the minute in which the value stands, and the list of who looked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yukuaiban.people.queries import agency_names
from yukuaiban.web import reveals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from yukuaiban.cases.models import Case

_SELECT = {"class": "form-select"}


class RevealForm(forms.Form):
    """Which value, and why. Chosen reason and own words both, because both are read later."""

    field = forms.ChoiceField(label=_("查看哪一项"), widget=forms.Select(_SELECT))
    reason = forms.ChoiceField(
        label=_("理由"), choices=[("", "——"), *reveals.REASONS.items()], widget=forms.Select(_SELECT)
    )
    text = forms.CharField(
        label=_("说明"),
        max_length=200,
        widget=forms.TextInput({"class": "form-control", "autocomplete": "off"}),
        help_text=_("写明要办的事，不写个人信息。会记入留痕，本单位负责人和纪委监委可以看到。"),
    )
    key = forms.CharField(max_length=100, widget=forms.HiddenInput)

    def offer(self, found: Sequence[reveals.Masked]) -> None:
        """Only what this person may ask for."""
        choices = [(each.code, f"{each.title} {each.shown}") for each in found if each.may_ask]
        self.fields["field"].choices = choices  # type: ignore[attr-defined] # of ChoiceField


def case_reveal(request: HttpRequest, number: str) -> HttpResponse:  # noqa: ARG001 - the gate has loaded the case
    """GET: the form. POST: the value, for a minute."""
    case: Case = request.case  # type: ignore[attr-defined]
    found = reveals.panel(case, request.subject).fields  # type: ignore[attr-defined]
    if request.method != "POST":
        initial = {"field": request.GET.get("field", ""), "key": request.pen.uid()}  # type: ignore[attr-defined]
        return _asked(request, case, RevealForm(initial=initial), found)
    form = RevealForm(request.POST)
    form.offer(found)
    if not form.is_valid():
        return _asked(request, case, form, found, status=422)
    return _shown(request, case, form.cleaned_data)


def _asked(
    request: HttpRequest,
    case: Case,
    form: RevealForm,
    found: Sequence[reveals.Masked],
    *,
    status: int = 200,
) -> HttpResponse:
    form.offer(found)
    offered = any(each.may_ask for each in found)
    told = {"case": case, "form": form, "offered": offered}
    return render(request, "web/reveal.html", told, status=status)


def _shown(request: HttpRequest, case: Case, given: dict[str, str]) -> HttpResponse:
    subject = request.subject  # type: ignore[attr-defined]
    value, end = reveals.reveal(
        case,
        given["field"],
        reason=given["reason"],
        text=given["text"],
        subject=subject,
        pen=request.pen,  # type: ignore[attr-defined]
        key=given["key"],
    )
    left = max(1, int((end - request.pen.moment()).total_seconds()))  # type: ignore[attr-defined]
    told = {
        "case": case,
        "title": reveals.TITLES[given["field"]],
        "value": value,
        "left": left,
        "viewer": subject.name or subject.ref,
        "agency": agency_names().get(subject.agency or "", ""),
        "at": end - reveals.SHOWN_FOR,
        "marks": range(_MARKS),
    }
    answer = render(request, "web/revealed.html", told)
    # A header, not a meta element: the way back needs no script, and the page is not kept anywhere.
    answer["Refresh"] = f"{left}; url={reverse('case', args=[case.number])}"
    answer["Cache-Control"] = "private, no-store"
    return answer


_MARKS = 40


def case_reads(request: HttpRequest, number: str) -> HttpResponse:  # noqa: ARG001 - as above
    """Who has seen what in full, when and why."""
    case: Case = request.case  # type: ignore[attr-defined]
    found = reveals.panel(case, request.subject).looks  # type: ignore[attr-defined]
    return render(request, "web/reads.html", {"case": case, "looks": found})
