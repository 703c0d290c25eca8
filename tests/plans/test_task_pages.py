"""The generic case page and action form, for a task of the plan: who sees it, who may do what, in plain words."""

from __future__ import annotations

from typing import Any

import pytest

from tests import pens
from tests.journeys.hall import Hall, words
from tests.plans.working import PlanOffice
from yukuaiban.cases.models import Case

REGISTER = "建立帮办名册"


@pytest.fixture
def hall(plans: PlanOffice, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Hall:
    settings.YKB_PEN = pens.HELD
    monkeypatch.setattr(pens.HeldPen, "clock", lambda: plans.office.now)
    plans.in_force()
    return Hall(plans.office)


@pytest.fixture
def task(hall: Hall, plans: PlanOffice) -> Case:
    return plans.task(REGISTER)


def test_the_agency_sees_its_task_and_what_it_may_do(hall: Hall, task: Case) -> None:
    page = hall.get("reporter", "case", task.number)
    assert page.status_code == 200
    for part in (REGISTER, "填报进展", "到期日由文件写明", "03-20"):
        assert part in words(page)


def test_another_agency_does_not_see_it(hall: Hall, task: Case) -> None:
    assert hall.get("market-reporter", "case", task.number).status_code == 404


def test_everybody_of_the_agency_may_be_the_person_in_charge(
    hall: Hall, plans: PlanOffice, task: Case
) -> None:
    page = hall.get("chief", "case_act", task.number, "name_person")
    assert page.status_code == 200
    assert plans.people["reporter"].ref in page.content.decode()
    assert plans.people["market_reporter"].ref not in page.content.decode()


def test_a_report_goes_through_the_form(hall: Hall, task: Case) -> None:
    done = hall.act("reporter", task, "report", on="2026-01-12", text="已摸底")
    assert done.status_code in (200, 302)
    assert Case.objects.get(pk=task.pk).stage == "under_way"


def test_what_only_the_system_does_is_offered_to_nobody(hall: Hall, task: Case) -> None:
    page = hall.get("planner", "case", task.number)
    assert page.status_code == 200
    assert "取消任务" in words(page)
    assert "按修订调整" not in words(page)


def test_the_screen_of_a_hall_counts_window_cases_alone(hall: Hall, plans: PlanOffice, task: Case) -> None:
    office = plans.office
    office.tick("2026-03-23T09:00")  # the register is overdue by now
    office.receive()
    office.tick("2026-03-23T09:05")
    page = hall.get("head", "hall", "main")
    assert page.status_code == 200
    assert page.context["total"].total == 1
    assert page.context["received"] == 1
    plans.at("2026-03-19T09:00")
    assert REGISTER not in words(hall.get("head", "hall", "main"))
