"""A recomputation changed “updated at” and triggered rules; it writes no event, no message and no moment."""

from __future__ import annotations

import pytest

from tests.cast import Office, at, fresh
from yukuaiban.cases.models import Case, Clock
from yukuaiban.journal.models import JournalEvent
from yukuaiban.notices.models import Message


@pytest.mark.django_db
def test_passes_that_find_nothing_new_leave_no_trace():
    office = Office()
    case = office.in_review()
    before = Case.objects.values().get(pk=case.pk)
    count = JournalEvent.objects.count()
    stale = at("2026-03-03T09:00")
    Clock.objects.filter(case=case, code="committed").update(next_change_at=stale)
    Case.objects.filter(pk=case.pk).update(next_change_at=stale)
    for day in ("03", "04", "05"):
        assert office.tick(f"2026-03-{day}T09:30") == 0
    assert (JournalEvent.objects.count(), Message.objects.count()) == (count, 0)
    assert Case.objects.values().get(pk=case.pk) == before
    assert fresh(case).recorded_at == case.recorded_at
