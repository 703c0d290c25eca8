"""Tasks of the plan through the one door: reported, handed in, accepted by others, closed by two, looked back at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.cast import FARM, at
from tests.plans.working import PlanOffice
from yukuaiban.cases.acting import act
from yukuaiban.cases.models import Case, Clock
from yukuaiban.core.errors import ActionRefused, InputInvalid, NotPermitted
from yukuaiban.core.lights import Light
from yukuaiban.plans import queries
from yukuaiban.plans.models import LedgerEntry, Task
from yukuaiban.plans.rows import TaskRow

REGISTER = "建立帮办名册"  # due 20 March
JOINED = "抽查收件质量"  # third and fourth quarter


@pytest.fixture(scope="module")
def opened(settled: PlanOffice, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        settled.in_force()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def working(opened: None, plans: PlanOffice) -> PlanOffice:
    """The office on 2026-01-12 with its plan in force."""
    return plans


def row(office: PlanOffice, case: Case) -> TaskRow:
    plan = queries.plan_of(2026)
    assert plan is not None
    found = [each for part in queries.board(plan, office.office.now).rows for each in part.tasks]
    return next(each for each in found if each.case.pk == case.pk)


def stage(case: Case) -> str:
    return Case.objects.get(pk=case.pk).stage


def test_an_agency_reports_is_sent_back_reports_again_and_is_closed_out_by_two(working: PlanOffice) -> None:
    case = working.task(REGISTER)
    reporter = working.people["reporter"]
    working.do(case, "name_person", "chief", handler=reporter.ref, planned_on="2026-03-10")
    assert Case.objects.get(pk=case.pk).handler == reporter.ref
    working.do(case, "report", "reporter", on="2026-01-12", text="已摸底四十三家")
    assert LedgerEntry.objects.get(task__case=case).text == "已摸底四十三家"
    assert stage(case) == "under_way"

    working.do(case, "submit", "reporter")
    working.do(case, "return", "planner", reason="没有附名册")
    working.attach(case)
    working.do(case, "submit", "reporter")
    working.do(case, "accept", "planner", opinion="名册完整")
    working.do(case, "propose_close_out", "planner")
    with pytest.raises(NotPermitted, match="督查室"):
        working.do(case, "close_out", "second_planner")
    working.do(case, "close_out", "watcher")
    assert stage(case) == "closed_out"
    assert row(working, case).light is Light.GREEN


def test_others_do_not_report_on_a_task(working: PlanOffice) -> None:
    with pytest.raises(NotPermitted, match="不在您的单位"):
        working.do(working.task(REGISTER), "report", "market_reporter", on="2026-01-12", text="代填")


def test_a_report_is_not_about_tomorrow_and_a_person_belongs_to_the_agency(working: PlanOffice) -> None:
    case = working.task(REGISTER)
    with pytest.raises(InputInvalid, match="今天以后"):
        working.do(case, "report", "reporter", on="2026-01-13", text="预计完成")
    with pytest.raises(InputInvalid, match="不在牵头单位"):
        working.do(case, "name_person", "chief", handler=working.people["market_reporter"].ref)
    ref = working.people["reporter"].ref
    with pytest.raises(InputInvalid, match="晚于到期日"):
        working.do(case, "name_person", "chief", handler=ref, planned_on="2026-03-21")


def test_evidence_without_kind_or_day_is_refused_when_handed_in_not_when_uploaded(
    working: PlanOffice,
) -> None:
    case = working.task(REGISTER)
    working.do(case, "report", "reporter", on="2026-01-12", text="名册已建")
    working.attach(case, title="名册", kind="", issued_on=None)
    with pytest.raises(InputInvalid, match="材料“名册”缺种类、成文日期"):
        working.do(case, "submit", "reporter")


def test_a_joined_milestone_is_done_only_at_its_last_checkpoint(working: PlanOffice) -> None:
    case = working.task(JOINED)
    assert len(Task.objects.get(case=case).points) == 2
    working.at("2026-09-21T09:00")
    working.submitted(JOINED, "hall_reporter")
    with pytest.raises(ActionRefused, match="后面还有节点"):
        working.do(case, "accept", "planner")
    working.do(case, "accept_checkpoint", "planner")
    assert stage(case) == "under_way"
    assert working.office.due(case, "due") == "2026-12-31T17:30"
    first = row(working, case)
    assert [point.accepted for point in first.points] == [True, False]
    working.do(case, "submit", "hall_reporter")
    with pytest.raises(ActionRefused, match="最后一个节点"):
        working.do(case, "accept_checkpoint", "planner")
    working.do(case, "accept", "planner")
    assert [point.accepted for point in row(working, case).points] == [True, True]


def test_a_task_is_extended_once_and_its_original_day_stays(working: PlanOffice) -> None:
    case = working.task(REGISTER)
    working.do(case, "request_extension", "chief", due=at("2026-04-10T17:30").isoformat(), reason="走访未完")
    working.do(case, "extend", "planner")
    seen = row(working, case)
    assert seen.extended
    assert (seen.due, seen.original_due) == (at("2026-04-10T17:30"), at("2026-03-20T17:30"))
    with pytest.raises(ActionRefused, match="已经延期一次"):
        working.do(case, "request_extension", "chief", due=at("2026-05-10T17:30").isoformat(), reason="再延")


def test_an_extension_leads_to_a_later_day(working: PlanOffice) -> None:
    due = at("2026-03-20T17:30").isoformat()
    with pytest.raises(InputInvalid, match="不晚于现在的到期日"):
        working.do(working.task(REGISTER), "request_extension", "chief", due=due, reason="无")


def test_lights_turn_yellow_red_and_wait_for_the_coordinator(working: PlanOffice) -> None:
    case = working.task(REGISTER)
    working.submitted("完成窗口人员培训", "hall_reporter")  # so that nothing else lags
    for moment, light in (
        ("2026-03-06T17:29", Light.GREEN),
        ("2026-03-06T17:30", Light.YELLOW),
        ("2026-03-20T17:31", Light.RED),
    ):
        working.at(moment)
        held = queries.rows_of(Task.objects.filter(case=case), working.office.now)
        assert held[0].light is light
    working.submitted(REGISTER)
    assert row(working, case).light is Light.RED  # handed in late
    assert Clock.objects.filter(case=case, code="acceptance").count() == 1


def test_what_is_not_accepted_in_five_working_days_is_yellow(working: PlanOffice) -> None:
    case = working.submitted(REGISTER)
    assert working.office.due(case, "acceptance") == "2026-01-19T17:30"
    working.at("2026-01-19T17:31")
    assert row(working, case).light is Light.YELLOW
    assert [each.case for each in queries.to_accept(working.office.now)] == [case]


def test_looking_back_after_sixty_days_holds_or_opens_again(working: PlanOffice) -> None:
    cases = [working.submitted(REGISTER), working.submitted("修订核查工作规范", "market_reporter")]
    for case in cases:
        working.do(case, "accept", "planner")
        working.do(case, "propose_close_out", "planner")
        working.do(case, "close_out", "watcher")
    assert queries.to_look_back(at("2026-03-12T09:00")) == []
    working.at("2026-03-16T09:00")
    assert len(queries.to_look_back(working.office.now)) == 2
    working.do(cases[0], "look_back", "watcher", on="2026-03-16", text="名册在用")
    dues = at("2026-04-30T17:30").isoformat()
    working.do(
        cases[1], "reopen", "watcher", on="2026-03-16", finding="rebound", reason="规范没有执行", dues=dues
    )
    assert (stage(cases[0]), stage(cases[1])) == ("closed_out", "reopened")
    assert queries.to_look_back(working.office.now) == []
    assert working.office.due(cases[1], "due") == "2026-04-30T17:30"
    assert not row(working, cases[1]).points[-1].accepted
    working.do(cases[1], "submit", "market_reporter")
    working.do(cases[1], "accept", "planner")
    assert row(working, cases[1]).points[-1].accepted


def test_a_recurring_step_is_one_task_a_period(working: PlanOffice) -> None:
    talks = Task.objects.filter(milestone__period="quarterly").order_by("order")
    assert [each.label for each in talks] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert talks[0].case.title.startswith("2026-Q1 每季度召开一次恳谈会")


def test_a_task_is_asked_for_twice_and_opened_once(working: PlanOffice) -> None:
    task = Task.objects.get(case=working.task(REGISTER))
    with pytest.raises(InputInvalid, match="已经下达"):
        act(
            None,
            "open",
            procedure="plans",
            subject=working.people["planner"],
            data={"milestone": task.milestone.key, "turn": 0},
            key=None,
            pen=working.office.pen,
        )


def test_the_board_shows_progress_lag_and_what_is_missing(working: PlanOffice) -> None:
    working.at("2026-03-20T10:00")
    plan = queries.plan_of(2026)
    assert plan is not None
    found = queries.board(plan, working.office.now)
    farm = found.rows[1]
    assert farm.undertaking.lead_agency == FARM
    assert (farm.standing.progress, farm.standing.lag) == (0, 25)
    assert farm.lagging
    assert farm.light is Light.YELLOW
    assert farm.missing == 1
    assert [len(farm.quarter(n)) for n in queries.QUARTERS] == [1, 1, 1, 1]
    assert found.rows[0].quarter(3)[0].quarters == (3, 4)
    assert found.counts[Light.RED] == 0
    assert found.names[FARM] == "区农业农村局"


def test_what_supervision_may_take_up_and_what_an_agency_owes(working: PlanOffice) -> None:
    plan = queries.plan_of(2026)
    assert plan is not None
    working.at("2026-03-23T09:00")
    found = queries.candidates_of(queries.board(plan, working.office.now))
    assert [each.case for each in found.red] == [working.task(REGISTER)]
    assert working.task(REGISTER) in [each.case for each in queries.mine(FARM, working.office.now)]
    assert queries.mine(FARM, working.office.now)[0].case == working.task(REGISTER)
    parts = [each.undertaking.title for each in queries.of_agency(plan, "sp-0004", working.office.now)]
    assert parts == ["渔港小微企业上门帮办", "政企恳谈"]


def test_the_board_asks_the_same_number_of_queries_whatever_its_size(
    working: PlanOffice, django_assert_max_num_queries
) -> None:
    plan = queries.plan_of(2026)
    assert plan is not None
    for words in (REGISTER, "每季度召开一次恳谈会"):
        working.attach(working.task(words))
    with django_assert_max_num_queries(15):
        queries.board(plan, working.office.now)
    with django_assert_max_num_queries(10):
        queries.mine(FARM, working.office.now)
