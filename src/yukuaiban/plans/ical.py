"""Due moments as a calendar file (RFC 5545): one event a checkpoint, the same UID for the same checkpoint for ever."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone

from yukuaiban.people.district import installed
from yukuaiban.plans.rows import stage_title
from yukuaiban.plans.rules import DONE_STAGES

if TYPE_CHECKING:
    from yukuaiban.plans.rows import TaskRow

_LENGTH = timedelta(minutes=30)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a file comes from: moment, the host in its UIDs, what the address of a task's page begins with."""

    now: datetime
    host: str
    address: str = ""


def calendar_of(title: str, year: int, rows: Iterable[TaskRow], source: Source) -> bytes:
    """The checkpoints of these tasks that are not passed yet, as UTF-8 with lines folded at 75 octets."""
    zone = ZoneInfo(str(installed().zone))
    made = Calendar()
    made.add("prodid", "-//yukuaiban//plans//ZH")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", title)
    made.add("x-wr-timezone", zone.key)
    made.add_component(
        Timezone.from_tzinfo(zone, first_date=date(year, 1, 1), last_date=date(year + 1, 12, 31))
    )
    for row in rows:
        for event in _events(row, zone, source):
            made.add_component(event)
    return made.to_ical()


def _events(row: TaskRow, zone: ZoneInfo, source: Source) -> Iterable[Event]:
    if row.stage in (*DONE_STAGES, "cancelled"):
        return
    for place, point in enumerate(row.task.points):
        if place < row.task.passed:
            continue
        running = place == row.task.passed
        due = row.due if running and row.due is not None else datetime.fromisoformat(point["due"])
        yield _event(row, place, due.astimezone(zone), source)


def _event(row: TaskRow, place: int, due: datetime, source: Source) -> Event:
    """It ends when it is due, so that no calendar shows it after its moment."""
    words = "".join(row.milestone.text.split())
    event = Event()
    event.add("uid", f"{row.case.number}-{place}@{source.host}")
    event.add("dtstamp", source.now)
    event.add("dtstart", due - _LENGTH)
    event.add("dtend", due)
    event.add("summary", f"到期：{words}")
    told = [row.undertaking.title, f"阶段：{stage_title(row.case)}", f"任务编号：{row.case.number}"]
    if row.extended and row.original_due is not None:
        told.append(f"原定 {row.original_due.astimezone(due.tzinfo):%Y-%m-%d %H:%M}，已延期")
    event.add("description", "\n".join(told))
    if source.address:
        event.add("url", f"{source.address}{row.case.number}")
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add_component(_alarm(words))
    return event


def _alarm(words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", -_DAY)
    return alarm
