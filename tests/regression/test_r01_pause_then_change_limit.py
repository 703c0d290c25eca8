"""The pause was forgotten when the limit changed, and counting restarted; the due comes from all events."""

from __future__ import annotations

from tests.core.toy import PAUSED, after, at, due_of


def test_an_extension_while_paused_keeps_start_and_pause():
    state = after(*PAUSED, ("extend", "05-08T09:00", {"limit": "5wd"}), ("resume", "05-12T09:00"))
    clock = state.clock("statutory")
    assert clock.started_at == after(*PAUSED).clock("statutory").started_at
    assert [(pause.start, pause.end) for pause in clock.pauses] == [(PAUSE, at("05-12T09:00"))]
    # 27 April + 20 + 5 working days = 3 June; five working days lie in (6 May, 12 May].
    assert due_of(state, "statutory") == at("06-10T17:30")


PAUSE = after(*PAUSED).clock("statutory").pauses[0].start
