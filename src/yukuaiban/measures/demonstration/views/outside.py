"""The evaluator's pages behind a dated link: the leaves of the letter with their documents, scores and findings.

The link is the only right there is: it names some leaves and ends on a day. A wrong, ended or foreign one looks like a
missing page.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy

from yukuaiban.cases.acting import act
from yukuaiban.core.errors import InputInvalid, Refused
from yukuaiban.evidence.store import content_of
from yukuaiban.measures.demonstration import queries, rules
from yukuaiban.measures.demonstration.models import GRADES, ExternalReview
from yukuaiban.people.access import Subject
from yukuaiban.people.district import local_day
from yukuaiban.web import scope
from yukuaiban.web.actionforms import show_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from yukuaiban.evidence.models import EvidenceFile
    from yukuaiban.measures.demonstration.queries import LeafView

_GAPPED = ("gap", "rectifying")
_SAFE = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, no-store"}


@dataclass(frozen=True, slots=True)
class Invited:
    """A link that works, with its leaves."""

    review: ExternalReview
    views: list[LeafView]

    def files(self) -> Iterator[EvidenceFile]:
        """What an outsider may have: the file, or its masked copy where there is personal data."""
        for view in self.views:
            for card, _why in view.marked:
                file = card.masked if card.personal else card.file
                if file is not None:
                    yield file


class ScoreForm(forms.Form):
    """A grade, and what was found."""

    grade = forms.ChoiceField(
        label=gettext_lazy("评分"), choices=GRADES, widget=forms.Select({"class": "form-select"})
    )
    finding = forms.CharField(
        label=gettext_lazy("意见和问题"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"class": "form-control", "rows": 5}),
        help_text=gettext_lazy("评分低于自评的，请写明问题"),
    )


def review(request: HttpRequest, token: str) -> HttpResponse:
    """The leaves of the letter."""
    return render(request, "demonstration/outside.html", {"invited": _invited(token), "token": token})


def score(request: HttpRequest, token: str, leaf: str) -> HttpResponse:
    """One leaf with its documents; POST enters the score. One below the own score makes a gap of its finding."""
    invited = _invited(token)
    view = next((each for each in invited.views if each.node.code == leaf), None)
    if view is None:
        raise Http404
    form = ScoreForm(request.POST or None)
    told = {"invited": invited, "token": token, "view": view, "form": form}
    if request.method != "POST":
        return render(request, "demonstration/outside_leaf.html", told)
    if form.is_valid():
        try:
            _enter(request, invited, view, form)
        except Refused as refusal:
            problems = refusal.problems if isinstance(refusal, InputInvalid) else ()
            told["problems"] = show_problems(form, problems) if problems else [refusal.message]
        else:
            return redirect("demonstration:outside", token)
    return render(request, "demonstration/outside_leaf.html", told, status=422)


def file(request: HttpRequest, token: str, sha256: str) -> HttpResponse:  # noqa: ARG001 - Django hands it over
    """A document of the letter's leaves as a download; personal data only as its masked copy."""
    found = next((each for each in _invited(token).files() if each.sha256 == sha256), None)
    if found is None:
        raise Http404
    answer = HttpResponse(content_of(found), content_type=found.mime, headers=_SAFE)
    answer["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=found.name))
    return answer


def _invited(token: str) -> Invited:
    digest, today = hashlib.sha256(token.encode()).hexdigest(), local_day(scope.now())
    found = ExternalReview.objects.select_related("edition__case").filter(token_sha256=digest).first()
    if found is None or found.until < today:
        raise Http404
    return Invited(found, queries.leaves(found.edition, today, only=found.leaves))


def _enter(request: HttpRequest, invited: Invited, view: LeafView, form: ScoreForm) -> None:
    """By the one door: below the own score as a gap, else as a score."""
    grade, finding = form.cleaned_data["grade"], form.cleaned_data["finding"]
    lower = rules.lower(rules.PASSING_GRADE[grade], view.leaf.own_share)
    evaluator = Subject("system", f"evaluator:{invited.review.pk}", name=invited.review.evaluator)
    action, data = "enter_outside_score", {"grade": grade, "finding": finding}
    if lower or view.case.stage in _GAPPED:
        action = "add_finding" if view.case.stage in _GAPPED else "find_gap"
        data = {"finding": finding, "origin": "outside", "outside_grade": grade}
    act(view.case, action, subject=evaluator, data=data, key=None, pen=request.pen)  # type: ignore[attr-defined]
