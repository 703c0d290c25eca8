"""What the coordinator does on lists: assign many leaves, invite an evaluator, carry evidence over to a new edition."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.cases import evidencing
from yukuaiban.cases.acting import act
from yukuaiban.cases.models import Case
from yukuaiban.core.errors import InputInvalid, Problem, Refused
from yukuaiban.evidence import documents
from yukuaiban.evidence import queries as evidence
from yukuaiban.measures.demonstration import editions, queries
from yukuaiban.measures.demonstration.models import Leaf
from yukuaiban.measures.demonstration.views.pages import wanted
from yukuaiban.web.actionforms import show_problems

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from yukuaiban.evidence.queries import Card
    from yukuaiban.measures.demonstration.models import IndexEdition

_CONTROL = {"class": "form-control"}


def assign(request: HttpRequest) -> HttpResponse:
    """All chosen leaves get one lead agency, each by its own action; all or none."""
    edition = wanted(request)
    agency, codes = request.POST.get("agency", ""), request.POST.getlist("leaves")
    if edition is None or not agency or not codes:
        raise InputInvalid(Problem(_("没有选择指标或责任单位"), _("请勾选指标并选择责任单位")))
    cases = Case.objects.filter(leaf__node__edition=edition, leaf__node__code__in=codes)
    with transaction.atomic():
        for case in cases.order_by("number"):
            data = {"handling_agency": agency}
            act(case, "assign_leaf", subject=request.subject, data=data, key=None, pen=request.pen)  # type: ignore[attr-defined]
    return redirect(f"{reverse('demonstration:tree')}?batch={edition.batch}")


class InviteForm(forms.Form):
    """Whom to invite, by which letter, until when, for which leaves."""

    evaluator = forms.CharField(
        label=gettext_lazy("评估机构"), max_length=100, widget=forms.TextInput(_CONTROL)
    )
    letter = forms.CharField(
        label=gettext_lazy("合同或委托书文号"), max_length=100, widget=forms.TextInput(_CONTROL)
    )
    until = forms.DateField(
        label=gettext_lazy("链接有效期至"), widget=forms.DateInput(_CONTROL | {"type": "date"})
    )
    method = forms.CharField(
        label=gettext_lazy("评估方法"), max_length=200, required=False, widget=forms.TextInput(_CONTROL)
    )
    leaves = forms.CharField(
        label=gettext_lazy("评估的指标"),
        widget=forms.Textarea(_CONTROL | {"rows": 6}),
        help_text=gettext_lazy("每行一个末级指标编号"),
    )


def invite(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: the invitation; its link is shown this once."""
    edition = wanted(request)
    if edition is None:
        raise Http404
    form = InviteForm(request.POST or None)
    told = {"form": form, "edition": edition}
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "demonstration/invite.html", told, status=status)
    token = request.pen.salt().hex()[:40]  # type: ignore[attr-defined]
    try:
        _invited(request, edition, form, token)
    except Refused as refusal:
        above = (
            show_problems(form, refusal.problems) if isinstance(refusal, InputInvalid) else [refusal.message]
        )
        return render(request, "demonstration/invite.html", told | {"problems": above}, status=422)
    link = request.build_absolute_uri(reverse("demonstration:outside", args=[token]))
    return render(request, "demonstration/invite.html", told | {"link": link})


def _invited(request: HttpRequest, edition: IndexEdition, form: InviteForm, token: str) -> None:
    given = form.cleaned_data
    data = {name: given[name] for name in ("evaluator", "letter", "method")}
    data |= {
        "until": given["until"].isoformat(),
        "leaves": given["leaves"].split(),
        "token_sha256": hashlib.sha256(token.encode()).hexdigest(),
    }
    act(edition.case, "invite_evaluator", subject=request.subject, data=data, key=None, pen=request.pen)  # type: ignore[attr-defined]


def difference(request: HttpRequest) -> HttpResponse:
    """What changed from an old edition (`?old=`) to this one; documents are proposed, taken over only by choosing."""
    new, old = wanted(request), queries.edition(request.GET.get("old", ""))
    if new is None or old is None or not request.GET.get("old"):
        raise Http404
    if request.method == "POST":
        _carry_over(request, old, new, request.POST.getlist("codes"))
        return redirect(f"{reverse('demonstration:difference')}?batch={new.batch}&old={old.batch}")
    found = editions.compared(old, new)
    kept = found["same"] + found["changed"]
    nodes = {node.code: node for node in new.nodes.all()}
    before = {node.code: node for node in old.nodes.all()}
    told = {
        "new": new,
        "old": old,
        "added": [nodes[code] for code in found["new"]],
        "removed": [before[code] for code in found["removed"]],
        "changed": [(before[code], nodes[code]) for code in found["changed"]],
        "proposed": _proposed(old, new, kept),
    }
    return render(request, "demonstration/difference.html", told)


def _numbers(edition: IndexEdition) -> dict[str, str]:
    """Number of the case by the code of its leaf."""
    rows = Leaf.objects.filter(node__edition=edition)
    return dict(rows.values_list("node__code", "case__number"))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A leaf of both editions, with the old one's documents that the new one does not have yet."""

    code: str
    cards: list[Card]


def _proposed(old: IndexEdition, new: IndexEdition, codes: list[str]) -> list[Proposal]:
    """For each leaf that both editions have: the old one's documents that the new one does not have yet."""
    before, after = _numbers(old), _numbers(new)
    both = [code for code in codes if code in before and code in after]
    served = evidence.serving(evidencing.CASE, [each[code] for each in (before, after) for code in both])
    found = []
    for code in both:
        there = {card.uid for card in served[after[code]]}
        cards = [card for card in served[before[code]] if card.uid not in there]
        if cards:
            found.append(Proposal(code, cards))
    return found


def _carry_over(request: HttpRequest, old: IndexEdition, new: IndexEdition, codes: list[str]) -> None:
    after = _numbers(new)
    with transaction.atomic():
        for each in _proposed(old, new, codes):
            uids = [card.uid for card in each.cards]
            case = Case.objects.get(number=after[each.code])
            data = {"documents": [str(document.uid) for document in documents.by_uids(uids)]}
            act(case, "attach_documents", subject=request.subject, data=data, key=None, pen=request.pen)  # type: ignore[attr-defined]
