"""Who answers a request reads all that was asked and what it would do to each clock; reading changes nothing."""

from __future__ import annotations

import re

from django.http import HttpResponse

from tests.journeys.hall import Hall, pdf, words
from yukuaiban.cases.models import Case, Clock

REVIEW = {
    "category": "expert_review",
    "basis": "行政许可法第四十五条",
    "notice_on": "2026-05-06",
    "planned_end": "2026-05-15T17:30",
    "note": "三位专家",
}


def asked(hall: Hall, **changed: str) -> Case:
    case = hall.at("2026-04-27T10:00").in_review()
    hall.at("2026-05-06T10:00")
    return hall.done("handler", case, "request_pause", evidence=pdf(), **(REVIEW | changed))


def rows(case: Case) -> list[tuple[object, ...]]:
    return list(Clock.objects.filter(case=case).order_by("id").values_list("code", "due_at", "paused_since"))


def opened(hall: Hall, who: str, page: HttpResponse) -> HttpResponse:
    link = re.search(r'href="([^"]+/evidence/[^"]+)"', page.content.decode())
    assert link, words(page)
    return hall.browser(who).get(link[1])


def test_the_second_person_reads_the_whole_request_and_the_new_due_moments(hall: Hall) -> None:
    case = asked(hall)
    before = rows(case)
    page = hall.get("watcher", "case_act", case.number, "pause")
    told = words(page)
    for part in (
        "中止事由 专家评审（行政许可法第四十五条；停止法定时限、承诺时限）",
        "依据 行政许可法第四十五条",
        "书面告知申请人的日期 2026-05-06 周三",
        "预定结束时间 2026-05-15 周五 17:30",
        "告知文书 告知书.pdf",
        "备注 三位专家",
        "批准后承诺时限 2026-05-13 周三 17:30 → 2026-05-25 周一 17:30 （预计）",
        "批准后法定时限 2026-05-27 周三 17:30 → 2026-06-08 周一 17:30 （预计）",
    ):
        assert part in told
    assert opened(hall, "watcher", page).content.startswith(b"%PDF")
    case.refresh_from_db()
    assert (rows(case), case.seq) == (before, 4)
    hall.done("watcher", case, "pause")
    assert [hall.office.due(case, code) for code in ("committed", "statutory")] == [
        "2026-05-25T17:30",
        "2026-06-08T17:30",
    ]


def test_the_story_keeps_what_was_asked_and_what_it_moved(hall: Hall) -> None:
    case = asked(hall)
    hall.done("watcher", case, "pause", opinion="评审通知已核对")
    page = hall.get("handler", "case", case.number)
    told = words(page)
    assert "预定结束时间 2026-05-15 周五 17:30 告知文书 告知书.pdf 备注 三位专家" in told
    assert "承诺时限： 2026-05-13 周三 17:30 → 2026-05-25 周一 17:30 （预计）" in told
    assert opened(hall, "handler", page).status_code == 200
    hall.at("2026-05-12T10:00").done("handler", case, "resume", note="评审提前结束")
    told = words(hall.get("handler", "case", case.number))
    assert "承诺时限： 2026-05-25 周一 17:30 → 2026-05-20 周三 17:30" in told


def test_a_cause_that_the_law_does_not_know_leaves_its_limit_where_it_is(hall: Hall) -> None:
    case = asked(hall, category="site_survey", basis="实施清单")
    told = words(hall.get("watcher", "case_act", case.number, "pause"))
    assert "停止承诺时限）" in told
    assert "批准后承诺时限 2026-05-13 周三 17:30 → 2026-05-25 周一 17:30 （预计）" in told
    assert "批准后法定时限 不变， 2026-05-27 周三 17:30" in told


def test_the_leader_who_agrees_first_and_who_declines_read_the_same(hall: Hall) -> None:
    case = asked(hall, planned_end="2026-05-29T17:30")
    for who, action in (("chief", "endorse_pause"), ("watcher", "decline_pause")):
        told = words(hall.get(who, "case_act", case.number, action))
        assert "预定结束时间 2026-05-29 周五 17:30" in told
        assert "（预计）" in told


def test_a_pause_whose_end_has_come_says_that_it_can_no_longer_be_granted(hall: Hall) -> None:
    case = asked(hall)
    told = words(hall.at("2026-05-18T10:00").get("watcher", "case", case.number))
    assert "按现在的情况不能批准：预定结束时间不晚于中止开始" in told
    assert "批准后承诺时限" not in told


def test_an_extension_shows_old_and_new_and_the_promise_that_stays(hall: Hall) -> None:
    case = hall.in_review()
    hall.at("2026-03-27T10:00").done("handler", case, "request_extension", limit="10wd", reason="封冻期")
    told = words(hall.get("chief", "case_act", case.number, "extend"))
    assert "延长多久 10 个工作日 理由 封冻期" in told
    assert "批准后法定时限 2026-03-30 周一 17:30 → 2026-04-14 周二 17:30" in told
    assert "批准后承诺时限 不变， 2026-03-16 周一 17:30" in told
    hall.done("chief", case, "extend")
    assert hall.office.due(case, "statutory") == "2026-04-14T17:30"
    told = words(hall.get("handler", "case", case.number))
    assert "法定时限： 2026-03-30 周一 17:30 → 2026-04-14 周二 17:30" in told
