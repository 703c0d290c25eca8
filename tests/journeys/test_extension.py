"""The leader extends the statutory limit once; the promise stays red in its time, both are shown."""

from __future__ import annotations

from tests.journeys.hall import Hall, words


def test_ten_more_days_by_the_leader_and_the_applicant_is_told_why(hall: Hall) -> None:
    case = hall.in_review()
    reason = "须现场核实的水域在封冻期"
    hall.at("2026-03-27T10:00").done("handler", case, "request_extension", limit="10wd", reason=reason)
    assert hall.act("chief", case, "extend").status_code == 302
    case.refresh_from_db()
    paper = words(hall.get("handler", "desks:paper", case.number, case.seq))
    assert "延期告知书" in paper
    assert reason in paper
    assert "2026-04-14 周二 17:30" in paper
    page = words(hall.get("handler", "case", case.number))
    assert "2026-04-14 周二 17:30" in page
    assert "2026-03-16 周一 17:30" in page


def test_the_wrong_person_and_the_wrong_length_are_refused_with_the_rule(hall: Hall) -> None:
    case = hall.in_review()
    long = hall.act("handler", case, "request_extension", limit="11wd", reason="复核")
    assert long.status_code == 422
    assert "最长只能延长 10 个工作日" in words(long)
    hall.done("handler", case, "request_extension", limit="5wd", reason="复核")
    for who, status in (("second", 403), ("watcher", 403), ("stranger", 404)):
        assert hall.post(who, "case_act", case.number, "extend").status_code == status
    hall.done("chief", case, "extend")
    again = hall.act("handler", case, "request_extension", limit="1wd", reason="再复核")
    assert again.status_code == 422
    assert "已经延期一次" in words(again)


def test_after_expiry_there_is_nothing_left_to_extend(hall: Hall) -> None:
    case = hall.in_review()
    answer = hall.at("2026-03-31T09:00").act("handler", case, "request_extension", limit="5wd", reason="复核")
    assert answer.status_code == 422
    assert "法定时限已经届满" in words(answer)
