"""The simulated months: the same seed gives the same journal, and everything that offices know happens in them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.db import transaction
from django.db.models import F

from yukuaiban.cases import counters, facts, queries, versions
from yukuaiban.cases.models import Case, Clock
from yukuaiban.journal.heads import look
from yukuaiban.journal.reading import events
from yukuaiban.measures.desks.models import Matter
from yukuaiban.people.district import installed
from yukuaiban.people.identity import check_uscc
from yukuaiban.people.models import Post
from yukuaiban.site.simulator import invented, run
from yukuaiban.site.simulator.run import months_before, play

UNTIL = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)
SINCE = months_before(UNTIL, 3)
pytestmark = pytest.mark.django_db


def played(cases: int, seed: int = 3, **more):
    versions.forget()
    return play(
        installed(), seed=seed, since=SINCE, until=UNTIL, cases=cases, progress=lambda _now: None, **more
    )


def heads() -> tuple[str, str]:
    """The newest event, and a digest of the heads of all cases: equal only for equal journals."""
    rows = Case.objects.order_by("number").values_list("number", "head", "stage", "due_at")
    text = "\n".join(f"{number} {bytes(head).hex()} {stage} {due}" for number, head, stage, due in rows)
    return look().newest, hashlib.sha256(text.encode()).hexdigest()


def replayed(cases: int, seed: int) -> tuple[str, str]:
    """Played and taken back, so that the next run begins as this one did."""
    with transaction.atomic():
        played(cases, seed)
        found = heads()
        transaction.set_rollback(True)
    return found


def test_the_same_seed_gives_the_same_journal_and_another_seed_another_one() -> None:
    first, again, other = replayed(8, 3), replayed(8, 3), replayed(4, 4)
    assert first == again
    assert first != other


def test_months_hold_holidays_pauses_late_cases_and_a_stopped_worker(monkeypatch) -> None:
    monkeypatch.setattr(run, "_IDLE_HOURS", 24 * 28)  # long enough for something to come due in so few cases
    done = played(60, seed=5)
    calendar = versions.current_calendar()
    assert done.cases == Case.objects.count() == 60
    assert 0 < done.open < 40
    assert sum(done.refused.values()) < 15, done.refused
    days = {calendar.day(case.opened_at) for case in Case.objects.all()}
    assert all(calendar.is_workday(day) for day in days)
    in_weeks_off = [day for day in days if day.isoweekday() > 5]
    named = [day for day in (min(days) + timedelta(days=n) for n in range(90)) if calendar.named(day)]
    assert named, "a period without holidays shows nothing"
    assert all(calendar.named(day) for day in in_weeks_off)
    committed = Clock.objects.filter(code="committed")
    assert committed.filter(stopped_at__gt=F("due_at")).exists()
    assert committed.filter(stopped_at__lte=F("due_at")).count() > 15
    kinds = set(Case.objects.values_list("kind", "stage"))
    assert ("on_the_spot", "delivered") in kinds
    assert {"pause", "explain_overrun", "ask_supplement"} <= actions()
    assert told_late() > timedelta(hours=2), (
        "the worker stood still for a while and caught up with true times"
    )
    assert counters.counts(UNTIL) == counters.recount(UNTIL)
    assert queries.sum_of(queries.lights_by_agency(UNTIL).values()).total == done.open


def streams():
    for number in Case.objects.values_list("number", flat=True):
        yield from events(facts.stream_of(number))


def actions() -> set[str]:
    """Everything that was done in any case."""
    return {event.type.split(".", 1)[1] for event in streams()}


def told_late() -> timedelta:
    """The longest that a change of a light waited to be recorded."""
    return max(
        event.recorded_at - event.occurred_at
        for event in streams()
        if event.type.startswith("clock.") and event.occurred_at is not None
    )


def test_an_imported_list_of_matters_is_what_the_district_works_on(tmp_path) -> None:
    path = tmp_path / "m.csv"
    lines = [f"X-{n},外来事项{n},外来第{n % 3}局,20,工作日,{n % 7 + 1},工作日" for n in range(1, 61)]
    head = "code,name,agency,statutory_limit,statutory_unit,committed_limit,committed_unit"
    path.write_text("\n".join([head, *lines]), encoding="utf-8")
    done = played(16, matters=path)
    assert done.imported is not None
    assert (done.imported.stored, done.imported.refused) == (60, [])
    foreign = Case.objects.filter(subject__startswith="X-")
    assert foreign.count() > 8
    assert foreign.filter(closed_at__isnull=False).exists()
    agencies = set(Matter.objects.filter(code__startswith="X-").values_list("agency", flat=True))
    assert len(agencies) == 3
    for agency in agencies:
        assert set(Post.objects.filter(agency=agency).values_list("role", flat=True)) == {
            "handler",
            "agency_leader",
        }


def test_invented_enterprises_have_codes_that_pass_and_belong_to_nobody() -> None:
    for seed in range(50):
        firm = invented.enterprise(Random(seed))
        assert check_uscc(firm.uscc).warnings == ()
        assert firm.phone.startswith("1990000")
