"""The measure's own writes, in the transaction of the action: rows that follow from what the event says."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F

from yukuaiban.measures.demonstration.guards import case_of, edition_of, leaf_of
from yukuaiban.measures.demonstration.models import (
    ApplicationStep,
    ExternalReview,
    Gap,
    IndexEdition,
    IndexNode,
    Leaf,
    LiaisonNote,
    SiteVisit,
    Survey,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from yukuaiban.cases.catalogue import Attempt


# ---------------------------------------------------------------------------------------------------- leaves


def leaf_opened(attempt: Attempt) -> None:
    """The row beside the case."""
    node = IndexNode.objects.get(edition__batch=attempt.data["edition"], code=attempt.data["code"])
    Leaf.objects.create(case=case_of(attempt), node=node)


def leaf_assigned(attempt: Attempt) -> None:
    """Who helps; the lead agency is a fact of the case."""
    _own(attempt).update(supporting=list(attempt.data.get("supporting", ())))


def self_assessed(attempt: Attempt) -> None:
    """The own score with its reason."""
    _own(attempt).update(self_grade=attempt.data["grade"], self_reason=attempt.data["reason"])


def survey_taken(attempt: Attempt) -> None:
    """The survey whose value counts."""
    leaf = leaf_of(attempt)
    leaf.survey = Survey.objects.get(edition=leaf.node.edition, number=attempt.data["survey"])
    leaf.save(update_fields=["survey"])


def reviewed(attempt: Attempt) -> None:
    """The reviewer's score."""
    _own(attempt).update(review_grade=attempt.data["grade"], review_opinion=attempt.data["opinion"])


def gap_found(attempt: Attempt) -> None:
    """A gap more; an outside score stands beside the own one."""
    leaf, data = leaf_of(attempt), attempt.data
    if data.get("outside_grade"):
        _own(attempt).update(outside_grade=data["outside_grade"], outside_finding=data["finding"])
    Gap.objects.create(
        leaf=leaf,
        number=leaf.gaps.count() + 1,
        finding=data["finding"],
        origin=data["origin"],
        found_at=attempt.at,
    )


def measure_set(attempt: Attempt) -> None:
    """What is done about everything that is open."""
    Gap.objects.filter(leaf=case_of(attempt).pk, closed_at=None).update(measure=attempt.data["measure"])


def gap_closed(attempt: Attempt) -> None:
    """Everything open at the leaf is closed; each closing stays in the history."""
    for gap in Gap.objects.filter(leaf=case_of(attempt).pk, closed_at=None):
        gap.closed_at = attempt.at
        gap.closings = [*gap.closings, {"at": attempt.at.isoformat(), "result": attempt.data["result"]}]
        gap.save(update_fields=["closed_at", "closings"])


def gap_reopened(attempt: Attempt) -> None:
    """The last gap is open again, the new finding behind the first one; without a gap this is the first."""
    last = Gap.objects.filter(leaf=case_of(attempt).pk).order_by("-number").first()
    if last is None:
        gap_found(attempt)
        return
    finding = f"{last.finding}；{attempt.data['finding']}"
    Gap.objects.filter(pk=last.pk).update(
        closed_at=None, measure="", reopened=F("reopened") + 1, finding=finding
    )


def outside_scored(attempt: Attempt) -> None:
    """The evaluator's score stands beside the own one."""
    finding = attempt.data.get("finding", "")
    _own(attempt).update(outside_grade=attempt.data["grade"], outside_finding=finding)


# ------------------------------------------------------------------------------------------------ application


def edition_imported(attempt: Attempt) -> None:
    """The edition and its nodes, as the event has them."""
    data = attempt.data
    edition = IndexEdition.objects.create(
        case=case_of(attempt),
        batch=data["batch"],
        name=data["name"],
        kind=data["kind"],
        source=data["source"],
        sha256=data["sha256"],
        imported_at=attempt.at,
        period_since=date.fromisoformat(data["period_since"]),
        period_until=date.fromisoformat(data["period_until"]),
    )
    IndexNode.objects.bulk_create(
        IndexNode(edition=edition, place=place, **node) for place, node in enumerate(data["nodes"])
    )


def step_entered(attempt: Attempt) -> None:
    """The outer step under the stage that it led to."""
    ApplicationStep.objects.create(
        edition=edition_of(attempt),
        stage=case_of(attempt).stage,
        on=date.fromisoformat(attempt.data["on"]),
        answer=attempt.data.get("answer", ""),
        document=attempt.data["document"][0],
    )


def liaison_noted(attempt: Attempt) -> None:
    """What was heard."""
    data = attempt.data
    next_on = date.fromisoformat(data["next_on"]) if data.get("next_on") else None
    values = {name: data[name] for name in ("level", "office", "topic", "said")}
    LiaisonNote.objects.create(
        edition=edition_of(attempt), on=date.fromisoformat(data["on"]), next_on=next_on, **values
    )


def survey_entered(attempt: Attempt) -> None:
    """The numbers, under the next number of the edition."""
    edition, data = edition_of(attempt), attempt.data
    values = {name: data[name] for name in ("asked", "know", "valid", "satisfied", "frame")}
    number = edition.surveys.count() + 1
    Survey.objects.create(edition=edition, number=number, on=date.fromisoformat(data["on"]), **values)


def visit_planned(attempt: Attempt) -> None:
    """A place to be looked at."""
    edition, data = edition_of(attempt), attempt.data
    SiteVisit.objects.create(
        edition=edition,
        number=edition.visits.count() + 1,
        place=data["place"],
        on=date.fromisoformat(data["on"]),
        real=data["kind"] == "real",
        points=list(data.get("points", ())),
        leaves=list(data["leaves"]),
    )


def visit_entered(attempt: Attempt) -> None:
    """What the visit found."""
    data = attempt.data
    SiteVisit.objects.filter(edition=edition_of(attempt), number=data["visit"]).update(
        passed=data["passed"] == "yes", findings=data.get("findings", "")
    )


def evaluator_invited(attempt: Attempt) -> None:
    """The right to read and score some leaves until a day."""
    data: Mapping[str, Any] = attempt.data
    values = {name: data[name] for name in ("evaluator", "letter", "token_sha256")}
    ExternalReview.objects.create(
        edition=edition_of(attempt),
        method=data.get("method", ""),
        until=date.fromisoformat(data["until"]),
        leaves=list(data["leaves"]),
        **values,
    )


def _own(attempt: Attempt):  # noqa: ANN202 - Django's query set of leaves
    return Leaf.objects.filter(pk=case_of(attempt).pk)
