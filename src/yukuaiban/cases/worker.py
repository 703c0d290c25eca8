"""The tick: what the worker does, any number of copies of it (reliability.md section 1).

Nothing is scheduled. A clock's row says when it changes next; a pass takes the rows whose moment has come, folds
each case anew from its events, and records what time has brought. A pass that is killed leaves nothing half done;
the next one finds the same rows again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction

from yukuaiban.cases import counters, facts, storing
from yukuaiban.cases.models import Case, Clock, Tick
from yukuaiban.cases.moments import HeldPen
from yukuaiban.cases.passing import catch_up
from yukuaiban.journal.writing import clock_in_doubt

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from yukuaiban.journal.pen import Pen

BATCH = 200
POISON = 3


@dataclass(frozen=True, slots=True)
class TickReport:
    """What a pass did: cases moved on, cases that raised, and whether more is waiting."""

    moved: int
    failed: int
    more: bool


def tick(now: datetime, *, pen: Pen, batch: int = BATCH) -> TickReport:
    """One pass: move the counts, record what has come due in at most `batch` cases, write the heartbeat."""
    with transaction.atomic():
        counters.advance(now)
        Tick.objects.filter(id=1).update(last_tick_at=now)
        if clock_in_doubt():
            # The host's clock went back: nobody's light changes until an administrator has looked (journal.md 4).
            return TickReport(0, 0, more=False)
    moved = 0
    failed: list[UUID] = []
    with transaction.atomic():
        for case in _due(now, batch):
            if _move_on(case, pen):
                moved += 1
            else:
                failed.append(case.pk)
    _note_poison(failed)
    return TickReport(moved, len(failed), more=moved + len(failed) >= batch)


def run_until_quiet(now: datetime, *, pen: Pen, batch: int = BATCH) -> int:
    """Passes until nothing is due any more; returns how many cases were moved."""
    moved = 0
    while (report := tick(now, pen=pen, batch=batch)).more and report.moved:
        moved += report.moved
    return moved + report.moved


def _due(now: datetime, batch: int) -> list[Case]:
    """Locked cases with a clock whose next change has come, earliest first; others' locks are passed over."""
    waking = Clock.objects.filter(next_change_at__lte=now, case__poisoned__lt=POISON)
    ids = list(waking.order_by("next_change_at", "id").values_list("case_id", flat=True)[:batch])
    skip = connection.features.has_select_for_update_skip_locked
    found = Case.objects.select_for_update(skip_locked=skip).filter(pk__in=ids)
    order = {pk: place for place, pk in reversed(list(enumerate(ids)))}
    return sorted(found, key=lambda case: order[case.pk])


def _move_on(case: Case, pen: Pen) -> bool:
    """Record what has come for one case in a savepoint of its own; False if it raised and was left as it was."""
    try:
        with transaction.atomic():
            held = HeldPen(pen)
            held.not_before(case.recorded_at)
            state = catch_up(case, facts.state_of(case), held)
            _correct_stale(case, state)
    except Exception as error:  # noqa: BLE001 - one poisoned case must not stop the others; it is shown
        Case.objects.filter(pk=case.pk).update(poison_error=f"{type(error).__name__}: {error}"[:500])
        return False
    return True


def _correct_stale(case: Case, state: object) -> None:
    """A row that woke without anything due held a stale moment: rows are rewritten from the fold, no event."""
    stale = Clock.objects.filter(case=case, next_change_at__lte=case.recorded_at)
    if stale.exists():
        storing.rewrite(case, state)


def _note_poison(failed: Collection[UUID]) -> None:
    """Count the failures; at the third in a row a case is set aside and shown on the status page."""
    for pk in failed:
        poisoned = Case.objects.values_list("poisoned", flat=True).get(pk=pk)
        Case.objects.filter(pk=pk).update(poisoned=poisoned + 1)


def release(case: Case) -> None:
    """Give a case that was set aside back to the worker."""
    Case.objects.filter(pk=case.pk).update(poisoned=0, poison_error="")
