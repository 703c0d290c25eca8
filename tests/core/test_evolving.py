"""`evolve` does what `dataclasses.replace` does, for every state that a fold copies."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from datetime import UTC, datetime

import pytest

from tests.core.toy import PROCEDURE
from yukuaiban.core.casestate import CaseState, Change
from yukuaiban.core.clocks import Pause
from yukuaiban.core.evolving import evolve

SINCE, UNTIL = datetime(2026, 3, 2, 1, tzinfo=UTC), datetime(2026, 3, 3, 1, tzinfo=UTC)
VALUES = [
    (CaseState(PROCEDURE), {"stage": "open", "seq": 3}),
    (CaseState(PROCEDURE), {}),
    (Pause(SINCE, UNTIL, category="检验", expected=True), {"expected": False}),
    (Change(SINCE, "warned", "clock.warned"), {"at": UNTIL}),
]


@pytest.mark.parametrize(("value", "changes"), VALUES)
def test_a_copy_has_the_changes_and_all_else_of_the_value(value, changes):
    before = [getattr(value, each.name) for each in fields(value)]
    assert evolve(value, **changes) == replace(value, **changes)
    assert [getattr(value, each.name) for each in fields(value)] == before


def test_a_field_that_does_not_exist_is_refused_and_a_copy_stays_frozen():
    state = CaseState(PROCEDURE)
    with pytest.raises(TypeError, match="has not all of"):
        evolve(state, stagee="open")
    with pytest.raises(FrozenInstanceError):
        evolve(state, seq=1).seq = 2
