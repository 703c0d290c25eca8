"""A pause was lost or doubled when the limit changed in the middle of a case; the due is a function of all events."""

from __future__ import annotations

from tests.core.toy import ADMITTED, PAUSED, after, at, due_of

RESUMED = ("resume", "05-12T09:00")
EXTENDED = {"limit": "5wd"}


def test_an_extension_before_in_or_after_a_pause_gives_the_same_due():
    before = after(*ADMITTED, ("extend", "05-05T09:00", EXTENDED), *PAUSED[len(ADMITTED) :], RESUMED)
    inside = after(*PAUSED, ("extend", "05-08T09:00", EXTENDED), RESUMED)
    later = after(*PAUSED, RESUMED, ("extend", "05-13T09:00", EXTENDED))
    # 25 working days after 27 April end on 3 June; five lie in the pause (6 May, 12 May].
    found = {due_of(state, "statutory") for state in (before, inside, later)}
    assert found == {at("06-10T17:30")}
    assert due_of(after(*PAUSED, RESUMED), "committed") == at("05-20T17:30")
