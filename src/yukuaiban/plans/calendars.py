"""The office calendar in force, as the plan reckons by it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from yukuaiban.cases import versions

if TYPE_CHECKING:
    from datetime import datetime

    from yukuaiban.core.workcalendar import WorkCalendar

OFFICE = "office"


def office() -> WorkCalendar:
    """The newest confirmed version."""
    return versions.calendar(OFFICE, versions.current_calendars()[OFFICE])


def start_of_year(year: int) -> datetime:
    """The first moment of a year in the district."""
    return office().start_of(date(year, 1, 1))
