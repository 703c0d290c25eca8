"""Many ISO 8601 texts to instants and back, by array operations; odd ones are left to the careful scalar way.

What is read here means exactly what `moments.parse_moment` would make of it; whatever has another form, lies on a
day with a clock change or is wrong is handed back as odd.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from yukuaiban.core.batch import NO_MOMENT
from yukuaiban.core.coordinates import days_of
from yukuaiban.core.grid import Flags, Ints
from yukuaiban.core.moments import (
    DAY,
    FIRST_YEAR,
    HOUR,
    LAST_YEAR,
    MINUTE,
    SECOND,
    TABLES_TO,
    moment_of,
    written,
)
from yukuaiban.core.workcalendar import WorkCalendar

_HEADS = {16: "dddd-dd-ddTdd:dd", 19: "dddd-dd-ddTdd:dd:dd"}
_TAILS = {0: "", 1: "Z", 6: "+dd:dd"}
_FORMS = {head + tail: (_HEADS[head] + _TAILS[tail], tail) for head in _HEADS for tail in _TAILS}
_ZERO, _NINE = ord("0"), ord("9")
_TENS = (10, 1)
_THOUSANDS = (1000, 100, 10, 1)


def parse_many(texts: Sequence[str], calendar: WorkCalendar) -> tuple[Ints, Flags]:
    """The instants of the texts, and which of them are odd (their instant is NO_MOMENT)."""
    instants = np.full(len(texts), NO_MOMENT, dtype=np.int64)
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    for length, (form, tail) in _FORMS.items():
        rows = np.flatnonzero(lengths == length)
        if len(rows):
            chosen = texts if len(rows) == len(texts) else [texts[row] for row in rows.tolist()]
            codes = np.array(chosen, dtype=f"U{length}").view(np.uint32).reshape(-1, length)
            instants[rows] = _read(codes, form, tail, calendar)
    return instants, instants == NO_MOMENT


def _read(
    codes: np.ndarray[tuple[int, int], np.dtype[np.uint32]], form: str, tail: int, calendar: WorkCalendar
) -> Ints:
    """The instants of texts that all have one length; NO_MOMENT where a text has another form."""
    good = _has_form(codes, form)
    digits = codes.astype(np.int64) - _ZERO
    year, month, day = _number(digits, 0, 4), _number(digits, 5), _number(digits, 8)
    hour, minute = _number(digits, 11), _number(digits, 14)
    second = _number(digits, 17) if form.count(":") - (tail > 1) == 2 else np.zeros_like(hour)
    good &= (year > FIRST_YEAR) & (year < LAST_YEAR) & (month >= 1) & (month <= 12)
    good &= (hour < 24) & (minute < 60) & (second < 60)
    first = np.where(good, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    number = first.astype("datetime64[D]").astype(np.int64)
    length = (first + 1).astype("datetime64[D]").astype(np.int64) - number
    good &= (day >= 1) & (day <= length)
    number += day - 1
    wall = number * DAY + hour * HOUR + minute * MINUTE + second * SECOND
    if tail == 0:
        instants, known = _from_wall(np.where(good, wall, 0), np.where(good, number, 0), good, calendar)
        return np.where(good & known, instants, NO_MOMENT)
    if tail > 1:
        ahead, more = _number(digits, len(form) - 5), _number(digits, len(form) - 2)
        good &= (ahead < 24) & (more < 60)
        sign = np.where(codes[:, len(form) - 6] == ord("+"), 1, -1)
        wall -= sign * (ahead * HOUR + more * MINUTE)
    return np.where(good, wall, NO_MOMENT)


def _has_form(codes: np.ndarray[tuple[int, int], np.dtype[np.uint32]], form: str) -> Flags:
    """Which texts have digits and separators where the form has them."""
    good = np.ones(len(codes), dtype=np.bool_)
    for at, wanted in enumerate(form):
        column = codes[:, at]
        if wanted == "d":
            good &= (column >= _ZERO) & (column <= _NINE)
        else:
            good &= np.isin(column, [ord(each) for each in {"T": "T ", "+": "+-"}.get(wanted, wanted)])
    return good


def _number(digits: Ints, at: int, width: int = 2) -> Ints:
    weights = _TENS if width == len(_TENS) else _THOUSANDS
    return np.asarray(digits[:, at : at + width] @ np.array(weights), dtype=np.int64)


def _from_wall(wall: Ints, number: Ints, good: Flags, calendar: WorkCalendar) -> tuple[Ints, Flags]:
    """Local times to instants. A day with a clock change is not known here: its hours need care."""
    if not good.any():
        return wall, good
    low, high = (moment_of(int(each) * DAY).year for each in (number[good].min(), number[good].max()))
    days = calendar.tables(low - 1, high + 1).days
    at = np.clip(number - days.first, 0, len(days) - 1)
    known = days.midnight.take(at + 1) - days.midnight.take(at) == DAY
    return wall - number * DAY + days.midnight.take(at), known


def write_many(instants: Ints, calendar: WorkCalendar) -> list[str]:
    """ISO 8601 with the calendar's offset, as `moments.written` gives it one by one."""
    if not len(instants):
        return []
    low, high = (moment_of(int(each)).year for each in (instants.min(), instants.max()))
    days = calendar.tables(low - 1, min(high + 1, TABLES_TO)).days
    day = days_of(days, instants)
    offset = (day + days.first) * DAY - days.midnight.take(day)
    plain = (days.midnight.take(day + 1) - days.midnight.take(day) == DAY) & (instants % SECOND == 0)
    plain &= offset % MINUTE == 0
    texts = np.datetime_as_string((instants + offset).astype("datetime64[us]"), unit="s").tolist()
    suffix = {int(each): _suffix(int(each)) for each in np.unique(offset)}
    if len(suffix) == 1:
        (only,) = suffix.values()
        found = [text + only for text in texts]
    else:
        found = [text + suffix[each] for text, each in zip(texts, offset.tolist(), strict=True)]
    for row in np.flatnonzero(~plain).tolist():
        found[row] = written(moment_of(int(instants[row])), calendar.zone)
    return found


def _suffix(offset: int) -> str:
    hours, minutes = divmod(abs(offset) // MINUTE, 60)
    return f"{'-' if offset < 0 else '+'}{hours:02}:{minutes:02}"
