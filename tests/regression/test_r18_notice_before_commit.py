"""A notice went out for a change that was rolled back; the outbox is written in the same transaction."""

from __future__ import annotations

import pytest
from django.db import transaction

from tests.cast import Office
from yukuaiban.notices.models import Message


@pytest.mark.django_db
def test_what_is_rolled_back_leaves_no_message():
    office = Office()
    office.in_review()
    with transaction.atomic():
        office.tick("2026-03-12T09:00")
        assert Message.objects.exists()
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    office.tick()
    assert Message.objects.exists()
