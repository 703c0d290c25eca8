"""The quick ways through the tables give the same answers as the careful one, at every edge of the calendar."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from tests.core.office import at, office
from yukuaiban.core.batch import NO_MOMENT, due_batch
from yukuaiban.core.clocks import due
from yukuaiban.core.limits import Limit, Unit
from yukuaiban.core.moments import MINUTE, micros

ALL_DAY = ((0, 1440),)
HOURS = (((510, 720), (840, 1050)), ALL_DAY)


@pytest.mark.parametrize(
    "start", ["2026-02-13T17:29", "2026-02-13T17:30", "2026-02-14T08:30", "2026-02-16T12:00"]
)
@pytest.mark.parametrize("minutes", [1, 209, 210, 211, 420, 4200])
@pytest.mark.parametrize("hours", HOURS)
def test_the_moment_alone_is_that_of_the_whole_answer(start, minutes, hours) -> None:
    calendar, begin = office(hours), at(start)
    wanted = due(begin, Limit.parse(f"{minutes}sm"), calendar, explain=False).at
    assert calendar.after(begin, minutes * MINUTE) == wanted


def test_the_moment_alone_is_unknown_beyond_the_tables() -> None:
    assert office().after(at("2026-01-05T09:00"), 200 * 366 * 1440 * MINUTE) is None


@pytest.mark.parametrize("unit", [Unit.SERVICE_MINUTE, Unit.WORKDAY])
@pytest.mark.parametrize("hours", HOURS)
@pytest.mark.parametrize("first", ["2026-12-20T09:00", "2027-01-04T09:00"])
@pytest.mark.parametrize("least", [0, 1])
@pytest.mark.parametrize("step", [2, 7])
def test_a_batch_marks_what_rests_on_an_unpublished_year(unit, hours, first, least, step) -> None:
    calendar, begin = office(hours), at(first)
    starts = [begin + timedelta(hours=step * n) for n in range(60)]
    amounts = [least + n % 12 for n in range(60)]
    scale = MINUTE * 200 if unit.service else 1
    found = due_batch(np.array([micros(each) for each in starts]), np.array(amounts) * scale, unit, calendar)
    texts = [f"{amount * 200}sm" if unit.service else f"{amount}wd" for amount in amounts]
    wanted = [
        due(start, Limit.parse(text), calendar, explain=False)
        for start, text in zip(starts, texts, strict=True)
    ]
    assert found.at.tolist() == [micros(each.at) if each.at else NO_MOMENT for each in wanted]
    assert found.provisional.tolist() == [each.provisional for each in wanted]
