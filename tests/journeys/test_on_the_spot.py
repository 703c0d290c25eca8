"""An on-the-spot matter is decided, printed and handed out while the applicant waits."""

from __future__ import annotations

from tests.cast import ON_THE_SPOT
from tests.journeys.hall import Hall, words


def test_a_lost_licence_is_replaced_while_the_applicant_waits(hall: Hall) -> None:
    case = hall.received(matter=ON_THE_SPOT)
    hall.at("2026-03-02T09:12").done("xiaoyu", case, "complete_on_the_spot", outcome="granted")
    case = hall.at("2026-03-02T09:15").done("xiaoyu", case, "deliver", receiver="王海")
    assert case.stage == "delivered"
    assert "结果已经送达" in words(hall.query(case))


def test_a_denial_on_the_spot_is_a_paper_with_reasons_and_remedies(hall: Hall) -> None:
    case = hall.received(matter=ON_THE_SPOT)
    refused = hall.act("xiaoyu", case, "complete_on_the_spot", outcome="denied", reasons="执照未遗失")
    assert refused.status_code == 422
    assert "须告知申请行政复议的权利" in words(refused)
    remedies = {"review_organ": "望海区人民政府", "court": "望海区人民法院"}
    case = hall.done(
        "xiaoyu", case, "complete_on_the_spot", outcome="denied", reasons="执照未遗失", **remedies
    )
    paper = words(hall.get("xiaoyu", "desks:paper", case.number, case.seq))
    assert "不予许可决定书" in paper
    assert all(each in paper for each in ("执照未遗失", *remedies.values()))


def test_a_promised_matter_is_not_done_on_the_spot(hall: Hall) -> None:
    case = hall.received()
    for answer in (
        hall.get("xiaoyu", "case_act", case.number, "complete_on_the_spot"),
        hall.post("xiaoyu", "case_act", case.number, "complete_on_the_spot", outcome="granted"),
    ):
        assert answer.status_code == 409
        assert "只有即办件可以当场办结" in words(answer)
