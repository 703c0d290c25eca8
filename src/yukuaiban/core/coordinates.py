"""The bare coordinates of a calendar for whole arrays: open time, working days, local days.

Nothing here knows of limits, pauses or conventions; `core.batch` adds those. Arrays are worked through in pieces
that stay in the cache.
"""

from __future__ import annotations

import numpy as np

from yukuaiban.core.grid import CHUNK, DayTable, Flags, Ints, Tables
from yukuaiban.core.moments import DAY


def forward_batch(starts: Ints, amounts: Ints, tables: Tables) -> Ints:
    """The bare coordinate: the earliest moment with that much open time (> 0) after the start, nothing else.

    For previews and what-if questions; every result must lie inside the tables.
    """
    found = np.empty(len(starts), dtype=np.int64)
    opening = tables.opening
    for since in range(0, len(starts), CHUNK):
        rows = slice(since, since + CHUNK)
        marks = opening.before_many(starts[rows])
        marks += amounts[rows]
        opening.reached_many(marks, out=found[rows])
    return found


def workdays_batch(starts: Ints, amounts: Ints, tables: Tables) -> Ints:
    """The bare coordinate of working days: the closing time of the N-th (N > 0) after the date of the start."""
    days = tables.days
    closing = days.closing[days.workdays]
    found = np.empty(len(starts), dtype=np.int64)
    for since in range(0, len(starts), CHUNK):
        rows = slice(since, since + CHUNK)
        number = days.upto.take(days_known(days, starts[rows])[0])
        number += amounts[rows]
        number -= 1
        closing.take(number, out=found[rows], mode="clip")
    return found


def days_of(days: DayTable, instants: Ints) -> Ints:
    """The index of the local day of every instant; all must lie inside the table."""
    return days_known(days, instants)[0]


def days_known(days: DayTable, instants: Ints) -> tuple[Ints, Flags]:
    """The index of the local day of every instant, and which instants lie behind the tables."""
    midnight = days.midnight
    beyond = instants >= midnight[-1]
    day = instants - midnight[0]
    day //= DAY
    np.clip(day, 0, len(days) - 1, out=day)
    if not days.even:
        # Clock changes move a local midnight by hours against the even rhythm of 24.
        while (late := (instants >= midnight.take(day + 1)) & ~beyond).any():
            day += late
        while (early := (instants < midnight.take(day)) & (day > 0)).any():
            day -= early
    return day, beyond


def first_unpublished(days: DayTable, first: int) -> int:
    """When the first unpublished day from `first` on begins; the end of the tables if there is none."""
    at = int(np.searchsorted(days.unpublished, days.unpublished[first], side="right"))
    return int(days.midnight[at - 1])
