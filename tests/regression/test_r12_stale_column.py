"""An edited case kept an old due in its column; the worker recomputes before it acts, and rows equal the fold."""

from __future__ import annotations

import pytest

from tests.cast import Office, at
from yukuaiban.cases.models import Case, Clock
from yukuaiban.cases.rebuilding import fold_differences
from yukuaiban.journal.models import JournalEvent
from yukuaiban.journal.reading import events
from yukuaiban.notices.models import Message


@pytest.mark.django_db
def test_a_painted_moment_is_found_and_corrected_before_anything_is_told():
    office = Office()
    case = office.in_review()
    stream, early = f"case:{case.number}", at("2026-03-03T09:00")
    Clock.objects.filter(case=case, code="committed").update(due_at=early, next_change_at=early)
    Case.objects.filter(pk=case.pk).update(next_change_at=early)
    assert fold_differences(stream, list(events(stream)))
    count = JournalEvent.objects.count()
    office.tick("2026-03-04T09:00")
    assert fold_differences(stream, list(events(stream))) == []
    assert office.due(case) == "2026-03-16T17:30"
    assert (JournalEvent.objects.count(), Message.objects.count()) == (count, 0)
