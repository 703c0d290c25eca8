"""The clock of the host is wrong while people work (R9): nothing falls back in time, no light changes on its word."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cast import PERMIT, ZONE, Office, at, fresh
from tests.installation import Installation
from tests.reliability.packcalendar import office as calendar
from tests.sizes import sizes
from yukuaiban.cases import counters
from yukuaiban.cases.models import Clock, ClockEffect
from yukuaiban.cases.rebuilding import case_streams, fold_differences
from yukuaiban.journal.models import JournalEvent
from yukuaiban.journal.verifying import verify
from yukuaiban.journal.writing import clock_in_doubt, confirm_clock
from yukuaiban.notices.models import Message
from yukuaiban.people.access import CONSOLE

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEPS = {"an hour back": -HOUR, "an hour on": HOUR, "a day back": -DAY, "a day on": DAY}


def words() -> list[str]:
    """What the journal says about the host's clock, in order."""
    return list(JournalEvent.objects.filter(stream="system").order_by("seq").values_list("type", flat=True))


def never_falling() -> bool:
    """Whether `recorded_at` goes forward in every stream."""
    streams: dict[str, list[datetime]] = defaultdict(list)
    for stream, moment in JournalEvent.objects.order_by("stream", "seq").values_list("stream", "recorded_at"):
        streams[stream].append(moment)
    return all(moments == sorted(moments) for moments in streams.values())


def sound(office: Office) -> None:
    """What holds at any moment, whatever the clock did."""
    assert never_falling()
    report = verify(folds={"case:": fold_differences}, streams={"case:": case_streams})
    assert report.ok, report.first
    assert counters.counts(office.now) == counters.recount(office.now)
    effects = list(ClockEffect.objects.values_list("clock", "step", "clock_version"))
    assert len(effects) == len(set(effects))
    assert Message.objects.count() == Message.objects.values("key").distinct().count()


def deadlines_are_the_oracles() -> None:
    """Ten working days for the permit, walked from the moment that the journal holds."""
    for clock in Clock.objects.filter(code="committed", case__subject=PERMIT):
        _, due = calendar().due_workdays(clock.started_at, 10, [])
        assert clock.due_at == due


@pytest.mark.parametrize("step", STEPS)
def test_a_step_of_the_clock_while_cases_run(office: Office, step):
    first = office.in_review()
    office.now += STEPS[step]
    second = office.in_review()
    assert words() == (["clock.anomaly"] if STEPS[step] < timedelta() else [])
    assert clock_in_doubt() is (STEPS[step] < timedelta())
    deadlines_are_the_oracles()
    sound(office)
    office.now -= STEPS[step]  # set right again
    third = office.in_review()
    assert words() == ["clock.anomaly"]
    assert clock_in_doubt()
    assert office.tick("2026-04-30T09:00") == 0
    assert not ClockEffect.objects.exists()
    confirm_clock(actor=CONSOLE.actor(), pen=office.pen, source="console", reason="与授时服务器核对")
    assert office.tick() == 3
    told = Message.objects.count()
    assert office.tick() == 0
    assert Message.objects.count() == told
    assert all(fresh(case).breach_at for case in (first, second, third))
    deadlines_are_the_oracles()
    sound(office)


def test_lights_that_changed_while_the_clock_ran_ahead_are_told_once(office: Office):
    """A day ahead, the limit seems missed and people are told; set right, nobody is told again when it is missed."""
    case = office.in_review()
    due = Clock.objects.get(case=case, code="committed").due_at
    assert due is not None
    office.now = due + timedelta(minutes=1)
    ahead = office.tick()
    assert ahead == 1
    told = Message.objects.count()
    office.now = due - DAY
    office.receive()
    assert clock_in_doubt()
    assert office.tick() == 0
    confirm_clock(actor=CONSOLE.actor(), pen=office.pen, source="console", reason="与授时服务器核对")
    for minutes in (0, 1, 60):
        office.now = due + timedelta(minutes=minutes)
        office.tick()
    mine = Message.objects.filter(case_number=case.number)
    assert mine.count() == told
    sound(office)


@pytest.mark.parametrize(
    "moment", ["2028-02-29T09:00", "2026-12-31T16:00", "2038-01-19T11:14", "2038-02-01T09:00"]
)
def test_a_case_on_an_odd_day(office: Office, moment):
    case = office.at(moment).in_review()
    row = Clock.objects.get(case=case, code="committed")
    last, due = calendar().due_workdays(at(moment), 10, [])
    assert row.due_at == due
    assert row.provisional is calendar().provisional(at(moment).astimezone(ZONE).date(), last)
    office.now = due
    office.tick()
    assert not ClockEffect.objects.filter(clock=row, at=due).exists()
    office.now += timedelta(minutes=1)
    office.tick()
    assert ClockEffect.objects.filter(clock=row, at=due).count() == 1
    sound(office)


def on_two_hosts(home: Path, vendor: str, seconds: int, deeds: int) -> dict[str, Any]:
    """What stands there after clients on both were at work, the second host's clock being off."""
    done = Installation(home, vendor).run("-m", "tests.reliability.skewed", str(seconds), str(deeds))
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert found["lost"] == []
    assert found["never_falling"]
    assert found["verdict"] == {"green": True, "first": "", "doubled": 0}
    assert found["deadlines_wrong"] == []
    return found


@pytest.mark.parametrize("size", sizes("R9"))
def test_two_processes_of_which_one_lives_in_the_past(tmp_path, size, record_property):
    """On SQLite the host's clock counts: one word about it, and the worker waits for a person."""
    found = on_two_hosts(tmp_path / "skew", "sqlite", -10, size["deeds"])
    assert (found["asked"], found["words"]) == (0, ["clock.anomaly"])
    assert found["moved_in_doubt"] == 0
    assert found["moved_afterwards"] == found["cases"]
    record_property("acknowledged", 3 * size["deeds"])


@pytest.mark.pg
@pytest.mark.parametrize("seconds", [-300, 300])
@pytest.mark.parametrize("size", sizes("R9"))
def test_the_clock_of_a_second_host_does_not_count_on_postgresql(tmp_path, seconds, size, record_property):
    """The database's clock is the one of all: no false alarm, no light waits for a person."""
    found = on_two_hosts(tmp_path / f"skew{seconds + 300}", "postgresql", seconds, size["deeds"])
    assert (found["asked"], found["words"]) == (1, [])
    assert found["moved_in_doubt"] == found["cases"]
    record_property("acknowledged", 3 * size["deeds"])
