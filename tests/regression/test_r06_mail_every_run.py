"""The same escalation was sent at each run, hundreds of times; each step of a clock tells once."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.cast import Office
from yukuaiban.cases.worker import tick
from yukuaiban.notices.models import Message


@pytest.mark.django_db
def test_a_hundred_passes_write_one_message_to_each():
    office = Office()
    office.in_review()
    office.at("2026-03-20T18:00")
    for _ in range(100):
        tick(office.now, pen=office.pen)
    told = Counter(Message.objects.values_list("key", flat=True))
    assert told
    assert set(told.values()) == {1}
