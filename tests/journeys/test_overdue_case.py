"""A promise is broken: the case cannot be closed before the reason stands on the public page, without the applicant."""

from __future__ import annotations

from tests.journeys.hall import APPLICANT, Hall, words

WHY = "检测机构设备检修，检测报告晚到一天，今后改为同时委托两家。"


def test_a_red_case_is_explained_in_public_before_it_is_completed(hall: Hall) -> None:
    case = hall.in_review()
    hall.office.tick("2026-03-17T15:00")
    hall.done("handler", case, "decide", outcome="granted", checkers=hall.checkers())
    for refused in (
        hall.get("handler", "case_act", case.number, "complete"),
        hall.post("handler", "case_act", case.number, "complete"),
    ):
        assert refused.status_code == 409
        assert "须先写“超时说明”" in words(refused)
        assert "您现在可以办理： 写超时说明 、 补充材料与证据" in words(refused)
    named = hall.act(
        "handler", case, "explain_overrun", clock="committed", text="申请人电话 19900001234 打不通"
    )
    assert named.status_code == 422
    hall.done("handler", case, "explain_overrun", clock="committed", text=WHY)
    hall.done("handler", case, "complete")

    public = words(hall.get(None, "desks:overdue"))
    assert WHY in public
    assert case.title in public
    assert "区农业农村局" in public or "望海区农业农村局" in public
    assert APPLICANT not in public
    assert case.number not in public
    assert WHY in words(hall.get(None, "portal"))


def test_nothing_stands_on_the_public_page_while_all_is_in_time(hall: Hall) -> None:
    case = hall.in_review()
    early = hall.act("handler", case, "explain_overrun", clock="committed", text=WHY)
    assert early.status_code == 422
    assert "没有超时" in words(early)
    assert WHY not in words(hall.get(None, "desks:overdue"))
