"""Pauses: which clocks stop, with which paper, by whose word (security.md T5: a false pause)."""

from __future__ import annotations

import pytest

from tests.cast import PERMIT, ZONE, Office, at, fresh
from yukuaiban.cases.models import Case, Clock
from yukuaiban.core.errors import ActionRefused, InputInvalid, NotPermitted
from yukuaiban.measures.desks.models import Paper

STATUTORY = (
    "hearing",
    "tender",
    "auction",
    "inspection",
    "testing",
    "quarantine",
    "appraisal",
    "expert_review",
)
OTHER = ("site_survey", "technical_review", "public_notice", "supplement", "superior_reply")
TIDAL_FLATS = "S-0010"  # its sheet lets a reply from above stop the committed limit


def ask(office: Office, case: Case, until: str, **more: object) -> None:
    data: dict[str, object] = {
        "category": "expert_review",
        "basis": "行政许可法第四十五条",
        "notice_on": office.now.astimezone(ZONE).date().isoformat(),
        "planned_end": at(until).isoformat(),
    }
    data |= more
    if "evidence" not in data:
        data["evidence"] = [office.paper(case)]
    office.do(case, "request_pause", "handler", **data)


def paused(case: Case) -> set[str]:
    return set(Clock.objects.filter(case=case, paused_since__isnull=False).values_list("code", flat=True))


@pytest.mark.parametrize("category", STATUTORY)
def test_the_eight_statutory_causes_stop_both_clocks(office: Office, category: str) -> None:
    case = office.in_review()
    office.at("2026-03-04T09:00")
    ask(office, case, "2026-03-06T17:30", category=category)
    office.do(case, "pause", "chief")
    assert paused(case) == {"committed", "statutory"}
    assert office.due(case, "committed") == "2026-03-18T17:30"
    assert office.due(case, "statutory") == "2026-04-01T17:30"


@pytest.mark.parametrize("category", OTHER)
def test_other_causes_stop_the_promise_alone_and_only_where_the_sheet_says_so(
    office: Office, category: str
) -> None:
    named = office.in_review(TIDAL_FLATS if category == "superior_reply" else PERMIT)
    before = office.due(named, "statutory")
    office.at("2026-03-04T09:00")
    ask(office, named, "2026-03-06T17:30", category=category)
    office.do(named, "pause", "chief")
    assert paused(named) == {"committed"}
    assert office.due(named, "statutory") == before
    unnamed = office.in_review("S-0006")
    with pytest.raises(InputInvalid, match="没有约定"):
        ask(office, unnamed, "2026-03-06T17:30", category=category)


def test_the_lists_of_this_test_are_all_causes_of_the_procedure(office: Office) -> None:
    causes = office.state(office.receive()).procedure.pause_categories
    assert {each.code for each in causes if "statutory" in each.stops} == set(STATUTORY)
    assert {each.code for each in causes if each.needs_sheet} == set(OTHER)
    assert len(causes) == len(STATUTORY) + len(OTHER)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"category": "lunch"}, "category"),
        ({"basis": " "}, "basis"),
        ({"evidence": []}, "evidence"),
        ({"evidence": ["0" * 64]}, "evidence"),
        ({"notice_on": "2026-03-05"}, "notice_on"),
        ({"planned_end": "2026-03-04T08:00:00+08:00"}, "planned_end"),
        ({"planned_end": "2026-03-09T17:30:00"}, "planned_end"),
    ],
)
def test_a_pause_without_ground_paper_or_end_is_not_asked_for(
    office: Office, more: dict[str, object], field: str
) -> None:
    case = office.in_review()
    office.at("2026-03-04T09:00")
    with pytest.raises(InputInvalid) as refused:
        ask(office, case, "2026-03-06T17:30", **more)
    assert field in [each.field for each in refused.value.problems]
    assert "request_pause" not in office.state(case).requests


def test_whoever_asked_neither_approves_nor_declines_nor_agrees(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-04T09:00")
    ask(office, case, "2026-03-06T17:30")
    for action, data in (("pause", {}), ("decline_pause", {"reason": "不必"})):
        with pytest.raises(NotPermitted, match="第二人"):
            office.do(case, action, "handler", **data)
    assert paused(case) == set()
    office.do(case, "pause", "second")
    assert paused(case) == {"committed", "statutory"}
    assert Paper.objects.get(case=case, kind=Paper.Kind.PAUSE).data["category"] == "专家评审"


def test_a_pause_of_more_than_five_days_needs_somebody_of_another_agency(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-04T09:00")
    ask(office, case, "2026-03-12T17:30")
    for who in ("second", "chief"):
        with pytest.raises(NotPermitted, match="其他单位"):
            office.do(case, "pause", who)
    with pytest.raises(NotPermitted, match="区农业农村局"):
        office.do(case, "pause", "stranger")
    office.do(case, "pause", "watcher")
    assert paused(case) == {"committed", "statutory"}


def test_a_pause_of_exactly_five_days_is_granted_in_the_house(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-04T09:00")
    ask(office, case, "2026-03-11T17:30")
    office.do(case, "pause", "second")
    assert paused(case) == {"committed", "statutory"}


def test_a_second_pause_needs_somebody_of_another_agency_however_short(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-03T09:00").pause(case, "2026-03-04T17:30")
    office.at("2026-03-04T09:00").do(case, "resume", "handler")
    office.at("2026-03-05T09:00")
    ask(office, case, "2026-03-05T17:30")
    with pytest.raises(NotPermitted, match="其他单位"):
        office.do(case, "pause", "chief")
    office.do(case, "pause", "watcher")
    assert office.state(case).counts["pause"] == 2


def test_a_pause_of_more_than_ten_days_needs_the_leader_as_well(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-04T09:00")
    ask(office, case, "2026-03-23T17:30")
    with pytest.raises(NotPermitted, match="负责人"):
        office.do(case, "pause", "watcher")
    with pytest.raises(NotPermitted):
        office.do(case, "endorse_pause", "second")
    office.do(case, "endorse_pause", "chief", opinion="情况属实")
    with pytest.raises(NotPermitted, match="其他单位"):
        office.do(case, "pause", "chief")
    office.do(case, "pause", "watcher")
    assert paused(case) == {"committed", "statutory"}


def test_an_old_word_of_the_leader_does_not_cover_a_new_request(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-04T09:00")
    ask(office, case, "2026-03-23T17:30")
    office.do(case, "endorse_pause", "chief")
    office.do(case, "decline_pause", "watcher", reason="告知书日期不清")
    office.at("2026-03-04T10:00")
    ask(office, case, "2026-03-24T17:30")
    with pytest.raises(NotPermitted, match="负责人"):
        office.do(case, "pause", "watcher")


def test_there_is_nothing_to_agree_to_approve_or_decline_before_somebody_asked(office: Office) -> None:
    case = office.in_review()
    with pytest.raises(ActionRefused, match="没有等待批准"):
        office.do(case, "endorse_pause", "chief")
    for action, data in (("pause", {}), ("decline_pause", {"reason": "不必"})):
        with pytest.raises(ActionRefused, match="申请"):
            office.do(case, action, "chief", **data)


def test_one_request_at_a_time_and_no_pause_inside_a_pause(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-04T09:00")
    ask(office, case, "2026-03-06T17:30")
    with pytest.raises(ActionRefused, match="已有一份暂停申请"):
        ask(office, case, "2026-03-06T17:30", category="testing")
    office.do(case, "pause", "chief")
    with pytest.raises(ActionRefused, match="正在暂停"):
        ask(office, case, "2026-03-06T17:30", category="testing")


def test_a_request_whose_end_has_gone_by_is_not_granted_any_more(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-04T09:00")
    ask(office, case, "2026-03-06T17:30")
    office.at("2026-03-09T09:00")
    with pytest.raises(ActionRefused, match="已经过去"):
        office.do(case, "pause", "chief")


def test_in_the_last_tenth_of_the_limit_one_person_never_suffices(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-16T15:00")
    ask(office, case, "2026-03-17T17:30")
    with pytest.raises(NotPermitted, match="第二人"):
        office.do(case, "pause", "handler")
    assert paused(case) == set()
    office.do(case, "pause", "second")
    assert paused(case) == {"committed", "statutory"}


def test_every_pause_ends_by_itself_and_an_early_end_counts(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-04T09:00").pause(case, "2026-03-06T17:30")
    assert office.due(case) == "2026-03-18T17:30"
    office.tick("2026-03-09T09:00")
    assert paused(case) == set()
    assert office.due(case) == "2026-03-18T17:30"
    with pytest.raises(ActionRefused, match="没有暂停中的时限"):
        office.do(case, "resume", "handler")
    again = office.in_review("S-0006")
    office.pause(again, "2026-03-13T17:30", by="chief")
    office.at("2026-03-10T09:00").do(again, "resume", "chief")
    assert paused(again) == set()
    assert fresh(again).stage == "in_review"


@pytest.mark.parametrize("stage", ["received", "supplement_asked", "decided", "completed"])
def test_a_pause_belongs_to_admitted_cases_under_review(office: Office, stage: str) -> None:
    case = office.receive() if stage in ("received", "supplement_asked") else office.in_review()
    if stage == "supplement_asked":
        office.do(case, "ask_supplement", "xiaoyu", gaps=["章程"])
    if stage in ("decided", "completed"):
        office.do(
            case, "decide", "handler", outcome="granted", checkers=[office.handler.ref, office.second.ref]
        )
    if stage == "completed":
        office.do(case, "complete", "handler")
    with pytest.raises(ActionRefused) as refused:
        ask(office, case, "2026-03-06T17:30")
    assert "request_pause" not in dict(refused.value.open)
    assert refused.value.open
