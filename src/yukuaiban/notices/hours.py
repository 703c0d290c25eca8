"""When people may be written to: working days within hours that the district sets (POLICY, clocks.md section 6)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yukuaiban.core.workcalendar import WorkCalendar


def next_allowed(moment: datetime, calendar: WorkCalendar, *, since: time, until: time) -> datetime:
    """`moment` itself inside the notification hours of a working day, else the next time they begin.

    The hours are wall-clock times of the calendar's zone, [since, until]. A calendar without any working day lets
    the message go at once: silence for ever would be worse than a message at night.
    """
    local = moment.astimezone(calendar.zone)
    day = local.date()
    if calendar.is_workday(day) and local.time() <= until:
        return moment if local.time() >= since else _at(local, since)
    following = calendar.next_workday(day + timedelta(days=1))
    if following is None:
        return moment
    return datetime.combine(following, since, tzinfo=calendar.zone).astimezone(UTC)


def _at(local: datetime, clock: time) -> datetime:
    return datetime.combine(local.date(), clock, tzinfo=local.tzinfo).astimezone(UTC)
