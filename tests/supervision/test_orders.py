"""An order through the one door: its states, clocks, levels, objections, and everything for which it is refused."""

from __future__ import annotations

import pytest

from tests.cast import FARM, MARKET, OVERSIGHT, at
from tests.supervision.ordering import DEMAND
from yukuaiban.cases import facts, storing
from yukuaiban.cases.models import Case, Clock
from yukuaiban.core.errors import ActionRefused, InputInvalid, NotPermitted, Refused
from yukuaiban.journal.reading import events
from yukuaiban.people.access import may_act
from yukuaiban.supervision.models import Objection

pytestmark = pytest.mark.django_db


def test_an_order_goes_from_its_proposal_to_its_end(works) -> None:
    case = works.office.in_review()
    order = works.propose(case)
    assert (order.stage, order.agency, works.order(order).number) == ("proposed", OVERSIGHT, "")
    order = works.do(order, "approve_order", "approves")
    assert works.order(order).number == "督办〔2026〕1号"
    order = works.do(order, "send_order", "watcher")
    assert (order.stage, order.agency, order.receiving_agency) == ("sent", FARM, OVERSIGHT)
    order = works.do(order, "acknowledge", "handler")
    order = works.do(order, "answer", "handler", text="已经办结。")
    order = works.do(order, "confirm_answer", "watcher", opinion="电话核实，属实。")
    order = works.do(order, "close_order", "watcher")
    row = works.order(order)
    assert (order.stage, row.is_open, row.reply, row.verdict) == (
        "closed",
        False,
        "已经办结。",
        "电话核实，属实。",
    )
    assert row.signed == [works.office.people[who].ref for who in ("watcher", "approves")]
    assert storing.columns(facts.state_of(order)).items() <= vars(order).items()


def test_numbers_run_through_the_year_and_begin_anew(works) -> None:
    case = works.office.in_review()
    first, second = works.approved(case), works.approved(case, supervised_agency=MARKET)
    works.at("2027-01-04T09:00")
    third = works.approved(works.office.in_review())
    numbers = [works.order(each).number for each in (first, second, third)]
    assert numbers == ["督办〔2026〕1号", "督办〔2026〕2号", "督办〔2027〕1号"]


@pytest.mark.parametrize(
    ("due", "answer"), [(None, "2026-04-08T17:30"), ("2026-04-02T12:00+08:00", "2026-04-02T12:00")]
)
def test_the_answer_is_due_when_it_was_written_or_in_five_working_days(works, due, answer) -> None:
    works.at("2026-03-31T10:00")
    order = works.sent(works.office.in_review(), **({"due": due} if due else {}))
    assert works.office.due(order, "acknowledge") == "2026-04-01T17:30"
    assert works.office.due(order, "answer") == answer


def test_an_order_changes_neither_light_nor_due_of_its_subject(works) -> None:
    case = works.office.in_review()
    works.office.tick("2026-03-19T09:00")
    seen = [Case.objects.filter(pk=case.pk).values().get(), [*Clock.objects.filter(case=case).values()]]
    n = len(list(events(facts.stream_of(case.number))))
    works.answered(case)
    works.office.tick("2026-03-19T09:01")
    assert [
        Case.objects.filter(pk=case.pk).values().get(),
        [*Clock.objects.filter(case=case).values()],
    ] == seen
    assert len(list(events(facts.stream_of(case.number)))) == n


def test_a_rejected_answer_goes_back_with_a_new_day(works) -> None:
    order = works.answered(works.office.in_review())
    order = works.do(order, "reject_answer", "watcher", reason="没有办结", due="2026-03-06T17:30+08:00")
    order = works.do(order, "send_order", "watcher")
    assert (order.stage, works.office.due(order, "answer")) == ("sent", "2026-03-06T17:30")
    assert Clock.objects.filter(case=order, code="answer").count() == 2


# ------------------------------------------------------------------------------------------- four eyes


def test_who_proposes_does_not_approve_and_nothing_leaves_unapproved(works) -> None:
    order = works.propose(works.office.in_review())
    with pytest.raises(NotPermitted, match="申请人以外的第二人"):
        works.do(order, "approve_order", "watcher")
    with pytest.raises(ActionRefused):
        works.do(order, "send_order", "watcher")
    with pytest.raises(NotPermitted):
        works.do(order, "approve_order", "chief")


def test_a_red_order_is_approved_by_the_head_alone(works) -> None:
    order = works.propose(works.office.in_review(), level="red")
    with pytest.raises(NotPermitted, match="督查室负责人"):
        works.do(order, "approve_order", "approves")
    assert works.do(order, "approve_order", "head_of_oversight").stage == "approved"


def test_until_it_is_sent_the_agency_can_do_nothing_with_it(works) -> None:
    order = works.approved(works.office.in_review())
    with pytest.raises(NotPermitted):
        works.do(order, "acknowledge", "chief")


# ------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"cause": ""}, "cause"),
        ({"demand": ""}, "demand"),
        ({"due": "2026-03-02T09:00+08:00"}, "due"),
        ({"due": "2026-02-27T09:00+08:00"}, "due"),
        ({"supervised_agency": "sp-9999"}, "supervised_agency"),
        ({"supervised_case": "990101000120260302000099"}, "supervised_case"),
        ({"level": "purple"}, "level"),
    ],
)
def test_a_wrong_proposal_is_told_at_its_field(works, wrong, field) -> None:
    with pytest.raises(InputInvalid) as caught:
        works.propose(works.office.in_review(), **wrong)
    assert [problem.field for problem in caught.value.problems] == [field]


def test_a_closed_subject_is_only_looked_back_at(works) -> None:
    case = works.office.receive()
    order = works.propose(case)
    works.office.do(case, "withdraw", "xiaoyu", reason="申请人不办了")
    with pytest.raises(Refused, match="回头看"):
        works.do(order, "approve_order", "approves")
    works.do(order, "drop_order", "approves", reason="事项已经了结")
    with pytest.raises(Refused, match="回头看"):
        works.propose(case)


def test_a_second_order_is_refused_and_its_cause_added_instead(works) -> None:
    case = works.office.in_review()
    order = works.sent(case)
    with pytest.raises(Refused, match="督办〔2026〕1号"):
        works.propose(case, who="approves")
    works.do(order, "add_cause", "approves", cause="repeated", note="本月第三次")
    with pytest.raises(InputInvalid):
        works.do(order, "add_cause", "approves", cause="repeated", note="本月第三次")
    assert [each.cause for each in works.order(order).causes.order_by("pk")] == ["overdue", "repeated"]
    assert works.propose(case, supervised_agency=MARKET).stage == "proposed"


def test_an_order_is_not_supervised_itself(works) -> None:
    order = works.sent(works.office.in_review())
    with pytest.raises(Refused, match="升级"):
        works.propose(order)


def test_a_day_that_passed_before_the_sending_is_refused(works) -> None:
    order = works.approved(works.office.in_review(), due="2026-03-03T12:00+08:00")
    works.at("2026-03-03T12:00")
    with pytest.raises(Refused, match="已经过去"):
        works.do(order, "send_order", "watcher")


def test_a_dropped_proposal_is_reasoned_and_makes_room_for_another(works) -> None:
    case = works.office.in_review()
    order = works.propose(case)
    with pytest.raises(InputInvalid):
        works.do(order, "drop_order", "approves")
    assert works.do(order, "drop_order", "approves", reason="情况不实").stage == "dropped"
    assert works.propose(case).stage == "proposed"


# ------------------------------------------------------------------------------------------- levels


def test_a_level_rises_only_behind_delay_and_never_above_red(works) -> None:
    order = works.sent(works.office.in_review())
    with pytest.raises(ActionRefused, match="不能升级"):
        works.do(order, "propose_level", "watcher", reason="催办无果")
    works.office.tick("2026-03-03T17:31")
    order = works.do(order, "propose_level", "watcher", reason="没有签收")
    with pytest.raises(NotPermitted):
        works.do(order, "approve_level", "watcher")
    order = works.do(order, "approve_level", "approves")
    assert works.order(order).level == "orange"
    order = works.do(order, "propose_level", "watcher", reason="仍没有签收")
    with pytest.raises(NotPermitted, match="督查室负责人"):
        works.do(order, "approve_level", "approves")
    order = works.do(order, "approve_level", "head_of_oversight")
    assert works.order(order).level == "red"
    with pytest.raises(ActionRefused, match="最高等次"):
        works.do(order, "propose_level", "watcher", reason="又一次")


def test_a_rejected_answer_may_raise_the_level_and_a_request_may_be_declined(works) -> None:
    order = works.answered(works.office.in_review())
    order = works.do(order, "reject_answer", "watcher", reason="不实", due="2026-03-06T17:30+08:00")
    order = works.do(order, "propose_level", "watcher", reason="答复不实")
    order = works.do(order, "decline_level", "approves", reason="再给一次机会")
    assert works.order(order).level == "blue"


# ------------------------------------------------------------------------------------------- objections


def test_an_objection_suspends_the_order_but_not_what_was_demanded(works) -> None:
    order = works.acknowledged(works.office.in_review())
    order = works.do(order, "raise_objection", "chief", grounds="该件已移送")
    assert works.office.due(order, "decision") == "2026-04-01T17:30"
    order = works.do(order, "answer", "handler", text="已经办结。")
    for action, data in (
        ("confirm_answer", {"opinion": "属实"}),
        ("reject_answer", {"reason": "不实", "due": "2026-03-09T12:00+08:00"}),
    ):
        with pytest.raises(ActionRefused, match="督办中止"):
            works.do(order, action, "watcher", **data)
    order = works.do(order, "dismiss_objection", "third", reason="仍由你单位承办")
    assert works.do(order, "confirm_answer", "watcher", opinion="属实").stage == "verified"
    assert works.order(order).objections.get().decision == Objection.Decision.DISMISSED


@pytest.mark.parametrize("who", ["watcher", "approves"])
def test_a_reviewer_who_signed_is_refused(works, who) -> None:
    order = works.acknowledged(works.office.in_review())
    order = works.do(order, "raise_objection", "chief", grounds="该件已移送")
    with pytest.raises(NotPermitted, match="回避"):
        works.do(order, "uphold_objection", who, reason="成立")


def test_an_objection_that_is_upheld_ends_the_order(works) -> None:
    case = works.office.in_review()
    order = works.acknowledged(case)
    order = works.do(order, "raise_objection", "chief", grounds="该件已移送")
    with pytest.raises(ActionRefused, match="已经提出异议"):
        works.do(order, "raise_objection", "chief", grounds="再说一遍")
    order = works.do(order, "uphold_objection", "discipline", reason="确已移送")
    assert (order.stage, works.order(order).is_open) == ("dropped", False)
    assert works.propose(case).stage == "proposed"


@pytest.mark.parametrize(
    ("received", "until"),
    [("2026-09-04T09:00", "2026-10-08T17:30"), ("2026-03-02T09:00", "2026-04-01T17:30")],
)
def test_after_thirty_days_an_objection_is_a_petition_marked_late_that_suspends_nothing(
    works, received, until
) -> None:
    works.at(received)
    order = works.answered(works.office.in_review())
    assert works.office.due(order, "objection") == until
    with pytest.raises(ActionRefused, match="还在异议期内"):
        works.do(order, "petition", "chief", grounds="不服")
    works.office.now = at(until)
    works.office.tick()
    works.office.tick(f"{until[:-2]}31")
    with pytest.raises(ActionRefused, match="三十日"):
        works.do(order, "raise_objection", "chief", grounds="不服")
    order = works.do(order, "petition", "chief", grounds="不服")
    assert works.order(order).objections.get().late
    assert works.do(order, "confirm_answer", "watcher", opinion="属实").stage == "verified"


def test_whoever_does_not_acknowledge_has_received_it_when_the_time_for_it_is_over(works) -> None:
    order = works.sent(works.office.in_review())
    with pytest.raises(ActionRefused, match="签收以后"):
        works.do(order, "raise_objection", "chief", grounds="不服")
    works.office.tick("2026-03-03T17:31")
    assert works.office.due(order, "objection") == "2026-04-02T17:30"
    assert works.do(order, "raise_objection", "chief", grounds="不服").stage == "sent"


def test_what_is_demanded_stands_in_the_journal_and_names_no_person(works) -> None:
    order = works.propose(works.office.in_review())
    (event,) = events(facts.stream_of(order.number))
    assert event.body["data"]["demand"] == DEMAND
    assert event.type == "supervision.propose_order"


# ------------------------------------------------------------------------------------------- who may do what

OFFICE = {"approve_order", "send_order", "drop_order", "close_order", "approve_level", "decline_level"}
DECIDING = {"uphold_objection", "dismiss_objection"}
AGENCY = {"acknowledge", "answer"}
MAY = {
    "watcher": OFFICE
    | DECIDING
    | {"propose_order", "add_cause", "confirm_answer", "reject_answer", "propose_level"},
    "head_of_oversight": OFFICE | DECIDING,
    "centre": {"propose_order", "add_cause"},
    "discipline": DECIDING,
    "handler": AGENCY,
    "reporter": AGENCY,
    "chief": AGENCY | {"raise_objection", "petition"},
    "stranger": set(),
    "xiaoyu": set(),
    "publisher": set(),
}


@pytest.mark.parametrize("who", MAY)
def test_who_may_do_which_action_on_an_order_that_was_sent(works, who) -> None:
    state = facts.state_of(works.sent(works.office.in_review()))
    subject = works.office.people[who]
    people = [action for action in state.procedure.actions if not action.system]
    may = {action.code for action in people if may_act(subject, action.by, state.facts).allowed}
    assert may == MAY[who]
