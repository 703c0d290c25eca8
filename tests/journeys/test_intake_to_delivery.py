"""An enterprise hands in at one desk, the farm office decides, the desk hands out: every page on the way."""

from __future__ import annotations

from tests.cast import SITE_CHECK
from tests.journeys.hall import APPLICANT, Hall, words
from yukuaiban.cases.models import Case


def test_from_the_desk_to_the_permit(hall: Hall) -> None:
    found = words(hall.get("xiaoyu", "desks:workbench", words="dwfy"))
    assert "动物防疫条件审查" in found
    case = hall.received(matter=SITE_CHECK, uscc="91110000600037341L", materials=["申请表", "营业执照"])

    receipt = hall.get("xiaoyu", "desks:receipt", case.number)
    said = words(receipt)
    assert case.query_code in said
    assert "今日受理的，最迟 2026-03-11 周三 17:30" in said
    assert "今日受理的，最迟 2026-03-30 周一 17:30" in said
    assert "清单中未收的 场所布局图" in said
    assert "<svg" in receipt.content.decode()
    assert APPLICANT not in said

    hall.at("2026-03-02T10:00").done("xiaoyu", case, "admit")
    hall.done("xiaoyu", case, "hand_over")
    assert case.title in words(hall.get("handler", "queue"))
    hall.done("chief", case, "assign", handler=hall.office.second.ref)

    hall.at("2026-03-06T09:00")
    page = words(hall.get("second", "case", case.number))
    assert "审查中" in page
    assert "作出决定" in page
    hall.done("second", case, "decide", outcome="granted", checkers=hall.checkers())
    case = hall.done("second", case, "complete", result_no="望农防〔2026〕3号")
    assert case.title in words(hall.get("xiaoyu", "desks:workbench"))

    hall.at("2026-03-09T09:00")
    case = hall.done("xiaoyu", case, "deliver", receiver="王海")
    assert case.stage == "delivered"
    assert case.closed_at is not None
    assert "结果已经送达" in words(hall.query(case))


def test_what_is_wrong_with_the_form_is_told_at_its_fields_and_nothing_typed_is_lost(hall: Hall) -> None:
    answer = hall.receive(phone="123", uscc="91320707MA1ABCDE0X", note="加急")
    said = words(answer)
    assert answer.status_code == 422
    assert "校验位应为 G" in said
    assert 'value="123"' in answer.content.decode()
    assert "加急" in said
    assert Case.objects.count() == 0


def test_a_matter_that_has_ended_is_refused_with_the_way_back(hall: Hall) -> None:
    answer = hall.post("xiaoyu", "desks:receive", matter="S-0012", applicant=APPLICANT, phone="19900001234")
    assert answer.status_code == 422
    assert "没有施行或没有公布" in words(answer)
    assert hall.get("xiaoyu", "desks:receive", matter="S-9999").status_code == 404
