"""A page asks the database no more questions at 300 cases than at five (ui.md section 3.7).

A list in sections asks once for each section until its page is full, so a short one asks most.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Office
from tests.web import town
from yukuaiban.cases import counters

pytestmark = pytest.mark.django_db
FEW, MANY = 5, 300


def questions(client, path):
    """The queries of a page, asked twice so that nothing is read for the first time."""
    assert client.get(path).status_code == 200, path
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return [each["sql"] for each in asked]


def fill(first, last):
    """Rows with every light, of two agencies, a few paused."""
    rows = [
        town.case(
            n,
            agency=(town.FARM, town.MARKET)[n % 2],
            due=(n % 9) * 20 - 60,
            opened=town.NOW - timedelta(days=3, minutes=n),
            paused_from=town.NOW - timedelta(days=1) if n % 11 == 0 else None,
            paused_until=town.NOW + timedelta(days=1) if n % 11 == 0 else None,
        )
        for n in range(first, last)
    ]
    town.put(*rows)
    counters.repair(town.NOW)


@pytest.mark.parametrize(
    ("who", "path", "most"),
    [
        ("handler", "/queue", 15),
        ("oversight", "/cases", 15),
        ("oversight", "/cases?state=all&order=opened&text=审查", 15),
        ("clerk", "/desk", 15),
        ("head", "/desk/board", 15),
        ("oversight", "/oversight", 15),
        ("oversight", "/hall/main", 15),
        ("oversight", "/hall/main/figures", 15),
        ("handler", "/register/matters", 15),
        ("handler", "/matters", 15),
    ],
)
def test_a_list_or_board_asks_as_often_at_300_cases_as_at_5(enter, who, path, most):
    client = enter(who)
    fill(1, FEW + 1)
    few = questions(client, path)
    fill(FEW + 1, MANY + 1)
    assert len(questions(client, path)) <= len(few)
    assert len(few) <= most, "\n".join(few)


def test_a_case_page_asks_as_often_in_a_full_docket_and_with_a_long_story(enter, monkeypatch):
    office = Office("2026-11-20T09:00", seed=9)
    case = office.in_review()
    client = enter("handler")
    short = questions(client, f"/cases/{case.number}")
    fill(50, MANY)
    for n in range(12):
        office.do(case, "add_evidence", "handler", evidence=[office.paper(case, f"{n}.pdf")])
    assert len(questions(client, f"/cases/{case.number}")) == len(short)
    assert len(short) <= 12, "\n".join(short)
