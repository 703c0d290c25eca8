"""A new holiday left open cases where they were; a new version moves them, and never to an earlier due."""

from __future__ import annotations

import pytest

from tests.core.toy import ADMITTED, after, at, calendar_of, due_of
from yukuaiban.core.timeline import CALENDAR_CHANGED, Fact, explained, step


@pytest.mark.parametrize(
    ("version", "end", "protected"), [("later", "05-14T17:30", False), ("sooner", "05-13T17:30", True)]
)
def test_a_confirmed_version_moves_running_clocks_or_protects_them(version, end, protected):
    changed = Fact(3, CALENDAR_CHANGED, at("05-06T09:00"), "staff:9", None, {}, {"office": version})
    state = step(after(*ADMITTED), changed, calendar_of)
    assert due_of(state, "committed") == at(end)
    steps = explained(state.clock("committed"), calendar_of).steps
    assert ("protected" in [each.code for each in steps]) is protected
