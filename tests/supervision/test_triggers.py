"""The worker proposes by the rows of the pack, once for each cause; a person decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.cast import FARM, at
from yukuaiban.cases.models import Case
from yukuaiban.core.errors import NotPermitted
from yukuaiban.journal import writing
from yukuaiban.people.district import installed
from yukuaiban.site.commands import serving
from yukuaiban.supervision import queries, triggers
from yukuaiban.supervision.models import OrderCause, SupervisionOrder

pytestmark = pytest.mark.django_db


def orders() -> list[SupervisionOrder]:
    return list(SupervisionOrder.objects.select_related("case").order_by("case__opened_at"))


def test_red_for_two_working_days_proposes_one_order_once(works) -> None:
    case = works.office.in_review()  # committed: 2026-03-16 17:30
    assert works.propose_due("2026-03-18T17:30") == 0
    assert works.propose_due("2026-03-18T17:31") == 1
    assert works.propose_due("2026-03-18T17:32") == 0
    (order,) = orders()
    assert (order.supervised, order.agency, order.level, order.case.stage) == (case, FARM, "blue", "proposed")
    (cause,) = order.causes.all()
    assert (cause.trigger, cause.since) == ("red_2wd", at("2026-03-16T17:30"))


def test_what_the_worker_proposed_is_decided_by_a_person(works) -> None:
    works.office.in_review()
    works.propose_due("2026-03-18T17:31")
    (order,) = orders()
    with pytest.raises(NotPermitted):
        works.do(order.case, "approve_order", "handler")
    assert works.do(order.case, "approve_order", "watcher").stage == "approved"


def test_a_dropped_proposal_does_not_come_back_for_the_same_cause(works) -> None:
    works.office.in_review()
    works.propose_due("2026-03-18T17:31")
    works.do(orders()[0].case, "drop_order", "watcher", reason="已电话催办")
    assert works.propose_due("2026-03-20T09:00") == 0


def test_a_breach_adds_its_cause_to_the_order_that_is_open(works) -> None:
    works.office.in_review()  # statutory: twenty working days, 2026-03-30 17:30
    works.propose_due("2026-03-18T17:31")
    assert works.propose_due("2026-03-30T17:31") == 1
    (order,) = orders()
    assert [each.trigger for each in order.causes.order_by("pk")] == ["red_2wd", "breach"]


def test_closed_cases_and_orders_themselves_are_left_alone(works) -> None:
    case = works.office.in_review()
    order = works.sent(case)
    works.office.do(case, "withdraw", "xiaoyu", reason="申请人不办了")
    works.office.tick("2026-03-30T09:00")
    assert Case.objects.get(pk=order.pk).red_at is not None
    assert works.propose_due() == 0


def test_a_change_of_triggers_holds_from_its_day(works, monkeypatch) -> None:
    later = replace(installed().triggers[0], after=None, since=date(2026, 3, 17))
    district = replace(installed(), triggers=(installed().triggers[0], later))
    monkeypatch.setattr(triggers, "installed", lambda: district)
    works.office.in_review()
    assert works.propose_due("2026-03-16T17:31") == 0
    assert works.propose_due("2026-03-17T08:31") == 1


def test_one_that_is_refused_does_not_stop_the_others(works, monkeypatch) -> None:
    works.office.in_review()
    refused = works.office.in_review()
    works.office.tick("2026-03-18T17:31")
    Case.objects.filter(pk=refused.pk).update(agency="sp-9999")
    assert works.propose_due() == 1
    assert OrderCause.objects.count() == 1


def test_candidates_are_overdue_cases_without_an_open_order(works) -> None:
    first, second = works.office.in_review(), works.office.in_review()
    works.office.tick("2026-03-17T09:00")
    assert set(queries.candidates(works.office.now)) == {first, second}
    order = works.propose(first)
    assert set(queries.candidates(works.office.now)) == {second}
    works.do(order, "drop_order", "approves", reason="不必")
    assert set(queries.candidates(works.office.now)) == {first, second}


def test_the_indicators_count_answers_and_rectifications(works) -> None:
    works.do(works.answered(works.office.in_review()), "confirm_answer", "watcher", opinion="属实")
    late = works.acknowledged(works.office.in_review())
    works.office.tick("2026-03-10T09:00")
    works.do(late, "answer", "handler", text="办了")
    month = at("2026-03-01T00:00"), at("2026-04-01T00:00")
    assert queries.answered_in_time(*month) == (1, 2)
    assert queries.rectified(*month) == (1, 2)
    assert queries.rectified(*month, "sp-0003") == (0, 0)


@pytest.mark.parametrize(("in_doubt", "proposed"), [(False, 1), (True, 0)])
def test_the_workers_pass_proposes_unless_the_hosts_clock_is_in_doubt(
    works, monkeypatch, in_doubt, proposed
) -> None:
    monkeypatch.setattr(serving.site, "ready", lambda: works.office.pen)
    monkeypatch.setattr(writing, "clock_in_doubt", lambda: in_doubt)
    works.office.in_review()
    works.office.tick("2026-03-18T17:31")
    serving._supervise(works.office.now)
    assert len(orders()) == proposed
