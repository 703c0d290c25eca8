"""`stuck`: what was set aside is seen, with its reason, and comes back when somebody says so."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.cast import Office, at
from yukuaiban.cases.models import Case, Clock
from yukuaiban.notices.models import Message
from yukuaiban.notices.outbox import Letter, enqueue
from yukuaiban.people.models import Staff
from yukuaiban.site.commands import checking, serving


@pytest.fixture
def aside(office: Office) -> Case:
    """A case at its third failure, and a message that nobody would take for seven days."""
    case = office.receive()
    Case.objects.filter(pk=case.pk).update(poisoned=3, poison_error="ValueError: 坏了")
    letter = Letter("mail", office.handler.ref, "预警", "不给运维看的正文", case.number)
    enqueue(letter, cause=office.pen.uid(), created_at=office.now, not_before=office.now)
    Message.objects.update(state=Message.State.DEAD, attempts=9, last_error="没有登记邮箱")
    return case


def test_nothing_set_aside_is_said_and_is_fine(ykb, office):
    code, out, _ = ykb("stuck")
    assert (code, out.strip()) == (0, "没有搁置的办件和通知。")
    assert "搁置" not in {found.point for found in checking.findings(office.now)}


def test_both_are_listed_with_their_reasons_and_without_the_text(ykb, aside, office):
    code, out, _ = ykb("stuck", "--json")
    assert code == 1
    assert json.loads(out) == {
        "cases": [{"case": aside.number, "failures": 3, "error": "ValueError: 坏了"}],
        "messages": [{"channel": "mail", "case": aside.number, "attempts": 9, "error": "没有登记邮箱"}],
    }
    code, out, _ = ykb("stuck")
    assert code == 1
    assert aside.number in out
    assert "不给运维看的正文" not in out
    found = [each for each in checking.findings(office.now) if each.point == "搁置"]
    assert [(each.level, "1 个办件、1 条通知" in each.text) for each in found] == [("wrong", True)]


def test_a_released_case_is_taken_by_the_next_pass(ykb, aside, office):
    later = "2026-03-12T09:00"
    assert office.tick(later) == 0
    assert ykb("stuck", "release", aside.number)[0] == 0
    assert office.tick() == 1
    assert not Clock.objects.filter(case=aside, next_change_at__lte=at(later)).exists()


def test_releasing_what_is_not_set_aside_is_refused(ykb, office):
    case = office.receive()
    code, _, err = ykb("stuck", "release", case.number)
    assert (code, "没有搁置" in err) == (2, True)


def test_dead_messages_are_queued_again(ykb, aside, office):
    code, _, err = ykb("stuck", "resend")
    assert (code, "1 条" in err) == (0, True)
    message = Message.objects.get()
    assert (message.state, message.attempts, message.next_try_at) == (Message.State.QUEUED, 0, office.now)


@pytest.mark.parametrize("demo", [True, False])
def test_the_worker_locks_accounts_unused_for_90_days_but_in_a_demo(office, monkeypatch, tmp_path, demo):
    if demo:
        (tmp_path / "demo.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr("yukuaiban.site.home.folder", lambda: tmp_path)
    office.now += timedelta(days=91)
    serving._lock_unused()
    assert Staff.objects.filter(is_active=True).exists() is demo
