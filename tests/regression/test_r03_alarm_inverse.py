"""“One hour before the deadline” fell on midnight when it crossed a day; alarm plus one hour is the deadline."""

from __future__ import annotations

import pytest

from tests.core.office import at, office
from yukuaiban.core.backward import backward
from yukuaiban.core.clocks import due
from yukuaiban.core.limits import Limit


@pytest.mark.parametrize(
    "end", ["2026-03-09T09:00", "2026-03-09T12:00", "2026-02-24T08:45", "2026-03-09T14:01"]
)
@pytest.mark.parametrize("before", ["1sh", "30sm", "4sh", "20sh", "1h"])
def test_forward_of_backward_is_the_deadline(end, before):
    calendar, limit = office(), Limit.parse(before)
    alarm = backward(at(end), limit, calendar)
    assert alarm < at(end)
    assert due(alarm, limit, calendar).at == at(end)
