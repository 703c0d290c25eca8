"""The own panel on the pages of leaves and applications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from yukuaiban.measures.demonstration import queries, rules
from yukuaiban.measures.demonstration.models import IndexEdition, Leaf
from yukuaiban.people.district import local_day
from yukuaiban.people.queries import agency_names
from yukuaiban.web import scope

if TYPE_CHECKING:
    from django.http import HttpRequest

    from yukuaiban.cases.models import Case
    from yukuaiban.people.access import Subject

REVIEWER = "legal_reviewer"


def case_panel(request: HttpRequest, case: Case) -> str:
    """What is asked and was given of a leaf, or the way to the board of an application."""
    leaf = Leaf.objects.select_related("node__edition").filter(pk=case.pk).first()
    if leaf is not None:
        return _leaf_panel(request, leaf)
    edition = IndexEdition.objects.filter(pk=case.pk).first()
    if edition is None:
        return ""
    told = {"edition": edition, "notes": edition.notes.all()[:5]}
    return render_to_string("demonstration/application_panel.html", told, request=request)


def _leaf_panel(request: HttpRequest, leaf: Leaf) -> str:
    edition = leaf.node.edition
    (view,) = queries.leaves(edition, local_day(scope.now()), only=[leaf.node.code])
    names = agency_names()
    told = {
        "view": view,
        "edition": edition,
        "not_counted": [(card, why) for card, why in view.marked if why],
        "supporting": "、".join(names.get(code, code) for code in leaf.supporting),
        "gaps": leaf.gaps.all(),
        "lower": view.leaf.outside_share is not None
        and rules.lower(view.leaf.outside_share, view.leaf.own_share),
    }
    return render_to_string("demonstration/leaf_panel.html", told, request=request)


def works_on(subject: Subject, case: Case) -> bool:
    """Whether somebody of another agency works on the case: a reviewer, or one whose agency supports the leaf."""
    if subject.role == REVIEWER:
        return True
    leaf = Leaf.objects.filter(pk=case.pk).first() if subject.agency else None
    return leaf is not None and subject.agency in leaf.supporting
