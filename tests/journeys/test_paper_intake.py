"""The line was down on Friday: what was taken in on paper counts from then, and is marked as entered late."""

from __future__ import annotations

import pytest

from tests.cast import PASSWORD
from tests.journeys.hall import Hall, words
from yukuaiban.cases.models import Case


def test_clocks_run_from_the_moment_on_the_paper(hall: Hall) -> None:
    case = hall.received(late_at="2026-02-27T16:00", note="周五停电，纸质登记第 12 号")
    assert case.late_entered
    # Saturday 02-28 is a working day: it was moved there for the Spring Festival.
    assert hall.office.due(case, "correction") == "2026-03-05T17:30"
    assert "2026-02-27 周五 16:00" in words(hall.get("xiaoyu", "desks:receipt", case.number))


@pytest.mark.parametrize(("late", "why"), [("2026-03-02T10:00", "在将来"), ("昨天下午", "不是时间")])
def test_a_moment_that_cannot_be_is_refused(hall: Hall, late: str, why: str) -> None:
    answer = hall.receive(late_at=late)
    assert answer.status_code == 422
    assert why in words(answer)
    assert Case.objects.count() == 0


def test_later_steps_are_not_backdated(hall: Hall) -> None:
    case = hall.received(late_at="2026-02-27T16:00")
    case = hall.done("xiaoyu", case, "admit", late_at="2026-02-27T16:30")
    assert hall.office.due(case) == "2026-03-16T17:30"


def test_a_delivery_by_hand_is_entered_late_only_with_reason_and_a_second_person(hall: Hall) -> None:
    case = hall.in_review("S-0006")
    hall.done("handler", case, "decide", outcome="granted")
    hall.done("handler", case, "complete")
    hall.at("2026-03-04T09:00")
    late = {"late_at": "2026-03-03T16:00"}
    assert hall.act("xiaoyu", case, "deliver", **late).status_code == 422
    alone = hall.act(
        "xiaoyu", case, "deliver", **late, late_reason="上门送达", late_second=hall.office.xiaoyu.ref
    )
    assert alone.status_code in (403, 422)
    colleague = hall.office.staff("colleague")
    colleague.set_password(PASSWORD)
    colleague.save()
    late |= {"late_reason": "上门送达", "late_second": colleague.ref}
    for guess in ("", "my-own-password-instead"):
        named = hall.act("xiaoyu", case, "deliver", **late, late_password=guess)
        assert named.status_code == 422
        assert "第二人的密码不对" in words(named)
    assert not Case.objects.get(pk=case.pk).late_entered
    case = hall.done("xiaoyu", case, "deliver", **late, late_password=PASSWORD)
    assert case.stage == "delivered"
    assert case.late_entered
