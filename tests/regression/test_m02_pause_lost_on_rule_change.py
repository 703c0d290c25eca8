"""A pause was lost or doubled when the limit changed in the middle of a case; the due is a function of all events."""

from __future__ import annotations

from tests.core.toy import ADMITTED, PAUSED, after, at, due_of

RESUMED = ("resume", "05-12T09:00")
EXTENDED = {"limit": "5wd"}


def test_an_extension_before_in_or_after_a_pause_gives_the_same_due():
    before = after(*ADMITTED, ("extend", "05-05T09:00", EXTENDED), *PAUSED[len(ADMITTED) :], RESUMED)
    inside = after(*PAUSED, ("extend", "05-08T09:00", EXTENDED), RESUMED)
    later = after(*PAUSED, RESUMED, ("extend", "05-13T09:00", EXTENDED))
    # 25 working days from 27 April and the four of the pause (7, 8, 9 and 11 and 12 May less the first).
    found = {due_of(state, "statutory") for state in (before, inside, later)}
    assert len(found) == 1
    plain = due_of(after(*ADMITTED, ("extend", "05-05T09:00", EXTENDED)), "statutory")
    assert (found.pop() - plain).days > 0
    assert due_of(after(*PAUSED, RESUMED), "committed") == at("05-20T17:30")
