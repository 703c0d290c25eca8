"""A killed worker left its job running for ever; after 60 seconds another takes it over, with one effect."""

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


def test_what_a_killed_sender_held_is_taken_over_once(office):
    queued(office)
    sent = []

    def killed(_message, _now):
        raise SystemExit

    with pytest.raises(SystemExit):
        deliver(office.now, owner="killed", adapters={"mail": killed})
    assert Message.objects.get().lease_owner == "killed"
    keep = {"mail": lambda message, _now: sent.append(message.key)}
    for seconds in (1, 59, 60, 61, 600):
        deliver(office.now + seconds * SECOND, owner="next", adapters=keep)
    assert len(sent) == 1
    assert Message.objects.get().state == Message.State.SENT
