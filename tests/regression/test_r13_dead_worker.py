"""A scheduler hung unseen and one broken job held up all; passes leave a heartbeat and set the broken one aside."""

from __future__ import annotations

import pytest

from tests.cast import Office, fresh
from yukuaiban.cases import worker
from yukuaiban.cases.models import Tick


@pytest.fixture
def office(db) -> Office:
    return Office()


def test_the_age_of_the_last_pass_can_be_read(office):
    office.tick("2026-03-04T09:00")
    assert Tick.objects.get().last_tick_at == office.now


def test_a_case_that_raises_is_set_aside_and_the_others_go_on(office, monkeypatch):
    bad, good = office.in_review(), office.in_review()
    real = worker.catch_up

    def broken(case, state, pen):
        if case.pk == bad.pk:
            raise ValueError("broken limit")
        return real(case, state, pen)

    monkeypatch.setattr(worker, "catch_up", broken)
    office.at("2026-03-12T09:00")
    passes = [worker.tick(office.now, pen=office.pen) for _ in range(5)]
    assert [each.failed for each in passes] == [1, 1, 1, 0, 0]
    assert sum(each.moved for each in passes) == 1
    assert fresh(bad).poison_error == "ValueError: broken limit"
    assert not fresh(good).poisoned
