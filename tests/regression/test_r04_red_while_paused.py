"""The light turned red while the clock was paused; a paused clock changes no light."""

from __future__ import annotations

from tests.core.toy import PAUSED, after, at, woken
from yukuaiban.core.lights import Light
from yukuaiban.core.timeline import WARNED


def test_no_light_changes_between_pause_and_resumption():
    state = after(*PAUSED)
    clock = state.clock("committed")
    pause = clock.pauses[0]
    days = [at(f"05-{day:02}T{hour:02}:00") for day in range(6, 16) for hour in range(24)]
    inside = [moment for moment in days if pause.start <= moment < pause.end]
    assert len(inside) > 200
    assert {clock.light(moment) for moment in inside} == {Light.GREEN}
    assert WARNED not in [kind for _, kind, _ in woken(state, inside[-1])[1]]
