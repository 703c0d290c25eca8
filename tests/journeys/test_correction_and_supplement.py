"""One list of gaps, once; the applicant supplements; silence of the office counts against the office."""

from __future__ import annotations

from tests.journeys.hall import Hall, words
from yukuaiban.cases.models import Case


def test_one_list_then_a_supplement_then_admission(hall: Hall) -> None:
    case = hall.received(materials=["申请表"])
    case = hall.at("2026-03-04T09:00").done(
        "xiaoyu", case, "ask_supplement", gaps="营业执照\n\n 场地与设施说明 "
    )
    paper = words(hall.get("xiaoyu", "desks:paper", case.number, case.seq))
    assert "1. 营业执照 2. 场地与设施说明" in paper
    assert "【待填】" not in paper
    told = words(hall.query(case))
    assert "营业执照" in told
    assert "请按下面的清单补正材料" in told
    assert case.title in words(hall.get("xiaoyu", "desks:workbench"))
    hall.at("2026-03-10T09:00").done("xiaoyu", case, "supplement", materials="营业执照\n场地与设施说明")
    case = hall.done("xiaoyu", case, "admit")
    assert hall.office.due(case) == "2026-03-24T17:30"


def test_a_second_list_needs_the_leaders_release(hall: Hall) -> None:
    case = hall.received()
    hall.done("xiaoyu", case, "ask_supplement", gaps="营业执照")
    hall.done("xiaoyu", case, "supplement", materials="营业执照")
    refused = hall.post("xiaoyu", "case_act", case.number, "ask_supplement", gaps="章程")
    said = words(refused)
    assert refused.status_code == 409
    assert "已一次性告知" in said
    assert "放行再次补正" in said
    hall.done("chief", case, "release_supplement", reason="申请人变更了场地")
    case = hall.done("xiaoyu", case, "ask_supplement", gaps="章程")
    assert case.desk_case.repeat_notice


def test_an_empty_list_is_no_list(hall: Hall) -> None:
    answer = hall.act("xiaoyu", hall.received(), "ask_supplement", gaps=" \n ")
    assert answer.status_code == 422


def test_five_days_of_silence_admit_the_case_as_of_its_receipt(hall: Hall) -> None:
    case = hall.at("2026-04-30T10:00").received()
    hall.office.tick("2026-05-12T09:00")
    case = Case.objects.get(pk=case.pk)
    said = words(hall.query(case))
    assert "视为受理" in said
    assert "2026-05-18 周一 17:30" in said
