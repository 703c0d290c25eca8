"""Two clerks have the same case open: one wins, the other is told what happened meanwhile."""

from __future__ import annotations

from tests.journeys.hall import Hall, words


def test_the_second_clerk_sees_what_happened_meanwhile(hall: Hall) -> None:
    case = hall.received()
    mine = hall.hidden("xiaoyu", "case_act", case.number, "admit")
    theirs = hall.hidden("colleague", "case_act", case.number, "ask_supplement")
    assert hall.post("xiaoyu", "case_act", case.number, "admit", **mine).status_code == 302
    late = hall.post("colleague", "case_act", case.number, "ask_supplement", **theirs, gaps="营业执照")
    said = words(late)
    assert late.status_code == 409
    assert "刚刚被别人办理" in said
    assert "受理" in said
    case.refresh_from_db()
    assert case.stage == "admitted"
    assert case.desk_case.gaps == []


def test_two_intakes_of_one_applicant_are_two_cases_with_their_own_numbers(hall: Hall) -> None:
    one, two = hall.received("xiaoyu"), hall.received("colleague")
    assert one.number != two.number
