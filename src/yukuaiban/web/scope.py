"""What one request needs more than once: the moment, the calendar in force. Read at most once a request.

Template filters know no request; a context variable, set and reset by the outermost middleware, stands in for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from yukuaiban.people.district import installed

if TYPE_CHECKING:
    from yukuaiban.core.workcalendar import WorkCalendar

_HELD: ContextVar[dict[str, object] | None] = ContextVar("ykb_request_scope", default=None)


@contextmanager
def request_scope() -> Iterator[None]:
    """Hold values for the length of one request."""
    token = _HELD.set({"now": datetime.now(UTC)})
    try:
        yield
    finally:
        _HELD.reset(token)


def now() -> datetime:
    """The moment of this request: one for the whole page, so that its numbers agree."""
    held = _HELD.get()
    found = held.get("now") if held else None
    return found if isinstance(found, datetime) else datetime.now(UTC)


def calendar() -> WorkCalendar:
    """The office calendar in force, read once a request."""
    from yukuaiban.cases import versions  # noqa: PLC0415 - filters load before the models do
    from yukuaiban.core.workcalendar import WorkCalendar  # noqa: PLC0415

    held = _HELD.get()
    if held is None:
        return versions.current_calendar()
    found = held.get("calendar")
    if not isinstance(found, WorkCalendar):
        found = held["calendar"] = versions.current_calendar()
    return found


def zone() -> tzinfo:
    """The time zone of the installed district."""
    return ZoneInfo(str(installed().zone))
