"""A sender killed while sending lost or doubled its notice; it goes again under the same key."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import Office
from yukuaiban.notices.models import Message
from yukuaiban.notices.outbox import Letter, deliver, enqueue

SECOND = timedelta(seconds=1)


@pytest.fixture
def office(db) -> Office:
    return Office(hire=False)


def queued(office):
    letter = Letter("mail", "staff:one", "预警", "请尽快办理。", "9901")
    enqueue(letter, cause=office.pen.uid(), created_at=office.now, not_before=office.now)


@pytest.mark.parametrize("arrived", [False, True])
def test_killed_before_or_after_it_left_it_goes_again_under_its_key(office, arrived):
    queued(office)
    received = []

    def killed(message, _now):
        if arrived:
            received.append(message.key)
        raise SystemExit

    with pytest.raises(SystemExit):
        deliver(office.now, owner="killed", adapters={"mail": killed})
    assert Message.objects.get().state == Message.State.QUEUED
    keep = {"mail": lambda message, _now: received.append(message.key)}
    deliver(office.now + 61 * SECOND, owner="next", adapters=keep)
    assert len(received) == 1 + arrived
    assert len(set(received)) == 1
    assert Message.objects.get().state == Message.State.SENT
