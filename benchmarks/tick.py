"""Moving the board's counts forward against counting the open cases anew (performance.md section 3)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from benchmarks import _docket
from benchmarks._installation import database
from benchmarks._timing import median

SIZES = {"small": (10_000, 100_000), "full": (10_000, 1_000_000)}
CROSSINGS = 30
_TICKS, _RECOUNTS = 20, 5
_MOMENTS = ("warns_at", "red_at", "breach_at", "paused_from", "paused_until")
_LIGHT = (
    "CASE WHEN breach_at < %(now)s THEN 'breach' WHEN red_at < %(now)s THEN 'red'"
    " WHEN warns_at <= %(now)s THEN 'yellow' ELSE 'green' END"
)
_GROUPED = (
    f"SELECT agency, measure, subject, {_LIGHT} AS light, count(*) FROM cases_case"
    " WHERE closed_at IS NULL GROUP BY agency, measure, subject, light"
)


def run(size: str) -> list[dict[str, Any]]:
    """All rows of the area."""
    print(f"seed {_docket.SEED}; one case in {_docket.OPEN_ONE_IN} open, {CROSSINGS} crossings a tick")
    few, many = SIZES[size]
    for count in (few, many):
        _docket.ready(count)
    ticks: dict[int, list[float]] = {few: [], many: []}
    stops = {count: _with(count, _stops) for count in ticks}
    for begin in range(0, _TICKS, 5):
        for count in ticks:
            ticks[count] += _with(count, lambda n=count, b=begin: _ticks(stops[n][b : b + 6]))
    recount, grouped = _with(many, _recounts)
    tick = median(ticks[many])
    goal = ">= 100" if many >= 1_000_000 else None
    return [
        _row(f"tick at {many:,} cases", ticks[many], "as cheap as looking at every open case", recount, goal),
        _row(
            f"tick at {many:,} cases, GROUP BY", ticks[many], "as cheap as the live GROUP BY", grouped, None
        ),
        {
            "case": f"tick at {many:,} cases of that at {few:,}",
            "n": 1,
            "seconds": ticks[many],
            "against": f"the tick at {few:,}",
            "ratio": tick / median(ticks[few]),
            "goal": "<= 1.5",
        },
    ]


def _with(count: int, work: Any) -> Any:
    with database(_docket.name_of(count)):
        return work()


def _stops() -> list[datetime]:
    """Moments with the same number of crossings between any two."""
    from yukuaiban.cases.models import Case  # noqa: PLC0415 - Django is set up by `database`

    wanted = CROSSINGS * (_TICKS + 10)
    moments: list[datetime] = []
    for name in _MOMENTS:
        later = Case.objects.filter(closed_at=None, **{f"{name}__gt": _docket.NOW}).order_by(name)
        moments += later.values_list(name, flat=True)[:wanted]
    return sorted(moments)[CROSSINGS - 1 : wanted : CROSSINGS]


def _ticks(stops: list[datetime]) -> list[float]:
    """Seconds of each tick but the first, which opens the database; committed like the worker's."""
    from django.db import transaction  # noqa: PLC0415 - Django is set up by `database`

    from yukuaiban.cases import counters  # noqa: PLC0415

    seconds = []
    for stop in stops:
        began = time.perf_counter()
        with transaction.atomic():
            counters.advance(stop)
        seconds.append(time.perf_counter() - began)
    assert _held(counters, stops[-1]) == counters.recount(stops[-1]), "the counts differ from a recount"
    return seconds[1:]


def _held(counters: Any, now: datetime) -> dict[Any, int]:
    found: dict[Any, int] = counters.counts(now)
    return found


def _recounts() -> tuple[float, float]:
    """Median seconds of the recount and of the GROUP BY, in turn."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by `database`

    from yukuaiban.cases import counters  # noqa: PLC0415

    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(_RECOUNTS):
        began = time.perf_counter()
        by_light = counters.recount(_docket.NOW)
        between = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(_GROUPED, {"now": _docket.NOW.replace(tzinfo=None)})
            rows = list(_read(cursor))
        seconds[0].append(between - began)
        seconds[1].append(time.perf_counter() - between)
    lights = {key: n for key, n in by_light.items() if key.mark != counters.PAUSED}
    wanted = {(key.agency, key.measure, key.subject, key.mark): n for key, n in lights.items()}
    assert {tuple(row[:4]): row[4] for row in rows} == wanted, "GROUP BY differs from the recount"
    return median(seconds[0]), median(seconds[1])


def _read(cursor: Any) -> Iterator[Any]:
    yield from cursor.fetchall()


def _row(case: str, seconds: list[float], against: str, other: float, goal: str | None) -> dict[str, Any]:
    ratio = other / median(seconds)
    return {"case": case, "n": 1, "seconds": seconds, "against": against, "ratio": ratio, "goal": goal}
