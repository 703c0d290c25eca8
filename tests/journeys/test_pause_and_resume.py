"""An expert review stops the clocks by the word of two persons; it ends early and the days come back."""

from __future__ import annotations

from tests.journeys.hall import Hall, pdf, words
from yukuaiban.cases.models import Case, Clock

ASKED = {
    "category": "expert_review",
    "basis": "行政许可法第四十五条",
    "notice_on": "2026-05-06",
    "planned_end": "2026-05-15T17:30",
}


def waiting(hall: Hall) -> Case:
    case = hall.at("2026-04-27T10:00").in_review()
    hall.at("2026-05-06T10:00")
    return hall.done("handler", case, "request_pause", evidence=pdf(), **ASKED)


def paused(case: Case) -> list[str]:
    found = Clock.objects.filter(case=case, paused_since__isnull=False)
    return sorted(found.values_list("code", flat=True))


def test_an_expert_review_with_a_second_person_and_an_early_end(hall: Hall) -> None:
    case = waiting(hall)
    assert paused(case) == []
    for who, status in (("handler", 403), ("chief", 403), ("stranger", 404)):
        assert hall.get(who, "case_act", case.number, "pause").status_code == status
        assert hall.post(who, "case_act", case.number, "pause").status_code == status
    asker = words(hall.get("handler", "case_act", case.number, "pause"))
    assert "须由申请人以外的第二人办理" in asker
    assert "可以办理这一项的：" in asker
    assert "申请暂停计时" in words(hall.get("watcher", "case_act", case.number, "pause"))
    case = hall.done("watcher", case, "pause", opinion="评审通知已核对")
    assert paused(case) == ["committed", "statutory"]
    told = words(hall.query(case))
    assert "预计 2026-05-25 周一 17:30" in told
    assert "暂停" in told
    notice = words(hall.get("handler", "desks:paper", case.number, case.seq))
    assert "专家评审" in notice
    assert "2026-05-15 周五 17:30" in notice
    hall.at("2026-05-12T10:00").done("handler", case, "resume", note="评审提前结束")
    assert paused(case) == []
    assert hall.office.due(case) == "2026-05-20T17:30"


def test_a_pause_without_its_paper_is_not_even_asked_for(hall: Hall) -> None:
    case = hall.at("2026-04-27T10:00").in_review()
    answer = hall.at("2026-05-06T10:00").act("handler", case, "request_pause", **ASKED)
    assert answer.status_code == 422
    assert Case.objects.get(pk=case.pk).seq == case.seq


def test_a_paper_that_is_not_what_its_name_says_is_refused_and_nothing_is_kept(hall: Hall) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415 - only here a file lies

    case = hall.at("2026-04-27T10:00").in_review()
    lying = SimpleUploadedFile("告知书.pdf", b"<html><script>alert(1)</script>", "application/pdf")
    answer = hall.at("2026-05-06T10:00").act("handler", case, "request_pause", evidence=lying, **ASKED)
    assert answer.status_code == 422
    assert "告知书.pdf" in words(answer)
    assert Case.objects.get(pk=case.pk).seq == case.seq


def test_a_declined_pause_stops_nothing(hall: Hall) -> None:
    case = waiting(hall)
    hall.done("watcher", case, "decline_pause", reason="评审通知与本件无关")
    assert paused(case) == []
    assert hall.office.due(case) == "2026-05-13T17:30"


def test_a_forgotten_pause_ends_by_itself(hall: Hall) -> None:
    case = waiting(hall)
    hall.done("watcher", case, "pause")
    hall.office.tick("2026-05-18T09:00")
    assert paused(case) == []
    assert hall.office.due(case) == "2026-05-25T17:30"
