"""Reads over the docket, each with a constant number of queries at any size."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q

from yukuaiban.cases import counters
from yukuaiban.cases.models import Case, Clock
from yukuaiban.core.lights import Light

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

COMMITTED = "committed"
EXPLANATION = "overdue_explanation"
_AT_ONCE = 1_000


@dataclass(slots=True)
class LightRow:
    """Open cases of one agency (or of all) by light; `paused` are counted in the four already."""

    green: int = 0
    yellow: int = 0
    red: int = 0
    breach: int = 0
    paused: int = 0
    by_measure: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All open cases."""
        return self.green + self.yellow + self.red + self.breach

    def add(self, mark: str, measure: str, n: int) -> None:
        """Count `n` more with that mark."""
        setattr(self, mark, getattr(self, mark) + n)
        if mark != counters.PAUSED:
            self.by_measure[measure] = self.by_measure.get(measure, 0) + n


def lights_by_agency(now: datetime, measures: Collection[str] | None = None) -> dict[str, LightRow]:
    """Exact counts at `now` for every agency that has open cases; of these measures only, where they are given."""
    rows: dict[str, LightRow] = {}
    for key, n in counters.counts(now, by_matter=False).items():
        if measures is not None and key.measure not in measures:
            continue
        rows.setdefault(key.agency, LightRow()).add(key.mark, key.measure, n)
    return rows


def sum_of(rows: Collection[LightRow]) -> LightRow:
    """The total of several rows."""
    total = LightRow()
    for row in rows:
        for mark in ("green", "yellow", "red", "breach", "paused"):
            setattr(total, mark, getattr(total, mark) + getattr(row, mark))
        for measure, n in row.by_measure.items():
            total.by_measure[measure] = total.by_measure.get(measure, 0) + n
    return total


def open_cases(agency: str | None = None) -> QuerySet[Case]:
    """Open cases in the order of their next due moment, with a unique tail; read from an index."""
    found = Case.objects.filter(closed_at=None)
    if agency is not None:
        found = found.filter(agency=agency)
    return found.order_by(F("due_at").asc(nulls_last=True), "id")


def most_urgent(now: datetime, *, agency: str | None = None, n: int = 50) -> list[Case]:
    """The n open cases whose promise ends first or ended longest ago; cases without a running promise are left out."""
    found = Case.objects.filter(closed_at=None, due_at__isnull=False)
    if agency is not None:
        found = found.filter(agency=agency)
    soonest = found.order_by("due_at", "id")[:n]
    return sorted(soonest, key=lambda case: (-light_of(case, now).rank, case.due_at, case.pk))


def light_of(case: Case, now: datetime) -> Light:
    """The light of a case at `now`; a closed one has none, which reads as green."""
    standing = counters.standing(case)
    if standing is None:
        return Light.GREEN
    return next(Light(key.mark) for key in standing.keys(now) if key.mark != counters.PAUSED)


def shows_light(light: Light, now: datetime) -> Q:
    """The condition that an open case shows that light at `now`."""
    breach, red, yellow = Q(breach_at__lt=now), Q(red_at__lt=now), Q(warns_at__lte=now)
    wanted = {
        Light.BREACH: breach,
        Light.RED: red & _not("breach_at", now),
        Light.YELLOW: yellow & _not("breach_at", now) & _not("red_at", now),
        Light.GREEN: _not("breach_at", now) & _not("red_at", now) & (Q(warns_at=None) | Q(warns_at__gt=now)),
    }
    return wanted[light] & Q(closed_at=None)


def is_paused(now: datetime) -> Q:
    """The condition that a clock of an open case stands still at `now`."""
    return Q(closed_at=None, paused_from__lte=now, paused_until__gt=now)


def running_clocks(cases: Sequence[Case]) -> Mapping[UUID, Collection[str]]:
    """The codes of the clocks that run, by case; one query for every thousand open cases."""
    found: dict[UUID, set[str]] = {case.pk: set() for case in cases}
    ids = [case.pk for case in cases if case.closed_at is None]
    for first in range(0, len(ids), _AT_ONCE):
        rows = Clock.objects.filter(case__in=ids[first : first + _AT_ONCE], stopped_at=None)
        for case_id, code in rows.values_list("case_id", "code"):
            found[case_id].add(code)
    return found


def with_light(cases: QuerySet[Case], light: Light, now: datetime) -> QuerySet[Case]:
    """Open cases that show that light at `now`."""
    return cases.filter(shows_light(light, now))


def _not(column: str, now: datetime) -> Q:
    return Q(**{column: None}) | Q(**{f"{column}__gte": now})


def paused(cases: QuerySet[Case], now: datetime) -> QuerySet[Case]:
    """Open cases with a clock that stands still at `now`."""
    return cases.filter(is_paused(now))


def unexplained(now: datetime) -> QuerySet[Clock]:
    """Running explanation clocks: overdue cases that owe the public an explanation, most overdue first."""
    return (
        Clock.objects.filter(code=EXPLANATION, stopped_at=None, started_at__lte=now)
        .select_related("case")
        .order_by("due_at", "id")
    )


def explained_open() -> int:
    """Open overdue cases whose explanation has been given."""
    return Clock.objects.filter(code=EXPLANATION, stopped_at__isnull=False, case__closed_at=None).count()


@dataclass(frozen=True, slots=True)
class WeekRate:
    """Completed within the committed limit (before extension) among all completed in one week."""

    monday: datetime
    in_time: int
    n: int


def weekly_on_time(mondays: Sequence[datetime]) -> list[WeekRate]:
    """The on-time rate of each week that begins at one of these moments: one query."""
    done = Q(code=COMMITTED, stopped_at__isnull=False)
    good = Q(stopped_at__lte=F("original_due_at"))
    wanted = {}
    for n, monday in enumerate(mondays):
        week = Q(stopped_at__gte=monday, stopped_at__lt=monday + timedelta(days=7))
        wanted[f"n{n}"] = Count("id", filter=week)
        wanted[f"good{n}"] = Count("id", filter=week & good)
    first = min(mondays)
    found = Clock.objects.filter(done, stopped_at__gte=first).aggregate(**wanted)
    return [WeekRate(each, found[f"good{n}"], found[f"n{n}"]) for n, each in enumerate(mondays)]


def completed_between(since: datetime, until: datetime) -> int:
    """Promises that ended in a period: one index range."""
    return Clock.objects.filter(code=COMMITTED, stopped_at__gte=since, stopped_at__lt=until).count()


def due_between(since: datetime, until: datetime) -> int:
    """Open cases whose promise ends in a period."""
    return Case.objects.filter(closed_at=None, due_at__gte=since, due_at__lt=until).count()


def received_by_desk(since: datetime, until: datetime, measures: Collection[str]) -> dict[str, int]:
    """How many cases of these measures each desk took in during a period; `""` is without a desk. One query."""
    opened = Case.objects.filter(opened_at__gte=since, opened_at__lt=until, imported=False)
    found = opened.filter(measure__in=measures)
    return dict(found.values_list("desk").annotate(n=Count("id")).order_by())


def page_after(cases: QuerySet[Case], after: UUID | None, n: int) -> QuerySet[Case]:
    """The next n cases behind the one with that id, in due order; a cursor that is gone starts anew."""
    last = Case.objects.filter(pk=after).values_list("due_at", "pk").first() if after else None
    if last is None:
        return cases[:n]
    due_at, pk = last
    behind = (
        Q(due_at=None, pk__gt=pk)
        if due_at is None
        else (Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=pk) | Q(due_at=None))
    )
    return cases.filter(behind)[:n]
