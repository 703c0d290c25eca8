"""The tick: what the worker does, any number of copies of it (reliability.md section 1).

Nothing is scheduled. A clock's row says when it changes next; a pass takes the rows whose moment has come, folds
each case anew from its events, and records what time has brought. A pass that is killed leaves nothing half done;
the next one finds the same rows again.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

import structlog
from django.db import OperationalError, connection, transaction
from django.db.models import F

from yukuaiban.cases import counters, facts, storing, versions
from yukuaiban.cases.answers import forget_answers
from yukuaiban.cases.models import Case, Clock, Tick
from yukuaiban.cases.moments import HeldPen
from yukuaiban.cases.passing import catch_up
from yukuaiban.journal.writing import clock_in_doubt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from yukuaiban.journal.pen import Pen

BATCH = 200
POISON = 3
NIGHT = timedelta(hours=2)  # after midnight: when nobody minds a look at every open case
_ERROR_LENGTH = 500
_LOG = structlog.get_logger("ykb.worker")


class Outcome(Enum):
    """What a pass did with one case."""

    MOVED = auto()
    NOTHING = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class TickReport:
    """What a pass did: cases moved on, cases that raised, and whether more is waiting."""

    moved: int
    failed: int
    more: bool


def tick(now: datetime, *, pen: Pen, batch: int = BATCH) -> TickReport:
    """One pass: move the counts, record what has come due in at most `batch` cases, write the heartbeat."""
    with transaction.atomic():
        _move_counts(now)
        forget_answers(now)
        Tick.objects.filter(id=1).update(last_tick_at=now)
        if clock_in_doubt():
            # The host's clock went back: nobody's light changes until an administrator has looked (journal.md 4).
            return TickReport(0, 0, more=False)
    with transaction.atomic():
        waking = _waking(now, batch)
        done = [_move_on(case, pen) for case in _locked(waking)]
    return TickReport(done.count(Outcome.MOVED), done.count(Outcome.FAILED), more=len(waking) >= batch)


def _move_counts(now: datetime) -> None:
    """The counts as of `now`; in the first pass of a night also held against a recount. A difference is an alarm."""
    zone = versions.current_calendar().zone
    last, this = ((each.astimezone(zone) - NIGHT).date() for each in (counters.last_counted(), now))
    if last >= this:
        counters.advance(now)
    elif wrong := counters.repair(now):
        _LOG.error("counts differed from a recount", keys=len(wrong), cases=sum(map(abs, wrong.values())))


def run_until_quiet(now: datetime, *, pen: Pen, batch: int = BATCH) -> int:
    """Passes until nothing is due any more; returns how many cases were moved."""
    moved = 0
    while (report := tick(now, pen=pen, batch=batch)).more and report.moved:
        moved += report.moved
    return moved + report.moved


def _waking(now: datetime, batch: int) -> list[UUID]:
    """The cases of at most `batch` clocks whose next change has come, earliest first; one may stand there twice."""
    waking = Clock.objects.filter(next_change_at__lte=now, case__poisoned__lt=POISON)
    return list(waking.order_by("next_change_at", "id").values_list("case_id", flat=True)[:batch])


def _locked(ids: Sequence[UUID]) -> list[Case]:
    """Those cases, locked, in that order; others' locks are passed over."""
    skip = connection.features.has_select_for_update_skip_locked
    found = Case.objects.select_for_update(skip_locked=skip).filter(pk__in=ids)
    order = {pk: place for place, pk in reversed(list(enumerate(ids)))}
    return sorted(found, key=lambda case: order[case.pk])


def _move_on(case: Case, pen: Pen) -> Outcome:
    """Record what has come for one case, in a savepoint of its own; a case that raises is left as it was."""
    try:
        with transaction.atomic():
            found = _recorded(case, pen)
    except OperationalError:
        # The database itself, not the case: the whole pass is undone and tried again.
        raise
    except Exception as error:  # noqa: BLE001 - one poisoned case must not stop the others; it is shown
        _LOG.warning("case set back", case=case.number, trace=traceback.format_exc())
        # At the third failure in a row the case is set aside; `check` and `stuck` show it.
        told = f"{type(error).__name__}: {error}"[:_ERROR_LENGTH]
        Case.objects.filter(pk=case.pk).update(poisoned=F("poisoned") + 1, poison_error=told)
        return Outcome.FAILED
    if case.poisoned:
        release(case)
    return found


def _recorded(case: Case, pen: Pen) -> Outcome:
    held = HeldPen(pen)
    held.not_before(case.recorded_at)
    before = facts.state_of(case)
    after = catch_up(case, before, held)
    if after.seq > before.seq:
        return Outcome.MOVED
    # It woke without anything due: the row held a stale moment. Rows are written from the fold, no event.
    standing = counters.standing(case)
    storing.rewrite(case, after)
    counters.record(standing, counters.standing(case))
    return Outcome.NOTHING


def set_aside() -> QuerySet[Case]:
    """The cases that no pass takes any more, the newest last."""
    return Case.objects.filter(poisoned__gte=POISON).order_by("number")


def release(case: Case) -> None:
    """Give a case that was set aside back to the worker."""
    Case.objects.filter(pk=case.pk).update(poisoned=0, poison_error="")
