"""Appending: numbers without a gap, the chain, the retried key, the clock that falls back."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tests.cast import Office, at, fresh
from yukuaiban.core.canonical import CanonicalError
from yukuaiban.core.errors import CaseMoved, InputInvalid
from yukuaiban.journal import reading, writing
from yukuaiban.journal.event import CLOCK_ANOMALY, CLOCK_CONFIRMED, SYSTEM, Actor
from yukuaiban.journal.models import AppendOnlyBroken, JournalEvent, JournalSecret
from yukuaiban.journal.pen import SeededPen
from yukuaiban.journal.writing import Head, KeyTaken, append, clock_in_doubt, confirm_clock, head_of

ACTOR = Actor("staff:s-1", "sp-0001", "desk_clerk")


class Desk:
    """A pen and its moment."""

    def __init__(self) -> None:
        self.now = at("2026-03-02T09:00")
        self.pen = SeededPen(3, lambda: self.now)

    def note(self, stream: str = "register:test", **more):
        values = {"type": "register.noted", "body": {}, "actor": ACTOR, "source": "web"} | more
        return append(stream=stream, pen=self.pen, **values)


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def test_this_run_is_on_the_database_that_was_asked_for(db):
    wanted = "postgresql" if os.environ.get("YUKUAIBAN_TESTS_DATABASE") else "sqlite"
    assert connection.vendor == wanted


def test_events_of_a_stream_are_numbered_and_chained(desk):
    for place in range(1, 5):
        desk.note(body={"n": place})
    found = list(reading.events("register:test"))
    assert [event.seq for event in found] == [1, 2, 3, 4]
    assert [event.prev for event in found] == [None, *(event.hash.hex() for event in found[:-1])]
    assert [event.body["n"] for event in reading.events("register:test", after=2)] == [3, 4]


def test_streams_do_not_know_of_each_other(desk):
    desk.note("register:one")
    assert desk.note("register:two").seq == 1
    assert head_of("register:three") == Head.empty()


def test_columns_are_copies_of_the_text(desk):
    event = desk.note(idem="k-1", occurred_at=at("2026-03-01T09:00"))
    row = JournalEvent.objects.get(uid=event.uid)
    assert (row.stream, row.seq, row.type, row.source, row.idem_key) == (
        event.stream,
        1,
        event.type,
        "web",
        "k-1",
    )
    assert (row.recorded_at, row.occurred_at) == (desk.now, at("2026-03-01T09:00"))
    assert bytes(row.text) == event.text
    assert bytes(row.hash) == event.hash
    assert reading.event(event.uid) == reading.by_key("web", "k-1") == event


def test_a_value_without_a_form_is_refused_with_its_path_and_nothing_is_written(desk):
    with pytest.raises(CanonicalError) as refused, transaction.atomic():
        desk.note(body={"items": [{"fee": 1.5}]}, personal={"name": "王海"})
    assert refused.value.path == "body.items[0].fee"
    assert not JournalEvent.objects.exists()
    assert not JournalSecret.objects.exists()


def test_a_key_used_twice_writes_nothing(desk):
    desk.note(idem="k-1")
    for stream in ("register:test", "register:other"):
        with pytest.raises(KeyTaken, match="没有重复写入"), transaction.atomic():
            desk.note(stream, idem="k-1", body={"other": 1})
    assert JournalEvent.objects.count() == 1
    desk.note(idem="k-1", source="api")
    assert JournalEvent.objects.count() == 2


@pytest.mark.parametrize("key", ["", "k" * 129])
def test_a_key_of_a_wrong_length_is_refused(desk, key):
    with pytest.raises(InputInvalid, match="提交凭据"):
        desk.note(idem=key)


def test_a_stale_head_is_told_that_the_case_has_moved(desk):
    desk.note("case:1", head=Head.empty())
    stale = head_of("case:1")
    desk.note("case:1", head=stale)
    with pytest.raises(CaseMoved, match="刚刚被别人办理"), transaction.atomic():
        desk.note("case:1", head=stale)
    assert [event.seq for event in reading.events("case:1")] == [1, 2]


def test_a_lost_race_for_the_next_number_is_tried_again(desk, monkeypatch):
    """The head was read before another writer took the next number."""
    desk.note()
    true_head, read = writing.head_of, []

    def outdated(stream):
        read.append(stream)
        return Head.empty() if len(read) == 1 else true_head(stream)

    monkeypatch.setattr(writing, "head_of", outdated)
    event = desk.note()
    assert len(read) == 2
    assert [each.seq for each in reading.events("register:test")] == [1, 2]
    assert event.prev == next(reading.events("register:test")).hash.hex()


def test_recorded_at_never_falls_within_a_stream(desk):
    first = desk.note()
    desk.now -= timedelta(seconds=1)
    second = desk.note()
    desk.now += timedelta(seconds=5)
    third = desk.note()
    assert first.recorded_at == second.recorded_at < third.recorded_at


def clock_words() -> list[str]:
    return [event.type for event in reading.events(SYSTEM)]


def test_two_seconds_behind_are_tolerated(desk):
    desk.note()
    desk.now -= timedelta(seconds=2)
    desk.note("register:other")
    assert clock_words() == []


def test_a_clock_that_falls_back_is_noted_once_until_somebody_confirms(desk):
    desk.note()
    desk.now -= timedelta(hours=1)
    for _ in range(3):
        desk.note("register:other")
    assert clock_words() == [CLOCK_ANOMALY]
    assert next(reading.events(SYSTEM)).body["behind_ms"] == 3_600_000
    assert clock_in_doubt()
    confirm_clock(actor=ACTOR, pen=desk.pen, reason="已比对")
    assert not clock_in_doubt()
    desk.note("register:other")
    assert clock_words() == [CLOCK_ANOMALY, CLOCK_CONFIRMED]


def test_after_a_confirmation_only_a_new_fall_is_noted(desk):
    desk.note()
    desk.now -= timedelta(hours=1)
    desk.note("register:other")
    confirm_clock(actor=ACTOR, pen=desk.pen, reason="已比对")
    desk.now += timedelta(minutes=1)
    desk.note("register:other")
    assert not clock_in_doubt()
    desk.now -= timedelta(minutes=30)
    desk.note("register:other")
    assert clock_in_doubt()
    assert clock_words() == [CLOCK_ANOMALY, CLOCK_CONFIRMED, CLOCK_ANOMALY]


def test_while_the_clock_is_in_doubt_people_work_and_lights_stand_still(office: Office):
    case = office.receive()
    office.at("2026-03-02T08:00")
    other = office.receive()
    assert clock_in_doubt()
    office.do(other, "admit", "xiaoyu")
    assert office.tick("2026-03-10T09:00") == 0
    assert not fresh(case).deemed_admitted
    confirm_clock(actor=ACTOR, pen=office.pen, reason="已比对")
    assert office.tick() > 0
    assert fresh(case).deemed_admitted
    found = [event.recorded_at for event in reading.events(f"case:{other.number}")]
    assert found == sorted(found)


# -- the code itself refuses -------------------------------------------------------------------------------------
def test_the_model_offers_no_way_to_change_the_past(desk):
    desk.note(personal={"name": "王海"})
    row, sealed = JournalEvent.objects.get(), JournalSecret.objects.get()
    refused = [
        row.save,
        row.delete,
        sealed.save,
        JournalEvent.objects.all().delete,
        lambda: JournalEvent.objects.update(type="a.b"),
        lambda: JournalEvent.objects.bulk_update([row], ["type"]),
        lambda: JournalEvent.objects.bulk_create(
            [row], update_conflicts=True, update_fields=["type"], unique_fields=["uid"]
        ),
    ]
    for deed in refused:
        with pytest.raises(AppendOnlyBroken):
            deed()
    assert next(reading.events("register:test")).type == "register.noted"


def test_one_seed_gives_one_pen_and_another_seed_another():
    now = at("2026-03-02T09:00")
    drawn = [
        [pen.moment(), pen.uid(), pen.salt(), pen.uid()]
        for pen in (SeededPen(seed, lambda: now) for seed in (1, 1, 2))
    ]
    assert drawn[0] == drawn[1]
    assert drawn[0][1:] != drawn[2][1:]
    assert drawn[0][1].version == 7
    assert drawn[0][1] != drawn[0][3]
