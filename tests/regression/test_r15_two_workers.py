"""Two workers ran one job twice, and an outage ended in a flood; each effect has a key and is caught up once."""

from __future__ import annotations

import pytest

from tests.cast import Office
from yukuaiban.cases import worker
from yukuaiban.cases.models import ClockEffect
from yukuaiban.notices.models import Message


@pytest.mark.django_db
def test_a_second_worker_in_the_middle_of_the_first_after_an_outage(monkeypatch):
    office = Office()
    for _ in range(3):
        office.in_review()
    office.at("2026-03-20T18:00")
    look, reports = worker._waking, []

    def interrupted(now, batch):
        found = look(now, batch)
        monkeypatch.setattr(worker, "_waking", look)
        reports.append(worker.tick(now, pen=office.pen))
        return found

    monkeypatch.setattr(worker, "_waking", interrupted)
    first = worker.tick(office.now, pen=office.pen)
    assert (reports[0].moved, first.moved) == (3, 0)
    effects = list(ClockEffect.objects.values_list("clock", "step", "clock_version"))
    assert len(effects) == len(set(effects)) > 3
    keys = list(Message.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))
