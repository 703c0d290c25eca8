"""What one request needs more than once: the moment, the calendar in force. Read at most once a request.

Template filters know no request; a context variable, set and reset by the outermost middleware, stands in for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, tzinfo
from typing import TYPE_CHECKING, TypeVar, cast
from zoneinfo import ZoneInfo

from yukuaiban.cases import versions
from yukuaiban.people.district import installed

if TYPE_CHECKING:
    from yukuaiban.core.workcalendar import WorkCalendar

T = TypeVar("T")

_HELD: ContextVar[dict[str, object] | None] = ContextVar("ykb_request_scope", default=None)
_CLOCK = "clock"


@contextmanager
def request_scope(clock: Callable[[], datetime]) -> Iterator[None]:
    """Hold values for the length of one request, whose moment `clock` tells: that of the request's pen."""
    token = _HELD.set({_CLOCK: clock})
    try:
        yield
    finally:
        _HELD.reset(token)


def now() -> datetime:
    """The moment of this request: one for the whole page, so that its numbers agree."""
    held = _HELD.get()
    return datetime.now(UTC) if held is None else once("now", cast("Callable[[], datetime]", held[_CLOCK]))


def once(name: str, read: Callable[[], T]) -> T:
    """A value that several parts of a page need, read at most once a request."""
    held = _HELD.get()
    if held is None:
        return read()
    if name not in held:
        held[name] = read()
    return cast("T", held[name])


def calendar() -> WorkCalendar:
    """The office calendar in force."""
    return once("calendar", versions.current_calendar)


def zone() -> tzinfo:
    """The time zone of the installed district."""
    return ZoneInfo(str(installed().zone))


def midnight(day: str) -> datetime:
    """The moment at which a day (ISO 8601) begins here. ValueError if it is none."""
    return datetime.combine(date.fromisoformat(day), time(), tzinfo=zone())
