"""A task of the yearly plan is supervised like any other case: proposed as soon as it is overdue."""

from __future__ import annotations

import pytest

from tests.plans.conftest import plans, settled
from yukuaiban.cases import queries as docket
from yukuaiban.cases.models import Case
from yukuaiban.core.lights import Light
from yukuaiban.supervision import triggers
from yukuaiban.supervision.models import OrderCause

__all__ = ["plans", "settled"]

pytestmark = pytest.mark.django_db


def test_a_task_that_is_overdue_is_proposed_at_once_and_stays_as_it_is(plans) -> None:
    plans.in_force()
    office = plans.office
    office.tick("2026-04-01T09:00")
    tasks = Case.objects.filter(measure="plans", closed_at=None)
    red = {case.pk for case in docket.with_light(tasks, Light.RED, office.now)}
    assert red
    before = list(tasks.order_by("pk").values())
    assert triggers.propose_due(office.now, pen=office.pen) == len(red)
    causes = OrderCause.objects.select_related("order__case")
    assert {each.supervised_id for each in causes} == red
    assert {(each.trigger, each.order.case.stage) for each in causes} == {("plan_red", "proposed")}
    assert list(tasks.order_by("pk").values()) == before
    assert triggers.propose_due(office.now, pen=office.pen) == 0
