"""What a watchdog is told: green while the worker passes and messages leave, red three and ten minutes later."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests.cast import Office
from yukuaiban.cases.models import Tick
from yukuaiban.journal.sequencing import add_leaves, advance
from yukuaiban.notices.models import Message
from yukuaiban.notices.outbox import Letter, deliver_all, enqueue
from yukuaiban.site import health

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Office:
    found = Office()
    found.tick()
    advance(found.now)
    return found


def later(office: Office, **amount: float):
    return health.state(office.now + timedelta(**amount))


def letter(office: Office, channel: str = "inapp", wait: timedelta = timedelta()) -> None:
    enqueue(
        Letter(channel, office.handler.ref, "到期", "即将到期"),
        cause=UUID(int=1),
        created_at=office.now,
        not_before=office.now + wait,
    )


def test_a_worker_that_stands_still_is_seen_after_three_minutes(office) -> None:
    assert later(office, minutes=3)["ready"]
    found = later(office, minutes=3, seconds=1)
    assert not found["ready"]
    assert found["last_tick_age_seconds"] == 181


def test_an_installation_without_a_worker_is_not_ready(office) -> None:
    Tick.objects.update(last_tick_at=None)
    found = later(office)
    assert (found["ready"], found["last_tick_at"], found["last_tick_age_seconds"]) == (False, None, None)


def test_a_message_that_does_not_leave_is_seen_after_ten_minutes(office) -> None:
    letter(office)
    Tick.objects.update(last_tick_at=office.now + timedelta(minutes=11))
    assert later(office, minutes=10)["ready"]
    assert not later(office, minutes=10, seconds=1)["ready"]


def test_a_message_that_waits_for_the_morning_is_no_alarm(office) -> None:
    letter(office, wait=timedelta(hours=12))
    Tick.objects.update(last_tick_at=office.now + timedelta(hours=1))
    assert later(office, hours=1)["ready"]


def test_a_message_that_fails_again_and_again_is_seen_between_two_tries(office) -> None:
    letter(office, channel="pigeon")
    deliver_all(office.now, owner="w")
    assert Message.objects.get().attempts == 1
    Tick.objects.update(last_tick_at=office.now + timedelta(minutes=11))
    assert not later(office, minutes=11)["ready"]


def test_the_pages_answer_anybody_with_the_state_and_its_status(office, client, monkeypatch) -> None:
    assert client.get("/healthz").json() == {"ok": True}
    monkeypatch.setattr(health, "state", lambda _now: {"ready": True})
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr(health, "state", lambda _now: {"ready": False})
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False})
    assert client.post("/readyz").status_code == 405


def test_an_event_without_a_place_in_the_tree_is_seen_after_a_minute(office) -> None:
    office.receive()
    assert later(office, seconds=60)["ready"]
    found = later(office, seconds=61)
    assert (found["ready"], found["journal_merge_delay_seconds"]) == (False, 61)


def test_a_place_without_a_checkpoint_is_seen_after_three_minutes(office) -> None:
    office.receive()
    add_leaves()
    assert later(office, seconds=180)["ready"]
    Tick.objects.update(last_tick_at=office.now + timedelta(seconds=181))
    found = later(office, seconds=181)
    assert (found["ready"], found["journal_unpublished_seconds"]) == (False, 181)
