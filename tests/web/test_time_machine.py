"""A case page as it stood: its stage, clocks, lights and events of then, and nothing to act with."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.journeys.hall import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def lived(hall):
    """Taken in on the 2nd, with its office from the 3rd, extended on the 5th, decided late on the 24th."""
    case = hall.received()
    hall.done("xiaoyu", case, "admit")
    hall.at("2026-03-03T09:00").done("xiaoyu", case, "hand_over")
    hall.at("2026-03-05T10:00").office.do(
        case, "request_extension", "handler", limit="2wd", reason="现场核查"
    )
    hall.office.do(case, "extend", "chief")
    hall.at("2026-03-24T09:00")
    return case


def then(hall, case, moment, who="handler"):
    return hall.get(who, "case", case.number, as_of=moment)


def test_stage_due_and_events_are_those_of_then(hall, lived):
    early = words(then(hall, lived, "2026-03-02"))
    assert "这是 2026-03-03 周二 00:00 时的样子" in early
    assert "“受理”阶段" not in early
    assert "已受理" in early
    assert "批准延期" not in early
    later = words(then(hall, lived, "2026-03-05T10:30"))
    assert "批准延期" in later
    assert "审查中" in later


def test_the_light_is_that_of_then(hall, lived):
    assert "light-green" in then(hall, lived, "2026-03-05T10:30").content.decode()
    assert "light-red" in hall.get("handler", "case", lived.number).content.decode()
    assert "light-red" not in then(hall, lived, "2026-03-05T10:30").content.decode()


def test_nothing_can_be_done_from_the_past(hall, lived):
    page = then(hall, lived, "2026-03-05").content.decode()
    assert "/act/" not in page
    assert "/reveal" not in page
    assert 'id="may"' not in page
    assert "回到现在" in page


def test_files_of_later_are_not_there(hall, lived):
    hall.office.paper(lived, name="后来的.pdf")
    assert "后来的.pdf" in words(hall.get("handler", "case", lived.number))
    assert "后来的.pdf" not in words(then(hall, lived, "2026-03-05"))


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("2026-02-27", "那时还没有这个办件"),
        ("2026-03-02T08:59", "那时还没有这个办件"),
        ("2026-03-25", "这个时间还没有到"),
        ("上周", "不是日期或时间"),
        ("9999-12-31", "这个时间还没有到"),
    ],
)
def test_a_moment_that_cannot_be_shown_is_said(hall, lived, moment, why):
    answer = then(hall, lived, moment)
    assert answer.status_code == 422
    assert why in words(answer)


def test_today_is_shown_as_far_as_it_has_come(hall, lived):
    assert "这是 2026-03-24 周二 09:00 时的样子" in words(then(hall, lived, "2026-03-24"))


def test_the_past_of_a_foreign_case_is_as_absent_as_its_present(hall, lived):
    assert then(hall, lived, "2026-03-05", who="stranger").status_code == 404


def test_the_past_costs_no_more_queries_than_the_present(hall, lived):
    client, address = hall.browser("handler"), f"/cases/{lived.number}"
    client.get(address)
    with CaptureQueriesContext(connection) as now:
        client.get(address)
    with CaptureQueriesContext(connection) as past:
        client.get(address, {"as_of": "2026-03-05"})
    assert len(past) <= len(now)
