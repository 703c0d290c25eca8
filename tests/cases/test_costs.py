"""What an action, a list, a case and a board cost: the same number of queries at twenty cases and at four hundred."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import FARM, Office, at
from yukuaiban.cases import facts, queries, worker
from yukuaiban.cases.models import Case, Clock
from yukuaiban.people.case_number import make_number
from yukuaiban.web import scope, session

SMALL, LARGE = 20, 400
MOST_OF_AN_ACT = 30
MOST_OF_A_LIST = 15


@pytest.fixture
def enter(office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Client]:
    monkeypatch.setattr(scope, "now", lambda: office.now)

    def signed_in(who: str) -> Client:
        client, staff = Client(), office.staff(who)
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        session.keep_key(staff, client.session.session_key)
        return client

    return signed_in


def fill(office: Office, model: Case, n: int) -> None:
    """Copies of a case's rows, each with a number and due moments of its own, until there are `n` cases."""
    clocks = list(Clock.objects.filter(case=model))
    for place in range(Case.objects.count(), n):
        case = Case.objects.get(pk=model.pk)
        case.pk = uuid.UUID(int=place + 1)
        case.number = make_number("990101", "0002", office.now.date() - timedelta(days=1), place + 1)
        for name in ("due_at", "warns_at", "red_at", "breach_at"):
            setattr(case, name, getattr(case, name) + timedelta(minutes=place))
        case.save(force_insert=True)
        Clock.objects.bulk_create(
            Clock(
                **{field.attname: getattr(clock, field.attname) for field in Clock._meta.fields[1:]}
                | {"case_id": case.pk}
            )
            for clock in clocks
        )


def cost(deed: Callable[[], object]) -> int:
    deed()  # what a process reads once is read
    with CaptureQueriesContext(
        connection,
    ) as seen:
        deed()
    return len(seen)


def both(office: Office, deed: Callable[[], object]) -> tuple[int, int]:
    model = office.in_review()
    office.at("2026-03-02T10:00")
    fill(office, model, SMALL)
    small = cost(deed)
    fill(office, model, LARGE)
    return small, cost(deed)


def test_an_action_costs_the_same_and_little(office: Office) -> None:
    def deed() -> None:
        office.do(office.receive(), "admit", "xiaoyu", key=str(office.pen.uid()))

    small, large = both(office, deed)
    assert small == large
    assert small / 2 <= MOST_OF_AN_ACT


def test_a_pass_that_finds_nothing_costs_the_same(office: Office) -> None:
    small, large = both(office, lambda: worker.tick(office.now, pen=office.pen))
    assert small == large <= 12


def test_what_a_pass_does_costs_by_the_case_that_moves(office: Office) -> None:
    def deed() -> None:
        office.now += timedelta(minutes=1)
        worker.tick(office.now, pen=office.pen)

    small, large = both(office, deed)
    assert small == large


@pytest.mark.parametrize(
    "read",
    [
        lambda now: list(queries.open_cases(FARM)[:50]),
        lambda now: list(queries.page_after(queries.open_cases(), Case.objects.order_by("due_at")[3].pk, 50)),
        lambda now: queries.most_urgent(now, agency=FARM),
        queries.lights_by_agency,
        lambda now: facts.state_of(Case.objects.order_by("-opened_at").first()),
    ],
    ids=["list", "next page", "most urgent", "board", "case"],
)
def test_a_read_costs_the_same(office: Office, read: Callable) -> None:
    small, large = both(office, lambda: read(office.now))
    assert small == large <= 6


@pytest.mark.parametrize(
    ("name", "who", "most"),
    [("queue", "handler", MOST_OF_A_LIST), ("cases", "watcher", MOST_OF_A_LIST), ("board", "watcher", 20)],
)
def test_a_page_costs_no_more_among_many(office: Office, enter, name: str, who: str, most: int) -> None:
    client = enter(who)

    def deed() -> None:
        assert client.get(reverse(name)).status_code == 200

    small, large = both(office, deed)
    assert large <= small <= most


def test_the_page_of_a_case_costs_the_same(office: Office, enter) -> None:
    case, client = office.in_review(), enter("handler")
    small, large = both(office, lambda: client.get(reverse("case", args=[case.number])))
    assert small == large <= 20


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL plans by the size of the table; a small one is sorted"
)
def test_lists_are_read_in_the_order_of_an_index(office: Office) -> None:
    for found in (
        queries.open_cases(FARM),
        queries.open_cases(),
        Case.objects.filter(closed_at=None, due_at__lt=at("2026-03-05T09:00")).order_by("due_at", "id"),
    ):
        plan = found[:50].explain()
        assert "_due" in plan
        assert "TEMP B-TREE" not in plan
    waking = Clock.objects.filter(next_change_at__lte=office.now).order_by("next_change_at", "id")
    assert "clock_wake" in waking[:50].explain()
