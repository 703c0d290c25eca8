"""Extensions of the statutory limit: once, at most ten working days, before it has run out, by the leader."""

from __future__ import annotations

import pytest

from tests.cast import Office, fresh
from yukuaiban.cases.models import Case, Clock
from yukuaiban.core.errors import ActionRefused, InputInvalid, NotPermitted

REASON = "须现场核实的水域在封冻期"


def wish(office: Office, case: Case, limit: str = "10wd", reason: str = REASON) -> None:
    office.do(case, "request_extension", "handler", limit=limit, reason=reason)


def test_the_leader_grants_what_the_handler_asked_for_and_the_applicant_is_told(office: Office) -> None:
    case = office.in_review()
    wish(office, case, "5wd")
    for who in ("second", "stranger", "xiaoyu", "watcher"):
        with pytest.raises(NotPermitted):
            office.do(case, "extend", who)
    office.do(case, "extend", "chief", opinion="情况属实")
    assert office.due(case, "statutory") == "2026-04-07T17:30"
    row = Clock.objects.get(case=case, code="statutory")
    assert row.original_due_at is not None
    assert row.original_due_at != row.due_at
    (paper,) = fresh(case).papers.filter(kind="extension")
    assert paper.data["limit"] == "5wd"


def test_there_is_one_extension_and_no_more(office: Office) -> None:
    case = office.in_review()
    wish(office, case, "1wd")
    office.do(case, "extend", "chief")
    with pytest.raises(InputInvalid, match="已经延期一次"):
        wish(office, case, "1wd")


@pytest.mark.parametrize(
    ("limit", "why"),
    [
        ("11wd", "最长只能延长"),
        ("0wd", "大于 0"),
        ("5d", "单位"),
        ("five", "不是时限"),
        ("1000000wd", "最长"),
    ],
)
def test_what_may_not_be_asked_for_is_refused_at_its_field(office: Office, limit: str, why: str) -> None:
    case = office.in_review()
    with pytest.raises(InputInvalid, match=why) as refused:
        wish(office, case, limit)
    assert {each.field for each in refused.value.problems} == {"limit"}


def test_no_extension_without_a_reason(office: Office) -> None:
    with pytest.raises(InputInvalid) as refused:
        wish(office, office.in_review(), reason="")
    assert [each.field for each in refused.value.problems] == ["reason"]


def test_after_expiry_nothing_is_extended_not_even_what_was_asked_for_in_time(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-30T17:30")
    wish(office, case)
    office.at("2026-03-31T09:00")
    with pytest.raises(InputInvalid, match="已经届满"):
        office.do(case, "extend", "chief")
    late = office.at("2026-03-02T09:00").in_review()
    office.at("2026-03-31T09:00")
    with pytest.raises(InputInvalid, match="已经届满"):
        wish(office, late)


def test_a_declined_wish_may_be_asked_again_and_was_no_extension(office: Office) -> None:
    case = office.in_review()
    wish(office, case)
    with pytest.raises(NotPermitted):
        office.do(case, "decline_extension", "handler", reason="不必")
    with pytest.raises(InputInvalid):
        office.do(case, "decline_extension", "chief")
    office.do(case, "decline_extension", "chief", reason="材料已齐，不需要延期")
    with pytest.raises(ActionRefused, match="没有待批准的申请"):
        office.do(case, "extend", "chief")
    wish(office, case, "3wd")
    office.do(case, "extend", "chief")
    assert office.due(case, "statutory") == "2026-04-02T17:30"
