"""A calendar without open time crashed the search or kept it running for ever; it gives a typed answer."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tests.core.office import at
from yukuaiban.core.backward import backward
from yukuaiban.core.batch import NO_MOMENT, due_batch, elapsed_batch
from yukuaiban.core.calendarspec import CalendarDay, CalendarSpec, HoursBlock
from yukuaiban.core.clocks import due
from yukuaiban.core.limits import Limit
from yukuaiban.core.moments import micros
from yukuaiban.core.workcalendar import WorkCalendar

OVER = WorkCalendar(
    CalendarSpec("Asia/Shanghai", (HoursBlock(date(2001, 1, 1), (1,), ((540, 600),), date(2001, 1, 31)),))
)
OFF = WorkCalendar(
    CalendarSpec(
        "Asia/Shanghai",
        (HoursBlock(date(2001, 1, 1), (1,), ((540, 600),), date(2001, 1, 7)),),
        (CalendarDay(date(2001, 1, 1), "off"),),
    )
)
START = at("2026-03-02T10:00")


@pytest.mark.parametrize("calendar", [OVER, OFF])
@pytest.mark.parametrize("text", ["1wd", "0wd", "1sh", "1sm", "1d", "0d", "1mo", "1y"])
def test_there_is_no_due_without_open_time(calendar, text):
    limit = Limit.parse(text)
    assert due(START, limit, calendar).error == "no_open_time"
    amount = limit.microseconds if limit.unit.timed else limit.days
    many = due_batch(np.array([micros(START)]), np.array([amount]), limit.unit, calendar)
    assert many.at.tolist() == [NO_MOMENT]
    assert not many.provisional.any()


@pytest.mark.parametrize("calendar", [OVER, OFF])
def test_real_time_needs_no_open_time_and_nothing_elapses(calendar):
    assert due(START, Limit.parse("5h"), calendar).at == at("2026-03-02T15:00")
    assert backward(START, Limit.parse("1sh"), calendar) is None
    counted, _ = elapsed_batch(
        np.array([micros(START)]), np.array([micros(START) + 10**12]), Limit.parse("1sm").unit, calendar
    )
    assert counted.tolist() == [0]
