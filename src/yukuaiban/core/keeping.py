"""How long things are kept: the last day for which a span is over."""

from __future__ import annotations

from datetime import date, timedelta

from yukuaiban.core.counting import days_after
from yukuaiban.core.limits import Limit
from yukuaiban.core.moments import day_number, day_of


def over_by(today: date, span: Limit) -> date:
    """The latest day from which `span` (days, months or years by the calendar) is over on `today`."""
    day = day_of(days_after(0, day_number(today), Limit(-span.amount, span.unit)))
    while day_of(days_after(0, day_number(day), span)) >= today:
        day -= timedelta(days=1)
    return day
