"""Supervision through pages: proposing, approving, sending, answering; who sees what; lists, panels, letter."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.cast import FARM
from tests.journeys.hall import words
from tests.supervision.ordering import DEMAND
from yukuaiban.cases.models import Case
from yukuaiban.supervision.models import SupervisionOrder

pytestmark = pytest.mark.django_db


def proposed(hall, case, who="watcher", **more) -> Case:
    """The form of a proposal, filled in and sent off."""
    hidden = hall.hidden(who, "supervision:propose", case.number)
    given = {"supervised_agency": FARM, "cause": "overdue", "level": "blue", "demand": DEMAND}
    answer = hall.post(who, "supervision:propose", case.number, **(hidden | given | more))
    assert answer.status_code == 302, words(answer)
    order = SupervisionOrder.objects.select_related("case").latest("case__recorded_at", "case__number")
    assert answer.headers["Location"] == reverse("case", args=[order.case.number])
    return order.case


def test_an_overdue_case_is_taken_up_and_brought_to_its_end(works, hall) -> None:
    case = works.office.in_review()
    works.office.tick("2026-03-17T09:00")
    candidates = words(hall.get("watcher", "supervision:candidates"))
    assert case.title in candidates
    assert "拟办督办" in candidates
    order = proposed(hall, case)
    assert case.title not in words(hall.get("watcher", "supervision:candidates"))
    assert "拟办" in words(hall.get("watcher", "case", order.number))
    waiting = words(hall.get("approves", "case", order.number))
    assert "被督办单位 区农业农村局 事由 逾期未办 等次 蓝色" in waiting
    assert hall.post("watcher", "case_act", order.number, "approve_order").status_code == 403
    hall.done("approves", order, "approve_order")
    hall.done("watcher", order, "send_order")
    mine = words(hall.get("handler", "supervision:orders"))
    assert "督办〔2026〕1号" in mine
    assert "2026-03-18 周三 17:30" in mine
    hall.done("handler", order, "acknowledge")
    hall.done("handler", order, "answer", text="已经办结，超时是因为现场核查排期。")
    page = words(hall.get("watcher", "case", order.number))
    assert "现场核查排期" in page
    assert "不因督办改变" in page
    hall.done("watcher", order, "confirm_answer", opinion="电话核实，属实")
    order = hall.done("watcher", order, "close_order")
    assert order.stage == "closed"
    assert "没有督办单" not in words(hall.get("watcher", "supervision:orders", state="closed"))
    assert "督办办结" in words(hall.get("handler", "case", case.number))


def test_until_it_is_sent_the_agency_sees_nothing_of_an_order(works, hall) -> None:
    case = works.office.in_review()
    order = works.approved(case)
    assert hall.get("chief", "case", order.number).status_code == 404
    assert hall.get("chief", "supervision:letter", order.number).status_code == 404
    assert "督办〔2026〕" not in words(hall.get("chief", "case", case.number))
    assert "没有督办单" in words(hall.get("chief", "supervision:orders"))
    assert "督办〔2026〕1号" in words(hall.get("watcher", "case", case.number))
    works.do(order, "send_order", "watcher")
    assert hall.get("chief", "case", order.number).status_code == 200
    assert "督办〔2026〕1号" in words(hall.get("chief", "case", case.number))
    assert hall.get("stranger", "case", order.number).status_code == 404


def test_the_letter_says_what_is_demanded_until_when_and_marks_what_is_missing(works, hall) -> None:
    works.at("2026-03-31T10:00")
    order = works.approved(works.office.in_review())
    draft = words(hall.get("watcher", "supervision:letter", order.number))
    assert "【待填】" in draft
    works.do(order, "send_order", "watcher")
    letter = words(hall.get("chief", "supervision:letter", order.number))
    assert "【待填】" not in letter
    for said in (
        "望海区农业农村局",
        "督办〔2026〕1号",
        DEMAND,
        "2026-04-08 周三 17:30",
        "30 日",
        "望海区督查室",
    ):
        assert said in letter
    case = works.order(order).supervised
    assert hall.get("watcher", "supervision:letter", case.number).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "status", "said"),
    [
        ({"cause": ""}, 422, "不能为空"),
        ({"demand": ""}, 422, "不能为空"),
        ({"due": "2026-03-01T09:00"}, 422, "已经过去"),
        ({"due": "gestern"}, 422, "不是"),
    ],
)
def test_a_wrong_proposal_comes_back_with_what_was_filled_in(works, hall, wrong, status, said) -> None:
    case = works.office.in_review()
    given = {"supervised_agency": FARM, "cause": "overdue", "level": "blue", "demand": DEMAND} | wrong
    answer = hall.post("watcher", "supervision:propose", case.number, **given)
    assert (answer.status_code, said in words(answer)) == (status, True), words(answer)
    assert not SupervisionOrder.objects.exists()


def test_a_second_order_and_one_on_a_closed_case_are_refused_with_the_way_out(works, hall) -> None:
    case = works.office.in_review()
    works.sent(case)
    given = {"supervised_agency": FARM, "cause": "overdue", "level": "blue", "demand": DEMAND}
    second = hall.post("watcher", "supervision:propose", case.number, **given)
    assert (second.status_code, "补记事由" in words(second)) == (409, True)
    works.office.do(case, "withdraw", "xiaoyu", reason="申请人不办了")
    closed = hall.post("watcher", "supervision:propose", case.number, **given)
    assert (closed.status_code, "回头看" in words(closed)) == (409, True)
    assert hall.get("watcher", "supervision:propose", case.number).status_code == 200


def test_the_same_form_sent_twice_makes_one_order(works, hall) -> None:
    case = works.office.in_review()
    hidden = hall.hidden("watcher", "supervision:propose", case.number)
    given = hidden | {"supervised_agency": FARM, "cause": "overdue", "level": "blue", "demand": DEMAND}
    answers = [hall.post("watcher", "supervision:propose", case.number, **given) for _ in range(2)]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert SupervisionOrder.objects.count() == 1


# who -> what each page answers: candidates, orders, proposing, an order that was sent
SEES = {
    "watcher": (200, 200, 200, 200),
    "centre": (200, 200, 200, 200),
    "discipline": (404, 200, 404, 200),
    "chief": (404, 200, 404, 200),
    "handler": (404, 200, 404, 200),
    "reporter": (404, 200, 404, 200),
    "stranger": (404, 200, 404, 404),
    "xiaoyu": (404, 404, 404, 404),
    "publisher": (404, 404, 404, 404),
    None: (302, 302, 302, 302),
}


@pytest.mark.parametrize("who", SEES)
def test_who_opens_which_page(works, hall, who) -> None:
    case = works.office.in_review()
    order = works.sent(case)
    login = who.replace("_", "-") if who else None
    seen = (
        hall.get(login, "supervision:candidates").status_code,
        hall.get(login, "supervision:orders").status_code,
        hall.get(login, "supervision:propose", case.number).status_code,
        hall.get(login, "case", order.number).status_code,
    )
    assert seen == SEES[who]


def test_filters_and_export_show_the_same_orders(works, hall) -> None:
    first, second = works.office.in_review(), works.office.in_review()
    works.sent(first)
    works.approved(second, level="orange", cause="repeated", supervised_agency="sp-0003")
    everything = words(hall.get("watcher", "supervision:orders"))
    assert "督办〔2026〕1号" in everything
    assert "督办〔2026〕2号" in everything
    for query, number in (
        ({"level": "orange"}, 2),
        ({"cause": "overdue"}, 1),
        ({"agency": "sp-0003"}, 2),
        ({"stage": "sent"}, 1),
        ({"text": "督办〔2026〕2号"}, 2),
        ({"text": first.number}, 1),
        ({"light": "green", "stage": "approved"}, 2),
    ):
        shown = words(hall.get("watcher", "supervision:orders", **query))
        assert (f"督办〔2026〕{number}号" in shown, f"督办〔2026〕{3 - number}号" in shown) == (True, False)
    address = reverse("supervision:orders_export") + "?level=orange&format=xlsx"
    answer = hall.browser("watcher").post(address)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(1).to_python()
    assert [row[sheet[0].index("督办编号")] for row in sheet[1:]] == ["督办〔2026〕2号"]


def test_a_list_of_fifty_orders_costs_no_more_queries_than_one_of_two(
    works, hall, django_assert_max_num_queries
) -> None:
    cases = [works.office.in_review() for _ in range(2)]
    for case in cases:
        works.sent(case)
    client = hall.browser("watcher")
    client.get(reverse("supervision:orders"))
    with django_assert_max_num_queries(30) as few:
        client.get(reverse("supervision:orders"))
    for case in (works.office.in_review() for _ in range(8)):
        works.propose(case)
    with django_assert_max_num_queries(30) as many:
        client.get(reverse("supervision:orders"))
    assert len(many) == len(few)


def test_empty_lists_say_when_something_will_come(works, hall) -> None:
    assert "满两个工作日" in words(hall.get("watcher", "supervision:orders"))
    assert "没有超时而未督办的事项" in words(hall.get("watcher", "supervision:candidates"))
