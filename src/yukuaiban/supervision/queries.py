"""Reads over orders, each with a constant number of queries at any size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q

from yukuaiban.cases import warningmodes
from yukuaiban.cases.models import Case, Clock
from yukuaiban.supervision.models import SupervisionOrder
from yukuaiban.supervision.opening import MEASURE

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

ANSWER = "answer"
HAS_ORDERS = Exists(SupervisionOrder.objects.filter(supervised=OuterRef("pk")))
"""Whether there has been any order on a case."""
_VERIFIED = ("verified", "closed")


def candidates(now: datetime) -> QuerySet[Case]:
    """Open cases that are overdue and on which no order is open; read from the indexes of red and breach.

    What a hall shows on trial or not at all is nobody's cause (rules/desks.md section 10).
    """
    held = SupervisionOrder.objects.filter(supervised=OuterRef("pk"), is_open=True)
    late = Case.objects.filter(Q(red_at__lt=now) | Q(breach_at__lt=now), closed_at=None)
    return warningmodes.in_force_for_others(late.exclude(measure=MEASURE).exclude(Exists(held)), now)


def orders_on(case: Case) -> list[SupervisionOrder]:
    """The orders on a case, the newest first, with their causes and objections."""
    found = SupervisionOrder.objects.filter(supervised=case).select_related("case")
    return list(found.prefetch_related("causes", "objections").order_by("-case__opened_at", "-pk"))


def order_of(case: Case) -> SupervisionOrder | None:
    """What an order is about, from its own case; None for any other case."""
    found = SupervisionOrder.objects.select_related("supervised").prefetch_related("causes", "objections")
    return found.filter(case=case).first()


def answered_in_time(since: datetime, until: datetime, agency: str | None = None) -> tuple[int, int]:
    """Of the answers given in [since, until) those within their limit."""
    answers = _answers(agency).filter(stopped_at__gte=since, stopped_at__lt=until)
    answers = answers.exclude(case__stage="dropped")
    return answers.filter(stopped_at__lte=F("due_at")).count(), answers.count()


def rectified(since: datetime, until: datetime, agency: str | None = None) -> tuple[int, int]:
    """Of the orders first to be answered in [since, until) those whose answer was verified."""
    asked = _answers(agency).filter(ordinal=1, original_due_at__gte=since, original_due_at__lt=until)
    asked = asked.exclude(case__stage="dropped")
    return asked.filter(case__stage__in=_VERIFIED).count(), asked.count()


def _answers(agency: str | None) -> QuerySet[Clock]:
    found = Clock.objects.filter(code=ANSWER, case__measure=MEASURE)
    return found if agency is None else found.filter(owner=agency)
