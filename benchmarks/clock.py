"""Working-time arithmetic against workclock's batch and single calls and numpy's `busday_offset` (performance.md 2).

The batch of the peer is its `add_many` on numpy arrays, the fastest way into it; computing is CPU time.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np

from benchmarks import _office
from benchmarks._timing import in_turn, median
from yukuaiban.core.batch import due_batch
from yukuaiban.core.clocks import due
from yukuaiban.core.coordinates import days_of, forward_batch, workdays_batch
from yukuaiban.core.limits import Limit, Unit
from yukuaiban.core.moments import DAY, HOUR, MINUTE, moment_of

SEED = 20260105
EAST = 8 * HOUR  # the office's offset all through these years
# The usual promise, counted in hours and in days.
TEN_DAYS = (Limit.parse("70sh"), Limit.parse("10wd"))
_CHECKED = 20
Ints = Any


def run(size: str) -> list[dict[str, Any]]:
    """All rows of the area."""
    print(
        f"seed {SEED}; limits up to {_office.MOST_MINUTES} service minutes, {_office.MOST_DAYS} working days"
    )
    count = 1_000_000 if size == "full" else 300_000
    rounds = 7 if size == "full" else 5
    starts = _office.random_starts(count, SEED)
    dice = np.random.default_rng(SEED + 1)
    lengths = dice.integers(1, _office.MOST_MINUTES, count) * MINUTE
    days = dice.integers(1, _office.MOST_DAYS, count)
    _check_with_oracle(starts, lengths, days)
    return [
        *_batch(starts, lengths, rounds),
        *_workdays(starts, days, rounds),
        *_single(starts[:20_000], lengths[:20_000], rounds),
    ]


def _check_with_oracle(starts: Ints, lengths: Ints, days: Ints) -> None:
    """A few rows of both kinds against the minute oracle of the tests."""
    calendar, slow = _office.office(), _office.oracle(_office.office())
    minutes = due_batch(starts[:_CHECKED], lengths[:_CHECKED], Unit.SERVICE_MINUTE, calendar).at
    workdays = due_batch(starts[:_CHECKED], days[:_CHECKED], Unit.WORKDAY, calendar).at
    for row in range(_CHECKED):
        start = moment_of(int(starts[row]))
        wanted = slow.due_minutes(start, int(lengths[row]) // MINUTE, [], service=True)
        assert moment_of(int(minutes[row])) == wanted, f"service minutes from {start}"
        assert moment_of(int(workdays[row])) == slow.due_workdays(start, int(days[row]), [])[1], start


def _batch(starts: Ints, lengths: Ints, rounds: int) -> list[dict[str, Any]]:
    """Service minutes: the whole rule and the bare coordinate against the peer's batch."""
    calendar, count = _office.plain_office(), len(starts)
    peer = _office.peer(calendar)
    tables = calendar.tables(_office.FIRST.year, _office.LAST.year)
    few = slice(0, count // 10)
    their_starts, their_lengths = starts[few].astype("datetime64[us]"), lengths[few].astype("timedelta64[us]")
    ours = due_batch(starts, lengths, Unit.SERVICE_MINUTE, calendar).at
    assert (ours[few] == peer.add_many(their_starts, their_lengths).astype(np.int64)).all(), (
        "workclock differs"
    )
    assert (ours == forward_batch(starts, lengths, tables)).all(), "the bare coordinate differs"
    _check_with_make_up_days(starts[few], lengths[few])
    times = in_turn(
        {
            "due": partial(due_batch, starts, lengths, Unit.SERVICE_MINUTE, calendar),
            "bare": partial(forward_batch, starts, lengths, tables),
            "floor": partial(np.add, starts, lengths),
            "peer": partial(peer.add_many, their_starts, their_lengths),
        },
        rounds,
    )
    theirs, floor = median(times["peer"]) * 10, median(times["floor"])
    faster = "as fast as workclock add_many"
    return [
        _row("batch due, service minutes", count, times["due"], theirs=theirs, against=faster, goal=">= 300"),
        _row(
            "batch due, bare coordinate", count, times["bare"], theirs=theirs, against=faster, goal=">= 300"
        ),
        {
            "case": "batch due, bare coordinate, of the floor",
            "n": count,
            "seconds": times["bare"],
            "against": "np.add",
            "ratio": median(times["bare"]) / floor,
            "goal": "<= 30",
        },
    ]


def _check_with_make_up_days(starts: Ints, lengths: Ints) -> None:
    """The whole calendar, told to the peer as a list of all rest days."""
    ours = due_batch(starts, lengths, Unit.SERVICE_MINUTE, _office.office()).at
    theirs = _office.peer(_office.office()).add_many(
        starts.astype("datetime64[us]"), lengths.astype("timedelta64[us]")
    )
    assert (ours == theirs.astype(np.int64)).all(), "workclock differs around make-up days"


def _workdays(starts: Ints, days: Ints, rounds: int) -> list[dict[str, Any]]:
    """N working days, make-up days included, against numpy on the same closed days."""
    calendar, count = _office.office(), len(starts)
    tables = calendar.tables(_office.FIRST.year, _office.LAST.year)
    closed = [np.datetime64(day) for day in _office.rest_days(calendar)]
    busy = np.busdaycalendar(weekmask="1111111", holidays=closed)
    dates = ((starts + EAST) // DAY).astype("datetime64[D]")
    numpys = partial(np.busday_offset, dates, days, roll="backward", busdaycal=busy)
    ours = due_batch(starts, days, Unit.WORKDAY, calendar).at
    assert (days_of(tables.days, ours) + tables.days.first == numpys().astype(np.int64)).all(), (
        "numpy differs"
    )
    assert (ours == workdays_batch(starts, days, tables)).all(), "the bare coordinate differs"
    times = in_turn(
        {
            "due": partial(due_batch, starts, days, Unit.WORKDAY, calendar),
            "bare": partial(workdays_batch, starts, days, tables),
            "numpy": numpys,
        },
        rounds,
    )
    theirs, faster = median(times["numpy"]), "as fast as np.busday_offset"
    return [
        _row("batch of n working days", count, times["due"], theirs=theirs, against=faster, goal=">= 20"),
        _row(
            "batch of n working days, bare coordinate",
            count,
            times["bare"],
            theirs=theirs,
            against=faster,
            goal=">= 20",
        ),
    ]


def _single(starts: Ints, lengths: Ints, rounds: int) -> list[dict[str, Any]]:
    """One deadline at a time, datetimes in and out."""
    calendar, count = _office.plain_office(), len(starts)
    peer = _office.peer(calendar)
    moments = [moment_of(int(each)) for each in starts]
    spans = [timedelta(microseconds=int(each)) for each in lengths]
    limits = [Limit.parse(f"{int(each) // MINUTE}sm") for each in lengths]
    plain = [int(each) for each in lengths]

    def theirs() -> list[Any]:
        return list(map(peer.add, moments, spans))

    def bare() -> list[Any]:
        return list(map(calendar.after, moments, plain))

    def whole() -> list[Any]:
        return [
            due(start, limit, calendar, explain=False).at
            for start, limit in zip(moments, limits, strict=True)
        ]

    assert bare() == theirs() == whole(), "workclock differs"
    some = slice(0, count // 10)
    times = in_turn(
        {
            "peer": theirs,
            "bare": bare,
            "due": whole,
            "hours": lambda: [due(start, TEN_DAYS[0], calendar) for start in moments[some]],
            "days": lambda: [due(start, TEN_DAYS[1], calendar) for start in moments[some]],
        },
        rounds,
    )
    theirs_one, faster = median(times["peer"]), "as fast as workclock add"
    return [
        _row(
            "one deadline, the moment alone",
            count,
            times["bare"],
            theirs=theirs_one,
            against=faster,
            goal=">= 5",
        ),
        _row("one deadline, whole answer", count, times["due"], theirs=theirs_one, against=faster, goal=None),
        _each("explained deadline, 70 service hours", times["hours"], count // 10),
        _each("explained deadline, 10 working days", times["days"], count // 10),
    ]


def _row(
    case: str, n: int, seconds: list[float], *, theirs: float, against: str, goal: str | None
) -> dict[str, Any]:
    ratio = theirs / median(seconds)
    return {"case": case, "n": n, "seconds": seconds, "against": against, "ratio": ratio, "goal": goal}


def _each(case: str, seconds: list[float], n: int) -> dict[str, Any]:
    ratio = median(seconds) / n
    return {"case": case, "n": n, "seconds": seconds, "against": "s", "ratio": ratio, "goal": "<= 0.0002"}
