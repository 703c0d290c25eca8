"""The next step of a case: the same on its page and in the list, and never one that ends the case early."""

from __future__ import annotations

import re

import pytest

from tests.cast import fresh
from yukuaiban.web.casepage import gather


def received(office):
    return office.receive("S-0006")


def reviewed(office):
    return office.in_review("S-0006")


def overdue(office):
    case = reviewed(office)
    office.tick("2026-03-24T10:00")
    return case


def explained(office):
    case = overdue(office)
    office.do(case, "explain_overrun", "handler", clock="committed", text="检测设备检修。")
    return case


def decided(office):
    case = reviewed(office)
    office.do(case, "decide", "handler", outcome="granted")
    return case


STEPS = [
    ("xiaoyu", received, ["admit", "ask_supplement"]),
    ("handler", received, ["admit", "ask_supplement"]),
    ("chief", received, []),
    ("xiaoyu", reviewed, []),
    ("xiaoyu", overdue, []),
    ("handler", reviewed, ["decide", "request_pause"]),
    ("handler", overdue, ["explain_overrun", "decide"]),
    ("handler", explained, ["decide", "request_pause"]),
    ("chief", overdue, ["explain_overrun"]),
    ("handler", decided, ["complete"]),
]


@pytest.mark.parametrize(("who", "way", "steps"), STEPS)
def test_a_row_offers_what_carries_the_case_on(hall, who, way, steps):
    case = way(hall.office)
    page = hall.get(who, "cases").content.decode()
    queue = hall.get(who, "queue").content.decode()
    assert case.number in page
    assert re.findall(rf"/cases/{case.number}/act/(\w+)", queue) == steps


@pytest.mark.parametrize(("who", "way", "steps"), STEPS)
def test_the_case_page_offers_the_same_first(hall, who, way, steps):
    case = fresh(way(hall.office))
    page = gather(case, hall.office.people[who], hall.office.now)
    assert [page.primary.action.code if page.primary else None] == (steps[:1] or [None])


def test_what_ends_a_case_early_stands_last_on_its_page(hall):
    case = fresh(received(hall.office))
    page = gather(case, hall.office.xiaoyu, hall.office.now)
    assert [each.action.code for each in page.offered] == ["ask_supplement", "add_evidence"]
