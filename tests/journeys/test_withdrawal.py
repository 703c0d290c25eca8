"""The applicant does not want it any more: the case ends, its clocks stop, nothing else can be done to it."""

from __future__ import annotations

import pytest

from tests.journeys.hall import Hall, words
from yukuaiban.cases.models import Clock


@pytest.mark.parametrize("steps", [(), ("admit",), ("admit", "hand_over")])
def test_an_open_case_is_withdrawn_at_the_desk(hall: Hall, steps: tuple[str, ...]) -> None:
    case = hall.received()
    for step in steps:
        hall.done("xiaoyu", case, step)
    case = hall.done("xiaoyu", case, "withdraw", reason="改到别处办")
    assert (case.stage, case.closed_at) == ("withdrawn", hall.office.now)
    assert not Clock.objects.filter(case=case, stopped_at=None).exists()
    assert "申请已经撤回" in words(hall.query(case))
    later = hall.post("xiaoyu", "case_act", case.number, "admit")
    assert later.status_code == 409
    assert "不能“受理”" in words(later)


def test_a_case_that_waits_for_papers_is_withdrawn_too(hall: Hall) -> None:
    case = hall.received()
    hall.done("xiaoyu", case, "ask_supplement", gaps="营业执照")
    assert hall.done("xiaoyu", case, "withdraw").stage == "withdrawn"
    hall.office.tick("2026-03-31T09:00")
    case.refresh_from_db()
    assert case.stage == "withdrawn"
