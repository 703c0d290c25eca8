"""What the board and the desks read, at 10,000 cases and at many more (performance.md section 3)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from benchmarks import _docket
from benchmarks._desk import open_desk
from benchmarks._installation import database
from benchmarks._timing import median, percentile

SIZES = {"small": (10_000, 100_000), "full": (10_000, 1_000_000)}
ROUNDS, READS = 6, 40
SEED = 20260303
SHOWN = 50


def run(size: str) -> list[dict[str, Any]]:
    """All rows of the area."""
    print(f"seed {_docket.SEED}; one case in {_docket.OPEN_ONE_IN} open")
    few, many = SIZES[size]
    names = {count: _docket.ready(count) for count in (few, many)}
    seconds: dict[int, dict[str, list[float]]] = {}
    for _ in range(ROUNDS):
        for count, name in names.items():
            with database(name):
                held = seconds.setdefault(count, {})
                for case, times in _read().items():
                    held.setdefault(case, []).extend(times)
    return [
        row
        for case in seconds[many]
        for row in _rows(f"{case}, {many:,} cases", seconds[many][case], seconds[few][case], few)
    ]


def _rows(case: str, many: list[float], few: list[float], count: int) -> list[dict[str, Any]]:
    against, ratio = f"the cost at {count:,}", median(many) / median(few)
    late = percentile(many, 99)
    return [
        {"case": case, "n": 1, "seconds": many, "against": against, "ratio": ratio, "goal": "<= 1.2"},
        {"case": f"{case}, p99", "n": len(many), "against": "s", "ratio": late, "goal": None},
    ]


def _read() -> dict[str, list[float]]:
    """Seconds of each kind of read in the database in use."""
    from django.db.models import Count  # noqa: PLC0415 - Django is set up by `database`

    from yukuaiban.cases import facts, queries  # noqa: PLC0415
    from yukuaiban.cases.models import Case  # noqa: PLC0415

    now = _docket.NOW
    busiest = Case.objects.filter(closed_at=None).values_list("agency").annotate(n=Count("id")).order_by("-n")
    agency, held = busiest[0]
    assert held >= SHOWN, f"only {held} open cases in {agency}"
    lived = _lived_case()
    jobs: dict[str, Callable[[], object]] = {
        "board counts": lambda: queries.lights_by_agency(now),
        "50 most urgent of an agency": lambda: queries.most_urgent(now, agency=agency, n=SHOWN),
        "50 most urgent of all": lambda: queries.most_urgent(now, n=SHOWN),
        "page of 50 of an agency": lambda: list(queries.page_after(queries.open_cases(agency), None, SHOWN)),
        "a case with its events": lambda: facts.state_of(Case.objects.get(number=lived)),
    }
    _check(queries, Case, agency)
    return {case: _times(job) for case, job in jobs.items()}


def _check(queries: Any, case: Any, agency: str) -> None:
    """The board against counting open cases, the urgent list against sorting them all."""
    rows = case.objects.filter(closed_at=None)
    total = queries.sum_of(queries.lights_by_agency(_docket.NOW).values()).total
    assert total == rows.count(), "the board's counts differ from the open cases"
    first = sorted((row.due_at, row.pk) for row in rows.filter(agency=agency, due_at__isnull=False))[:SHOWN]
    found = queries.most_urgent(_docket.NOW, agency=agency, n=SHOWN)
    assert sorted((row.due_at, row.pk) for row in found) == first, "not the most urgent"


def _lived_case() -> str:
    """The number of a case that came through the one door, made when first asked for."""
    from yukuaiban.cases.models import Case  # noqa: PLC0415
    from yukuaiban.people.models import Staff  # noqa: PLC0415 - Django is set up by `database`

    if not Staff.objects.exists():
        open_desk(SEED).receive()
    return Case.objects.filter(desk="main-01").order_by("-head").values_list("number", flat=True)[0]


def _times(job: Callable[[], object]) -> list[float]:
    job()
    seconds = []
    for _ in range(READS):
        began = time.perf_counter()
        job()
        seconds.append(time.perf_counter() - began)
    return seconds
