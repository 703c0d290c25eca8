"""The tick: what time alone brings, at its true moment, once, whoever was killed and however long nobody ran."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from django.db import OperationalError

from tests.cast import SITE_CHECK, TWO_MINUTES, Office, at, fresh
from yukuaiban.cases import passing, queries, storing, worker
from yukuaiban.cases.models import Answer, Case, Clock, ClockEffect, Tick
from yukuaiban.cases.rebuilding import fold_differences
from yukuaiban.cases.telling import tell
from yukuaiban.cases.worker import POISON, TickReport, release, run_until_quiet, tick
from yukuaiban.core.lights import Light
from yukuaiban.core.timeline import Change, ClockState
from yukuaiban.journal.models import JournalEvent
from yukuaiban.journal.reading import events
from yukuaiban.journal.writing import confirm_clock
from yukuaiban.measures.desks.actions import ACTIONS
from yukuaiban.notices.models import Message
from yukuaiban.people.access import CONSOLE


def stream(case: Case) -> str:
    return f"case:{case.number}"


def brought(case: Case) -> list[tuple[str, str, str]]:
    """What time has brought: event, clock and local moment, in the order of the journal."""
    return [
        (
            each.type.removeprefix("clock."),
            each.body["data"].get("clock", ""),
            (each.occurred_at + timedelta(hours=8)).strftime("%m-%d %H:%M"),
        )
        for each in events(stream(case))
        if each.source == "worker"
    ]


def agrees(case: Case) -> bool:
    return fold_differences(stream(case), list(events(stream(case)))) == []


def test_a_worker_that_stood_still_for_weeks_tells_true_moments_in_their_order(office: Office) -> None:
    case = office.in_review()
    office.tick("2026-04-10T09:00")
    found = brought(case)
    assert [each for each in found if each[1] == "committed"] == [
        ("warned", "committed", "03-11 17:30"),
        ("overdue", "committed", "03-16 17:30"),
        ("escalated", "committed", "03-18 17:30"),
    ]
    assert [each for each in found if each[1] == "statutory"] == [
        ("warned", "statutory", "03-20 17:30"),
        ("overdue", "statutory", "03-30 17:30"),
    ]
    assert [moment for *_, moment in found] == sorted(moment for *_, moment in found)
    assert {each.recorded_at for each in events(stream(case)) if each.source == "worker"} == {office.now}
    assert agrees(case)


def test_one_pass_of_a_busy_morning_takes_the_earliest_first(office: Office) -> None:
    late, early = office.in_review(), office.in_review(SITE_CHECK)
    office.at("2026-03-12T09:00")
    assert tick(office.now, pen=office.pen, batch=1).moved == 1
    assert brought(early)
    assert not brought(late)


def test_nothing_told_in_five_working_days_is_deemed_admitted_at_that_moment(office: Office) -> None:
    case = office.receive()
    office.tick("2026-03-20T09:00")
    assert brought(case)[:3] == [
        ("warned", "correction", "03-06 12:00"),
        ("overdue", "correction", "03-09 17:30"),
        ("desks.deem_admit", "", "03-09 17:30"),
    ]
    assert office.due(case, "committed") == "2026-03-16T17:30"
    assert agrees(case)


def test_what_a_measure_does_at_an_action_happens_also_when_time_does_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    spec = dataclasses.replace(ACTIONS["deem_admit"], effect=seen.append)
    monkeypatch.setattr(passing, "spec_of", lambda _measure, _code: spec)
    case = office.receive()
    office.tick("2026-03-10T09:00")
    assert [(each.case.pk, each.at, each.state.stage) for each in seen] == [
        (case.pk, at("2026-03-09T17:30"), "admitted")
    ]


def test_a_pause_ends_by_itself_at_its_planned_end(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-03T10:00").pause(case, "2026-03-05T10:00")
    office.tick("2026-03-09T09:00")
    assert ("resumed", "committed", "03-05 10:00") in brought(case)
    assert office.due(case) == "2026-03-18T17:30"
    assert not office.state(case).clock("committed").due.expected
    assert agrees(case)


def test_at_the_due_instant_a_case_is_in_time_and_just_after_it_is_not(office: Office) -> None:
    case = office.in_review()
    office.tick("2026-03-16T17:30")
    assert queries.light_of(fresh(case), office.now) is Light.YELLOW
    assert "overdue" not in [kind for kind, *_ in brought(case)]
    office.now += timedelta(microseconds=1)
    office.tick()
    assert ("overdue", "committed", "03-16 17:30") in brought(case)


def test_a_second_worker_in_the_middle_of_a_pass_doubles_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one does everything between the first one's look and its lock."""
    cases = [office.in_review() for _ in range(3)]
    office.at("2026-03-20T18:00")
    look, reports = worker._waking, []

    def interrupted(now, batch):
        found = look(now, batch)
        monkeypatch.setattr(worker, "_waking", look)
        reports.append(tick(now, pen=office.pen))
        return found

    monkeypatch.setattr(worker, "_waking", interrupted)
    first = tick(office.now, pen=office.pen)
    assert (reports[0].moved, first.moved, first.failed) == (3, 0, 0)
    for case in cases:
        told = [(kind, clock) for kind, clock, _ in brought(case)]
        assert len(told) == len(set(told)) == ClockEffect.objects.filter(clock__case=case).count()
        assert agrees(case)


def test_a_thousand_passes_tell_one_thing_once(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-20T18:00")
    for _ in range(100):
        tick(office.now, pen=office.pen)
    keys = list(Message.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))
    assert [kind for kind, clock, _ in brought(case) if clock == "committed"] == [
        "warned",
        "overdue",
        "escalated",
    ]


def test_a_worker_killed_in_the_middle_leaves_nothing_half_done(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [office.in_review() for _ in range(3)]
    office.at("2026-03-12T09:00")
    before = JournalEvent.objects.count(), Message.objects.count()
    write, written = storing.store, []

    def killed(case, state, event):
        written.append(case)
        if len(written) == 3:
            raise SystemExit
        write(case, state, event)

    monkeypatch.setattr(storing, "store", killed)
    with pytest.raises(SystemExit):
        tick(office.now, pen=office.pen)
    assert (JournalEvent.objects.count(), Message.objects.count()) == before
    monkeypatch.setattr(storing, "store", write)
    assert office.tick() == 3
    assert all(brought(case) == [("warned", "committed", "03-11 17:30")] for case in cases)


class Poison:
    """`catch_up` that fails for one case as often as told."""

    def __init__(self, case: Case, times: int) -> None:
        self.case, self.times, self.real = case, times, worker.catch_up

    def __call__(self, case, state, pen):
        if case.pk == self.case.pk and self.times:
            self.times -= 1
            raise ValueError("broken limit")
        return self.real(case, state, pen)


def test_a_poisoned_case_is_set_aside_at_the_third_failure_and_the_others_go_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = office.in_review(), office.in_review()
    monkeypatch.setattr(worker, "catch_up", Poison(bad, POISON))
    office.at("2026-03-12T09:00")
    reports = [tick(office.now, pen=office.pen) for _ in range(POISON + 2)]
    assert [(each.moved, each.failed) for each in reports] == [(1, 1), (0, 1), (0, 1), (0, 0), (0, 0)]
    assert brought(good) == [("warned", "committed", "03-11 17:30")]
    assert fresh(bad).poison_error == "ValueError: broken limit"
    release(fresh(bad))
    assert office.tick() == 1
    assert brought(bad) == [("warned", "committed", "03-11 17:30")]
    assert (fresh(bad).poisoned, fresh(bad).poison_error) == (0, "")


def test_three_failures_count_only_in_a_row(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = office.in_review()
    for moment in ("2026-03-12T09:00", "2026-03-17T09:00", "2026-03-19T09:00"):
        monkeypatch.setattr(worker, "catch_up", Poison(case, POISON - 1))
        office.at(moment)
        failures = [tick(office.now, pen=office.pen).failed for _ in range(POISON)]
        assert failures == [1, 1, 0]
        assert fresh(case).poisoned == 0
        monkeypatch.undo()


def test_a_database_that_fails_poisons_nobody(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = office.in_review()
    office.at("2026-03-12T09:00")

    def full(*_args):
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(worker, "catch_up", full)
        for _ in range(POISON):
            with pytest.raises(OperationalError):
                tick(office.now, pen=office.pen)
    assert fresh(case).poisoned == 0
    assert office.tick() == 1


def test_a_row_that_holds_a_stale_moment_is_corrected_without_an_event(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-04T09:00")
    count = JournalEvent.objects.count()
    for moment in ("2026-03-01T09:00", "2026-03-03T09:00"):
        Clock.objects.filter(case=case, code="committed").update(next_change_at=at(moment))
        Case.objects.filter(pk=case.pk).update(next_change_at=at(moment))
        assert office.tick() == 0
        assert agrees(case)
    assert JournalEvent.objects.count() == count
    assert not Message.objects.exists()


def test_stale_rows_do_not_keep_a_small_batch_from_the_others(office: Office) -> None:
    stale = [office.in_review() for _ in range(2)]
    due = office.in_review()
    Clock.objects.filter(case__in=stale, code="committed").update(next_change_at=at("2026-03-01T09:00"))
    office.at("2026-03-12T09:00")
    assert run_until_quiet(office.now, pen=office.pen, batch=1) == 3
    assert brought(due)


def test_a_batch_of_clocks_of_few_cases_is_known_to_be_full(office: Office) -> None:
    """Three cases with two waking clocks each: a batch of two looks at one case, and says that more is waiting."""
    cases = [office.in_review() for _ in range(3)]
    Clock.objects.filter(code__in=("committed", "statutory")).update(next_change_at=at("2026-03-11T17:30"))
    office.at("2026-03-12T09:00")
    assert tick(office.now, pen=office.pen, batch=2) == TickReport(1, 0, more=True)
    assert run_until_quiet(office.now, pen=office.pen, batch=2) == 2
    assert all(brought(case) for case in cases)


def test_every_pass_writes_the_heartbeat_and_lets_old_answers_go(office: Office) -> None:
    office.receive(key="k-old")
    office.tick("2026-04-06T08:59")
    assert Tick.objects.get().last_tick_at == office.now
    assert Answer.objects.count() == 1
    office.tick("2026-04-06T09:01")
    assert Tick.objects.get().last_tick_at == office.now
    assert not Answer.objects.exists()


def test_after_a_clock_set_back_no_light_changes_until_somebody_confirms(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-01T09:00").receive()
    office.at("2026-03-12T09:00")
    assert tick(office.now, pen=office.pen) == TickReport(0, 0, more=False)
    assert not brought(case)
    confirm_clock(actor=CONSOLE.actor(), pen=office.pen, source="console", reason="与授时服务器核对")
    office.tick()
    assert ("warned", "committed", "03-11 17:30") in brought(case)


def test_lights_change_at_night_and_messages_wait_for_the_morning(office: Office) -> None:
    case = office.at("2026-03-06T20:30").receive(TWO_MINUTES)
    office.do(case, "admit", "xiaoyu")
    office.tick("2026-03-06T20:35")
    assert queries.light_of(fresh(case), office.now) is Light.RED
    assert ("overdue", "committed", "03-06 20:32") in brought(case)
    assert set(Message.objects.values_list("next_try_at", flat=True)) == {at("2026-03-09T08:00")}


def test_a_clock_that_is_exempt_writes_at_any_hour(office: Office) -> None:
    case = office.in_review()
    state = office.at("2026-03-07T23:00").state(case)
    clock: ClockState = state.clock("committed")
    exempt = dataclasses.replace(clock, rule=dataclasses.replace(clock.rule, quiet_exempt=True))
    change: Change = clock.next_change
    for number, (told, expected) in enumerate(((clock, at("2026-03-09T08:00")), (exempt, office.now))):
        event = list(events(stream(case)))[number]
        tell(case, state, (told, change), event, worker.HeldPen(office.pen))
        sent = Message.objects.filter(key__startswith=str(event.uid))
        assert set(sent.values_list("next_try_at", flat=True)) == {expected}
