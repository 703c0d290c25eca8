"""The oldest unfinished job was seen by nobody for weeks; its age is a figure that alarms at ten minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import Office
from yukuaiban.notices.outbox import Letter, enqueue, unsent_age

MINUTE = timedelta(minutes=1)


@pytest.fixture
def office(db) -> Office:
    return Office(hire=False)


def queued(office):
    letter = Letter("mail", "staff:one", "预警", "请尽快办理。", "9901")
    enqueue(letter, cause=office.pen.uid(), created_at=office.now, not_before=office.now)


def test_the_age_of_the_oldest_unsent_message_grows_until_it_is_sent(office):
    assert unsent_age(office.now) == timedelta()
    queued(office)
    assert [unsent_age(office.now + age * MINUTE) for age in (1, 10, 30_240)] == [
        MINUTE, 10 * MINUTE, timedelta(weeks=3),
    ]  # fmt: skip
