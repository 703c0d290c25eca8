"""A resumption that was early, late, or before its pause broke the due; the actual interval replaces the plan."""

from __future__ import annotations

import pytest

from tests.core.toy import PAUSED, after, at, due_of, expected
from yukuaiban.core.errors import ActionRefused


def test_early_brings_the_due_forward_and_late_changes_nothing_more():
    assert due_of(after(*PAUSED), "committed") == at("05-25T17:30")
    early = after(*PAUSED, ("resume", "05-12T09:00"))
    assert (due_of(early, "committed"), expected(early, "committed")) == (at("05-20T17:30"), False)
    late = after(*PAUSED, ("resume", "05-18T09:00"))
    assert due_of(late, "committed") == at("05-25T17:30")
    twice = after(*PAUSED, ("resume", "05-12T09:00"), ("resume", "05-14T09:00"))
    assert due_of(twice, "committed") == at("05-20T17:30")


def test_a_resumption_before_its_pause_is_refused():
    with pytest.raises(ActionRefused, match="恢复的时间早于中止的时间"):
        after(*PAUSED, ("resume", "05-06T08:00"))
