"""Counts of open cases by agency, matter and light, without counting.

Counts are true as of one moment, that of the last tick. A change of a case inserts the difference it makes *at
that moment*; the tick then moves the counts forward over the cases whose light changes in between, and a reader
does the same in memory. So a count costs what changed, not what exists, and is exact at any moment even if the
worker stands still.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Sum

from yukuaiban.cases.models import Case, CaseCount, CaseCountDelta, Tick
from yukuaiban.core.timeline import Summary

if TYPE_CHECKING:
    from datetime import datetime

PAUSED = "paused"
_LOCK = 0x594B42  # one advisory lock on PostgreSQL: cases share it, the tick holds it alone
_MOMENTS = ("warns_at", "red_at", "breach_at", "paused_from", "paused_until")
_COLUMNS = ("id", "measure", "agency", "subject", *_MOMENTS)


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What a count is of: a light, or the mark `paused`, which counts some of the four lights again."""

    measure: str
    agency: str
    subject: str
    mark: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What the counts need to know of one open case."""

    measure: str
    agency: str
    subject: str
    warns_at: datetime | None
    red_at: datetime | None
    breach_at: datetime | None
    paused_from: datetime | None
    paused_until: datetime | None

    def keys(self, moment: datetime) -> Iterator[Key]:
        """The counts that this case is part of at `moment`."""
        light = Summary(
            None, self.warns_at, self.red_at, self.breach_at, None, None, None, provisional=False
        ).light(moment)
        yield Key(self.measure, self.agency, self.subject, light.value)
        if self.paused_from and self.paused_until and self.paused_from <= moment < self.paused_until:
            yield Key(self.measure, self.agency, self.subject, PAUSED)


def standing(case: Case) -> Standing | None:
    """The case as the counts see it; None once it is closed."""
    if case.closed_at is not None:
        return None
    return Standing(case.measure, case.agency, case.subject, *(getattr(case, name) for name in _MOMENTS))


def counted_at(*, alone: bool = False) -> datetime:
    """The moment of the counts, held until the transaction ends: shared by cases, alone by the tick."""
    if connection.vendor == "postgresql":
        name = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {name}(%s)", [_LOCK])
    return last_counted()


def last_counted() -> datetime:
    """The moment of the counts, not held."""
    return Tick.objects.values_list("counted_at", flat=True).get(id=1)


def record(before: Standing | None, after: Standing | None) -> None:
    """Insert the difference that a change of one case makes."""
    if before == after:
        return
    moment = counted_at()
    change: Tally[Key] = Tally()
    if after is not None:
        change.update(after.keys(moment))
    if before is not None:
        change.subtract(before.keys(moment))
    CaseCountDelta.objects.bulk_create(
        CaseCountDelta(measure=key.measure, agency=key.agency, subject=key.subject, mark=key.mark, n=n)
        for key, n in sorted(change.items())
        if n
    )


def advance(now: datetime) -> None:
    """Move the counts forward to `now`; never back. Inside a transaction of the worker."""
    since = counted_at(alone=True)
    if now <= since:
        return
    change = _pending_deltas()
    change.update(_crossings(since, now))
    CaseCountDelta.objects.all().delete()
    _apply(change)
    Tick.objects.filter(id=1).update(counted_at=now)


def counts(now: datetime, *, by_matter: bool = True) -> dict[Key, int]:
    """Exact counts at `now`: the table, what changed since, and the lights that changed by themselves.

    Without `by_matter` the database sums up the matters of an agency, and the keys have an empty subject.
    """
    while True:
        since = last_counted()
        total = _held(by_matter=by_matter)
        for change in (_pending_deltas(), _crossings(since, now)):
            for key, n in change.items():
                total[key if by_matter else replace(key, subject="")] += n
        # A tick that moved the counts between two of these statements shows in its moment: read once more.
        if last_counted() == since:
            return {key: n for key, n in total.items() if n}


def _held(*, by_matter: bool) -> Tally[Key]:
    """The counts as of the last tick."""
    rows = CaseCount.objects.order_by()
    if by_matter:
        found = rows.exclude(n=0).values_list("measure", "agency", "subject", "mark", "n")
        return Tally({Key(*key): n for *key, n in found})
    sums = rows.values_list("measure", "agency", "mark").annotate(total=Sum("n"))
    return Tally({Key(measure, agency, "", mark): n for measure, agency, mark, n in sums})


def recount(now: datetime) -> dict[Key, int]:
    """The same by looking at every open case: the nightly check, and the oracle of the tests."""
    total: Tally[Key] = Tally()
    rows = Case.objects.filter(closed_at=None).values_list(*_COLUMNS)
    for _, *row in rows.iterator():
        total.update(Standing(*row).keys(now))
    return dict(total)


def repair(now: datetime) -> dict[Key, int]:
    """Compare the counts with a recount and mend them; returns the differences, which are an alarm."""
    advance(now)
    at = counted_at(alone=True)
    true, held = Tally(recount(at)), Tally(counts(at))
    held.subtract(true)
    wrong = {key: n for key, n in held.items() if n}
    _apply(Tally({key: -n for key, n in wrong.items()}))
    return wrong


def _pending_deltas() -> Tally[Key]:
    rows = CaseCountDelta.objects.values_list("measure", "agency", "subject", "mark").annotate(total=Sum("n"))
    return Tally({Key(*key): total for *key, total in rows if total})


def _crossings(since: datetime, now: datetime) -> Tally[Key]:
    """What changes by time alone between two moments, read from the index ranges of the five moments."""
    change: Tally[Key] = Tally()
    for row in _moved(since, now):
        change.update(row.keys(now))
        change.subtract(row.keys(since))
    return change


def _moved(since: datetime, now: datetime) -> Iterable[Standing]:
    if now <= since:
        return ()
    # One statement; each part reads the index of its own column (an OR over five would read them all).
    parts = [
        Case.objects.filter(closed_at=None, **{f"{name}__range": (since, now)}).values_list(*_COLUMNS)
        for name in _MOMENTS
    ]
    return (Standing(*row) for _, *row in parts[0].union(*parts[1:]))


_ADD = (
    f"INSERT INTO {CaseCount._meta.db_table} AS held (measure, agency, subject, mark, n)"  # noqa: S608, SLF001
    " VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (agency, measure, subject, mark) DO UPDATE SET n = held.n + excluded.n"
)


def _apply(change: Tally[Key]) -> None:
    """Add to the counts: one statement for each, prepared once."""
    rows = [(key.measure, key.agency, key.subject, key.mark, n) for key, n in sorted(change.items()) if n]
    with connection.cursor() as cursor:
        cursor.executemany(_ADD, rows)
