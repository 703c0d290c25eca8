"""Every action of the procedure: where it leads, where it is refused, and that the refusal names what is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from tests.cast import ON_THE_SPOT, SITE_CHECK, Office, at, fresh
from yukuaiban.cases.models import Case
from yukuaiban.core.errors import ActionRefused, InputInvalid, NotPermitted
from yukuaiban.measures.desks.actions import ACTIONS

CHECKERS = ("handler", "second")
REMEDIES = {"review_organ": "望海区人民政府", "court": "望海区人民法院"}
DENIAL = {"outcome": "denied", "reasons": "场地不符合条件", **REMEDIES}


def asked(office: Office, case: Case) -> None:
    office.do(case, "ask_supplement", "xiaoyu", gaps=["营业执照", "场地说明"])


def decided(office: Office, case: Case) -> None:
    office.do(
        case, "decide", "handler", outcome="granted", checkers=[office.people[who].ref for who in CHECKERS]
    )


def completed(office: Office, case: Case) -> None:
    decided(office, case)
    office.do(case, "complete", "handler", result_no="望农许〔2026〕1号")


def delivered(office: Office, case: Case) -> None:
    completed(office, case)
    office.do(case, "deliver", "xiaoyu", receiver="王海")


WAYS: Mapping[str, tuple[bool, Callable[[Office, Case], None]]] = {
    "received": (False, lambda _office, _case: None),
    "supplement_asked": (False, asked),
    "admitted": (False, lambda office, case: office.do(case, "admit", "xiaoyu") and None),
    "in_review": (True, lambda _office, _case: None),
    "decided": (True, decided),
    "completed": (True, completed),
    "delivered": (True, delivered),
    "withdrawn": (False, lambda office, case: office.do(case, "withdraw", "xiaoyu") and None),
    "refused": (False, lambda office, case: office.do(case, "refuse", "handler", **REFUSAL) and None),
}
REFUSAL = {"reason": "不属于本机关职权", "right_organ": "无", **REMEDIES}


def at_stage(office: Office, stage: str) -> Case:
    """A case that has come to that stage by the front door."""
    review, go_on = WAYS[stage]
    case = office.in_review() if review else office.receive()
    go_on(office, case)
    case = fresh(case)
    assert case.stage == stage
    return case


# action -> who may, with which data; requests and their answers are in test_pauses and test_extensions.
PLAIN: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "ask_supplement": ("xiaoyu", {"gaps": ["章程"]}),
    "supplement": ("xiaoyu", {"materials": ["章程"]}),
    "admit": ("xiaoyu", {}),
    "refuse": ("handler", REFUSAL),
    "no_permit_needed": ("handler", {"reason": "自用渔船不需要许可"}),
    "redirect": ("handler", {"reason": "属海事职权", "right_organ": "海事局"}),
    "hand_over": ("xiaoyu", {}),
    "decide": ("handler", DENIAL),
    "complete": ("handler", {}),
    "deliver": ("xiaoyu", {"method": "courier", "courier_no": "SF1"}),
    "withdraw": ("xiaoyu", {"reason": "不办了"}),
    "release_supplement": ("chief", {"reason": "申请人变更了场地"}),
    "request_extension": ("handler", {"limit": "5wd", "reason": "须复核"}),
    "resume": ("handler", {}),
}
REACHED = [
    ("received", "ask_supplement", "supplement_asked"),
    ("supplement_asked", "supplement", "received"),
    ("received", "admit", "admitted"),
    ("received", "refuse", "refused"),
    ("received", "no_permit_needed", "no_permit_needed"),
    ("received", "redirect", "redirected"),
    ("admitted", "hand_over", "in_review"),
    ("decided", "complete", "completed"),
    ("completed", "deliver", "delivered"),
    ("received", "withdraw", "withdrawn"),
    ("supplement_asked", "withdraw", "withdrawn"),
    ("admitted", "withdraw", "withdrawn"),
    ("in_review", "withdraw", "withdrawn"),
    ("admitted", "request_extension", "admitted"),
    ("in_review", "request_extension", "in_review"),
]


@pytest.mark.parametrize(("stage", "action", "leads_to"), REACHED)
def test_an_action_leads_where_the_procedure_says(
    office: Office, stage: str, action: str, leads_to: str
) -> None:
    who, data = PLAIN[action]
    case = at_stage(office, stage)
    assert office.do(case, action, who, **data).stage == leads_to
    running = [each.code for each in office.state(case).clocks if each.running]
    final = office.state(case).procedure.stage(leads_to).final
    assert (fresh(case).closed_at is not None) is final
    assert not (final and running)


@pytest.mark.parametrize("stage", WAYS)
def test_an_action_at_a_wrong_stage_is_refused_and_names_what_is_open(office: Office, stage: str) -> None:
    case = at_stage(office, stage)
    procedure = office.state(case).procedure
    open_here = {each.code: each.title for each in procedure.open_actions(stage)}
    closed = [action for action in PLAIN if action not in open_here]
    assert closed
    for action in closed:
        who, data = PLAIN[action]
        with pytest.raises(ActionRefused) as refused:
            office.do(case, action, who, **data)
        assert dict(refused.value.open) == open_here
        assert all(title in refused.value.message for title in open_here.values())
    assert fresh(case).seq == case.seq


def test_every_action_of_the_procedure_is_registered_and_tried_somewhere(office: Office) -> None:
    procedure = office.state(office.receive()).procedure
    assert {each.code for each in procedure.actions} == set(ACTIONS)
    elsewhere = {"receive", "deem_admit", "assign", "complete_on_the_spot", "request_pause", "endorse_pause"}
    elsewhere |= {"pause", "decline_pause", "extend", "decline_extension", "explain_overrun", "add_evidence"}
    assert set(PLAIN) | elsewhere == set(ACTIONS)


# --------------------------------------------------------------------------------------------------- intake


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"matter": "S-9999"}, "matter"),
        ({"matter": "S-0012"}, "matter"),  # ended on the last day of 2025
        ({"desk": "main-99"}, "desk"),
        ({"desk": "main-03"}, "desk"),  # takes other matters
        ({"desk": "main-04"}, "desk"),  # merged away on 2026-01-01
        ({"phone": "123"}, "phone"),
        ({"phone": ""}, "phone"),
        ({"resident_id": "320707198506151230X"}, "resident_id"),
        ({"uscc": "91320707MA1ABCDE0X"}, "uscc"),
        ({"applicant": " \u200b "}, "applicant"),
    ],
)
def test_what_is_wrong_with_an_intake_is_named_by_field(
    office: Office, data: dict[str, str], field: str
) -> None:
    with pytest.raises(InputInvalid) as refused:
        office.receive(**({"matter": "S-0007"} | data))
    assert field in [each.field for each in refused.value.problems]
    assert Case.objects.count() == 0


def test_every_fault_of_an_intake_is_told_at_once(office: Office) -> None:
    with pytest.raises(InputInvalid) as refused:
        office.receive("S-9999", desk="main-99", phone="1", uscc="91320707MA1ABCDE0X")
    assert {each.field for each in refused.value.problems} == {"matter", "desk", "phone", "uscc"}


def test_the_sheet_of_the_day_counts_however_late_the_case_is_typed(office: Office) -> None:
    case = office.at("2026-03-02T09:00").receive("S-0001")
    assert case.desk_case.sheet.committed_limit == "10wd"
    assert office.state(case).facts["sheet"] == 2
    old = office.at("2025-12-31T09:00").receive("S-0001")
    assert old.desk_case.sheet.committed_limit == "15wd"


# -------------------------------------------------------------------------------------------- one list, once


def test_a_second_list_takes_the_leaders_release_and_counts_as_repeated(office: Office) -> None:
    case = at_stage(office, "supplement_asked")
    office.do(case, "supplement", "xiaoyu", materials=["营业执照"])
    assert not fresh(case).desk_case.repeat_notice
    with pytest.raises(NotPermitted):
        office.do(case, "release_supplement", "xiaoyu", reason="还差一份")
    office.do(case, "release_supplement", "chief", reason="申请人变更了场地")
    with pytest.raises(ActionRefused, match="不需要放行"):
        office.do(case, "release_supplement", "chief", reason="再放一次")
    asked(office, case)
    assert fresh(case).desk_case.repeat_notice
    office.do(case, "supplement", "xiaoyu", materials=["章程"])
    with pytest.raises(ActionRefused, match="已一次性告知"):
        asked(office, case)


def test_a_release_before_any_list_is_refused(office: Office) -> None:
    with pytest.raises(ActionRefused, match="不需要放行"):
        office.do(office.receive(), "release_supplement", "chief", reason="备用")


def test_a_supplement_lies_with_what_came_first(office: Office) -> None:
    case = office.receive(materials=["申请表"])
    asked(office, case)
    assert fresh(case).desk_case.gaps == ["营业执照", "场地说明"]
    office.do(case, "supplement", "xiaoyu", materials=["营业执照", "场地说明"])
    own = fresh(case).desk_case
    assert (own.materials, own.gaps) == (["申请表", "营业执照", "场地说明"], [])


# ------------------------------------------------------------------------------------- refusals and decisions


@pytest.mark.parametrize("missing", ["reason", "right_organ", "review_organ", "court"])
def test_a_refusal_to_admit_carries_reason_right_organ_and_remedies(office: Office, missing: str) -> None:
    data = {name: value for name, value in REFUSAL.items() if name != missing}
    case = office.receive()
    with pytest.raises(InputInvalid) as refused:
        office.do(case, "refuse", "handler", **data)
    assert [each.field for each in refused.value.problems] == [missing]
    with pytest.raises(InputInvalid, match="不能为空"):
        office.do(case, "refuse", "handler", **(REFUSAL | {missing: "  "}))


@pytest.mark.parametrize("missing", ["reasons", "review_organ", "court"])
def test_a_denial_carries_reasons_and_remedies(office: Office, missing: str) -> None:
    case = office.in_review("S-0006")
    with pytest.raises(InputInvalid) as refused:
        office.do(
            case, "decide", "handler", **{name: value for name, value in DENIAL.items() if name != missing}
        )
    assert missing in [each.field for each in refused.value.problems]
    office.do(case, "decide", "handler", **DENIAL)
    (paper,) = fresh(case).papers.filter(kind="denial")
    assert paper.data == {name: DENIAL[name] for name in ("reasons", "review_organ", "court")}


def test_a_site_check_takes_two_different_persons(office: Office) -> None:
    case = office.in_review(SITE_CHECK)
    for people in ([], ["handler"], ["handler", "handler"]):
        checkers = [office.people[who].ref for who in people]
        with pytest.raises(InputInvalid, match="核查人员不足 2 人"):
            office.do(case, "decide", "handler", outcome="granted", checkers=checkers)
    decided(office, case)
    assert fresh(case).stage == "decided"
    plain = office.in_review("S-0006")
    assert office.do(plain, "decide", "handler", outcome="granted").stage == "decided"


# ------------------------------------------------------------------------------------------------ on the spot


def test_an_on_the_spot_matter_is_done_while_the_applicant_waits(office: Office) -> None:
    case = office.receive(ON_THE_SPOT)
    assert office.state(case).limits["committed"]["limit"] == "0wd"
    assert office.do(case, "complete_on_the_spot", "xiaoyu", outcome="granted").stage == "completed"
    assert office.do(case, "deliver", "xiaoyu").stage == "delivered"
    with pytest.raises(ActionRefused, match="承诺件"):
        office.do(office.receive(), "complete_on_the_spot", "xiaoyu", outcome="granted")


def test_a_denial_on_the_spot_carries_its_parts_too(office: Office) -> None:
    case = office.receive(ON_THE_SPOT)
    with pytest.raises(InputInvalid) as refused:
        office.do(case, "complete_on_the_spot", "xiaoyu", outcome="denied")
    assert [each.field for each in refused.value.problems] == ["reasons", "review_organ", "court"]
    assert office.do(case, "complete_on_the_spot", "xiaoyu", **DENIAL).stage == "completed"


# --------------------------------------------------------------------------------------------------- overruns


def test_a_red_case_is_not_completed_before_it_is_explained_in_public(office: Office) -> None:
    case = office.in_review()
    with pytest.raises(InputInvalid, match="没有超时"):
        office.do(case, "explain_overrun", "handler", text="系统切换停办两天")
    office.at("2026-03-17T09:00")
    decided(office, case)
    with pytest.raises(ActionRefused, match="超时说明") as refused:
        office.do(case, "complete", "handler")
    assert "explain_overrun" in dict(refused.value.open)
    with pytest.raises(InputInvalid, match="个人信息"):
        office.do(case, "explain_overrun", "handler", text="王海电话 13812345678 未接")
    office.do(case, "explain_overrun", "handler", text="检测机构设备检修，检测报告晚到一天。")
    assert office.do(case, "complete", "handler").stage == "completed"
    (told,) = fresh(case).explanations.all()
    assert (told.clock, told.agency, told.due_at) == ("committed", "sp-0002", at("2026-03-16T17:30"))


def test_at_the_due_moment_itself_nothing_needs_explaining(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-16T17:30")
    decided(office, case)
    assert office.do(case, "complete", "handler").stage == "completed"


def test_red_starts_the_clock_of_the_explanation(office: Office) -> None:
    case = office.in_review()
    office.tick("2026-03-16T18:00")
    assert office.due(case, "overdue_explanation") == "2026-03-17T17:30"


# ----------------------------------------------------------------------------- assigning, evidence, deemed admission


def test_a_case_is_assigned_to_a_handler_of_the_house(office: Office) -> None:
    case = office.in_review()
    for who in ("stranger", "chief", "xiaoyu"):
        with pytest.raises(InputInvalid, match="不是承办单位的经办人"):
            office.do(case, "assign", "chief", handler=office.people[who].ref)
    office.do(case, "assign", "chief", handler=office.second.ref)
    assert fresh(case).handler == office.second.ref


def test_evidence_that_is_not_stored_with_this_case_is_refused(office: Office) -> None:
    case, other = office.in_review(), office.in_review()
    foreign = office.paper(other)
    with pytest.raises(InputInvalid, match="没有存入本办件"):
        office.do(case, "add_evidence", "handler", evidence=[foreign])
    own = office.paper(case)
    office.do(case, "add_evidence", "handler", evidence=[own])
    assert office.state(case).counts["add_evidence"] == 1


def test_silence_after_a_supplement_is_deemed_admission_too(office: Office) -> None:
    case = at_stage(office, "supplement_asked")
    office.at("2026-03-10T09:00").do(case, "supplement", "xiaoyu", materials=["营业执照"])
    office.tick("2026-03-18T09:00")
    assert (fresh(case).stage, fresh(case).deemed_admitted) == ("admitted", True)


def test_an_admitted_case_is_never_deemed_admitted(office: Office) -> None:
    case = at_stage(office, "admitted")
    office.tick("2026-03-20T09:00")
    assert not fresh(case).deemed_admitted
    with pytest.raises(NotPermitted, match="只由系统"):
        office.do(case, "deem_admit", "chief")
