"""Mails went out at night and on weekends; notices keep to a window, which the 2-hour rule does not."""

from __future__ import annotations

import dataclasses

import pytest

from tests.cast import Office, at
from yukuaiban.cases.moments import HeldPen
from yukuaiban.cases.telling import tell
from yukuaiban.journal.reading import events
from yukuaiban.notices.models import Message


@pytest.mark.django_db
@pytest.mark.parametrize(("exempt", "sent"), [(False, "2026-03-09T08:00"), (True, "2026-03-07T23:00")])
def test_a_message_waits_for_the_morning_unless_its_clock_is_exempt(exempt, sent):
    office = Office()
    case = office.in_review()
    state = office.at("2026-03-07T23:00").state(case)
    clock = state.clock("committed")
    clock = dataclasses.replace(clock, rule=dataclasses.replace(clock.rule, quiet_exempt=exempt))
    event = next(iter(events(f"case:{case.number}")))
    tell(case, state, (clock, clock.next_change), event, HeldPen(office.pen))
    assert set(Message.objects.values_list("next_try_at", flat=True)) == {at(sent)}
