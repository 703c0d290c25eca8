"""Counts without counting: equal to a look at every open case after each of many random events and ticks."""

from __future__ import annotations

import random
from collections import Counter as Tally
from datetime import timedelta

import pytest
from django.db import transaction

from tests.cast import ON_THE_SPOT, PERMIT, SITE_CHECK, TWO_MINUTES, Office, at, fresh
from yukuaiban.cases import counters, worker
from yukuaiban.cases.models import Case, CaseCount, CaseCountDelta
from yukuaiban.core.errors import Refused

WAYS = {
    "received": (("admit", "xiaoyu", {}), ("ask_supplement", "xiaoyu", {"gaps": ["章程"]})),
    "supplement_asked": (("supplement", "xiaoyu", {"materials": ["章程"]}), ("withdraw", "xiaoyu", {})),
    "admitted": (("hand_over", "xiaoyu", {}), ("withdraw", "xiaoyu", {})),
    "in_review": (
        ("pause", "", {}),
        ("resume", "handler", {"note": "评审完成"}),
        ("decide", "handler", {"outcome": "granted"}),
        ("withdraw", "xiaoyu", {}),
    ),
    "decided": (("complete", "handler", {}),),
    "completed": (("deliver", "xiaoyu", {"method": "desk", "receiver": "王海"}),),
}
LEAPS = (timedelta(minutes=1), timedelta(hours=3), timedelta(hours=20), timedelta(days=2))


class Walk:
    """A seeded walk of the office; each step is an event or a tick that really happened."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office, self.chance, self.steps = office, random.Random(seed), Tally()
        self.done: Tally[str] = Tally()

    def step(self) -> None:
        kind = self.chance.choices(("receive", "act", "time", "tick", "advance"), (15, 55, 10, 10, 10))[0]
        self.steps[kind] += bool(getattr(self, kind)())

    def receive(self) -> bool:
        self.office.receive(self.chance.choice((PERMIT, PERMIT, SITE_CHECK, TWO_MINUTES, ON_THE_SPOT)))
        return True

    def act(self) -> bool:
        cases = list(Case.objects.filter(closed_at=None).order_by("number"))
        if not cases:
            return False
        case = self.chance.choice(cases[-8:])
        action, who, data = self.chance.choice(WAYS[case.stage])
        try:
            if action == "pause":
                until = self.office.now + timedelta(days=self.chance.randint(1, 6), hours=9)
                self.office.pause(case, (until + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M"))
            else:
                if action == "decide":
                    data = data | {"checkers": [self.office.handler.ref, self.office.second.ref]}
                self.office.do(case, action, who, **data)
        except Refused:
            return False
        self.done[action] += 1
        return True

    def time(self) -> bool:
        self.office.now += self.chance.choice(LEAPS)
        return False

    def tick(self) -> bool:
        self.office.tick()
        return True

    def advance(self) -> bool:
        with transaction.atomic():
            counters.advance(self.office.now)
        return True


def walk(office: Office, seed: int, wanted: int) -> Walk:
    found = Walk(office, seed)
    while sum(found.steps.values()) < wanted:
        found.step()
        now = office.now
        between = now + timedelta(minutes=found.chance.randint(0, 60 * 24 * 10))
        for moment in (now, between):
            assert counters.counts(moment) == counters.recount(moment), f"seed {seed}, {found.steps}"
    return found


def test_counts_equal_a_recount_after_each_of_a_thousand_random_events_and_ticks(office: Office) -> None:
    found = walk(office, 20260302, 1_000)
    assert min(found.steps["receive"], found.steps["tick"], found.steps["advance"]) > 50
    assert {action for ways in WAYS.values() for action, *_ in ways} == set(found.done)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_counts_equal_a_recount_through_ten_thousand(office: Office, seed: int) -> None:
    walk(office, seed, 1_000)


def test_counts_are_exact_though_no_worker_runs(office: Office) -> None:
    office.in_review()
    for moment, mark in (
        ("2026-03-10T09:00", "green"),
        ("2026-03-12T09:00", "yellow"),
        ("2026-03-16T17:30", "yellow"),
        ("2026-03-17T09:00", "red"),
        ("2026-03-31T09:00", "breach"),
    ):
        assert {key.mark: n for key, n in counters.counts(at(moment)).items()} == {mark: 1}


def test_a_pause_is_counted_beside_its_light(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-03T10:00").pause(case, "2026-03-05T10:00")
    marks = {key.mark: n for key, n in counters.counts(office.now).items()}
    assert marks == {"green": 1, counters.PAUSED: 1}
    assert {key.mark: n for key, n in counters.counts(at("2026-03-05T10:00")).items()} == {"green": 1}


def test_a_tick_sums_up_the_changes_and_a_closed_case_is_counted_no_more(office: Office) -> None:
    case = office.receive()
    assert CaseCountDelta.objects.exists()
    office.tick("2026-03-02T10:00")
    assert not CaseCountDelta.objects.exists()
    office.do(case, "withdraw", "xiaoyu")
    office.tick("2026-03-02T11:00")
    assert counters.counts(office.now) == {}
    assert fresh(case).closed_at is not None


def test_counts_never_go_back_in_time(office: Office) -> None:
    office.in_review()
    office.tick("2026-03-17T09:00")
    with transaction.atomic():
        counters.advance(at("2026-03-02T09:00"))
    assert counters.last_counted() == at("2026-03-17T09:00")


def test_the_first_pass_of_a_night_mends_wrong_counts_and_raises_an_alarm(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarms = []
    monkeypatch.setattr(worker, "_LOG", type("Log", (), {"error": lambda *_, **said: alarms.append(said)}))
    office.in_review()
    office.tick("2026-03-02T10:00")
    CaseCount.objects.filter(mark="green").update(n=41)
    office.tick("2026-03-03T01:59")
    assert counters.counts(office.now) != counters.recount(office.now)
    office.tick("2026-03-03T02:01")
    assert counters.counts(office.now) == counters.recount(office.now)
    assert alarms == [{"keys": 1, "cases": 40}]


def test_a_tick_between_two_reads_of_a_board_shows_no_sum_that_never_was(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.in_review()
    office.at("2026-03-17T09:00")
    read, passes = counters._pending_deltas, []

    def interrupted():
        if not passes:
            passes.append(None)
            with transaction.atomic():
                counters.advance(office.now)
        return read()

    monkeypatch.setattr(counters, "_pending_deltas", interrupted)
    assert counters.counts(office.now) == counters.recount(office.now)
