"""Moments at the border: ISO 8601 texts and local times to UTC instants, and back.

Inside the core a moment is an integer: microseconds since 1970-01-01T00:00Z. Aware datetimes stand at the border,
in UTC; the zone of a calendar decides how a local time is read and written, never the zone of the computer.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache

from yukuaiban.core.errors import InputInvalid, Problem

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = date(1970, 1, 1).toordinal()
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
FIRST_YEAR = 1900
LAST_YEAR = 2200
# Moments lie strictly between the two, wherever they are read; the calendar knows a year more on either side.
TABLES_FROM, TABLES_TO = FIRST_YEAR - 1, LAST_YEAR + 1
_REMEDY = "请写 ISO 8601 时间，如 2026-09-30T17:00 或 2026-09-30T17:00:00+08:00"


def micros(moment: datetime) -> int:
    """The instant of an aware datetime in microseconds. A naive one is refused: it names no instant."""
    if moment.tzinfo is None:
        raise InputInvalid(Problem(f"时间 {moment.isoformat()} 没有时区", "请给出带时区的时间"))
    gone = moment - EPOCH
    return gone.days * DAY + gone.seconds * SECOND + gone.microseconds


def moment_of(instant: int) -> datetime:
    """The instant as an aware datetime in UTC."""
    return EPOCH + timedelta(0, 0, instant)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - EPOCH_DAY


def day_of(number: int) -> date:
    """The date that many days after 1970-01-01."""
    return date.fromordinal(number + EPOCH_DAY)


def parse_moment(text: str, zone: tzinfo, *, field: str = "", remedy: str = _REMEDY) -> datetime:
    """An ISO 8601 time as an instant in UTC.

    Without an offset it is read in `zone`: an ambiguous local time takes the earlier instant, one that does not
    exist is refused (clocks.md 2.10). A date alone means its first moment. `remedy` says how to write it instead.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        why = f"“{text}”不是可以识别的时间" if text.strip() else "没有填写时间"
        raise InputInvalid(Problem(why, remedy, field=field)) from error
    if not FIRST_YEAR < found.year < LAST_YEAR:
        why = f"“{text}”的年份不在 {FIRST_YEAR + 1} 至 {LAST_YEAR - 1} 之间"
        raise InputInvalid(Problem(why, "请核对年份", field=field))
    if found.tzinfo is not None:
        return found.astimezone(UTC)
    instant = found.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != found:
        why = f"“{text}”这一时刻因夏令时调整并不存在"
        raise InputInvalid(Problem(why, "请改填调整之后的时间，或写明时差", field=field))
    return instant


def local(moment: datetime, zone: tzinfo) -> datetime:
    """The moment on the wall clock of `zone`, with its offset fixed.

    The fixed offset keeps an ambiguous hour unambiguous wherever the value goes.
    """
    there = moment.astimezone(zone)
    return there.replace(tzinfo=_fixed(there.utcoffset() or timedelta()), fold=0)


@cache
def _fixed(offset: timedelta) -> timezone:
    """A zone of that offset; the world has a few dozen of them."""
    return timezone(offset)


def written(moment: datetime, zone: tzinfo) -> str:
    """ISO 8601 with the offset of `zone`; microseconds only if they are not zero."""
    return local(moment, zone).isoformat()


def wall_instant(wall: datetime, zone: tzinfo) -> int:
    """The first instant at which the wall clock of `zone` shows the naive time `wall` or a later one.

    An ambiguous time is thereby the earlier instant; a time skipped by a clock change is the change itself.
    """
    first = _instant(wall, zone, 0)
    if _shown(first, zone) == wall:
        return first
    # Skipped: the clock jumps over `wall` somewhere between the readings before and after the change.
    early, late = sorted((_instant(wall, zone, 1), first))
    while late - early > SECOND:
        middle = (early + late) // (2 * SECOND) * SECOND
        early, late = (early, middle) if _shown(middle, zone) >= wall else (middle, late)
    return late


def _instant(wall: datetime, zone: tzinfo, fold: int) -> int:
    return micros(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC))


def _shown(instant: int, zone: tzinfo) -> datetime:
    return moment_of(instant).astimezone(zone).replace(tzinfo=None)
