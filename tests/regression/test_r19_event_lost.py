"""One failed delivery and the notice was gone; it is tried again for seven days and then stands in sight."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import Office
from yukuaiban.notices.adapters import Undeliverable
from yukuaiban.notices.models import Message
from yukuaiban.notices.outbox import Letter, deliver, enqueue

SECOND = timedelta(seconds=1)


@pytest.fixture
def office(db) -> Office:
    return Office(hire=False)


def queued(office):
    letter = Letter("mail", "staff:one", "预警", "请尽快办理。", "9901")
    enqueue(letter, cause=office.pen.uid(), created_at=office.now, not_before=office.now)


def test_a_partner_that_never_answers_leaves_a_visible_dead_letter(office):
    queued(office)
    tries = []

    def fails(message, _now):
        tries.append(message.key)
        raise Undeliverable("HTTP 500")

    message, began = Message.objects.get(), office.now
    while message.state == Message.State.QUEUED:
        deliver(message.next_try_at, owner="w", adapters={"mail": fails})
        last, message = message.next_try_at, Message.objects.get()
    assert message.state == Message.State.DEAD
    assert last - began >= timedelta(days=7)
    assert (len(tries) > 20, len(set(tries)), message.last_error) == (True, 1, "HTTP 500")


def test_one_failure_is_followed_by_another_try(office):
    queued(office)
    answers = [Undeliverable("HTTP 500")]

    def once(_message, _now):
        if answers:
            raise answers.pop()

    assert deliver(office.now, owner="w", adapters={"mail": once}).failed == 1
    assert deliver(office.now + 60 * SECOND, owner="w", adapters={"mail": once}).sent == 1
