"""An event of a type or schema that this version does not know stops the fold, and is named."""

from __future__ import annotations

import pytest

from tests.cast import Office
from yukuaiban.cases import facts
from yukuaiban.cases.rebuilding import differences, fold_differences, rebuild
from yukuaiban.core.errors import Refused
from yukuaiban.journal.event import Actor
from yukuaiban.journal.reading import events
from yukuaiban.journal.verifying import verify
from yukuaiban.journal.writing import append
from yukuaiban.people.access import CONSOLE

STRANGE = {
    "an action that no procedure has": {"type": "desks.teleport"},
    "an action under the name of another measure": {"type": "plans.decide"},
    "a fact of the platform that nobody wrote": {"type": "clock.melted"},
    "a body of a later version": {"type": "clock.warned", "schema": 2},
}


@pytest.fixture(params=STRANGE.values(), ids=STRANGE)
def strange(request, db):
    """The office, a case in review, and the strange event at the end of its stream."""
    office = Office()
    case = office.in_review()
    body = {
        "data": {"clock": "committed", "ordinal": 1, "step": "warned"},
        "calendars": next(events(facts.stream_of(case.number))).body["calendars"],
    }
    actor, stream = Actor("system:worker"), facts.stream_of(case.number)
    event = append(stream=stream, body=body, actor=actor, pen=office.pen, source="worker", **request.param)
    return office, case, event


def test_the_fold_stops_at_it_and_says_where_and_what_it_is(strange):
    _office, case, event = strange
    with pytest.raises(Refused) as refused:
        facts.state_of(case)
    for part in (f"序号 {event.seq}", str(event.uid), event.type):
        assert part in str(refused.value)


def test_verify_and_rebuild_name_it_and_rebuild_writes_nothing(strange):
    office, case, event = strange
    (said,) = differences(case.number)
    assert str(event.uid) in said
    report = verify(folds={"case:": fold_differences})
    assert report.faults == {"fold": 1}
    assert str(event.uid) in report.first.why
    with pytest.raises(Refused, match="不认识的留痕"):
        rebuild(case.number, actor=CONSOLE.actor(), pen=office.pen)
    case.refresh_from_db()
    assert case.seq == event.seq - 1
