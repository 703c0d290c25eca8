"""The one door: what gets through, what is refused, and that a refusal leaves nothing behind."""

from __future__ import annotations

import json

import pytest

from tests.cast import HALL, PERMIT, Office, at, fresh
from yukuaiban.cases.acting import act
from yukuaiban.cases.models import Answer, Applicant, Case, CaseCountDelta, Clock
from yukuaiban.cases.rebuilding import fold_differences
from yukuaiban.core.errors import (
    ActionRefused,
    CaseMoved,
    InputInvalid,
    KeyReused,
    NotPermitted,
    Refused,
)
from yukuaiban.journal.models import JournalEvent
from yukuaiban.journal.reading import events, secret
from yukuaiban.journal.verifying import verify


def stream(case: Case) -> str:
    return f"case:{case.number}"


def test_receiving_gives_a_number_a_query_code_a_clock_and_a_sealed_applicant(office: Office) -> None:
    case = office.receive()
    assert case.number.startswith("9901010002" + "20260302")
    assert len(case.number) == 24
    assert len(case.query_code) == 6
    assert case.stage == "received"
    assert office.due(case, "correction") == "2026-03-09T17:30"
    first = next(events(stream(case)))
    assert "江苏渔海" not in json.dumps(first.body, ensure_ascii=False)
    sealed = secret(first.uid)
    assert sealed is not None
    assert sealed["applicant"] == "江苏渔海养殖有限公司"
    assert Applicant.objects.get(case=case).phone == "19900001234"


def test_clocks_of_an_admitted_case_are_those_of_its_sheet(office: Office) -> None:
    case = office.in_review()
    assert office.due(case, "committed") == "2026-03-16T17:30"
    assert office.due(case, "statutory") == "2026-03-30T17:30"
    assert fold_differences(stream(case), list(events(stream(case)))) == []


def test_the_same_request_twice_gets_the_first_answer_and_writes_nothing(office: Office) -> None:
    case = office.receive()
    first = office.do(case, "admit", "xiaoyu", key="k-1")
    count = JournalEvent.objects.count()
    again = office.do(case, "admit", "xiaoyu", key="k-1")
    assert (again.number, again.seq, again.stage) == (first.number, first.seq, first.stage)
    assert again.replayed
    assert JournalEvent.objects.count() == count


def test_opening_twice_with_one_key_opens_one_case(office: Office) -> None:
    one, two = office.receive(key="k-open"), office.receive(key="k-open")
    assert one.pk == two.pk
    assert Case.objects.count() == 1


def test_a_key_with_other_content_is_refused(office: Office) -> None:
    case = office.receive()
    office.do(case, "ask_supplement", "xiaoyu", key="k-2", gaps=["营业执照"])
    with pytest.raises(KeyReused, match="内容不同"):
        office.do(case, "ask_supplement", "xiaoyu", key="k-2", gaps=["章程"])


def test_two_clerks_at_once_one_wins_the_other_is_told(office: Office) -> None:
    case = office.receive()
    seen = case.seq
    act(case, "admit", subject=office.xiaoyu, data={}, key=None, pen=office.pen, expected_seq=seen)
    with pytest.raises(CaseMoved, match="刚刚被别人办理"):
        act(case, "admit", subject=office.colleague, data={}, key=None, pen=office.pen, expected_seq=seen)


def test_an_action_not_open_names_those_that_are(office: Office) -> None:
    case = office.receive()
    with pytest.raises(ActionRefused) as refused:
        office.do(case, "complete", "handler")
    assert "admit" in dict(refused.value.open)
    assert "现在可以办理" in refused.value.message


def test_somebody_of_another_agency_is_refused_with_the_reason(office: Office) -> None:
    case = office.in_review()
    with pytest.raises(NotPermitted, match="区农业农村局"):
        office.do(case, "decide", "stranger", outcome="granted")


@pytest.mark.parametrize(
    ("action", "data", "field"),
    [
        ("ask_supplement", {"gaps": []}, "gaps"),
        ("ask_supplement", {"gaps": ["章程"], "surprise": 1}, "surprise"),
        ("refuse", {}, "reason"),
    ],
)
def test_wrong_values_name_their_field(office: Office, action: str, data: dict, field: str) -> None:
    case = office.receive()
    who = "handler" if action == "refuse" else "xiaoyu"
    with pytest.raises(InputInvalid) as refused:
        office.do(case, action, who, **data)
    assert field in [problem.field for problem in refused.value.problems]


def test_a_refusal_leaves_nothing_behind(office: Office) -> None:
    case = office.in_review()
    before = (
        JournalEvent.objects.count(),
        Answer.objects.count(),
        CaseCountDelta.objects.count(),
        fresh(case).seq,
    )
    with pytest.raises(Refused):
        office.do(case, "extend", "chief", key="k-3")
    after = (
        JournalEvent.objects.count(),
        Answer.objects.count(),
        CaseCountDelta.objects.count(),
        fresh(case).seq,
    )
    assert after == before


def test_what_time_has_brought_is_recorded_before_the_action(office: Office) -> None:
    """No worker ran for weeks; the action still finds the case warned and overdue, at the true moments."""
    case = office.in_review()
    office.at("2026-03-18T09:00")
    with pytest.raises(ActionRefused, match="阶段"):
        office.do(case, "deliver", "xiaoyu")
    assert [each.type for each in events(stream(case))][-1] == "desks.hand_over"
    office.do(case, "assign", "chief", handler=office.handler.ref)
    found = [(each.type, each.occurred_at) for each in events(stream(case)) if each.type.startswith("clock.")]
    assert ("clock.warned", at("2026-03-11T17:30")) in found
    assert ("clock.overdue", at("2026-03-16T17:30")) in found
    assert [moment for _, moment in found] == sorted(moment for _, moment in found if moment)


def test_nothing_told_for_five_working_days_is_deemed_admitted_as_of_receipt(office: Office) -> None:
    case = office.at("2026-04-30T10:00").receive()
    office.tick("2026-05-12T09:00")
    case = fresh(case)
    assert case.stage == "admitted"
    assert case.deemed_admitted
    assert office.due(case, "committed") == "2026-05-18T17:30"


def test_paper_intake_may_state_an_earlier_start_and_only_that(office: Office) -> None:
    done = act(
        None,
        "receive",
        procedure="desks",
        subject=office.xiaoyu,
        data={"matter": PERMIT, "desk": "main-01", "applicant": "王海", "phone": "19900001234"},
        key=None,
        pen=office.pen,
        occurred_at=at("2026-02-27T16:00"),
        reason="周五下午纸质收件",
        second_actor=office.colleague.ref,
    )
    case = Case.objects.get(number=done.number)
    assert case.opened_at == at("2026-02-27T16:00")
    assert case.late_entered
    for stated, words in ((at("2026-03-02T10:00"), "在将来"), (at("2026-02-26T10:00"), "上一个经过")):
        with pytest.raises(InputInvalid, match=words):
            act(case, "admit", subject=office.xiaoyu, data={}, key=None, pen=office.pen, occurred_at=stated)
    with pytest.raises(Refused, match="不能补录"):
        act(
            case,
            "admit",
            subject=office.xiaoyu,
            data={},
            key=None,
            pen=office.pen,
            occurred_at=at("2026-02-28T10:00"),
        )


def test_case_numbers_run_by_agency_and_day_and_none_is_given_twice(office: Office) -> None:
    numbers = [office.receive().number for _ in range(3)]
    assert [number[18:23] for number in numbers] == ["00001", "00002", "00003"]
    office.at("2026-03-03T09:00")
    assert office.receive().number[18:23] == "00001"


def test_the_worker_alone_does_what_belongs_to_the_worker(office: Office) -> None:
    case = office.receive()
    with pytest.raises(NotPermitted, match="只由系统"):
        office.do(case, "deem_admit", "chief")


def test_verify_is_green_after_a_busy_day_and_finds_a_painted_row(office: Office) -> None:
    case = office.in_review()
    office.tick("2026-03-18T09:00")
    assert verify(folds={"case:": fold_differences}).ok
    Clock.objects.filter(case=case, code="committed").update(due_at=at("2026-04-30T17:30"))
    report = verify(folds={"case:": fold_differences})
    assert not report.ok
    assert set(report.faults) == {"fold"}
    assert report.first is not None
    assert report.first.stream == stream(case)


def test_receiving_agency_is_the_clerks_own(office: Office) -> None:
    assert office.receive().receiving_agency == HALL
