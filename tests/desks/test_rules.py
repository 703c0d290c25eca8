"""The measure's own rules as tables: plain values in, problems or a sentence out."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from yukuaiban.core.limits import Limit
from yukuaiban.measures.desks import rules
from yukuaiban.measures.desks.rules import Approver, Bounds, Document, PauseGround, PauseWish, Remedies, Sheet

BOUNDS = Bounds(
    extension_cap=Limit.parse("10wd"),
    extension_count=1,
    site_check_staff=2,
    pause_outside_count=2,
    pause_outside_after=5,
    pause_leader_after=10,
    correction_count=1,
)
AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
TODAY = date(2026, 3, 4)


def fields(problems):
    return [each.field for each in problems]


# ------------------------------------------------------------------------------------------ publishing a sheet


def sheet(committed="10wd", statutory="20wd", **more):
    values = {"case_kind": "committed", "visit_count": 1, "visit_reason": "核对原件"} | more
    limits = {"committed_limit": committed, "statutory_limit": statutory}
    return Sheet(**values, **{name: Limit.parse(each) if each else None for name, each in limits.items()})


@pytest.mark.parametrize(
    ("committed", "statutory", "more", "wrong"),
    [
        ("10wd", "20wd", {}, []),
        ("20wd", "20wd", {}, []),
        ("21wd", "20wd", {}, ["committed_limit"]),
        (None, "20wd", {}, []),
        ("3wd", None, {}, []),
        (None, None, {}, []),
        # Different units are for a person to compare, in either direction.
        ("1wd", "90d", {}, ["committed_limit"]),
        ("4sh", "5wd", {}, ["committed_limit"]),
        ("1wd", "90d", {"word_given": True}, []),
        # The word of a person does not lift what can be compared.
        ("21wd", "20wd", {"word_given": True}, ["committed_limit"]),
        ("0wd", "5wd", {"case_kind": "on_the_spot"}, []),
        ("0wd", "5wd", {}, ["committed_limit"]),
        ("0d", None, {}, ["committed_limit"]),
        ("10wd", "20wd", {"visit_count": 0}, ["visit_count"]),
        ("10wd", "20wd", {"visit_count": 0, "online": True}, []),
        ("10wd", "20wd", {"visit_count": 0, "courier": True}, []),
        ("10wd", "20wd", {"visit_count": 2, "visit_reason": ""}, ["visit_reason"]),
        ("10wd", "20wd", {"visit_count": -1}, ["visit_count"]),
        ("10wd", "20wd", {"visit_count": 1, "online_only": True}, ["online_only"]),
        ("10wd", "20wd", {"visit_count": 0, "online_only": True}, []),
        ("10wd", "20wd", {"visit_count": None, "visit_reason": ""}, []),
        (
            "10wd",
            "20wd",
            {"documents": (Document("无犯罪记录证明", waived="区政办〔2025〕3 号"),)},
            ["materials"],
        ),
        ("10wd", "20wd", {"documents": (Document("证明", required=False, waived="区政办〔2025〕3 号"),)}, []),
        ("10wd", "20wd", {"documents": (Document("申请表"),)}, []),
        ("0wd", "90d", {"visit_count": 1, "visit_reason": ""}, ["committed_limit"] * 2 + ["visit_reason"]),
    ],
)
def test_a_sheet_is_published_only_if_it_promises_what_it_may(committed, statutory, more, wrong):
    found = rules.sheet_findings(sheet(committed, statutory, **more))
    assert fields(found) == wrong
    assert all(each.remedy for each in found)


@pytest.mark.parametrize(
    ("since", "until", "held"),
    [
        (date(2026, 3, 4), None, True),
        (date(2026, 3, 5), None, False),
        (date(2026, 1, 1), date(2026, 3, 4), False),
        (date(2026, 1, 1), date(2026, 3, 5), True),
    ],
)
def test_the_last_day_of_a_period_does_not_belong_to_it(since, until, held):
    assert rules.in_force(since, until, TODAY) is held


# ----------------------------------------------------------------------------------------- correction notice


@pytest.mark.parametrize(
    ("notices", "releases", "refused"),
    [(0, 0, False), (1, 0, True), (1, 1, False), (2, 1, True), (2, 2, False), (0, 1, False)],
)
def test_a_second_list_needs_a_release_of_its_own(notices, releases, refused):
    said = rules.second_notice_refusal(notices, releases, bounds=BOUNDS)
    assert bool(said) is refused
    assert ("已一次性告知" in said and "放行" in said) is refused


# ------------------------------------------------------------------------------------------------------ pause


def wish(**more):
    values = {
        "category": "expert_review",
        "basis": "行政许可法第四十五条",
        "notice_on": TODAY,
        "planned_end": LATER,
        "evidence": ("0" * 64,),
        "workdays": 4,
    }
    return PauseWish(**(values | more))


SURVEY = PauseGround("现场勘验", needs_sheet=True)
CAPPED = PauseGround("专家评审", cap_end=datetime(2026, 3, 9, tzinfo=UTC), cap_title="3 个工作日")


@pytest.mark.parametrize(
    ("asked", "ground", "pausable", "wrong"),
    [
        ({}, PauseGround("专家评审"), (), []),
        ({}, None, (), ["category"]),
        ({"category": "site_survey"}, SURVEY, (), ["category"]),
        ({"category": "site_survey"}, SURVEY, ("public_notice",), ["category"]),
        ({"category": "site_survey"}, SURVEY, ("site_survey",), []),
        ({"basis": ""}, PauseGround("专家评审"), (), ["basis"]),
        ({"evidence": ()}, PauseGround("专家评审"), (), ["evidence"]),
        ({"notice_on": date(2026, 3, 5)}, PauseGround("专家评审"), (), ["notice_on"]),
        ({"notice_on": date(2026, 3, 3)}, PauseGround("专家评审"), (), []),
        ({"planned_end": AT}, PauseGround("专家评审"), (), ["planned_end"]),
        ({}, CAPPED, (), ["planned_end"]),
        ({"planned_end": datetime(2026, 3, 9, tzinfo=UTC)}, CAPPED, (), []),
        (
            {"category": "site_survey", "basis": "", "evidence": ()},
            SURVEY,
            (),
            ["category", "basis", "evidence"],
        ),
    ],
)
def test_a_pause_is_asked_for_with_ground_basis_paper_and_end(asked, ground, pausable, wrong):
    found = rules.pause_problems(wish(**asked), ground, pausable, at=AT, today=TODAY)
    assert fields(found) == wrong


@pytest.mark.parametrize(
    ("earlier", "workdays", "outside", "leader"),
    [
        (0, 1, False, False),
        (0, 5, False, False),
        (0, 6, True, False),
        (1, 1, True, False),
        (0, 10, True, False),
        (0, 11, True, True),
        (1, 11, True, True),
    ],
)
def test_long_and_repeated_pauses_need_more_people(earlier, workdays, outside, leader):
    need = rules.pause_approval(earlier_pauses=earlier, workdays=workdays, bounds=BOUNDS)
    assert (need.outside, need.leader) == (outside, leader)


def person(ref="staff:2", agency="farm", *, agreed=False):
    return Approver(ref, agency, asked_by="staff:1", handling_agency="farm", leader_agreed=agreed)


@pytest.mark.parametrize(
    ("outside", "leader", "who", "said"),
    [
        (False, False, person(), ""),
        (False, False, person("staff:1"), "第二人"),
        # Whoever asked stays the same person in another agency.
        (True, False, person("staff:1", "oversight"), "第二人"),
        (True, False, person(), "其他单位"),
        (True, False, person(agency="oversight"), ""),
        (True, True, person(agency="oversight"), "负责人"),
        (True, True, person(agency="oversight", agreed=True), ""),
        (True, True, person(agreed=True), "其他单位"),
    ],
)
def test_the_approver_of_a_pause_is_the_right_person(outside, leader, who, said):
    refusal = rules.pause_approval_refusal(rules.PauseApproval(outside, leader), who)
    assert said in refusal
    assert bool(refusal) is bool(said)


# -------------------------------------------------------------------------------------------------- extension


@pytest.mark.parametrize(
    ("wanted", "running", "due_at", "earlier", "said"),
    [
        ("10wd", "20wd", LATER, 0, []),
        ("1wd", "20wd", LATER, 0, []),
        ("5wd", "20wd", AT, 0, []),
        ("11wd", "20wd", LATER, 0, ["最长"]),
        ("0wd", "20wd", LATER, 0, ["大于 0"]),
        ("5wd", "20wd", LATER, 1, ["已经延期"]),
        ("5wd", "20wd", datetime(2026, 3, 4, 0, 59, tzinfo=UTC), 0, ["届满"]),
        ("5d", "20wd", LATER, 0, ["单位", "最长"]),
        ("5wd", "30d", LATER, 0, ["单位"]),
        ("5wd", None, LATER, 0, ["没有正在计时"]),
        ("5wd", "20wd", None, 0, ["没有正在计时"]),
        ("11wd", "20wd", datetime(2026, 3, 1, tzinfo=UTC), 1, ["已经延期", "届满", "最长"]),
    ],
)
def test_an_extension_is_once_in_time_and_short(wanted, running, due_at, earlier, said):
    found = rules.extension_problems(
        Limit.parse(wanted),
        running=Limit.parse(running) if running else None,
        due_at=due_at,
        at=AT,
        earlier=earlier,
        bounds=BOUNDS,
    )
    assert len(found) == len(said)
    assert all(words in each.why for words, each in zip(said, found, strict=True))


# ---------------------------------------------------------------------------------------- decision, completion

BOTH = Remedies("望海区人民政府", "望海区人民法院")


@pytest.mark.parametrize(
    ("outcome", "reasons", "remedies", "checkers", "needed", "wrong"),
    [
        ("granted", "", Remedies("", ""), (), 0, []),
        ("denied", "不符合条件", BOTH, (), 0, []),
        ("denied", "", BOTH, (), 0, ["reasons"]),
        ("denied", "不符合条件", Remedies("", "法院"), (), 0, ["review_organ"]),
        ("denied", "不符合条件", Remedies("政府", ""), (), 0, ["court"]),
        ("denied", "", Remedies("", ""), (), 2, ["reasons", "review_organ", "court", "checkers"]),
        ("granted", "", BOTH, ("staff:1",), 2, ["checkers"]),
        ("granted", "", BOTH, ("staff:1", "staff:1"), 2, ["checkers"]),
        ("granted", "", BOTH, ("staff:1", "staff:2"), 2, []),
    ],
)
def test_a_decision_carries_reasons_remedies_and_checkers(
    outcome, reasons, remedies, checkers, needed, wrong
):
    found = rules.decision_problems(
        outcome, reasons=reasons, remedies=remedies, checkers=checkers, checks_needed=needed
    )
    assert fields(found) == wrong


@pytest.mark.parametrize(
    ("due", "at", "explained", "refused"),
    [
        (None, AT, False, False),
        (LATER, AT, False, False),
        (AT, AT, False, False),
        (AT, LATER, False, True),
        (AT, LATER, True, False),
    ],
)
def test_a_red_case_is_completed_only_with_an_explanation(due, at, explained, refused):
    said = rules.completion_refusal(committed_due=due, at=at, explained=explained)
    assert ("超时说明" in said) is refused
    assert bool(said) is refused


@pytest.mark.parametrize(
    ("text", "overdue", "wrong"),
    [
        ("系统切换停办两天，已恢复。", True, []),
        ("系统切换停办两天，已恢复。", False, ["clock"]),
        ("请联系 13812345678 查询", True, ["text"]),
        ("申请人 320721198506151238 补交", True, ["text"]),
        # A case number or a document number is no telephone.
        ("见〔2026〕31 号，办件 320707001220260302000177", True, []),
        ("值班电话 0518-86212345", True, []),
    ],
)
def test_an_explanation_names_nobody(text, overdue, wrong):
    assert fields(rules.explanation_problems(text, overdue=overdue)) == wrong


@pytest.mark.parametrize(("kind", "refused"), [("on_the_spot", False), ("committed", True), ("", True)])
def test_only_matters_of_that_kind_are_completed_on_the_spot(kind, refused):
    assert bool(rules.on_the_spot_refusal(kind)) is refused
